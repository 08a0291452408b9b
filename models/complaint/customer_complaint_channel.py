from odoo import fields, models


class CustomerComplaintChannel(models.Model):
    """The way a complaint comes in."""

    _name = "customer.complaint.channel"
    _description = "Complaint Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name that programs use, for example for web and e-mail.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_public = fields.Boolean(
        "Seen by the Public",
        help="Web and social media: others read the complaint, so the first contact is due sooner.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "There is a channel with this code already.")
