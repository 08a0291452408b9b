from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

GRADE_ORIGINS = [
    ("proposal", "Approved proposal"),
    ("manual", "Manual"),
    ("import", "Import"),
]


class CustomerCreditGradeHistory(models.Model):
    """Each change of a customer's grade. Rows are added by the change and stay as they are."""

    _name = "customer.credit.grade.history"
    _inherit = ["customer.history.chain"]
    _description = "Credit Grade Change"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    old_grade_id = fields.Many2one(
        "customer.credit.grade", "From", ondelete="restrict", readonly=True
    )
    new_grade_id = fields.Many2one(
        "customer.credit.grade", "To", ondelete="restrict", readonly=True
    )
    date = fields.Date(required=True, readonly=True)
    origin = fields.Selection(GRADE_ORIGINS, required=True, readonly=True)
    reason = fields.Text(readonly=True)
    proposal_id = fields.Many2one(
        "customer.credit.proposal",
        "Credit Proposal",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one("res.users", "Decided By", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Rows follow from changes of the grade."""
        if not self.env.su:
            raise AccessError(self.env._("The grade history is recorded automatically."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super  # never writes
        """The past is not rewritten, by nobody."""
        raise UserError(self.env._("The grade history cannot be changed."))

    # --- changes of the time before the system
    _history_domain = "credit"
    _history_chain = ("old_grade_id", "new_grade_id")
    _history_columns = ("partner_id", "company_id", "date", "new_grade_id", "reason", "user_id")
    _history_required = ("partner_id", "date", "new_grade_id")

    @api.model
    def _history_defaults(self, vals, company):
        """EXTENDS history: where the change comes from."""
        return {"origin": "import"}
