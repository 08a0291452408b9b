from odoo import fields, models


class CustomerSegmentPast(models.Model):
    """A segment a customer was in: a review of a past period looks at it as it was then.

    Written when a customer leaves a segment, by hand or by the job; nobody changes it.
    """

    _name = "customer.segment.past"
    _description = "Former Segment of a Customer"
    _order = "partner_id, date_from desc, id desc"
    _rec_name = "segment_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    segment_id = fields.Many2one(
        "customer.segment", required=True, index=True, ondelete="cascade", readonly=True
    )
    date_from = fields.Date("Since", required=True, readonly=True)
    date_to = fields.Date("Until", required=True, readonly=True, help="Last day in the segment.")
