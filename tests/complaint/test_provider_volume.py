from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .figures_case import FiguresCase, utc


@tagged("post_install", "-at_install")
class TestProviderVolume(FiguresCase):
    """The quota of October 2026 is made of the volume of July to September."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quotas = cls.env["customer.provider.quota"]
        quotas.search([]).unlink()
        quotas.create(
            [
                {"volume_from": 0, "allowed": 0},
                {"volume_from": 50, "allowed": 1},
                {"volume_from": 100, "allowed": 4},
            ]
        )
        cls.Volume = cls.env["customer.provider.volume"]

    def _enter(self, month, quantity, **vals):
        return self.Volume.create(
            {
                "provider_id": self.provider.id,
                "company_id": self.company.id,
                "date_from": month,
                "quantity": quantity,
                **vals,
            }
        )

    def _october(self):
        self._provider_case("2026-10-20 09:00")
        periods = self.env["customer.provider.period"]
        with freeze_time(utc("2026-11-05 08:00")):
            periods._cron_fill()
            period = periods.search(
                [("provider_id", "=", self.provider.id), ("company_id", "=", self.company.id)]
            )
            period.action_compute()
        return period

    def test_what_was_entered_makes_the_quota(self):
        for month, quantity in (("2026-07-15", 90), ("2026-08-01", 120), ("2026-09-30", 120)):
            self._enter(month, quantity)
        self._enter("2026-06-30", 1000)
        self._enter("2026-10-01", 1000)
        self._visited("2026-08-01", 2)  # our own visits are a fallback only
        period = self._october()
        self.assertEqual(
            (period.volume, period.volume_months, period.volume_source), (330, 3, "volume")
        )
        self.assertEqual((period.average_volume, period.quota), (110, 4))

    def test_a_month_that_nobody_told_is_not_zero(self):
        self._enter("2026-09-01", 60)
        period = self._october()
        self.assertEqual((period.volume_months, period.average_volume, period.quota), (1, 60, 1))

    def test_call_backs_are_no_volume(self):
        self._provider_case("2026-08-03 09:00")
        period = self._october()
        self.assertEqual((period.volume, period.volume_source, period.quota), (0, "visits", 0))

    def test_the_month_is_its_first_day_and_the_provider_a_company(self):
        volume = self._enter("2026-08-17", 5, provider_id=self.technician.id)
        self.assertEqual(str(volume.date_from), "2026-08-01")
        self.assertEqual(volume.provider_id, self.provider)

    def test_the_provider_reports_until_a_quota_used_it(self):
        day = fields.Date.to_date("2026-09-01")
        told = (self.company, self.provider, day, 70, self.env.user)
        with freeze_time(utc("2026-10-05 08:00")):
            volume = self.Volume._report(*told)
            self.assertEqual((volume.quantity, volume.source), (70, "provider"))
            again = self.Volume._report(self.company, self.provider, day, 80, self.env.user)
            self.assertEqual((again, again.quantity), (volume, 80))
        later = fields.Date.to_date("2026-10-01")
        with freeze_time(utc("2026-10-05 08:00")):
            self.assertFalse(
                self.Volume._report(self.company, self.provider, later, 1, self.env.user),
                "October is not over",
            )
        period = self._october()
        with freeze_time(utc("2026-11-06 08:00")):
            period.with_user(self.user_service_supervisor).action_confirm()
            self.assertFalse(self.Volume._report(*told))
        self.assertEqual(volume.quantity, 80)

    def test_who_corrects_it_by_hand_answers_for_it(self):
        volume = self._enter("2026-08-01", 5, source="provider")
        own = volume.with_user(self.user_service_supervisor)
        own.write({"quantity": 6, "source": "provider"})
        self.assertEqual(
            (own.source, own.reported_by_id), ("entered", self.user_service_supervisor)
        )
        with self.assertRaises(AccessError):
            volume.with_user(self.user_service).read(["quantity"])
