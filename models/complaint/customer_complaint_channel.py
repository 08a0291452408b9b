from odoo import fields, models


class CustomerComplaintChannel(models.Model):
    """The way a complaint comes in."""

    _name = "customer.complaint.channel"
    _inherit = ["customer.guard.mixin"]
    _description = "Complaint Channel"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name used by integrations, for example for web and e-mail.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_public = fields.Boolean(
        "Visible to the Public",
        help="Web and social media: the complaint is visible to others, so the first contact is "
        "due sooner.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a channel with this code.")
