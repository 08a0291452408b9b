from odoo import api, fields, models
from odoo.fields import Domain

from ...engine import credit_check
from ...queries import credit_exposure
from ..common.facts import unforged

KINDS = ("out_invoice", "out_receipt")

# What the check counts on: computed from lines, partner and payments.
FIGURES = frozenset(
    {
        "amount_untaxed",
        "amount_untaxed_signed",
        "amount_tax",
        "amount_tax_signed",
        "amount_total_signed",
        "amount_residual",
        "amount_residual_signed",
        "commercial_partner_id",
    }
)

GROUPS = "customer_governance.group_sales,customer_governance.group_credit,customer_governance.group_auditor"


class AccountMove(models.Model):
    """Customer invoices are checked when they are posted, with an order or without."""

    _name = "account.move"
    _inherit = [
        "account.move",
        "customer.credit.check",
        "customer.credit.source",
        "customer.credit.reader",
    ]

    _reader_views = {
        "list": "account_move_view_list_credit_reader",
        "form": "account_move_view_form_credit_reader",
        "search": "account_move_view_search_credit_reader",
    }

    # --- disputes and promises of an invoice
    collection_dispute_ids = fields.One2many(
        "customer.collection.dispute", "move_id", "Disputes", groups=GROUPS
    )
    is_collection_disputed = fields.Boolean(
        "Disputed",
        compute="_compute_is_collection_disputed",
        search="_search_is_collection_disputed",
        help="A complaint puts the invoice on hold: it is not pursued until the complaint is "
        "closed.",
    )
    collection_dispute_text = fields.Char(
        "Dispute Source", compute="_compute_is_collection_disputed"
    )
    collection_promise_date = fields.Date(
        "Promised Until", compute="_compute_collection_promise_date", groups=GROUPS
    )
    collection_item_count = fields.Integer(
        "Collection Steps", compute="_compute_collection_item_count", groups=GROUPS
    )

    def _credit_rate(self):
        """EXTENDS credit check: the invoice's own rate."""
        return self.invoice_currency_rate or 1.0

    def _credit_debtor(self):
        """EXTENDS credit check: the commercial partner of the invoice."""
        return self.commercial_partner_id or self.partner_id.commercial_partner_id

    def _credit_parts(self):
        """Yield (company, invoices, exposure without them, {invoice id: amount}).

        What an invoice adds is the difference it makes: that of an order takes from the orders
        what it adds to the receivables. Several are taken one on top of the other.
        """
        # invoices of branches are judged together with those of their company
        for company, moves in self.grouped(lambda m: m.company_id._customer_company()).items():
            if not self._credit_checks(company):
                continue
            moves = moves.with_company(moves[:1].company_id)
            # sudo: what customers owe is judged whoever acts
            debtors = moves.commercial_partner_id.sudo()
            with_them = debtors._credit_exposures(company)
            governed = {key: row for key, row in with_them.items() if self._credit_is_governed(row)}
            if not governed:
                continue
            moves = moves.filtered(lambda m, g=governed: m.commercial_partner_id.id in g)
            rows = debtors.browse(list(governed))._credit_exposures(
                company, skip_moves=tuple(moves.ids)
            )
            statement = credit_exposure.invoice_amounts(moves.ids)
            amounts = {key: float(amount) for key, amount in self.env.execute_query(statement)}
            yield company, moves, rows, amounts

    def _credit_check(self):
        """Judge draft invoices; nothing is changed.

        :return: ``{invoice id: engine.credit_check.Decision}``
        """
        result = dict.fromkeys(self._ids, credit_check.Decision(credit_check.ALLOWED))
        for company, moves, rows, amounts in self._credit_judged()._credit_parts():
            for move, (decision, _standing) in moves._credit_decide(company, rows, amounts).items():
                result[move.id] = decision
        return result

    def _credit_judged(self):
        """Those that a check is about: customer invoices that are not posted yet."""
        return self.filtered(
            lambda m: m.move_type in KINDS and m.state == "draft" and m.commercial_partner_id
        )

    def _credit_guard_moved(self, orders):
        """Judge open invoices that came under another customer by what is open.

        :param orders: confirmed orders that came along, which are judged on top
        """
        amounts = {
            move.id: move.amount_total_signed
            if move.state == "draft"
            else move.amount_residual_signed
            for move in self
        }
        found = self.filtered(lambda move: amounts[move.id] > 0)
        for company, moves in found.grouped(lambda m: m.company_id._customer_company()).items():
            if not self._credit_checks(company):
                continue
            moves = moves.with_company(moves[:1].company_id)
            rows = moves.commercial_partner_id._credit_exposures(
                company, skip_orders=tuple(orders.ids), skip_moves=tuple(moves.ids)
            )
            moves._credit_enforce(company, rows, amounts)

    def _credit_unforged(self, vals, is_entry):
        """Return the values without figures; the total of an entry is a way to enter its lines."""
        return unforged(self, vals, FIGURES if is_entry else FIGURES | {"amount_total"})

    @api.model
    def default_get(self, fields):
        """EXTENDS account: figures have no defaults, in the context or of the user."""
        if self._credit_protects_figures():
            fields = [name for name in fields if name not in FIGURES | {"amount_total"}]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """Figures are computed, whatever is sent for them."""
        if self._credit_protects_figures():
            kind = self.env.context.get("default_move_type", "entry")
            vals_list = [
                self._credit_unforged(vals, vals.get("move_type", kind) == "entry")
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        """Check invoices before they are posted, by whatever method."""
        if self._credit_protects_figures():
            vals = self._credit_unforged(vals, all(move.move_type == "entry" for move in self))
        if vals.get("state") == "posted":
            for company, moves, rows, amounts in self._credit_judged()._credit_parts():
                moves._credit_enforce(company, rows, amounts)
            result = super().write(vals)
            # a payment or credit note lowers the exposure before it is matched
            lowering = self.filtered(lambda m: m.move_type not in KINDS)
            lowering.commercial_partner_id._credit_ledger_changed(lowering.company_id)
            return result
        return super().write(vals)

    def _build_credit_warning_message(self, record, *args, **kwargs):
        """EXTENDS account: the words of our check where it governs, in the document's company."""
        record = record.with_company(record.company_id)
        if record._name in ("sale.order", "account.move") and record._credit_may_hint():
            hint = record._credit_hint()
            if hint is not None:
                return hint
        return super()._build_credit_warning_message(record, *args, **kwargs)

    @api.depends("commercial_partner_id")
    def _compute_partner_credit_warning(self):
        """EXTENDS account: also where Odoo's own limits are off, and in the invoice's company."""
        super()._compute_partner_credit_warning()
        if not self._credit_may_hint():
            return
        for move in self:
            if move.state == "draft" and move.move_type in KINDS and move.partner_id:
                hint = move._credit_hint()
                if hint is not None:
                    move.partner_credit_warning = hint

    def _credit_hint(self):
        """What the check would say about the invoice, in words; None where it does not govern."""
        if not self._origin:
            return None
        for company, moves, rows, amounts in self._origin._credit_judged()._credit_parts():
            for move, (decision, standing) in moves._credit_decide(company, rows, amounts).items():
                if not self._credit_has_own_words(rows[move._credit_debtor().id]):
                    return None
                if decision.result == credit_check.ALLOWED:
                    return ""
                return move._credit_message(company, rows, amounts, decision, standing)
        return None

    # --- disputes and promises of an invoice
    @api.depends("collection_dispute_ids.date_to", "collection_dispute_ids.complaint_name")
    def _compute_is_collection_disputed(self):
        # sudo: that and by which case an invoice is disputed is told to all who see the invoice
        disputes = (
            self.env["customer.collection.dispute"]
            .sudo()
            .search([("move_id", "in", self.ids), ("date_to", "=", False)])
        )
        found = disputes.grouped("move_id")
        for move in self:
            held = found.get(move._origin or move, disputes.browse())
            move.is_collection_disputed = bool(held)
            move.collection_dispute_text = (
                ", ".join(filter(None, held.mapped("complaint_name"))) or False
            )

    def _search_is_collection_disputed(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as in the compute
        disputes = self.env["customer.collection.dispute"].sudo()
        held = Domain("id", "in", disputes._search([("date_to", "=", False)]).subselect("move_id"))
        return Domain.OR([held if wanted else ~held for wanted in set(value)])

    def _compute_collection_promise_date(self):
        groups = self.env["customer.collection.promise"]._read_group(
            [("move_ids", "in", self.ids), ("state", "=", "open")], ["move_ids"], ["date:max"]
        )
        dates = {move.id: day for move, day in groups}
        for move in self:
            move.collection_promise_date = dates.get(move._origin.id)

    def _compute_collection_item_count(self):
        counts = dict(
            self.env["customer.collection.item"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.collection_item_count = counts.get(move._origin, 0)

    @api.model
    def _collection_step_domain(self, moves):
        """Return the domain of the steps in which documents were asked for."""
        return Domain("item_ids.move_id", "in", moves.ids)

    def action_collection_steps(self):
        """Open the collection steps in which the invoice was asked for."""
        self.env["customer.collection.step"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_collection_step_action_all"
        )
        return {**action, "domain": list(self._collection_step_domain(self)), "context": {}}
