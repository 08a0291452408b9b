from odoo import api, fields, models


class CustomerSegmentDimension(models.Model):
    """A way to classify customers: type, scale, value, ..."""

    _name = "customer.segment.dimension"
    _inherit = ["customer.guard.mixin"]
    _description = "Segment Dimension"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name used by imports and integrations.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    exclusive = fields.Boolean(
        default=True,
        help="A customer has at most one segment of this dimension in a company.",
    )
    description = fields.Text(translate=True)
    segment_ids = fields.One2many("customer.segment", "dimension_id", "Segments")

    _code_uniq = models.Constraint("UNIQUE(code)", "Another dimension already uses this code.")

    def copy_data(self, default=None):
        """Name and code of a copy are its own."""
        return [
            dict(
                vals,
                code=self.env._("%s_copy", dimension.code),
                name=self.env._("%s (copy)", dimension.name),
            )
            for dimension, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.model
    def name_create(self, name):
        """Take the name as the code of a dimension made on the fly."""
        record = self.create({"name": name, "code": name.lower().replace(" ", "_")})
        return record.id, record.display_name
