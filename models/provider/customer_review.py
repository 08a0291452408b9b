from odoo import models
from odoo.fields import Domain

from ...queries import measures_provider


class CustomerReview(models.Model):
    """The rating of service providers is a review whose result are stars."""

    _inherit = "customer.review"

    def _population(self, members=False):
        """EXTENDS review: providers with months in the period, whether they buy anything or not."""
        if self.usage != "provider":
            return super()._population(members)
        # sudo: a review is about all providers of its company, whoever computes it
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        domain = self.scorecard_id._population_domain()
        if members and self.kind == "single":
            domain &= Domain("id", "=", self.partner_id.id)
        found = partners._search(domain).subselect()
        at_work = measures_provider.providers(self.company_id.id, self.date_from, self.date_to)
        return measures_provider.both(at_work, found)

    def _apply_ratings(self, plan):
        """The rating takes effect, with its probation, and becomes history (usage provider)."""
        # sudo: every line of the review, whoever applies it
        lines = (
            self.env["customer.review.line"]
            .sudo()
            .search([("review_id", "=", self.id), ("decided_rating_id", "!=", False)])
        )
        left_out = self._gone_customers() | self._rated_later(lines.partner_id)
        for line in lines.filtered(lambda line: line.partner_id not in left_out):
            line.partner_id.with_company(self.company_id)._rate_provider(line, plan.today)

    def _rated_later(self, providers):
        """Return those whom a review of a later period rated already."""
        # sudo: as above
        history = self.env["customer.provider.rating.history"].sudo()
        return history.search(
            [
                ("provider_id", "in", providers.ids),
                ("company_id", "=", self.company_id._customer_company().id),
                ("review_id.date_to", ">", self.date_to),
            ]
        ).provider_id
