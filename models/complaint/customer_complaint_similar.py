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
        readable = lessons.has_access("read")
        for complaint in self:
            wanted = readable and complaint.state != "registered"
            complaint.suggested_lesson_ids = lessons._suggest(complaint) if wanted else lessons
