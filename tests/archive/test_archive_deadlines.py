from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-03 09:00:00")
class TestArchiveDeadlineFields(ArchiveCase):
    """3 and 2 working days by the calendar of the company, with holidays and make-up days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.customer_tz = "UTC"
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Week",
                "tz": "UTC",
                "company_id": cls.company.id,
                "attendance_ids": [
                    (0, 0, {"name": "Day", "dayofweek": day, "hour_from": 9, "hour_to": 17})
                    for day in "01234"
                ],
            }
        )

    def _dues(self, date_end):
        archive = self._dossier(date_end=date_end)
        return archive.due_a_on, archive.due_b_on

    def test_weekend(self):
        """Thursday 5: Friday 6, Monday 9, Tuesday 10; then Wednesday 11, Thursday 12."""
        self.assertEqual(self._dues("2026-11-05"), (date(2026, 11, 10), date(2026, 11, 12)))

    def test_public_holiday_and_makeup_saturday(self):
        """Monday 9 is off: Thursday 5 -> Friday 6, Tuesday 10, Wednesday 11; Saturday 14 worked.

        Thursday 12 and Friday 13 follow for B; from Wednesday 11 A has 12, 13 and Saturday 14.
        """
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "date_from": "2026-11-09 00:00:00",
                "date_to": "2026-11-09 23:59:59",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "time_type": "leave",
            }
        )
        self.env["customer.makeup.day"].create(
            {"company_id": self.company.id, "date": "2026-11-14", "weekday": "0"}
        )
        self.assertEqual(self._dues("2026-11-05"), (date(2026, 11, 11), date(2026, 11, 13)))
        self.assertEqual(self._dues("2026-11-11"), (date(2026, 11, 14), date(2026, 11, 17)))

    def test_b_counts_from_the_day_a_handed_over(self):
        archive = self._dossier(date_end="2026-10-20")
        self.assertEqual((archive.due_on, archive.is_late), (date(2026, 10, 23), True))
        archive.action_submit()
        self.assertEqual(archive.submitted_on, date(2026, 11, 3))
        self.assertEqual((archive.due_on, archive.is_late), (date(2026, 11, 5), False))

    def test_exactly_on_the_day_is_in_time(self):
        archive = self._dossier(date_end="2026-10-29")  # Friday 30, Monday 2, Tuesday 3
        self.assertEqual((archive.due_on, archive.is_late), (date(2026, 11, 3), False))
        late = self.env["customer.archive"].search([("is_late", "=", True)])
        self.assertNotIn(archive, late)
        with freeze_time("2026-11-04 00:00:01"):
            archive.invalidate_recordset(["is_late"])
            self.assertTrue(archive.is_late)
            late = self.env["customer.archive"].search([("is_late", "=", True)])
            self.assertIn(archive, late)

    def test_settings_of_the_company(self):
        self.company.write({"archive_days_a": 1, "archive_days_b": 1})
        self.assertEqual(self._dues("2026-11-05"), (date(2026, 11, 6), date(2026, 11, 9)))

    def test_calendar_changed_later(self):
        archive = self._dossier(date_end="2026-11-05")
        registered = self._registered(date_end="2026-11-05")
        before = registered.due_a_on
        self.env["customer.makeup.day"].create(
            {"company_id": self.company.id, "date": "2026-11-07", "weekday": "0"}
        )
        self.env["customer.archive"]._cron_archive()
        self.assertEqual(archive.due_a_on, date(2026, 11, 9))
        self.assertEqual(registered.due_a_on, before)

    def test_late_ones_are_reminded_once(self):
        archive = self._dossier(date_end="2026-10-20")
        for _run in range(2):
            self.env["customer.archive"]._cron_archive()
        self.assertEqual(archive.activity_ids.user_id, self.user_sales)
        self.assertEqual(len(archive.activity_ids), 1)

    # --- extension ------------------------------------------------------------------------------

    def _extension(self, archive, **vals):
        return (
            self.env["customer.archive.extension"]
            .with_user(self.user_sales)
            .create({"archive_id": archive.id, "days": 2, "reason": "Notary is away", **vals})
        )

    def test_extension_needs_approval(self):
        archive = self._dossier(date_end="2026-11-05")
        extension = self._extension(archive)
        extension.action_submit()
        self.assertEqual(archive.due_a_on, date(2026, 11, 10))
        with self.assertRaises(UserError):
            extension.action_approve()
        extension.with_user(self.user_manager).action_approve()
        self.assertEqual(archive.due_a_on, date(2026, 11, 12))
        self.assertEqual(archive.due_b_on, date(2026, 11, 16))
        self.assertEqual((extension.state, extension.due_after), ("approved", date(2026, 11, 12)))

    def test_refused_extension_changes_nothing(self):
        archive = self._dossier(date_end="2026-11-05")
        extension = self._extension(archive)
        extension.action_submit()
        extension.with_user(self.user_manager).action_reject()
        self.assertEqual(archive.due_a_on, date(2026, 11, 10))

    def test_extension_of_b_only(self):
        archive = self._dossier(date_end="2026-11-05")
        extension = self._extension(archive, step="b_to_archive", days=1)
        extension.action_submit()
        extension.with_user(self.user_manager).action_approve()
        self.assertEqual(
            (archive.due_a_on, archive.due_b_on), (date(2026, 11, 10), date(2026, 11, 13))
        )

    def test_no_extension_of_what_is_over(self):
        archive = self._dossier(date_end="2026-11-05")
        archive.action_submit()
        with self.assertRaisesRegex(UserError, "already been completed"):
            self._extension(archive).action_submit()
        with self.assertRaisesRegex(UserError, "no deadline"):
            self._extension(self._dossier()).action_submit()

    def test_nobody_writes_extra_days(self):
        archive = self._dossier(date_end="2026-11-05").with_user(self.user_sales)
        with self.assertRaises(UserError):
            archive.extra_days_a = 9
        with self.assertRaises(UserError):
            archive.submitted_on = "2026-12-01"
