from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

from ....engine.transitions import Transition, TransitionTable
from ...common.customer_request_mixin import CustomerRequestMixin
from ...common.digest import in_house
from ...common.guard import Kept

_lt = LazyTranslate(__name__)


class CustomerArchiveLoanExtension(models.Model):
    """The borrower asks to keep the papers longer; somebody else approves."""

    _name = "customer.archive.loan.extension"
    _inherit = ["customer.confidential.mixin", "customer.request.mixin", "mail.thread"]
    _description = "Loan Extension"
    _order = "id DESC"
    _rec_name = "loan_id"
    _guards = (
        Kept(
            frozenset({"loan_id", "date_due", "reason"}),
            _lt("This request has been submitted and cannot be changed."),
        ),
    )

    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit"),
            Transition("approve", ("submitted",), "approved", "_guard_approve"),
            Transition("reject", ("submitted",), "rejected"),
            Transition("cancel", ("draft", "submitted"), "cancelled"),
        ),
    )
    _request_facts = (*CustomerRequestMixin._request_facts, "old_date_due")

    loan_id = fields.Many2one(
        "customer.archive.loan", "Loan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="loan_id.company_id", store=True, index=True, precompute=True
    )
    borrower_id = fields.Many2one(related="loan_id.borrower_id", store=True, index=True)
    approver_ids = fields.Many2many(
        "res.users",
        string="Directors and Deputies",
        compute="_compute_approver_ids",
        compute_sudo=True,
        help="The approval level of extensions refers to them.",
    )
    loan_kind = fields.Selection(related="loan_id.kind", string="Kind of Loan")
    old_date_due = fields.Date("Previous Due Date", readonly=True, copy=False)
    date_due = fields.Date("Extend To", required=True, tracking=True)
    reason = fields.Text(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )

    _open_uniq = models.UniqueIndex(
        "(loan_id) WHERE state = 'submitted'", "An extension of this loan is already pending."
    )

    @api.depends("loan_id")
    def _compute_approver_ids(self):
        for extension in self:
            extension.approver_ids = extension.loan_id.approver_ids

    @api.model_create_multi
    def create(self, vals_list):
        """The borrower asks for an own loan, the archive for any it keeps."""
        extensions = super().create(vals_list)
        for extension in extensions:
            loan = extension.loan_id
            if self.env.user != loan.borrower_id and not loan._is_keeper(loan.kind):
                raise AccessError(
                    self.env._("Only the borrower can request an extension of the loan.")
                )
        return extensions

    def _guard_submit(self):
        reasons = []
        # sudo: state and day of the loan only
        loan = self.sudo().loan_id
        if loan.state != "issued":
            reasons.append(self.env._("the loan is not currently issued"))
        if self.date_due <= loan.date_due:
            reasons.append(self.env._("the new date must be later than %s", loan.date_due))
        if self.date_due < loan.company_id._customer_today():
            reasons.append(self.env._("the new date has already passed"))
        return reasons

    def _after_transition(self, transition):
        """EXTENDS request mixin: the loan gets its new day."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            for extension in self:
                # sudo: the day follows from the approval, whose right was checked
                own = extension.sudo()
                loan = own.loan_id
                own.old_date_due = loan.date_due
                loan.date_due = own.date_due
                loan.activity_unlink(["customer_governance.mail_activity_archive_loan"])
                loan.message_post(
                    body=in_house(self).env._(
                        "Extended from %(before)s to %(day)s: %(reason)s",
                        before=own.old_date_due,
                        day=own.date_due,
                        reason=own.reason,
                    )
                )
        return result
