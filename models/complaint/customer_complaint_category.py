from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerComplaintCategory(models.Model):
    """What a complaint is about; a tree, quality or not."""

    _name = "customer.complaint.category"
    _description = "Complaint Category"
    _parent_store = True
    _order = "sequence, parent_path, id"

    name = fields.Char(required=True, translate=True)
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
    active = fields.Boolean(default=True)

    @api.depends("name", "parent_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name with all categories above, in the reader's language."""
        for category in self:
            names, above = [category.name or ""], category.parent_id
            while above:
                names.append(above.name)
                above = above.parent_id
            category.display_name = " / ".join(reversed(names))

    @api.depends("parent_id.is_quality")
    def _compute_is_quality(self):
        for category in self:
            category.is_quality = (
                category.parent_id.is_quality if category.parent_id else category.is_quality
            )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot be above itself."))

    def _path(self):
        """Return the ids of the category and all above it, the most exact first."""
        return tuple(int(part) for part in reversed((self.parent_path or "").split("/")) if part)
