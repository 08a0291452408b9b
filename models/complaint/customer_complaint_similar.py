from odoo import api, fields, models


class CustomerComplaint(models.Model):
    """Lessons of similar cases, shown while a case is worked on."""

    _inherit = "customer.complaint"

    suggested_lesson_ids = fields.Many2many(
        "customer.complaint.lesson",
        string="Lessons of Similar Cases",
        compute="_compute_suggested_lessons",
    )

    @api.depends("state", "category_id", "line_ids.product_id", "lesson_id")
    def _compute_suggested_lessons(self):
        """Suggest lessons from the moment on somebody works on the case."""
        lessons = self.env["customer.complaint.lesson"]
        worked_on = self.filtered(lambda case: case.state != "registered")
        found = lessons._suggest(worked_on) if worked_on and lessons.has_access("read") else {}
        for case in self:
            case.suggested_lesson_ids = found.get(case, lessons)
