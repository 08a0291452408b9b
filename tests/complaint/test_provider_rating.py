from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...engine.windows import Window
from .figures_case import FiguresCase, utc


@tagged("post_install", "-at_install")
class TestProviderRating(FiguresCase):
    """The third quarter of 2026, rated with the shipped scorecard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scorecard = cls.env.ref("customer_governance.scorecard_provider")
        cls.leader = new_test_user(
            cls.env, "cg_rater", groups="customer_governance.group_committee", name="cg rater"
        )
        cls.worse = cls.env["res.partner"].create({"name": "Slow Service", "is_company": True})
        case = cls._case("2026-08-10 09:00")
        order = cls._served(case).sudo()
        with freeze_time(utc("2026-08-10 11:00")):
            order._log_contact("Called")
            order.first_result = "Seal is broken"
            order.action_report()
        cls._finish(case)
        case = cls._case("2026-08-11 09:00")
        with freeze_time(utc("2026-08-25 09:00")):
            cls._dispatch(case, team_id=False, provider_id=cls.worse.id).sudo().action_accept()
        with freeze_time(utc("2026-10-05 08:00")):
            months = cls.env["customer.provider.period"]
            months.search([]).unlink()
            months._fill_month(cls.company, Window(date(2026, 8, 1), date(2026, 8, 31)))
            months.search([])._compute_figures()

    def _review(self):
        with freeze_time(utc("2026-10-05 08:00")):
            review = self.env["customer.review"].create(
                {
                    "scorecard_id": self.scorecard.id,
                    "company_id": self.company.id,
                    "date_from": "2026-07-01",
                    "date_to": "2026-09-30",
                }
            )
            review.action_compute()
        return review

    def _applied(self):
        review = self._review()
        with freeze_time(utc("2026-10-06 08:00")):
            review.with_user(self.user_committee).action_submit()
            review.with_user(self.user_manager).action_approve()
            review.with_user(self.user_manager).action_apply()
        return review

    def test_the_shipped_scorecard_works(self):
        self.assertEqual(self.scorecard.state, "published")
        self.assertFalse(self.scorecard._problems())
        self.assertEqual(sum(self.scorecard.indicator_ids.mapped("max_points")), 100)

    def test_providers_are_scored_and_nobody_else(self):
        review = self._review()
        self.assertEqual(review.line_ids.partner_id, self.provider | self.worse)
        good, bad = (
            review.line_ids.filtered(lambda line, p=p: line.partner_id == p)
            for p in (self.provider, self.worse)
        )
        self.assertGreater(good.score, bad.score)
        self.assertEqual(good.proposed_rating_id.stars, "5")
        self.assertEqual(bad.proposed_rating_id.stars, "1")
        self.assertLess(bad.coverage, 100, "nobody was called back: no data, no bad mark")

    def test_a_rating_takes_effect_with_its_probation(self):
        review = self._applied()
        self.assertEqual(review.state, "applied")
        good, bad = (p.with_company(self.company) for p in (self.provider, self.worse))
        self.assertEqual((good.provider_rating_id.stars, bad.provider_rating_id.stars), ("5", "1"))
        self.assertFalse(good.provider_probation_until)
        self.assertEqual(str(bad.provider_probation_until), "2027-01-06")
        history = self.env["customer.provider.rating.history"].search(
            [("provider_id", "=", self.worse.id)]
        )
        self.assertEqual((history.rating_id.stars, history.review_id), ("1", review))
        self.assertEqual(history.probation_until, bad.provider_probation_until)
        with self.assertRaises(AccessError):
            history.with_user(self.user_manager).write({"reason": "No"})
        self.assertFalse(self.provider.customer_tier_id, "a rating is no tier")

    def test_the_rating_changes_the_support_of_later_months(self):
        self._applied()
        self.env["customer.provider.quota"].search([]).unlink()
        self.env["customer.provider.quota"].create({"volume_from": 0, "allowed": 5, "amount": 1000})
        self._provider_case("2026-10-20 09:00")
        months = self.env["customer.provider.period"]
        with freeze_time(utc("2026-11-05 08:00")):
            months._cron_fill()
            october, august = (
                months.search(
                    [("provider_id", "=", self.provider.id), ("date_from", "=", f"2026-{m}-01")]
                )
                for m in ("10", "08")
            )
            (october | august).action_compute()
        self.assertEqual((october.amount, august.amount), (1100, 1000))
        self.assertIn("10.00 %", october.reasons)

    def test_a_rating_is_not_appealed_against(self):
        # an appeal asks for a tier, which would have been written beside the rating
        line = self._review().line_ids[0]
        with self.assertRaisesRegex(UserError, "Only customer tiers"):
            self.env["customer.review.appeal"].create(
                {
                    "line_id": line.id,
                    "wanted_tier_id": self.env.ref("customer_governance.tier_key").id,
                    "reason": "Too strict",
                }
            )
