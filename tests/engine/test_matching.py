import doctest

from odoo.tests import BaseCase

from ...engine import completeness, matching
from ...engine.matching import distance, name_key, near_identical, phone_key, similarity, tax_key


class TestMatching(BaseCase):
    """Keys of names, tax ids, phones, domains, and when two names are near-identical."""

    def test_examples_in_the_docstrings(self):
        for module in (matching, completeness):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed, module.__name__)

    def test_legal_forms_do_not_distinguish(self):
        names = (
            "Harbour Glass",
            "HARBOUR GLASS LTD",
            "Harbour Glass Co., Ltd.",
            "Harbour-Glass Company Limited",
            "Harbour Glass S.A.",
            "Harbour  Glass G.m.b.H.",
            "Ｈａｒｂｏｕｒ　Ｇｌａｓｓ Inc.",
            "Härbour Glass, LLC",
        )
        self.assertEqual({name_key(name) for name in names}, {"harbourglass"})
        chinese = (
            "海港玻璃有限公司",
            "海港玻璃股份有限公司",
            "海港玻璃有限责任公司",
            "海港玻璃 公司",
            "海港玻璃集团有限公司",
        )
        self.assertEqual({name_key(name) for name in chinese}, {"海港玻璃"})

    def test_a_word_inside_the_name_stays(self):
        self.assertNotEqual(name_key("Co Pilot"), name_key("Pilot"))
        self.assertNotEqual(name_key("Limited Edition Books"), name_key("Edition Books"))
        self.assertEqual(name_key("有限公司"), "有限公司")

    def test_threshold_border(self):
        """One slip in seven letters is the same name, one in six is not; equal short names are."""
        self.assertTrue(near_identical("abcdefg", "abcdefx"))
        self.assertFalse(near_identical("abcdef", "abcdex"))
        self.assertTrue(near_identical("ab", "ab"))
        self.assertFalse(near_identical("", ""))
        self.assertFalse(near_identical("海港玻璃", "海港玻瑞"))
        self.assertTrue(near_identical("harbourglass", "harborglass"))
        self.assertFalse(near_identical("northernfoods", "southernfoods"))
        self.assertFalse(near_identical("fillingstation12", "fillingstation13"))
        self.assertTrue(near_identical("fillingstation12", "filingstation12"))

    def test_distance_is_a_distance(self):
        words = ("", "a", "glass", "galss", "grass", "harbour", "harbor", "海港玻璃")
        for left in words:
            for right in words:
                self.assertEqual(distance(left, right), distance(right, left))
                self.assertEqual(distance(left, right) == 0, left == right)
                self.assertLessEqual(distance(left, right), max(len(left), len(right)))
                self.assertTrue(0 <= similarity(left, right) <= 1)

    def test_phones(self):
        same = (
            "+86 (21) 5555-1234",
            "0086-21-5555 1234",
            "021 5555 1234 转 8001",
            "２１５５５５１２３４",
        )
        self.assertEqual({phone_key(number, 86) for number in same}, {"862155551234"})
        self.assertEqual(phone_key("5551", 86), "")
        self.assertEqual(phone_key("", 86), "")

    def test_tax_ids(self):
        self.assertEqual(tax_key("91310000-MA1K 3X.Y2"), tax_key("91310000ma1k3xy2"))
        self.assertEqual(tax_key("/"), "")
