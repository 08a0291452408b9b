from odoo import api, fields, models

from ..review.usage import Usage

RATINGS = Usage(
    model="customer.provider.rating",
    word="rating",
    partner="provider_rating_id",
    apply="_apply_ratings",
)


class CustomerScorecard(models.Model):
    """A scorecard of usage provider leads to ratings."""

    _inherit = "customer.scorecard"

    usage = fields.Selection(
        selection_add=[("provider", "Service Providers")], ondelete={"provider": "cascade"}
    )

    @api.model
    def _usages(self):
        """EXTENDS review."""
        return super()._usages() | {"provider": RATINGS}


class CustomerScorecardBand(models.Model):
    """The result of a band of a provider scorecard is a rating."""

    _inherit = "customer.scorecard.band"

    rating_id = fields.Many2one(
        "customer.provider.rating", "Rating", index=True, ondelete="restrict"
    )


class CustomerScorecardVeto(models.Model):
    """A veto of a provider scorecard caps the rating."""

    _inherit = "customer.scorecard.veto"

    cap_rating_id = fields.Many2one(
        "customer.provider.rating", "At Most (Rating)", index=True, ondelete="restrict"
    )
