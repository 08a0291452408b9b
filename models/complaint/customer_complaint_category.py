from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...queries import categories as queries


class CustomerComplaintCategory(models.Model):
    """What a complaint is about; a tree, quality or not."""

    _name = "customer.complaint.category"
    _inherit = ["customer.guard.mixin"]
    _description = "Complaint Category"
    _parent_store = True
    _rec_names_search = ["complete_name", "name"]
    _order = "sequence, parent_path, id"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        "Full Name",
        compute="_compute_complete_name",
        search="_search_complete_name",
        recursive=True,
        help="The name including all parent categories, as shown in lists and imports.",
    )
    sequence = fields.Integer(default=10)
    parent_id = fields.Many2one(
        "customer.complaint.category", "Parent Category", index=True, ondelete="cascade"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("customer.complaint.category", "parent_id", "Sub-categories")
    is_quality = fields.Boolean(
        "Quality",
        compute="_compute_is_quality",
        store=True,
        readonly=False,
        recursive=True,
        help="A quality complaint cannot be closed with open actions or without a root cause.",
    )
    counts_for_providers = fields.Boolean(
        "Counts for Service Providers",
        default=True,
        help="Complaints in this category count towards the figures and quotas of the service "
        "provider that was first responsible.",
    )
    effect_check_later = fields.Boolean(
        "Check Effectiveness after Closing",
        help="The effectiveness of corrective and preventive actions can be checked after the "
        "case is closed, on the date entered for the check. Otherwise the case stays open "
        "until the check.",
    )
    active = fields.Boolean(default=True)

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for category in self:
            parts = (category.parent_id.complete_name, category.name)
            category.complete_name = " / ".join(filter(None, parts))

    @api.depends("complete_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name with all categories above, in the reader's language."""
        for category in self:
            category.display_name = category.complete_name

    def _search_complete_name(self, operator, value):
        """Compare in SQL; not stored, because a column has no languages that follow the names."""
        field = self._fields["complete_name"]

        def to_sql(model, alias, query):
            return field._condition_to_sql("complete_name", operator, value, model, alias, query)

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, field_expr, query=None):
        """EXTENDS base: the full name from the names along the path."""
        if field_expr != "complete_name":
            return super()._field_to_sql(alias, field_expr, query)
        self.flush_model(["name", "parent_path"])
        above = f"{alias}__path"
        return queries.name_of_path(alias, above, self._field_to_sql(above, "name"))

    @api.depends("parent_id.is_quality")
    def _compute_is_quality(self):
        for category in self:
            category.is_quality = (
                category.parent_id.is_quality if category.parent_id else category.is_quality
            )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be its own parent."))

    def _path(self):
        """Return the ids of the category and all above it, the most exact first."""
        return tuple(int(part) for part in reversed((self.parent_path or "").split("/")) if part)
