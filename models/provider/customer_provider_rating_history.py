from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ..common.guard import SystemOnly

_lt = LazyTranslate(__name__)


class CustomerProviderRatingHistory(models.Model):
    """Every rating that a provider got: from when, by which review, what followed. Never changed."""

    _name = "customer.provider.rating.history"
    _inherit = ["customer.company.mixin"]
    _description = "Provider Rating History"
    _order = "date DESC, id DESC"
    _rec_name = "provider_id"
    _guards = (SystemOnly(_lt("A rating results from an applied review.")),)

    provider_id = fields.Many2one(
        "res.partner",
        "Service Provider",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date("Since", required=True, readonly=True, index=True)
    old_rating_id = fields.Many2one(
        "customer.provider.rating", "Before", readonly=True, ondelete="restrict"
    )
    rating_id = fields.Many2one(
        "customer.provider.rating", "Rating", required=True, readonly=True, ondelete="restrict"
    )
    review_id = fields.Many2one(
        "customer.review", "Review", readonly=True, index="btree_not_null", ondelete="set null"
    )
    score = fields.Float(digits=(16, 2), readonly=True)
    probation_until = fields.Date("On Probation Until", readonly=True)
    reason = fields.Char(readonly=True)
