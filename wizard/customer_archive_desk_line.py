from odoo import api, fields, models


class CustomerArchiveDeskLine(models.TransientModel):
    """One paper on the desk."""

    _name = "customer.archive.desk.line"
    _inherit = ["customer.named.mixin"]
    _description = "Paper at the Circulation Desk"

    desk_id = fields.Many2one("customer.archive.desk", required=True, ondelete="cascade")
    loan_line_id = fields.Many2one("customer.archive.loan.line", "Item", required=True)
    name = fields.Char(related="loan_line_id.name", string="Paper")
    loan_name = fields.Char(related="loan_line_id.loan_id.name", string="Loan Slip")
    borrower_id = fields.Many2one(related="loan_line_id.borrower_id")
    date_due = fields.Date(related="loan_line_id.date_due")
    is_late = fields.Boolean("Overdue", related="loan_line_id.loan_id.is_overdue")
    way = fields.Selection([("issue", "Goes out"), ("return", "Comes back")], required=True)
    page_record = fields.Integer("On Record", compute="_compute_page_record")
    page_count = fields.Integer("Pages", help="Pages counted now, or pieces for deeds.")
    is_counted = fields.Boolean("Counted", help="Tick it or scan the document again.")
    is_damaged = fields.Boolean("Damaged")
    note = fields.Char("Note on the Difference")

    @api.onchange("page_count")
    def _onchange_page_count(self):
        """Who enters another number has counted."""
        if self.page_count != self.page_record:
            self.is_counted = True

    @api.depends("loan_line_id", "way")
    def _compute_page_record(self):
        for line in self:
            item = line.loan_line_id
            line.page_record = item.page_issued if line.way == "return" else item.page_expected
