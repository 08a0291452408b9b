from odoo.tests import BaseCase, tagged

from ...engine.repeats import Matter, is_repeat, one_up, plain


@tagged("post_install", "-at_install")
class TestRepeats(BaseCase):
    def codes(self, new, old):
        found, reasons = is_repeat(Matter(**new), Matter(**old))
        self.assertEqual(found, bool(reasons))
        return [reason.code for reason in reasons]

    def test_same_category(self):
        self.assertEqual(self.codes({"categories": (5, 1)}, {"categories": (5, 1)}), ["category"])
        self.assertEqual(self.codes({"categories": (5, 1)}, {"categories": (6, 1)}), [])

    def test_no_category_is_not_the_same_category(self):
        self.assertEqual(self.codes({}, {}), [])

    def test_a_different_product_is_another_matter(self):
        first = {"categories": (5,), "products": frozenset({1})}
        self.assertEqual(self.codes(first, {"categories": (5,), "products": frozenset({2})}), [])
        self.assertEqual(
            self.codes(first, {"categories": (5,), "products": frozenset({1, 2})}), ["category"]
        )
        self.assertEqual(self.codes(first, {"categories": (5,)}), ["category"])

    def test_the_same_order_line(self):
        line = frozenset({("sale.order.line", 7)})
        other = frozenset({("account.move.line", 7)})
        self.assertEqual(
            self.codes(
                {"categories": (5,), "documents": line}, {"categories": (6,), "documents": line}
            ),
            ["document"],
        )
        self.assertEqual(self.codes({"documents": line}, {"documents": other}), [])

    def test_the_same_matter_another_way(self):
        here = {"subject": "Valve leaks again", "channel": 1, "team": 1}
        self.assertEqual(self.codes(here, {**here, "channel": 2}), ["matter"])
        self.assertEqual(self.codes(here, {**here, "team": 2}), ["matter"])
        self.assertEqual(self.codes(here, here), [])
        self.assertEqual(
            self.codes(here, {"subject": "RE: valve leaks again!", "channel": 2, "team": 1}),
            ["matter"],
        )
        self.assertEqual(
            self.codes(here, {"subject": "Invoice is wrong", "channel": 2, "team": 1}), []
        )
        self.assertEqual(
            self.codes({"subject": "", "channel": 1}, {"subject": "", "channel": 2}), []
        )

    def test_subjects_are_compared_without_prefix(self):
        self.assertEqual(plain("回复:RE: 漏油 !"), "漏油")
        self.assertEqual(plain(None), "")

    def test_one_up(self):
        self.assertEqual(
            [one_up(severity) for severity in ("general", "complex", "major")],
            ["complex", "major", "major"],
        )
