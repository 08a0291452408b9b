from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import credit_check
from ...queries import credit_exposure
from ..common.cron import commit_progress
from ..common.customer_approval_mixin import ApprovalMissing
from ..common.facts import unforged
from .customer_credit_check import NESTED_KEY, CreditHeld, Nested

BATCH = 500
# Changes of a confirmed order after which it is judged as if it were new.
TERMS = frozenset(
    {"payment_term_id", "partner_id", "partner_invoice_id", "company_id", "currency_id"}
)
# Changes that may raise its total.
SIZES = frozenset({"order_line", "pricelist_id", "fiscal_position_id", "currency_rate"})
# What the check and the authority count on: computed, or set by the payment.
FIGURES = frozenset(
    {
        "amount_untaxed",
        "amount_tax",
        "amount_total",
        "currency_rate",
        "invoice_status",
        "transaction_ids",
    }
)


class SaleOrder(models.Model):
    """Orders are checked when they are confirmed, raised, reopened, unlocked or get new terms."""

    _name = "sale.order"
    _inherit = ["sale.order", "customer.credit.check", "customer.credit.source"]

    credit_result = fields.Selection(
        [("allowed", "Allowed"), ("warned", "Warning"), ("held", "Held")],
        "Credit",
        compute="_compute_credit_result",
        groups="base.group_user",
        help="What the credit check says about the quotation now.",
    )
    credit_waiting_user_id = fields.Many2one(
        "res.users",
        "Waits for Credit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Is told when the order may be confirmed.",
    )
    credit_release_ids = fields.One2many(
        "customer.credit.release",
        "order_id",
        "Credit Releases",
        copy=False,
        groups="customer_governance.group_sales,customer_governance.group_credit,"
        "customer_governance.group_auditor",
    )

    def _credit_debtor(self):
        """EXTENDS credit check: who gets the invoice owes the money."""
        partner = self.partner_invoice_id or self.partner_id
        return partner.commercial_partner_id

    def _credit_buyer(self):
        """EXTENDS credit check: who orders, whoever gets the invoice."""
        return self.partner_id.commercial_partner_id

    def _credit_paid(self):
        """EXTENDS credit check: payments of the order that are not in the ledger yet."""
        # sudo: transactions belong to the customer; only their sum is used
        transactions = self.sudo().transaction_ids.filtered(
            lambda tx: tx.state in ("authorized", "done") and not tx.payment_id
        )
        company, today = self.company_id, self.company_id._customer_today()
        return sum(
            tx.currency_id._convert(tx.amount, company.currency_id, company, today)
            for tx in transactions
        )

    def _credit_new_amount(self):
        """What a quotation would add, in company currency at its own rate."""
        return self.amount_total / (self.currency_rate or 1.0)

    def _credit_order_amounts(self):
        """Return {order id: what it counts for now}, in one query."""
        if not self.ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            credit_exposure.order_amounts(SQL("o.id IN %s", tuple(self.ids)))
        )
        return {order_id: float(amount) for order_id, _partner_id, amount in rows}

    def _credit_parts(self):
        """Yield (company, orders, exposure without them, {order id: amount}).

        The exposure holds the confirmed ones already: they are left out of it.
        """
        for company, orders in self.grouped("company_id").items():
            orders = orders.with_company(company)
            confirmed = orders.filtered(lambda o: o.state == "sale" and isinstance(o.id, int))
            people = self.env["res.partner"].union(*(order._credit_people() for order in orders))
            # sudo: what customers owe is judged whoever acts
            rows = people.sudo()._credit_exposures(company, skip_orders=tuple(confirmed.ids))
            governed = {key for key, row in rows.items() if self._credit_is_governed(row)}
            confirmed = confirmed.filtered(
                lambda o, g=governed: not g.isdisjoint(o._credit_people().ids)
            )
            amounts = {order.id: order._credit_new_amount() for order in orders - confirmed}
            amounts |= confirmed._credit_order_amounts()
            yield company, orders, rows, amounts

    def _credit_check(self):
        """Judge the orders as they are now; nothing is changed.

        :return: ``{order id: engine.credit_check.Decision}``, with ``result`` (allowed / warned /
            held), ``reasons`` and ``ways`` out; orders of customers about whose credit nothing was
            decided are allowed
        """
        allowed = credit_check.Decision(credit_check.ALLOWED)
        result = dict.fromkeys(self._ids, allowed)
        for company, orders, rows, amounts in self._credit_parts():
            for order, (decision, _standing) in orders._credit_decide(
                company, rows, amounts
            ).items():
                result[order.id] = decision
        return result

    def _credit_guard(self):
        """Judge the orders and refuse those that are held.

        :raises CreditHeld: whoever asks, on every route
        """
        for company, orders, rows, amounts in self._credit_parts():
            orders._credit_enforce(company, rows, amounts)

    @api.depends("state", "amount_total", "partner_id", "partner_invoice_id", "company_id")
    @api.depends_context("uid")
    def _compute_credit_result(self):
        decisions = self.filtered(lambda o: o.state in ("draft", "sent"))._credit_check()
        for order in self:
            decision = decisions.get(order.id)
            order.credit_result = decision.result if decision else False

    def _credit_hint(self):
        """What the check would say about the quotation, in words; None where it does not govern."""
        for company, orders, rows, amounts in self._credit_parts():
            decisions = orders._credit_decide(company, rows, amounts)
            for order, (decision, standing) in decisions.items():
                if not any(self._credit_has_own_words(rows[p.id]) for p in order._credit_people()):
                    return None
                if decision.result == credit_check.ALLOWED:
                    return ""
                return order._credit_message(company, rows, amounts, decision, standing)
        return None

    @api.depends("partner_invoice_id")
    def _compute_partner_credit_warning(self):
        """EXTENDS sale: also where Odoo's own limits are off, and in the order's company."""
        super()._compute_partner_credit_warning()
        if not self._credit_may_hint():
            return
        for order in self:
            if order.state in ("draft", "sent") and order.partner_id:
                hint = order._credit_hint()
                if hint is not None:
                    order.partner_credit_warning = hint

    # --- events -------------------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """EXTENDS base: figures have no defaults, in the context or of the user."""
        return super().default_get([name for name in fields if name not in FIGURES])

    @api.model_create_multi
    def create(self, vals_list):
        """An order that is born confirmed (imports, other programs) is checked like any other."""
        vals_list = [unforged(self, vals, FIGURES) for vals in vals_list]
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._credit_guard()
        return orders

    def write(self, vals):
        """Check confirmations, unlocking, new terms and larger totals of confirmed orders."""
        vals = unforged(self, vals, FIGURES)
        confirmed = self.filtered(lambda order: order.state == "sale")
        judged = self.browse()
        if vals.get("state") == "sale":
            judged |= self - confirmed
        if "locked" in vals and not vals["locked"]:
            judged |= confirmed.filtered("locked")
        if vals.keys() & TERMS:
            judged |= confirmed.filtered(lambda order: order._credit_changes(vals))
        sized = confirmed - judged if vals.keys() & SIZES else self.browse()
        if not judged and not sized:
            result = super().write(vals)
        else:
            nested = self.with_context(**{NESTED_KEY: Nested(self.ids)})
            before = {order: order._credit_new_amount() for order in sized}
            result = super(SaleOrder, nested).write(vals)
            judged |= sized.filtered(lambda o: o._credit_new_amount() > before[o])
            judged._credit_guard()
        if vals.get("state") == "cancel":
            self._credit_cancelled()
        if vals.get("state") in ("sale", "cancel"):
            waiting = self.filtered("credit_waiting_user_id")
            if waiting:
                waiting.sudo().credit_waiting_user_id = False  # sudo: bookkeeping of the check
        return result

    def _credit_changes(self, vals):
        """Whether the write changes one of the terms at all."""
        self.ensure_one()
        return any(
            self._fields[name].convert_to_write(self[name], self) != vals[name]
            for name in vals.keys() & TERMS
        )

    def _credit_cancelled(self):
        """A cancelled order has used its releases up: reopened, it asks again."""
        # sudo: the release ends with the order, whoever cancels it
        self.sudo().credit_release_ids._close_for(self)

    def _validate_order(self):
        """EXTENDS sale: a customer's signature or payment is kept when the order is held.

        The customer is not told about credit; the salesperson is, and again when it is free.
        """
        with self._credit_kept():
            return super()._validate_order()

    @contextmanager
    def _credit_kept(self):
        """What a customer did stays when its orders are held; their salespeople learn why."""
        try:
            with self.env.cr.savepoint():
                yield
        except (CreditHeld, ApprovalMissing) as hold:
            for order in self:
                # sudo: the customer acts; the note and the mark are for the salesperson
                order.sudo().message_post(
                    body=str(hold),
                    subtype_xmlid="mail.mt_note",
                    partner_ids=order.user_id.partner_id.ids,
                )
                order.sudo().credit_waiting_user_id = order.user_id

    # --- waiting ------------------------------------------------------------------------------

    def action_credit_wait(self):
        """Ask to be told when the order may be confirmed."""
        self.check_access("write")
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            order.credit_waiting_user_id = self.env.user
        return True

    def action_credit_release(self):
        """Open a new request for a release of this order."""
        self.ensure_one()
        self.env["customer.credit.release"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for a Release"),
            "res_model": "customer.credit.release",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_order_id": self.id,
                "default_ceiling": self.amount_total,
            },
        }

    @api.model
    def _credit_waiting(self, companies, limit=None):
        """Quotations of companies somebody waits for."""
        return self.search(
            [
                ("credit_waiting_user_id", "!=", False),
                ("state", "in", ("draft", "sent")),
                ("company_id", "in", companies.ids),
            ],
            limit=limit,
        )

    @api.model
    def _cron_credit_reevaluate(self):
        """Look at every quotation that waits; those told once wait no longer."""
        for company in self.env["res.company"].search([]):
            waiting = self.with_company(company)._credit_waiting(company)
            for start in range(0, len(waiting), BATCH):
                batch = waiting[start : start + BATCH].try_lock_for_update()
                batch._credit_reevaluate()
                if not commit_progress(self.env, len(batch)):
                    return

    def _credit_reevaluate(self):
        """Tell those who wait about orders that became free; the others go on waiting."""
        decisions = self._credit_check()
        for order in self:
            if decisions[order.id].result == credit_check.HELD:
                continue
            user = order.credit_waiting_user_id
            order.credit_waiting_user_id = False
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Ready to be confirmed"),
                note=self.env._("The credit check lets %s pass now.", order.display_name),
            )
            order.message_post(
                body=self.env._("The credit check lets the order pass now."),
                partner_ids=user.partner_id.ids,
            )
