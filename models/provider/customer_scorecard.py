from odoo import api, fields, models


class CustomerScorecard(models.Model):
    """A scorecard of usage provider leads to ratings instead of tiers."""

    _inherit = "customer.scorecard"

    def _result_order(self):
        """EXTENDS review: the ratings, the best first."""
        if self.usage != "provider":
            return super()._result_order()
        # sudo: archived ratings count, as the present result of a provider
        ratings = self.env["customer.provider.rating"].sudo().with_context(active_test=False)
        return tuple(ratings.search([]).ids)


class CustomerScorecardBand(models.Model):
    """The result of a band of a provider scorecard is a rating."""

    _inherit = "customer.scorecard.band"

    rating_id = fields.Many2one(
        "customer.provider.rating", "Rating", index=True, ondelete="restrict"
    )

    def _is_provider(self):
        return self.scorecard_id.usage == "provider"

    @api.depends("rating_id.name", "scorecard_id.usage")
    def _compute_summary(self):
        """EXTENDS review: the rating is part of the sentence."""
        return super()._compute_summary()

    def _result_name(self):
        """EXTENDS review: the name of the rating."""
        if self._is_provider():
            return self.rating_id.display_name or ""
        return super()._result_name()

    def _result_id(self):
        """EXTENDS review: the id of the rating."""
        return self.rating_id.id if self._is_provider() else super()._result_id()


class CustomerScorecardVeto(models.Model):
    """A veto of a provider scorecard caps the rating."""

    _inherit = "customer.scorecard.veto"

    cap_rating_id = fields.Many2one(
        "customer.provider.rating", "At Most (Rating)", index=True, ondelete="restrict"
    )

    def _is_provider(self):
        return self.scorecard_id.usage == "provider"

    @api.depends("cap_rating_id.name", "scorecard_id.usage")
    def _compute_summary(self):
        """EXTENDS review: the rating is part of the sentence."""
        return super()._compute_summary()

    def _cap_name(self):
        """EXTENDS review: the name of the rating."""
        if self._is_provider():
            return self.cap_rating_id.display_name or ""
        return super()._cap_name()

    def _cap_id(self):
        """EXTENDS review: the id of the rating."""
        return self.cap_rating_id.id if self._is_provider() else super()._cap_id()
