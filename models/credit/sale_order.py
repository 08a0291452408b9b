from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...engine import credit_check
from ...queries import credit_exposure
from ..common.customer_approval_mixin import ApprovalMissing
from ..common.digest import for_reader, tell
from ..common.facts import unforged
from ..common.jobs import Batches
from .customer_credit_check import NESTED_KEY, CreditHeld, Nested
from .customer_credit_facts import READERS

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
    _inherit = [
        "sale.order",
        "customer.credit.check",
        "customer.credit.source",
        "customer.credit.reader",
        "customer.job.mixin",
    ]
    _job_domain = "credit"
    _job_of_heads = True

    _reader_views = {
        "list": "sale_order_view_list_credit_reader",
        "form": "sale_order_view_form_credit_reader",
        "search": "sale_order_view_search_credit_reader",
    }

    customer_credit_enabled = fields.Boolean(
        related="company_id.credit_enabled", string="Credit in Use", groups="base.group_user"
    )
    credit_result = fields.Selection(
        [("allowed", "Allowed"), ("warned", "Warning"), ("held", "Held")],
        "Credit",
        compute="_compute_credit_result",
        groups="base.group_user",
        help="Current result of the credit check for the quotation.",
    )
    credit_waiting_user_id = fields.Many2one(
        "res.users",
        "Waiting for Credit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Is notified when the order can be confirmed.",
    )
    credit_release_ids = fields.One2many(
        "customer.credit.release",
        "order_id",
        "Credit Releases",
        copy=False,
        groups="customer_governance.group_sales,customer_governance.group_credit,"
        "customer_governance.group_auditor",
    )

    credit_release_note = fields.Char(
        "Open Request",
        compute="_compute_credit_release_note",
        groups="base.group_user",
        help="The requested release, and who decides on it.",
    )

    credit_hint = fields.Text(
        "Credit Check",
        compute="_compute_credit_hint",
        groups=READERS,
        help="Current result of the credit check, with the available options.",
    )

    @api.depends_context("lang", "uid")
    def _compute_credit_hint(self):
        for order in self:
            order.credit_hint = order.state in ("draft", "sent") and order._credit_hint()

    @api.depends("credit_release_ids.state")
    @api.depends_context("lang")
    def _compute_credit_release_note(self):
        for order in self:
            # sudo: that a release is asked for, and who decides, is no secret to the order's readers
            waiting = order.sudo().credit_release_ids.filtered(lambda r: r.state == "submitted")[:1]
            order.credit_release_note = (
                self.env._(
                    "%(person)s requested a release on %(day)s. It is waiting for %(people)s.",
                    person=waiting.requested_by_id.name,
                    day=format_date(self.env, waiting.requested_on or waiting.create_date),
                    people=waiting.approval_waits_for,
                )
                if waiting
                else False
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

    def _credit_rate(self):
        """EXTENDS credit check: the order's own rate."""
        return self.currency_rate or 1.0

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
        # orders of branches are judged together with those of their company
        for company, orders in self.grouped(lambda o: o.company_id._customer_company()).items():
            if not self._credit_checks(company):
                continue
            orders = orders.with_company(orders[:1].company_id)
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
        if self._credit_protects_figures():
            fields = [name for name in fields if name not in FIGURES]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """An order that is born confirmed (imports, other programs) is checked like any other."""
        if self._credit_protects_figures():
            vals_list = [unforged(self, vals, FIGURES) for vals in vals_list]
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._credit_guard()
        return orders

    def write(self, vals):
        """Check confirmations, unlocking, new terms and larger totals of confirmed orders."""
        if self._credit_protects_figures():
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
        """Ask for a release in a dialog; a request that waits is shown instead of a second one."""
        self.ensure_one()
        releases = self.env["customer.credit.release"]
        if release := releases._open_release_of(self):
            return release.sudo(False).get_formview_action()
        return releases._ask_dialog(
            self.env._("Request Release"),
            "customer_credit_release_view_form_ask",
            order_id=self.id,
            ceiling=self.amount_total,
        )

    @api.model
    def _credit_waiting(self, companies, limit=None, after=0):
        """Quotations of companies somebody waits for, by id, behind the id `after`."""
        using = companies.filtered(lambda company: company._customer_uses("credit"))
        if not using:
            return self.browse()
        return self.search(
            [
                ("credit_waiting_user_id", "!=", False),
                ("state", "in", ("draft", "sent")),
                ("company_id", "child_of", [c._customer_company().id for c in using]),
                ("id", ">", after),
            ],
            order="id",
            limit=limit,
        )

    @api.model
    def _cron_credit_reevaluate(self):
        """Look at every quotation that waits; those told once wait no longer."""

        def find(company):
            waiting = self.with_company(company)
            return lambda after, limit: waiting._credit_waiting(company, limit, after)

        return self._run_steps(
            Batches(
                f"orders:{company.id}",
                find(company),
                lambda orders: orders._credit_reevaluate(),
                BATCH,
            )
            for company in self._job_companies()
        )

    def _credit_reevaluate(self):
        """Tell those who wait about orders that became free; the others go on waiting."""
        decisions = self._credit_check()
        free = self.filtered(lambda order: decisions[order.id].result != credit_check.HELD)
        for user, orders in free.grouped("credit_waiting_user_id").items():
            orders.credit_waiting_user_id = False
            orders._credit_tell_free(user)

    def _credit_tell_free(self, user):
        """Tell who waits that orders are free: an activity on each, one message for all."""
        for order in for_reader(self, user):
            # quick: the message tells it already
            order.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=order.env._("Ready for confirmation"),
                note=order.env._("The credit check now allows %s.", order.display_name),
            )
            order.message_post(
                body=order.env._("The credit check now allows this order."),
                partner_ids=user.partner_id.ids if len(self) == 1 else [],
            )
        if len(self) > 1:
            reader = self.with_context(lang=user.lang, tz=user.tz or "UTC")
            rows = [(o._name, o.id, o.display_name, o.partner_id.display_name) for o in reader]
            subject = reader.env._("Orders ready for confirmation: %(n)s", n=len(self))
            tell(reader.env, user, subject, rows)
