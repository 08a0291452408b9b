from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..mixins.job_case import RUNNER, JobCaseMixin
from .figures_case import FiguresCase, utc

NOVEMBER = utc("2026-11-01 08:00")
DECIDED = utc("2026-11-06 08:00")  # after the cut-off of October


@tagged("post_install", "-at_install")
class TestProviderPeriod(JobCaseMixin, FiguresCase):
    """October 2026: its quarter before is July to September."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Period = cls.env["customer.provider.period"]
        cls.env["customer.provider.quota"].search([]).unlink()
        cls.env["customer.provider.quota"].create(
            [
                {"volume_from": 0, "allowed": 0, "amount": 0},
                {"volume_from": 1, "allowed": 2, "amount": 500},
                {"volume_from": 2, "allowed": 0, "is_unlimited": True, "amount": 900},
            ]
        )

    def _fill(self, at=NOVEMBER):
        with freeze_time(at):
            self.Period._cron_fill()
        return self.Period.search(
            [("provider_id", "=", self.provider.id), ("company_id", "=", self.company.id)]
        )

    def _failed(self, period):
        return [reason["code"] for reason in period.explanation if not reason["ok"]]

    # -- filling ------------------------------------------------------------------------------

    def test_a_provider_without_orders_has_no_months(self):
        self.assertFalse(self._fill())

    def test_the_month_that_ended(self):
        self._visited("2026-07-01", 2)
        self._visited("2026-09-30", 1)
        self._visited("2026-06-30", 5)
        self._visited("2026-10-01", 5)
        self._provider_case("2026-10-20 09:00")
        self._provider_case("2026-10-31 09:00", channel_id=self.web.id)
        self._provider_case("2026-09-30 23:59")
        self._case("2026-10-21 09:00")
        period = self._fill(utc("2026-11-03 08:00"))
        self.assertEqual((str(period.date_from), str(period.date_to)), ("2026-10-01", "2026-10-31"))
        self.assertEqual((period.volume, period.average_volume, period.quota), (3, 1, 2))
        self.assertEqual((period.received, period.closed, period.closed_first_time), (2, 2, 2))
        hotline, web = (
            period.line_ids.filtered(lambda line, s=s: line.scope == s) for s in ("hotline", "web")
        )
        self.assertEqual((hotline.received, web.received), (1, 1))
        self.assertEqual((hotline.closure_rate, web.closure_rate), (100, 100))
        self.assertTrue(period.eligible, period.verdict)
        self.assertEqual(period.amount, 500)
        self.assertEqual(period.state, "draft")
        for text in (
            "2 complaints; 2 allowed with a volume of 1.00",
            "Web: 1 of 1",
            "Not on probation",
        ):
            self.assertIn(text, period.reasons)

    def test_not_before_the_month_is_over_in_the_company(self):
        """15:59 UTC on the last day is 23:59 in Shanghai; a minute later the month is over."""
        self._provider_case("2026-10-20 09:00")
        self.assertFalse(self._fill(utc("2026-10-31 23:59")))
        self.assertTrue(self._fill(utc("2026-11-01 00:00")))

    def test_twice_is_as_once(self):
        self._provider_case("2026-10-20 09:00")
        period = self._fill()
        before = period.read()[0]
        again = self._fill()
        self.assertEqual(again, period)
        after = period.read()[0]
        self.assertEqual(
            {k: v for k, v in before.items() if k != "write_date"},
            {k: v for k, v in after.items() if k != "write_date"},
        )

    def test_months_missed_are_caught_up(self):
        self._provider_case("2026-07-20 09:00")
        self.assertEqual(len(self._fill(utc("2026-08-02 08:00"))), 1)
        self._served(self._case("2026-09-20 09:00"))
        self._provider_case("2026-10-20 09:00")
        months = self._fill(utc("2026-11-02 08:00")).sorted("date_from")
        # in August the orders of the quarter before keep the provider at work
        self.assertEqual(
            [(str(month.date_from), month.received) for month in months],
            [("2026-07-01", 1), ("2026-08-01", 0), ("2026-09-01", 1), ("2026-10-01", 1)],
        )

    def test_a_provider_that_comes_later_is_added(self):
        self._provider_case("2026-10-20 09:00")
        late = self._case("2026-10-30 09:00")
        self._fill()
        other = self.env["res.partner"].create({"name": "Late Service", "is_company": True})
        with freeze_time(utc("2026-11-02 09:00")):
            self._served(late, other)
        self._fill(utc("2026-11-03 08:00"))
        self.assertEqual(self.Period.search([("provider_id", "=", other.id)]).received, 1)

    def test_a_case_stays_with_the_provider_that_was_first_responsible(self):
        case = self._case("2026-10-20 09:00")
        order = self._served(case)
        order.sudo().action_void()
        other = self.env["res.partner"].create({"name": "Takes Over", "is_company": True})
        self._served(case, other)
        self._finish(case)
        self._fill()
        received = {
            period.provider_id: period.received
            for period in self.Period.search([("company_id", "=", self.company.id)])
        }
        self.assertEqual((received[self.provider], received.get(other, 0)), (1, 0))

    def test_only_categories_that_are_the_providers_business_count(self):
        other = self.delivery.copy({"name": "Attitude of the technician"})
        self.delivery.counts_for_providers = False
        self._provider_case("2026-10-20 09:00")
        self._provider_case("2026-10-21 09:00", category_id=other.id)
        self.assertEqual(self._fill().received, 1)

    def test_in_time_is_the_first_result_of_the_provider_not_our_answer(self):
        case = self._case("2026-10-20 09:00")
        order = self._served(case)
        with freeze_time(case.received_at + timedelta(hours=5)):
            order.sudo().first_result = "Seal is broken"
            order.sudo().action_report()
        self._finish(case, days=9)
        late = self._case("2026-10-21 09:00")
        self._served(late)
        self._finish(late, days=2)
        self.assertEqual(self._fill().replied_in_time, 1)

    def test_call_backs_are_no_service(self):
        self._visited("2026-09-01", 3)
        self._visited("2026-09-02", 2, purpose="verification")
        self._provider_case("2026-10-20 09:00")
        self.assertEqual(self._fill().volume, 3)

    def test_contacts_count_for_their_company(self):
        self._served(self._case("2026-10-20 09:00"), self.technician)
        self._visited("2026-09-01", 3, provider=self.technician)
        period = self._fill()
        self.assertEqual((period.received, period.volume), (1, 3))

    def test_two_companies_have_their_own(self):
        self._provider_case("2026-10-20 09:00")
        abroad = self._complaint(
            user=self.env.user,
            received_at=utc("2026-10-20 09:00"),
            company_id=self.other_company.id,
            team_id=False,
            partner_id=self._new_customer("Abroad").id,
        )
        self._served(abroad)
        self._fill()
        periods = self.Period.search([("provider_id", "=", self.provider.id)])
        self.assertEqual(
            sorted((p.company_id.id, p.received, p.closed) for p in periods),
            sorted([(self.company.id, 1, 1), (self.other_company.id, 1, 0)]),
        )
        seen = self.Period.with_user(self.user_service_supervisor).search([])
        self.assertNotIn(self.other_company, seen.company_id)

    def test_slices_reach_the_last_company(self):
        seen = []
        fill = type(self.Period)._fill_next

        def noted(records, company, after):
            seen.append(company)
            return fill(records, company, after)

        with patch.object(type(self.Period), "_fill_next", noted):
            slices = self.run_slices(self.env.ref("customer_governance.cron_provider_period_fill"))
        companies = self.env["res.company"].search([])
        self.assertEqual(set(seen), set(companies))
        self.assertEqual(slices, 3 * len(companies), "cut-off, fill and compute, each once")

    def test_one_company_that_fails_does_not_stop_the_others(self):
        self._provider_case("2026-10-20 09:00")
        fill, broken = type(self.Period)._fill_next, self.other_company

        def fail_for_one(records, company, after):
            if company == broken:
                raise ValueError("no calendar")
            return fill(records, company, after)

        with (
            patch.object(type(self.Period), "_fill_next", fail_for_one),
            self.assertLogs(RUNNER, "ERROR") as log,
        ):
            self.assertTrue(self._fill())
        self.assertIn(broken.name, log.output[0])

    def test_once_for_provider_and_month(self):
        self._provider_case("2026-10-20 09:00")
        period = self._fill()
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            period.copy()
            self.env.flush_all()

    def test_statements_do_not_grow_with_the_providers(self):
        def fill(count):
            self.Period.search([]).sudo().unlink()
            for number in range(count):
                provider = self.env["res.partner"].create({"name": f"P{number}"})
                self._visited("2026-09-01", 1, provider=provider)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._fill()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        fill(1)
        few, many = fill(2), fill(10)
        self.assertLessEqual(many, few + 6, "constant, but for the batches of the inserts")

    # -- decision -----------------------------------------------------------------------------

    def test_one_past_the_quota(self):
        self._visited("2026-09-01", 3)
        for day in ("19", "20"):
            self._provider_case(f"2026-10-{day} 09:00")
        self.assertTrue(self._fill().eligible)
        self._provider_case("2026-10-21 09:00")
        period = self._fill()
        self.assertEqual((self._failed(period), period.amount), (["quota"], 0))
        self.assertIn("3 complaints; 2 allowed", period.verdict)

    def test_unlimited(self):
        self._visited("2026-09-01", 6)
        for day in ("19", "20", "21"):
            self._provider_case(f"2026-10-{day} 09:00")
        period = self._fill()
        self.assertEqual((period.is_unlimited, period.eligible, period.amount), (True, True, 900))

    def test_zero_allowed_is_not_unlimited(self):
        self._provider_case("2026-10-20 09:00")
        period = self._fill()
        self.assertEqual((period.has_quota, period.quota), (True, 0))
        self.assertEqual(self._failed(period), ["quota"])

    def test_without_a_table(self):
        self.env["customer.provider.quota"].search([]).unlink()
        self._visited("2026-09-01", 3)
        period = self._fill()
        self.assertEqual((period.has_quota, self._failed(period)), (False, ["no_quota"]))

    def test_the_company_s_own_table(self):
        self.env["customer.provider.quota"].create(
            {"volume_from": 0, "allowed": 7, "amount": 70, "company_id": self.company.id}
        )
        self._visited("2026-09-01", 3)
        period = self._fill()
        self.assertEqual((period.quota, period.amount), (7, 70))

    def test_no_complaints_is_no_rate_and_no_obstacle(self):
        self._visited("2026-09-01", 3)
        period = self._fill()
        self.assertTrue(period.eligible)
        self.assertEqual((period.received, period.called_back), (0, 0))
        self.assertIn("no complaints to close", period.reasons)
        rate = self.Period._read_group([("id", "in", period.ids)], [], ["closure_rate:avg"])
        self.assertEqual(rate, [(False,)])

    def test_an_open_case_late_close_media_and_probation(self):
        self._visited("2026-09-01", 3)
        case = self._case("2026-10-20 09:00")
        self._served(case)
        period = self._fill()
        self.assertEqual((self._failed(period), period.open_cases), (["closure_rate"], 1))
        self._finish(case, days=40)
        period = self._fill()
        self.assertEqual(
            (self._failed(period), period.open_cases), (["first_time_rate", "closure_rate"], 0)
        )
        case.media_exposure = True
        self.provider.with_company(self.company).provider_probation_until = "2026-10-01"
        period = self._fill()
        self.assertEqual(
            self._failed(period), ["first_time_rate", "closure_rate", "media", "probation"]
        )
        self.assertEqual(str(period.probation_until), "2026-10-01")
        self.provider.with_company(self.company).provider_probation_until = "2026-09-30"
        self.assertFalse(self._fill().probation_until)

    def test_a_probation_leaves_the_months_before_it(self):
        self._visited("2026-09-01", 3)
        self._provider_case("2026-10-20 09:00")
        provider = self.provider.with_company(self.company)
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            provider.write(
                {
                    "provider_probation_from": "2027-02-01",
                    "provider_probation_until": "2027-01-31",
                }
            )
        provider.write(
            {"provider_probation_from": "2026-11-08", "provider_probation_until": "2027-01-31"}
        )
        october = self._fill(utc("2026-11-09 08:00"))
        self.assertTrue(october.eligible, october.verdict)
        self.assertFalse(october.probation_until)
        november = self._fill(utc("2026-12-02 08:00")) - october
        self.assertEqual(self._failed(november), ["probation"])

    def test_probation_is_of_a_company(self):
        self._visited("2026-09-01", 3)
        self.provider.with_company(self.other_company).provider_probation_until = "2027-01-01"
        self.assertTrue(self._fill().eligible)

    def test_visits_propose_the_provider_of_the_case_or_customer(self):
        case = self._case("2026-10-20 09:00")
        self._served(case, self.technician)
        self._finish(case)
        self.assertEqual(case.visit_ids.provider_id, self.provider)
        vals = {"partner_id": case.partner_id.id, "company_id": self.company.id}
        visits = self.env["customer.visit"].create(
            [{**vals, "purpose": "after_service"}, {**vals, "purpose": "care"}]
        )
        self.assertEqual(visits[0].provider_id, self.provider)
        self.assertFalse(visits[1].provider_id)

    # -- locked -------------------------------------------------------------------------------

    def test_confirmed_months_are_never_rewritten(self):
        self._visited("2026-09-01", 3)
        self._provider_case("2026-10-20 09:00")
        period = self._fill(at=DECIDED).with_user(self.user_service_supervisor)
        with freeze_time(DECIDED):
            period.action_confirm()
        self.assertEqual(period.confirmed_by_id, self.user_service_supervisor)
        self._served(self._case("2026-10-21 09:00"))
        self.env["customer.provider.quota"].search([]).amount = 1
        self._fill(at=DECIDED)
        self.assertEqual((period.received, period.amount, period.state), (1, 500, "confirmed"))
        with self.assertRaises(UserError):
            period.action_compute()
        with self.assertRaises(AccessError):
            period.action_reset()
        period.with_user(self.user_manager).action_reset()
        period.action_compute()
        self.assertEqual((period.received, period.amount), (2, 0))

    def test_paid_once_by_the_head(self):
        self._visited("2026-09-01", 3)
        period = self._fill(at=DECIDED).with_user(self.user_service_supervisor)
        with freeze_time(DECIDED):
            period.action_confirm()
            with self.assertRaises(AccessError):
                period.action_pay()
            period.with_user(self.user_manager).action_pay()
        self.assertEqual((period.state, str(period.paid_date)), ("paid", "2026-11-06"))
        with self.assertRaises(UserError):
            period.with_user(self.user_manager).action_reset()

    def test_all_conditions_but_a_table_without_support(self):
        self.env["customer.provider.quota"].search([]).amount = 0
        self._visited("2026-09-01", 3)
        period = self._fill(at=DECIDED).with_user(self.user_manager)
        self.assertTrue(period.eligible)
        with freeze_time(DECIDED):
            period.action_confirm()
            with self.assertRaisesRegex(UserError, "does not provide for support"):
                period.action_pay()

    def test_nothing_is_paid_without_support(self):
        self._provider_case("2026-10-20 09:00")
        period = self._fill(at=DECIDED).with_user(self.user_manager)
        with freeze_time(DECIDED):
            period.action_confirm()
            with self.assertRaisesRegex(UserError, "Over quota"):
                period.action_pay()

    def test_before_the_cut_off_it_is_not_final(self):
        self._provider_case("2026-10-20 09:00")
        period = self._fill()
        for moment in (NOVEMBER, DECIDED):  # also where the figures are from before it
            with freeze_time(moment), self.assertRaisesRegex(UserError, "cut-off"):
                period.action_confirm()
        with freeze_time(DECIDED):
            period.action_compute()
            period.action_confirm()
        self.assertEqual(period.state, "confirmed")

    def test_a_month_that_is_not_over_is_not_confirmed(self):
        self._provider_case("2026-10-20 09:00")
        period = self._fill()
        with (
            freeze_time(utc("2026-10-31 12:00")),
            self.assertRaisesRegex(UserError, "not ended yet"),
        ):
            period.action_confirm()

    def test_figures_are_not_written_by_hand(self):
        self._visited("2026-09-01", 3)
        period = self._fill().with_user(self.user_manager)
        for vals in ({"amount": 9}, {"received": 0}, {"eligible": True}, {"provider_id": 1}):
            with self.assertRaises(AccessError, msg=str(vals)):
                period.write(vals)
        with self.assertRaises(UserError):
            period.write({"state": "paid"})
        period.write({"note": "Spoke with them"})
        with self.assertRaises(AccessError):
            period.with_user(self.user_auditor).write({"note": "x"})
        with self.assertRaises(AccessError):
            self.Period.with_user(self.user_manager).create(
                {
                    "provider_id": self.customer.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-01-31",
                }
            )

    # -- screens ------------------------------------------------------------------------------

    def test_smart_buttons(self):
        self._provider_case("2026-10-20 09:00")
        period = self._fill()
        partner = self.provider.with_user(self.user_service_supervisor)
        self.assertEqual(partner.provider_period_count, 1)
        found = self.Period.search(partner.action_provider_periods()["domain"])
        self.assertEqual(found, period)
        cases = self.env["customer.complaint.figure"].search(period.action_complaints()["domain"])
        self.assertEqual(len(cases), period.received)
        with self.assertRaises(AccessError):
            self.provider.with_user(self.user_sales).action_provider_periods()
        self.assertIn("Fix It", period.display_name)
        self.assertIn("October", period.display_name)
