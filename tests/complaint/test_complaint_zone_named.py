"""Times in mails and messages say which time zone they are in: the reader may be elsewhere."""

from freezegun import freeze_time

from odoo.tests import tagged

from ...models.common.moments import moment_words
from .sla_case import SlaCase, utc


@tagged("post_install", "-at_install")
class TestZoneNamed(SlaCase):
    def test_one_place_names_the_zone(self):
        at = utc("2026-10-23 09:00")
        self.assertEqual(
            moment_words(self.env, at, "Europe/Berlin"), "10/23/2026 03:00 AM (Europe/Berlin)"
        )
        self.assertNotIn("(", moment_words(self.env, at, "Europe/Berlin", named=False))
        self.assertEqual(moment_words(self.env, False, "Europe/Berlin"), "")

    @freeze_time(utc("2026-10-23 09:00"))
    def test_the_order_mailed_to_a_provider(self):
        provider = self.env["res.partner"].create(
            {"name": "Fixit", "is_company": True, "email": "office@fixit.example.com"}
        )
        order = self._dispatch(self._complaint(), team_id=False, provider_id=provider.id)
        mail = order.sudo().message_ids.filtered(lambda m: order.name in (m.subject or ""))
        self.assertIn("(Asia/Shanghai)</strong>", mail.body)

    @freeze_time(utc("2026-10-23 09:00"))
    def test_a_contact_in_the_history(self):
        case = self._complaint()
        self._tell(case, "contact", note="Comes tomorrow")
        self.assertIn("(Asia/Shanghai)", case.sudo().message_ids[0].body)

    @freeze_time(utc("2026-10-23 09:00"))
    def test_a_notice_is_in_the_zone_of_its_reader(self):
        clock = self._clock(self._complaint(), "answer")
        reader = self.env["customer.sla.notice"].with_context(tz="Europe/Berlin").new({"level": 1})
        self.assertIn("10/28/2026 04:59 PM (Europe/Berlin)", reader._body(clock))

    @freeze_time(utc("2026-10-23 09:00"))
    def test_the_ledger_names_it_once(self):
        clock = self._clock(self._complaint(), "answer")
        self.assertEqual(clock.explanation.count("(Asia/Shanghai)"), 1)
