from odoo import api, fields, models
from odoo.fields import Domain


class CustomerComplaintLesson(models.Model):
    """What was learned from closed cases; suggested for similar ones."""

    _name = "customer.complaint.lesson"
    _inherit = ["mail.thread"]
    _description = "Lesson Learned"
    _order = "id DESC"
    _rec_names_search = ["name", "cause", "lesson"]

    name = fields.Char("Title", required=True)
    category_id = fields.Many2one("customer.complaint.category", "Category", index=True)
    product_ids = fields.Many2many(
        "product.template",
        "customer_complaint_lesson_product_rel",
        "lesson_id",
        "product_id",
        "Products",
    )
    cause = fields.Text()
    measure = fields.Text("What Helped")
    lesson = fields.Text("What We Do Differently", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    complaint_ids = fields.One2many("customer.complaint", "lesson_id", "Cases")
    complaint_count = fields.Integer("Number of Cases", compute="_compute_complaint_count")

    @api.depends("complaint_ids")
    def _compute_complaint_count(self):
        counts = dict(
            self.env["customer.complaint"]._read_group(
                [("lesson_id", "in", self.ids)], ["lesson_id"], ["__count"]
            )
        )
        for lesson in self:
            lesson.complaint_count = counts.get(lesson, 0)

    @api.model
    def _suggest(self, complaint, limit=5):
        """Return the lessons closest to a case: same product first, then category, then newest."""
        products = complaint.line_ids.product_id.product_tmpl_id
        path = complaint.category_id._path() if complaint.category_id else ()
        domain = Domain("category_id", "in", path) | Domain("product_ids", "in", products.ids)
        company = Domain("company_id", "in", (False, complaint.company_id.id))
        found = self.search(domain & company & Domain("id", "!=", complaint.lesson_id.id), limit=50)

        def closeness(lesson):
            depth = (
                path.index(lesson.category_id.id) if lesson.category_id.id in path else len(path)
            )
            return (not (lesson.product_ids & products), depth, -lesson.id)

        return found.sorted(closeness)[:limit]
