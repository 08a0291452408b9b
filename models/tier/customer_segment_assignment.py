from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerSegmentAssignment(models.Model):
    """A customer's place in a segment, in one company."""

    _name = "customer.segment.assignment"
    _inherit = ["customer.guard.mixin"]
    _description = "Customer Segment Assignment"
    _guard_movable = ("segment_id",)
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
        [("rule", "Rule"), ("manual", "Manual")],
        required=True,
        default="manual",
        readonly=True,
    )
    pinned = fields.Boolean(
        default=True,
        help="Automatic rules of the dimension do not change this customer.",
    )
    reason = fields.Char()
    date_from = fields.Date(
        "Since", required=True, default=lambda self: self.env.company._customer_today()
    )

    _segment_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id, segment_id)",
        "The customer is already in this segment.",
    )
    _dimension_uniq = models.UniqueIndex(
        "(partner_id, company_id, dimension_id) WHERE exclusive",
        "A customer can have only one segment in this dimension.",
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
        if "segment_id" not in vals:
            return super().write(vals)
        moved = self.filtered(lambda line: line.segment_id.id != vals["segment_id"])
        moved._remember()
        result = super().write(dict(vals, origin="manual"))
        for company, lines in moved.grouped("company_id").items():
            if "date_from" not in vals:
                super(CustomerSegmentAssignment, lines).write(
                    {"date_from": company._customer_today()}
                )
        return result

    def unlink(self):
        """EXTENDS base: where the customer was is remembered."""
        self._remember()
        return super().unlink()

    def _remember(self):
        """Keep the segments that the customers leave today."""
        # sudo: written when a line goes, whoever takes it away
        self.env["customer.segment.past"].sudo().create(
            [
                {
                    "partner_id": line.partner_id.id,
                    "company_id": line.company_id.id,
                    "segment_id": line.segment_id.id,
                    "date_from": line.date_from,
                    "date_to": fields.Date.subtract(today, days=1),
                }
                for company, lines in self.grouped("company_id").items()
                for today in [company._customer_today()]
                for line in lines
                if line.date_from < today
            ]
        )
