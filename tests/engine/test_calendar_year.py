from datetime import date

from odoo.tests import BaseCase, tagged

from ...engine.calendar_year import UnknownCountry, calendar_year, supported_parts


@tagged("post_install", "-at_install")
class TestCalendarYear(BaseCase):
    def test_china_2026_has_six_makeup_days(self):
        year = calendar_year("CN", 2026)
        self.assertFalse(year.provisional)
        self.assertEqual(
            [(day.day, day.weekday) for day in year.makeup_days],
            [
                (date(2026, 1, 4), 4),  # for Friday 2 January
                (date(2026, 2, 14), 4),
                (date(2026, 2, 28), 0),
                (date(2026, 5, 9), 1),
                (date(2026, 9, 20), 1),
                (date(2026, 10, 10), 2),
            ],
        )
        self.assertIn(date(2026, 10, 7), dict(year.holidays))

    def test_a_year_without_announcement_is_provisional(self):
        self.assertTrue(calendar_year("CN", 2027).provisional)
        self.assertFalse(calendar_year("US", 2027).provisional)

    def test_names_in_the_wanted_language(self):
        self.assertEqual(
            dict(calendar_year("CN", 2026, language="zh_CN").holidays)[date(2026, 1, 1)], "元旦"
        )
        self.assertEqual(
            dict(calendar_year("CN", 2026, language="xx_XX").holidays)[date(2026, 1, 1)],
            "New Year's Day",
        )

    def test_parts_of_a_country(self):
        self.assertIn("BY", supported_parts("DE"))
        epiphany = date(2026, 1, 6)
        self.assertIn(epiphany, dict(calendar_year("DE", 2026, "BY").holidays))
        self.assertNotIn(epiphany, dict(calendar_year("DE", 2026).holidays))

    def test_unknown(self):
        for country, year, part in (("XX", 2026, None), ("DE", 2026, "ZZ"), ("CN", 1900, None)):
            with self.subTest(country=country), self.assertRaises(UnknownCountry):
                calendar_year(country, year, part)
