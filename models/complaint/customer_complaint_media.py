from odoo import fields, models


class CustomerComplaint(models.Model):
    """A matter that the media took up costs its provider the support of the month."""

    _inherit = "customer.complaint"

    media_exposure = fields.Boolean(
        "In the Media",
        tracking=True,
        help="Press, radio or television reported on it, or it spread in social media.",
    )
