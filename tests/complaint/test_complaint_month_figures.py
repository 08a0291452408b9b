from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...engine.complaint_figures import COUNTS, RATES
from .figures_case import FiguresCase

RATE_SPECS = [f"{name}:avg" for name in RATES]


@tagged("post_install", "-at_install")
class TestComplaintMonthFigures(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Figure = cls.env["customer.complaint.figure"]
        cls.domain = [("team_id", "=", cls.team.id)]

    def _row(self, case):
        self.env.invalidate_all()  # a report is read anew by every request
        return self.Figure.search([("complaint_id", "=", case.id)])

    def _rates(self, *domain, groupby=()):
        """Return {group: {rate: value or False}}, or the rates of all."""
        rows = self.Figure._read_group([*self.domain, *domain], list(groupby), RATE_SPECS)
        result = {
            row[: len(groupby)]: dict(zip(RATES, row[len(groupby) :], strict=True)) for row in rows
        }
        return result if groupby else result[()]

    def test_a_case_solved_as_promised(self):
        case = self._case("2026-10-20 09:00")
        case.action_register()
        row = self._row(self._finish(case))
        self.assertEqual(
            {name for name in COUNTS if row[name]},
            {
                "received",
                "replied_in_time",
                "contacted",
                "reachable",
                "to_close",
                "called_back",
                "closed_first_time",
                "closed",
                "satisfied",
            },
        )
        self.assertEqual((row.closure_rate, row.reopen_rate), (100, 0))
        self.assertAlmostEqual(row.hours_to_answer, 24)
        self.assertAlmostEqual(row.days_to_close, 26 / 24)

    def test_nothing_received_is_no_rate(self):
        self.assertEqual(set(self._rates().values()), {False})
        self.assertEqual(self._rates(groupby=["user_id"]), {})

    def test_unreachable_customers_leave_no_denominator(self):
        case = self._case("2026-10-20 09:00")
        self.company.complaint_callback_attempts = 1
        self._finish(case, result="unreachable")
        case.action_close()
        rates = self._rates()
        self.assertEqual(rates["contact_rate"], 100)
        self.assertEqual(
            [rates[n] for n in ("closure_rate", "satisfaction_rate", "first_time_rate")],
            [False, False, False],
            "empty is not 0",
        )

    def test_rates_of_groups_add_up_their_parts(self):
        """100 % of one and 0 % of three is 25 %, not 50 %."""
        good = self._finish(self._case("2026-10-20 09:00"))
        for day in ("21", "22", "23"):
            self._case(f"2026-10-{day} 09:00", user_id=self.caller.id)
        by_user = self._rates(groupby=["user_id"])
        self.assertEqual(by_user[(good.user_id,)]["closure_rate"], 100)
        self.assertEqual(by_user[(self.caller,)]["closure_rate"], 0)
        self.assertEqual(self._rates()["closure_rate"], 25)
        self.assertEqual(by_user[(self.caller,)]["first_time_rate"], False)
        self.assertEqual(self._rates()["first_time_rate"], 100)

    def test_the_client_gets_the_same(self):
        """Pivot and graph ask in this way; the group without a denominator is empty there too."""
        self._finish(self._case("2026-10-20 09:00"))
        self._case("2026-11-20 09:00")
        rows = self.Figure.formatted_read_group(
            self.domain, ["date:month"], ["first_time_rate:avg", "received:sum"]
        )
        self.assertEqual([row["first_time_rate:avg"] for row in rows], [100, False])
        self.assertEqual([row["received:sum"] for row in rows], [1, 1])

    def test_the_month_is_that_of_the_company(self):
        """23:59 on the last day in Shanghai is 15:59 in UTC; 00:30 on the first is the day before."""
        last = self._case("2026-10-31 23:59")
        first = self._case("2026-11-01 00:30")
        self.assertEqual(first.received_at.month, 10)
        self.assertEqual(str(self._row(last).date), "2026-10-31")
        self.assertEqual(str(self._row(first).date), "2026-11-01")
        months = self.Figure._read_group(self.domain, ["date:month"], ["received:sum"])
        self.assertEqual([count for _month, count in months], [1, 1])

    def test_repairs_and_cancelled_cases_stay_out(self):
        repair = self._case("2026-10-20 09:00", kind="repair")
        none = self._case("2026-10-20 09:00", cancel_reason="A question")
        none.action_cancel()
        self.assertFalse(self._row(repair) | self._row(none))

    def test_a_false_reply_is_counted_and_reopens(self):
        case = self._finish(self._case("2026-10-20 09:00"), result="false_reply")
        row = self._row(case)
        self.assertEqual((row.false_replies, row.reopened, row.closed, row.satisfied), (1, 1, 0, 0))
        self._finish(case, days=2)
        row = self._row(case)
        self.assertEqual((row.false_replies, row.closed, row.closed_first_time), (1, 1, 0))
        self.assertEqual(row.replied_in_time, 1, "the first reply was in time")

    def test_a_forced_close_is_no_closure(self):
        case = self._case("2026-10-20 09:00")
        case.sudo()._force_close("Out of bounds")
        row = self._row(case)
        self.assertEqual((row.closed, row.reachable, row.days_to_close), (0, 1, 0))

    def test_a_repeat(self):
        first = self._case("2026-10-20 09:00")
        again = self._case("2026-10-22 09:00", partner_id=first.partner_id.id)
        self.assertEqual((self._row(first).repeats, self._row(again).repeats), (0, 1))
        self.assertEqual(self._rates()["repeat_rate"], 50)

    def test_provider_and_department_are_those_that_took_the_case_on(self):
        case = self._case("2026-10-20 09:00")
        self.assertEqual(self._row(case).department, "business")
        order = self._dispatch(case)
        self.assertEqual(self._row(case).department, "quality")
        order.with_user(self.user_quality).action_return("Not ours")
        self.assertEqual(self._row(case).department, "business")
        self.assertEqual((order.department, order.returned), ("quality", 1))
        self.assertFalse(self._row(case).provider_id)
        self._served(case, self.technician)
        self.assertEqual(self._row(case).provider_id, self.provider)
        # the order is void when the case is over, the work was the provider's all the same
        self._finish(case)
        self.assertEqual(self._row(case).provider_id, self.provider)
        self.assertEqual(self._row(case).returns, 1)

    def test_an_order_that_was_never_accepted_is_nobodys(self):
        case = self._case("2026-10-20 09:00")
        self._dispatch(case, team_id=False, provider_id=self.provider.id).action_void()
        self.assertFalse(self._row(case).provider_id)

    def test_a_team_that_moves_leaves_its_returns(self):
        order = self._dispatch(self._case("2026-10-20 09:00"))
        self.lab.department = "production"
        self.assertEqual(order.department, "quality")
        self.assertEqual(self._dispatch(self._case("2026-10-20 09:00")).department, "production")

    def test_who_sees_which_figures(self):
        own = self._case("2026-10-20 09:00")
        elsewhere = self._case("2026-10-20 09:00", user=self.env.user, team_id=self.lab.id)
        self.env.flush_all()
        figures = self.Figure.browse((own | elsewhere).ids)
        seen = {
            user: figures.with_user(user)._filtered_access("read").complaint_id
            for user in (self.user_service, self.user_service_supervisor, self.user_auditor)
        }
        self.assertEqual(seen[self.user_service], own)
        self.assertEqual(seen[self.user_service_supervisor], own | elsewhere)
        self.assertEqual(seen[self.user_auditor], own | elsewhere)
        with self.assertRaises(AccessError):
            self.Figure.with_user(self.user_sales).search([])

    def test_two_companies(self):
        case = self._case("2026-10-31 23:59")
        abroad = self._complaint(
            user=self.env.user,
            received_at=case.received_at,
            company_id=self.other_company.id,
            team_id=False,
            partner_id=self._new_customer("Abroad").id,
        )
        self.env.flush_all()
        figures = self.Figure.with_user(self.user_service_supervisor)
        self.assertIn(case, figures.search([]).complaint_id)
        self.assertNotIn(abroad.id, figures.search([]).complaint_id.ids)
        self.assertEqual(str(self._row(abroad).date), "2026-10-31", "15:59 in UTC")

    def test_open_the_case_from_the_list(self):
        case = self._case("2026-10-20 09:00")
        self.assertEqual(self._row(case).action_open_complaint()["res_id"], case.id)
