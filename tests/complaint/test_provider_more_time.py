"""A provider asks for more time in the portal, and reads the figures of its months there."""

from datetime import date, timedelta

from odoo.tests import HttpCase, tagged

from ...models.common.marks import SENTINEL
from .portal_case import PortalCase


@tagged("post_install", "-at_install")
class TestProviderMoreTime(PortalCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.order = self._order()
        self.url = f"/my/dispatches/{self.order.id}"
        self.clock = self.order.sudo().complaint_id.clock_ids.filtered(
            lambda clock: clock.milestone == "first_result"
        )
        self._login("provider")

    def _ask(self, **vals):
        vals = {"clock": str(self.clock.id), "amount": "8", "reason": "Part on order", **vals}
        return self._post(f"{self.url}/more-time", page=self.url, **vals)

    def _requests(self):
        return self.order.sudo().more_time_ids

    def test_the_request_waits_for_the_same_approval(self):
        page = self._ask().text
        request = self._requests()
        self.assertEqual(
            (request.state, request.clock_id, request.amount, request.reason),
            ("submitted", self.clock, 8, "Part on order"),
        )
        self.assertEqual(request.requested_by_id, self.portal_users["provider"])
        self.assertIn("To be approved", page)
        before, due = self.clock.deadline, self.order.result_due
        request.with_user(self.user_service_supervisor).action_approve()
        self.clock.invalidate_recordset()
        self.assertEqual(request.state, "approved")
        self.assertGreater(self.clock.deadline, before)
        self.assertGreater(self.order.result_due, due, "the provider's own deadline too")
        told = self.order.sudo().message_ids[0]
        self.assertIn("More time was approved", told.body)
        self.assertIn(self.portal_users["provider"].partner_id, told.partner_ids)

    def test_the_provider_does_not_decide(self):
        self._ask()
        before = self.clock.deadline
        self.clock.invalidate_recordset()
        self.assertEqual(self.clock.deadline, before)
        self.assertFalse(
            self._requests().with_user(self.portal_users["provider"]).has_access("write")
        )

    def test_once_while_a_request_waits(self):
        self._ask()
        page = self._ask().text
        self.assertIn("already requested", page)
        self.assertEqual(len(self._requests()), 1)
        self._requests().with_user(self.user_service_supervisor).action_reject()
        self.assertIn("Refused", self.url_open(self.url).text)
        self._ask()
        self.assertEqual(len(self._requests()), 2)

    def test_what_is_refused(self):
        for vals, words in (
            ({"reason": " "}, "State why"),
            ({"amount": "-3"}, "how much more time"),
            ({"amount": "nan"}, "how much more time"),
            ({"amount": "0"}, "how much more time"),
            ({"clock": "1"}, "not open"),
        ):
            self.assertIn(words, self._ask(**vals).text, vals)
        self.assertFalse(self._requests())

    def test_nobody_asks_for_another_provider(self):
        self._login("customer")
        answer = self._post(
            f"{self.url}/more-time", page="/my/complaints/new", clock=str(self.clock.id),
            amount="8", reason="x",
        )  # fmt: skip
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self._requests())


@tagged("post_install", "-at_install")
class TestProviderFigures(PortalCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = cls._month(cls.provider, date(2026, 9, 1), quota=7341)

    @classmethod
    def _month(cls, provider, day, **vals):
        return cls.env["customer.provider.period"].create(
            {
                "provider_id": provider.id,
                "company_id": cls.company.id,
                "date_from": day,
                "date_to": (day + timedelta(days=31)).replace(day=1) - timedelta(days=1),
                "has_quota": True,
                "received": 4,
                "line_ids": [
                    (0, 0, {"scope": "hotline", "received": 4, "called_back": 4,
                            "closed_first_time": 3, "first_time_rate": 75}),
                    (0, 0, {"scope": "web"}),
                ],
                "explanation": [{"code": "media", "ok": True, "count": 0}],
                **vals,
            }
        )  # fmt: skip

    def _page(self, key="provider"):
        self._login(key)
        return self.url_open("/my/provider-figures").text

    def test_drafts_are_not_shown(self):
        self.assertNotIn("7341", self._page())

    def test_a_final_month_of_the_own_company(self):
        self.month.with_context(customer_transition=SENTINEL).state = "confirmed"
        page = self._page()
        for text in ("September 2026", "7341", "75.00 %", "No complaint was reported in the media"):
            self.assertIn(text, page)
        self.assertNotIn("100.00 %", page, "nothing to close is no rate")
        self.assertNotIn("7341", self._page("customer"))
        self._login("provider")
        home = self.url_open("/my/counters", json={
            "jsonrpc": "2.0", "method": "call", "id": 1, "params": {"counters": ["figures_count"]},
        }).json()  # fmt: skip
        self.assertEqual(home["result"]["figures_count"], 1)
        self.company.complaint_enabled = False
        self.assertNotIn("7341", self._page())
