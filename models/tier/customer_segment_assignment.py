from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerSegmentAssignment(models.Model):
    """A customer's place in a segment, in one company."""

    _name = "customer.segment.assignment"
    _description = "Segment of a Customer"
    _order = "partner_id, dimension_id, id"
    _rec_name = "segment_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    segment_id = fields.Many2one(
        "customer.segment",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    dimension_id = fields.Many2one(
        related="segment_id.dimension_id", store=True, index=True, precompute=True
    )
    exclusive = fields.Boolean(related="dimension_id.exclusive", store=True, precompute=True)
    color = fields.Integer(related="segment_id.color")
    origin = fields.Selection(
        [("rule", "Rule"), ("manual", "By Hand")],
        required=True,
        default="manual",
        readonly=True,
    )
    pinned = fields.Boolean(
        default=True,
        help="The automatic rules of the dimension leave this customer alone.",
    )
    reason = fields.Char()
    date_from = fields.Date(
        "Since", required=True, default=lambda self: self.env.company._customer_today()
    )

    _segment_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id, segment_id)",
        "The customer is in this segment already.",
    )
    _dimension_uniq = models.UniqueIndex(
        "(partner_id, company_id, dimension_id) WHERE exclusive",
        "A customer can be in one segment of this dimension only.",
    )

    @api.constrains("partner_id")
    def _check_commercial_partner(self):
        for line in self:
            if line.partner_id != line.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact: classify %(company)s.",
                        contact=line.partner_id.display_name,
                        company=line.partner_id.commercial_partner_id.display_name,
                    )
                )

    def write(self, vals):
        """A line somebody moves to another segment is by hand from then on."""
        if "segment_id" in vals:
            vals = dict(vals, origin="manual")
        return super().write(vals)
