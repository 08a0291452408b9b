from odoo import api, fields, models
from odoo.fields import Domain

SEARCHED = 50  # newest lessons looked at for a case


class CustomerComplaintLesson(models.Model):
    """What was learned from closed cases; suggested for similar ones."""

    _name = "customer.complaint.lesson"
    _inherit = ["mail.thread", "customer.guard.mixin"]
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
    lesson = fields.Text("What We Will Do Differently", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Leave empty for all companies.")
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
    def _suggest(self, complaints, limit=5):
        """Return the lessons closest to each case, ``{case: lessons}``, by one search for all.

        Same product first, then the closest category, then the newest.
        """
        paths = {case: case.category_id._path() for case in complaints}
        products = {case: case.line_ids.product_id.product_tmpl_id for case in complaints}
        near = Domain("category_id", "in", list({one for path in paths.values() for one in path}))
        if all_products := self.env["product.template"].union(*products.values()):
            near |= Domain("product_ids", "in", all_products.ids)
        company = Domain("company_id", "in", [False, *complaints.company_id.ids])
        found = self.search(near & company, limit=SEARCHED * len(complaints))
        return {
            case: found._closest(case, paths[case], products[case])[:limit] for case in complaints
        }

    def _closest(self, case, path, products):
        """Return the lessons that fit a case, the closest first."""

        def closeness(lesson):
            category = lesson.category_id.id
            depth = path.index(category) if category in path else len(path)
            return (not (lesson.product_ids & products), depth, -lesson.id)

        return self.filtered(
            lambda lesson: (
                (lesson.category_id.id in path or lesson.product_ids & products)
                and lesson.company_id in (case.company_id, lesson.company_id.browse())
                and lesson != case.lesson_id
            )
        ).sorted(closeness)
