from odoo import api, fields, models


class CustomerArchiveDeskLine(models.TransientModel):
    """One paper on the desk."""

    _name = "customer.archive.desk.line"
    _description = "Paper on the Desk"

    desk_id = fields.Many2one("customer.archive.desk", required=True, ondelete="cascade")
    loan_line_id = fields.Many2one("customer.archive.loan.line", "Item", required=True)
    name = fields.Char(related="loan_line_id.name", string="Paper")
    loan_name = fields.Char(related="loan_line_id.loan_id.name", string="Slip")
    borrower_id = fields.Many2one(related="loan_line_id.borrower_id")
    date_due = fields.Date(related="loan_line_id.date_due")
    is_late = fields.Boolean("Late", related="loan_line_id.loan_id.is_overdue")
    way = fields.Selection([("issue", "Goes out"), ("return", "Comes back")], required=True)
    page_record = fields.Integer("On Record", compute="_compute_page_record")
    page_count = fields.Integer("Pages", help="Counted now; for deeds the pieces.")
    is_counted = fields.Boolean("Counted", help="Tick it or scan the paper once more.")
    is_damaged = fields.Boolean("Damaged")
    note = fields.Char("Word on the Difference")

    @api.depends("loan_line_id", "way")
    def _compute_page_record(self):
        for line in self:
            item = line.loan_line_id
            line.page_record = item.page_issued if line.way == "return" else item.page_expected
