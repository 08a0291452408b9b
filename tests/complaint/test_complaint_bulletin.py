from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .figures_case import FiguresCase, utc


@tagged("post_install", "-at_install")
class TestComplaintBulletin(FiguresCase):
    """The bulletin of October 2026, printed in November."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(utc("2026-11-03 08:00")))

    def _bulletin(self, user=None, **vals):
        return (
            self.env["customer.complaint.bulletin"]
            .with_user(user or self.user_service_supervisor)
            .create(vals)
        )

    def _summary(self, bulletin):
        return {row["name"]: row for row in bulletin._paper()["summary"]}

    def _parts(self, bulletin, name):
        """Return the rows of a table."""
        return [
            row for part in bulletin._paper()["parts"] if part.name == name for row in part.rows
        ]

    def test_the_month_that_ended_is_proposed(self):
        self.assertEqual(str(self._bulletin().month), "2026-10-01")
        with freeze_time(utc("2026-10-31 23:59")):
            self.assertEqual(str(self._bulletin().month), "2026-09-01")

    def test_an_empty_month_has_dashes(self):
        bulletin = self._bulletin(month="2020-02-15")
        summary = self._summary(bulletin)
        self.assertEqual(summary["Complaints"]["now"], "0")
        self.assertEqual(summary["Monthly Closure (%)"]["now"], "–")
        self.assertEqual(summary["Monthly Closure (%)"]["change"], "–")
        self.assertEqual(summary["Hours to Answer"]["now"], "–")
        self.assertEqual(self._parts(bulletin, "force_closes"), [])

    def test_figures_against_the_month_before(self):
        self._finish(self._case("2026-09-30 23:59"))
        self._finish(self._case("2026-10-01 00:00"))
        self._case("2026-10-31 23:59")
        self._case("2026-11-01 00:00")
        # other cases of the database must not matter: only this company's months are compared
        summary = self._summary(self._bulletin())
        self.assertEqual(
            [summary["Monthly Closure (%)"][key] for key in ("now", "before", "change")],
            ["50.00", "100.00", "-50.00"],
        )
        self.assertEqual(
            [summary["Complaints"][key] for key in ("now", "before", "change")], ["2", "1", "+1"]
        )
        chart = self._bulletin()._paper()["chart"]
        self.assertEqual([month["received"] for month in chart], [0, 0, 0, 0, 1, 2])
        self.assertEqual([month["closure"] for month in chart[3:]], ["–", "100 %", "50 %"])

    def test_tables_forced_closes_returns_and_providers(self):
        # the table of the example policy is off until somebody puts it in force
        quotas = self.env["customer.provider.quota"].with_context(active_test=False).search([])
        quotas.active = True
        self._provider_case("2026-10-05 09:00")
        late = self._case("2026-10-31 23:00")
        request = (
            self.env["customer.complaint.force.close"]
            .with_user(self.user_service)
            .create({"complaint_id": late.id, "reason": "Wants a new house " * 20})
        )
        with freeze_time(utc("2026-10-31 23:30")):
            request.action_submit()
            request.with_user(self.user_service_supervisor).action_approve()
        order = self._dispatch(self._case("2026-10-06 09:00"))
        with freeze_time(utc("2026-10-07 09:00")):
            order.with_user(self.user_quality).action_return("Not ours")
        self.env["customer.provider.period"].sudo()._cron_fill()
        bulletin = self._bulletin()
        self.assertEqual(self._parts(bulletin, "force_closes"), [request])
        self.assertEqual(
            self._parts(bulletin, "returns"), [{"name": "Quality", "now": 1, "before": 0}]
        )
        (team,) = self._parts(bulletin, "team_id")
        self.assertEqual((team["name"], team["totals"].received), ("Hotline", 3))
        (provider,) = self._parts(bulletin, "provider_id")
        self.assertEqual((provider["name"], provider["totals"].closed), ("Fix It", 1))
        self.assertEqual([p.provider_id for p in self._parts(bulletin, "periods")], [self.provider])
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.user_service_supervisor)
            ._render_qweb_html("customer_governance.complaint_bulletin_document", bulletin.ids)
        )
        html = content.decode()
        self.assertEqual(kind, "html")
        for text in (
            "October 2026",
            "September 2026",
            "B202610",
            late.name,
            "Wants a new house",
            "Fix It",
            "Over quota",
            "Head of service",
        ):
            self.assertIn(text, html)

    def test_who_prints_it(self):
        bulletin = self._bulletin()
        self.assertEqual(bulletin.action_print()["type"], "ir.actions.report")
        self.assertTrue(self._bulletin(self.user_auditor)._paper())
        with self.assertRaises(AccessError):
            self._bulletin(self.user_service)
