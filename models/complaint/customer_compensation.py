from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.transitions import Transition, TransitionTable
from ..common.customer_request_mixin import CustomerRequestMixin
from ..common.digest import in_house
from ..common.facts import refuse_settled
from .customer_complaint import MONEY_GROUPS

SERVICE = ("group_service",)

SUPERVISOR = ("group_service_supervisor",)

# Who gives: the head of service, or those who deal with the customer's account.
PAYERS = ("group_service_supervisor", "group_credit")

APPROVED = ("complaint_id", "kind", "reason", "sought_amount", "promised_amount")

SETTLED = dict.fromkeys(
    ("paid", "cancelled"), (*APPROVED, "given_amount", "move_id", "document_ids")
)


class CustomerCompensation(models.Model):
    """Money for a complaint: sought, promised, given (special claim)."""

    _name = "customer.compensation"
    _inherit = ["mail.thread", "mail.activity.mixin", "customer.request.mixin"]
    _description = "Compensation"
    _order = "id DESC"
    _check_company_auto = True
    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit", SERVICE),
            Transition("approve", ("submitted",), "approved", "_guard_approve", SUPERVISOR),
            Transition("reject", ("submitted",), "draft", "", SUPERVISOR),
            Transition("pay", ("approved",), "paid", "_guard_pay", PAYERS),
            Transition("cancel", ("draft", "submitted", "approved"), "cancelled", "", SERVICE),
        ),
    )
    _state_to = ["approved", "paid"]
    _request_facts = (*CustomerRequestMixin._request_facts, "paid_date")
    _filled_later = ("given_amount", "move_id", "document_ids")

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
            ("discount", "Discount on next order"),
        ],
        required=True,
        default="credit_note",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "Approved"),
            ("paid", "Settled"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    reason = fields.Text(required=True)
    sought_amount = fields.Monetary("Claimed", tracking=True, groups=MONEY_GROUPS)
    promised_amount = fields.Monetary("Promised", tracking=True, groups=MONEY_GROUPS)
    given_amount = fields.Monetary("Settled", tracking=True, copy=False, groups=MONEY_GROUPS)
    document_ids = fields.One2many(
        "customer.compensation.document", "compensation_id", "Supporting Documents", copy=False
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
        help="The credit note issued to the customer, or the bill received from the customer.",
    )
    paid_date = fields.Date(readonly=True, copy=False)
    is_asker = fields.Boolean(
        compute="_compute_is_asker",
        export_string_translation=False,
        help="The user can request compensation; users who only make the payment cannot change "
        "what was promised.",
    )
    give_hint = fields.Text(
        "Missing Before It Is Given",
        compute="_compute_give_hint",
        export_string_translation=False,
    )

    # --- the credit note of an approved compensation: drafted here, posted by accounting
    move_state = fields.Selection(
        related="move_id.state", string="Status of the Credit Note or Bill", tracking=False
    )

    @api.depends("complaint_id.name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for compensation in self:
            # sudo: who pays need not read the case, only its number
            number = compensation.sudo().complaint_id.name
            compensation.display_name = f"{number or ''} {kinds.get(compensation.kind, '')}"

    @api.depends("document_ids.is_required", "document_ids.is_complete")
    def _compute_is_complete(self):
        for compensation in self:
            compensation.is_complete = not compensation._missing_documents()

    @api.depends(
        "state",
        "kind",
        "move_id",
        "given_amount",
        "document_ids.is_required",
        "document_ids.is_complete",
    )
    def _compute_give_hint(self):
        """What the guard would say: seen before the button is pressed."""
        for compensation in self:
            waits = compensation.state == "approved"
            compensation.give_hint = "\n".join(compensation._guard_pay()) if waits else False

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
                    self.env._("The settled amount cannot exceed the promised and approved amount.")
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
                        "Choose a credit note issued to this customer or a bill received "
                        "from this customer."
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
        self._check_payer(vals)
        frozen = vals.keys() & APPROVED
        if frozen and not self.env.su and self.filtered(lambda c: c.state == "approved"):
            raise UserError(
                self.env._(
                    "An approved compensation cannot be changed: cancel it and submit a new "
                    "request."
                )
            )
        res = super().write(vals)
        if "promised_amount" in vals:
            self._fill_checklist()
        return res

    @api.depends_context("uid")
    def _compute_is_asker(self):
        service = self.env.user.has_group("customer_governance.group_service")
        self.is_asker = self.env.su or service

    def _check_payer(self, vals):
        """Who only pays says what was given, never what was asked for and promised."""
        service = "customer_governance.group_service"
        if not self.env.su and vals.keys() & set(APPROVED) and not self.env.user.has_group(service):
            raise AccessError(
                self.env._("Claimed and promised amounts are entered by customer service.")
            )

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
            raise UserError(self.env._("A required document cannot be removed from the checklist."))

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
        if self.kind in ("money", "credit_note"):
            move = self.move_id.sudo()  # sudo: only whether it is posted
            if not move:
                reasons.append(
                    self.env._("Create a draft credit note, or link a credit note or bill.")
                )
            elif move.state != "posted":
                reasons.append(
                    self.env._("The credit note or bill must first be posted by accounting.")
                )
        if self.sudo().given_amount <= 0:  # sudo: hidden from some, the rule is not
            reasons.append(self.env._("Enter the settled amount."))
        return reasons

    def action_pay(self):
        """Give it, with all documents there."""
        self._transition("pay")
        # sudo: a stamp; the right to give was checked by the transition
        self.sudo().write({"paid_date": self.env.company._customer_today()})
        return True

    # --- the credit note of an approved compensation: drafted here, posted by accounting
    def action_draft_credit_note(self):
        """Draft the credit note over what was promised, for the invoice that the case is about."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not any(
            self.env.user.has_group(f"customer_governance.{group}") for group in PAYERS
        ):
            raise AccessError(
                self.env._("Credit notes are created by the person who settles the compensation.")
            )
        if self.state != "approved" or self.kind not in ("money", "credit_note"):
            raise UserError(
                self.env._(
                    "A credit note can be created only for an approved payment or credit note."
                )
            )
        if self.move_id:
            raise UserError(self.env._("There is already a credit note or bill."))
        # sudo: the approval is the right to a draft; posting it stays with accounting
        this = self.sudo().with_company(self.company_id)
        this.move_id = this.env["account.move"].create(this._prepare_credit_note())
        this.message_post(
            body=in_house(self).env._("A draft credit note was created for the promised amount.")
        )
        return self.action_open_move()

    def _prepare_credit_note(self):
        self.ensure_one()
        lines = self.complaint_id.line_ids.invoice_line_id.filtered(
            lambda line: line.move_id.move_type == "out_invoice" and line.parent_state == "posted"
        )
        invoice = lines.move_id if len(lines.move_id) == 1 else lines.move_id.browse()
        line = {
            "name": self.env._("Compensation for complaint %s", self.complaint_id.name),
            "quantity": 1,
            "price_unit": self.promised_amount,
            # what was promised is what the customer gets: nothing is added to it
            "tax_ids": [Command.clear()],
        }
        if invoice:
            line["account_id"] = lines[:1].account_id.id
        return {
            "move_type": "out_refund",
            "partner_id": (invoice.partner_id or self.partner_id).id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "ref": self.display_name,
            "invoice_origin": self.complaint_id.name,
            "reversed_entry_id": invoice.id,
            "invoice_line_ids": [Command.create(line)],
        }

    def action_open_move(self):
        """Open the credit note or bill; who may not read it stays where he is."""
        self.ensure_one()
        self.check_access("read")
        if not self.move_id.has_access("read"):
            return True
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
