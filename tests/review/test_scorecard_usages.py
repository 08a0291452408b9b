from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestScorecardUsages(TransactionCase):
    """One table says what scorecards are used for; the domains fill it."""

    def test_every_usage_is_complete(self):
        scorecards = self.env["customer.scorecard"]
        usages = scorecards._usages()
        self.assertEqual(set(usages), set(scorecards._fields["usage"].get_values(self.env)))
        line, partner = self.env["customer.review.line"], self.env["res.partner"]
        for name, usage in usages.items():
            with self.subTest(name):
                columns = usage.columns
                for which in ("previous", "computed", "proposed", "decided"):
                    field = line._fields[getattr(columns, which)]
                    self.assertEqual(field.comodel_name, usage.model)
                self.assertTrue(partner._fields[columns.partner].company_dependent)
                self.assertEqual(self.env[usage.model]._table, columns.table)
                bands = self.env["customer.scorecard.band"]._fields
                vetoes = self.env["customer.scorecard.veto"]._fields
                self.assertEqual(bands[usage.band].comodel_name, usage.model)
                self.assertEqual(vetoes[usage.cap].comodel_name, usage.model)
                self.assertTrue(hasattr(self.env["customer.review"], usage.apply))
                for group in usage.groups:
                    self.assertTrue(self.env.ref(group))

    def test_the_rule_is_read_with_its_result(self):
        grade = self.env["customer.credit.grade"].search([], limit=1)
        scorecard = self.env["customer.scorecard"].create(
            {"name": "Test", "usage": "credit", "band_ids": [(0, 0, {"grade_id": grade.id})]}
        )
        band = scorecard.band_ids
        self.assertEqual(band.summary, f"{grade.name}: all others")
        grade.name = "Renamed"
        self.assertEqual(band.summary, "Renamed: all others")
        scorecard.usage = "tier"
        self.assertEqual(band.summary, ": all others")
