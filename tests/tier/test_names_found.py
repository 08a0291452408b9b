"""Imports find records by the name that lists show, and by their code."""

from odoo.tests import tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestNamesFound(GovernanceCase):
    def _found(self, model, name):
        return [key for key, _name in self.env[model].name_search(name, operator="=")]

    def test_tiers_grades_and_segments_by_code(self):
        tier = self.env.ref("customer_governance.tier_strategic")
        self.assertEqual(self._found("customer.tier", "strategic"), tier.ids)
        grade = self.env["customer.credit.grade"].search([], limit=1)
        self.assertIn(grade.id, self._found("customer.credit.grade", grade.code))

    def test_a_tier_is_imported_by_its_code(self):
        result = self.env["res.partner"].load(
            ["name", "is_company", "customer_tier_id", "customer_tier_reason"],
            [["Imported Ltd", "1", "key", "Old system"]],
        )
        self.assertFalse(result["messages"])
        partner = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(partner.customer_tier_id.code, "key")

    def test_segments_by_the_name_shown(self):
        segment = self.env["customer.segment"].search([], limit=1)
        self.assertIn(":", segment.display_name)
        self.assertIn(segment.id, self._found("customer.segment", segment.display_name))
        self.assertIn(segment.id, self._found("customer.segment", segment.name))

    def test_complaint_categories_by_their_path(self):
        Category = self.env["customer.complaint.category"]
        top = Category.create({"name": "Product"})
        inner = Category.create({"name": "Gas", "parent_id": top.id})
        leaf = Category.create({"name": "Purity", "parent_id": inner.id})
        other = Category.create({"name": "Purity", "parent_id": top.id})
        self.assertEqual(leaf.display_name, "Product / Gas / Purity")
        model = "customer.complaint.category"
        self.assertEqual(self._found(model, "Product / Gas / Purity"), leaf.ids)
        self.assertEqual(set(self._found(model, "Purity")), set((leaf | other).ids))
        self.assertEqual(Category.search([("complete_name", "ilike", "gas / pur")]), leaf)
        self.assertEqual(
            Category.search([("complete_name", "in", ["Product", "Product / Gas"])]), top | inner
        )

    def test_category_paths_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        Category = self.env["customer.complaint.category"]
        top = Category.create({"name": "Product"})
        leaf = Category.create({"name": "Purity", "parent_id": top.id})
        chinese = Category.with_context(lang="zh_CN")
        chinese.browse(top.id).name = "产品"
        self.assertEqual(chinese.search([("complete_name", "=", "产品 / Purity")]), leaf)
        self.assertEqual(Category.search([("complete_name", "=", "Product / Purity")]), leaf)
