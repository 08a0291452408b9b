from odoo import models
from odoo.fields import Domain

from ...queries import measures_provider
from ...queries.review_plan import Result

RATINGS = Result(
    partner="provider_rating_id",
    previous="previous_rating_id",
    computed="computed_rating_id",
    proposed="proposed_rating_id",
    decided="decided_rating_id",
    table="customer_provider_rating",
)


class CustomerReview(models.Model):
    """The rating of service providers is a review whose result are stars."""

    _inherit = "customer.review"

    def _is_provider(self):
        """Whether the review rates service providers."""
        return self.usage == "provider"

    def _population(self, members=False):
        """EXTENDS review: providers with months in the period, whether they buy anything or not."""
        if not self._is_provider():
            return super()._population(members)
        # sudo: a review is about all providers of its company, whoever computes it
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        domain = self.scorecard_id._population_domain()
        if members and self.kind == "single":
            domain &= Domain("id", "=", self.partner_id.id)
        found = partners._search(domain).subselect()
        at_work = measures_provider.providers(self.company_id.id, self.date_from, self.date_to)
        return measures_provider.both(at_work, found)

    def _result_columns(self):
        """EXTENDS review: the columns of ratings."""
        return RATINGS if self._is_provider() else super()._result_columns()

    def _notify_account_managers(self):
        """EXTENDS review: providers have no account manager."""
        return super(
            CustomerReview, self.filtered(lambda review: not review._is_provider())
        )._notify_account_managers()

    def _apply_result(self, plan):
        """EXTENDS review: the rating takes effect, with its probation, and becomes history."""
        if not self._is_provider():
            return super()._apply_result(plan)
        # sudo: every line of the review, whoever applies it
        lines = (
            self.env["customer.review.line"]
            .sudo()
            .search([("review_id", "=", self.id), ("decided_rating_id", "!=", False)])
        )
        left_out = self._gone_customers() | self._rated_later(lines.partner_id)
        for line in lines.filtered(lambda line: line.partner_id not in left_out):
            line.partner_id.with_company(self.company_id)._rate_provider(line, plan.today)
        return None

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
