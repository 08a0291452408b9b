from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.transitions import Transition, TransitionTable
from ..common.customer_request_mixin import CustomerRequestMixin
from ..common.facts import refuse_settled
from .customer_complaint import MONEY_GROUPS

SUPERVISOR = ("group_service_supervisor",)
APPROVED = ("complaint_id", "kind", "reason", "sought_amount", "promised_amount")
SETTLED = dict.fromkeys(
    ("paid", "cancelled"), (*APPROVED, "given_amount", "move_id", "document_ids")
)


class CustomerCompensation(models.Model):
    """Money for a complaint: sought, promised, given (special claim)."""

    _name = "customer.compensation"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.request.mixin",
    ]
    _description = "Compensation"
    _order = "id DESC"
    _check_company_auto = True
    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit"),
            Transition("approve", ("submitted",), "approved", "_guard_approve", SUPERVISOR),
            Transition("reject", ("submitted",), "draft"),
            Transition("pay", ("approved",), "paid", "_guard_pay", SUPERVISOR),
            Transition("cancel", ("draft", "submitted", "approved"), "cancelled"),
        ),
    )
    _state_to = ["approved", "paid"]
    _request_facts = (*CustomerRequestMixin._request_facts, "paid_date")

    complaint_id = fields.Many2one(
        "customer.complaint", "Complaint", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("money", "Payment"),
            ("credit_note", "Credit note"),
            ("replacement", "Replacement"),
            ("discount", "Discount on the next order"),
        ],
        required=True,
        default="credit_note",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "Approved"),
            ("paid", "Given"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    reason = fields.Text(required=True)
    sought_amount = fields.Monetary("Sought", tracking=True, groups=MONEY_GROUPS)
    promised_amount = fields.Monetary("Promised", tracking=True, groups=MONEY_GROUPS)
    given_amount = fields.Monetary("Given", tracking=True, copy=False, groups=MONEY_GROUPS)
    document_ids = fields.One2many(
        "customer.compensation.document", "compensation_id", "Documents", copy=False
    )
    is_complete = fields.Boolean(
        "Documents Complete", compute="_compute_is_complete", search="_search_is_complete"
    )
    move_id = fields.Many2one(
        "account.move",
        "Credit Note or Bill",
        copy=False,
        check_company=True,
        index="btree_not_null",
        domain="[('move_type', 'in', ('out_refund', 'in_invoice')),"
        " ('commercial_partner_id', '=', partner_id)]",
        help="The credit note to the customer, or the bill the customer sent us.",
    )
    paid_date = fields.Date(readonly=True, copy=False)

    @api.depends("complaint_id.name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for compensation in self:
            compensation.display_name = (
                f"{compensation.complaint_id.name or ''} {kinds.get(compensation.kind, '')}"
            )

    @api.depends("document_ids.is_required", "document_ids.is_complete")
    def _compute_is_complete(self):
        for compensation in self:
            compensation.is_complete = not compensation._missing_documents()

    def _search_is_complete(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = fields.Domain(
            "document_ids", "any", [("is_required", "=", True), ("is_complete", "=", False)]
        )
        return fields.Domain.OR([~missing if wanted else missing for wanted in set(value)])

    def _missing_documents(self):
        self.ensure_one()
        return self.document_ids.filtered(lambda d: d.is_required and not d.is_complete)

    @api.constrains("sought_amount", "promised_amount", "given_amount")
    def _check_amounts(self):
        for compensation in self.sudo():  # sudo: the amounts are hidden from some, the rule is not
            amounts = (
                compensation.sought_amount,
                compensation.promised_amount,
                compensation.given_amount,
            )
            if any(amount < 0 for amount in amounts):
                raise ValidationError(self.env._("Amounts cannot be negative."))
            currency = compensation.currency_id
            if (
                currency.compare_amounts(compensation.given_amount, compensation.promised_amount)
                > 0
            ):
                raise ValidationError(
                    self.env._("More cannot be given than was promised and approved.")
                )

    @api.constrains("move_id", "complaint_id")
    def _check_move(self):
        for compensation in self:
            move = compensation.move_id.sudo()  # sudo: only whose document it is, is compared
            if move and (
                move.commercial_partner_id != compensation.complaint_id.partner_id
                or move.move_type not in ("out_refund", "in_invoice")
            ):
                raise ValidationError(
                    self.env._(
                        "Choose a credit note to this customer or a bill from this customer."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Each compensation starts with the checklist of the settings."""
        compensations = super().create(vals_list)
        compensations._fill_checklist()
        return compensations

    def write(self, vals):
        """What was approved and what was given stays as it was."""
        refuse_settled(self, vals, SETTLED)
        frozen = vals.keys() & APPROVED
        if frozen and not self.env.su and self.filtered(lambda c: c.state == "approved"):
            raise UserError(
                self.env._("An approved compensation cannot be changed: cancel it and ask again.")
            )
        res = super().write(vals)
        if "promised_amount" in vals:
            self._fill_checklist()
        return res

    def _fill_checklist(self):
        """Add the documents that the amount asks for and that are not yet in the list."""
        types = self.env["customer.compensation.document.type"].search([])
        vals_list = []
        for compensation in self:
            amount = max(
                compensation.sudo().promised_amount, compensation.sudo().sought_amount
            )  # sudo: the amount decides, hidden or not
            asked = types.filtered(lambda t, amount=amount: t.min_amount <= amount)
            vals_list += [
                {"compensation_id": compensation.id, "type_id": kind.id}
                for kind in asked - compensation.document_ids.type_id
            ]
        # sudo: the checklist is laid down by the settings, not by the requester
        self.env["customer.compensation.document"].sudo().create(vals_list)

    def _check_not_over(self):
        """The checklist of what was given stays as it was when it was given."""
        refuse_settled(self, {"document_ids": True}, SETTLED)

    def _check_checklist_open(self, documents):
        """A required document leaves the list only with the whole compensation."""
        self._check_not_over()
        if not self.env.su and documents.filtered("is_required"):
            raise UserError(self.env._("A required document cannot be taken off the checklist."))

    # -- transitions --------------------------------------------------------------------------

    def _guard_submit(self):
        if self.sudo().promised_amount <= 0:  # sudo: hidden from some, the rule is not
            return [self.env._("Enter the amount to promise.")]
        return []

    def _guard_pay(self):
        """Return what is missing before anything is given."""
        reasons = [
            self.env._("Missing document: %s", document.type_id.name)
            for document in self._missing_documents()
        ]
        if self.kind in ("money", "credit_note") and self.move_id.sudo().state != "posted":
            reasons.append(self.env._("Link the posted credit note or bill."))
        if self.sudo().given_amount <= 0:  # sudo: hidden from some, the rule is not
            reasons.append(self.env._("Enter the amount given."))
        return reasons

    def action_pay(self):
        """Give it, with all documents there."""
        self._transition("pay")
        # sudo: a stamp; the right to give was checked by the transition
        self.sudo().write({"paid_date": self.env.company._customer_today()})
        return True

    @api.onchange("promised_amount")
    def _onchange_promised_amount(self):
        if not self.given_amount:
            self.given_amount = self.promised_amount
