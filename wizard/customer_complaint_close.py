from odoo import fields, models
from odoo.exceptions import UserError


class CustomerComplaintClose(models.TransientModel):
    """The close of a case asks what was learned from it."""

    _name = "customer.complaint.close"
    _inherit = ["customer.named.mixin"]
    _description = "Close a Complaint"

    complaint_id = fields.Many2one("customer.complaint", required=True, ondelete="cascade")
    lesson_id = fields.Many2one(
        "customer.complaint.lesson",
        "Known Lesson",
        help="This case has the same lesson as the selected one.",
    )
    title = fields.Char(related="complaint_id.subject", string="Case")
    cause = fields.Text(related="complaint_id.root_cause", string="Root Cause")
    measure = fields.Text("What Helped")
    lesson = fields.Text("What Will We Do Differently?")
    no_lesson = fields.Boolean("No New Lesson")

    def action_close(self):
        """Keep the lesson and close the case."""
        self.ensure_one()
        case = self.complaint_id
        case.check_access("write")
        if not (self.lesson_id or self.lesson or self.no_lesson):
            raise UserError(
                self.env._(
                    "Describe what was learned, choose a known lesson, or state that there is none."
                )
            )
        lesson = self.lesson_id
        if self.lesson and not lesson:
            lesson = self.env["customer.complaint.lesson"].create(
                {
                    "name": case.subject,
                    "category_id": case.category_id.id,
                    "product_ids": [
                        fields.Command.set(case.line_ids.product_id.product_tmpl_id.ids)
                    ],
                    "cause": case.root_cause,
                    "measure": self.measure,
                    "lesson": self.lesson,
                    "company_id": case.company_id.id,
                }
            )
        if lesson:
            case.lesson_id = lesson
        return case.action_close()

    def action_close_without_lesson(self):
        """Close the case: somebody says that there is nothing new to learn from it."""
        self.no_lesson = True
        return self.action_close()
