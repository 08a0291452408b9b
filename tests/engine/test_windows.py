from datetime import date, timedelta

from odoo.tests import BaseCase
from odoo.tools import date_utils

from ...engine.windows import Window, fiscal_quarter, fiscal_year_start, last_months


class TestWindows(BaseCase):
    """Borders of the windows that figures are counted in."""

    def test_last_months_end_today_and_exclude_the_same_day_last_year(self):
        self.assertEqual(
            last_months(date(2026, 11, 21)), Window(date(2025, 11, 22), date(2026, 11, 21))
        )
        self.assertEqual(
            last_months(date(2024, 2, 29)), Window(date(2023, 3, 1), date(2024, 2, 29))
        )
        self.assertEqual(last_months(date(2025, 2, 28)).date_from, date(2024, 2, 29))
        self.assertEqual(last_months(date(2026, 3, 31), 1).date_from, date(2026, 3, 1))

    def test_windows_a_year_apart_share_no_day(self):
        day = date(2023, 1, 1)
        for offset in range(800):
            today = day + timedelta(days=offset)
            window = last_months(today)
            self.assertLess(window.date_from - timedelta(days=1), today)
            self.assertLessEqual((today - window.date_from).days, 365)

    def test_fiscal_year_like_odoo(self):
        closings = ((12, 31), (3, 31), (2, 28), (2, 29), (6, 30), (4, 15), (1, 30), (9, 30))
        for month, last_day in closings:
            day = date(2023, 1, 1)
            for offset in range(0, 1500, 7):
                today = day + timedelta(days=offset)
                expected, _end = date_utils.get_fiscal_year(today, day=last_day, month=month)
                self.assertEqual(
                    fiscal_year_start(today, month, last_day), expected, (today, month, last_day)
                )

    def test_quarters_cover_every_day_once(self):
        for month, last_day in ((12, 31), (5, 31), (2, 28), (4, 15), (1, 30)):
            today = date(2023, 1, 1)
            window = fiscal_quarter(today, month, last_day)
            while today < date(2025, 6, 1):
                current = fiscal_quarter(today, month, last_day)
                self.assertTrue(current.date_from <= today <= current.date_to, (today, month))
                if current != window:
                    self.assertEqual(current.date_from, window.date_to + timedelta(days=1))
                    self.assertEqual(fiscal_quarter(today, month, last_day, -1), window)
                    window = current
                today += timedelta(days=1)

    def test_quarter_of_a_shifted_year(self):
        self.assertEqual(
            fiscal_quarter(date(2026, 11, 21), 3, 31), Window(date(2026, 10, 1), date(2026, 12, 31))
        )
        self.assertEqual(
            fiscal_quarter(date(2026, 4, 1), 3, 31, -1),
            Window(date(2026, 1, 1), date(2026, 3, 31)),
        )
        self.assertEqual(fiscal_quarter(date(2026, 1, 1), 12, 31, -5).date_from, date(2024, 10, 1))
