"""Labels of approvals are words of ours: the library has none in Taiwan's Chinese, and few in others."""

from lxml import etree

from odoo.tests import TransactionCase, tagged

OURS = "customer_governance"


@tagged("post_install", "-at_install")
class TestApprovalWords(TransactionCase):
    def _is_ours(self, model, node):
        """Tell whether the label of a field in a view is one that our language files translate."""
        field = self.env[model]._fields[node.get("name")]
        return bool(node.get("string")) or self.env.ref(
            f"{OURS}.field_{model.replace('.', '_')}__{field.name}", raise_if_not_found=False
        )

    def _shown(self, arch):
        return [
            node
            for node in arch.iter("field")
            if node.get("invisible") not in ("1", "True")
            and node.get("column_invisible") not in ("1", "True")
        ]

    def test_the_rows_of_every_document(self):
        mixin = "customer.approval.mixin"
        names = [
            name
            for name in self.env.registry.descendants([mixin], "_inherit")
            if name != mixin and not self.env[name]._abstract and not name.endswith(".fake")
        ]
        self.assertGreater(len(names), 4)
        for name in names:
            for view in self.env["ir.ui.view"].search(
                [("model", "=", name), ("type", "=", "form"), ("mode", "=", "primary")]
            ):
                arch = etree.fromstring(self.env[name].get_view(view.id)["arch"])
                for rows in arch.xpath("//field[@name='review_ids']/list"):
                    for node in self._shown(rows):
                        with self.subTest(model=name, view=view.name, field=node.get("name")):
                            self.assertTrue(self._is_ours("tier.review", node))

    def test_the_screens_of_approval_levels(self):
        action = self.env.ref(f"{OURS}.tier_definition_action")
        views = dict(action.view_ids.mapped(lambda line: (line.view_mode, line.view_id)))
        self.assertEqual(set(views), {"list", "form"})
        for view in (*views.values(), action.search_view_id):
            self.assertEqual(view.get_external_id()[view.id].split(".")[0], OURS)
            for node in self._shown(etree.fromstring(view.arch)):
                # a handle and a title have no label
                if node.get("widget") == "handle" or node.getparent().tag == "h1":
                    continue
                with self.subTest(view=view.name, field=node.get("name")):
                    self.assertTrue(self._is_ours("tier.definition", node))

    def test_states_are_words_of_ours(self):
        for xmlid in (
            "selection__tier_review__status__pending",
            "selection__tier_definition__review_type__group",
        ):
            self.assertTrue(self.env.ref(f"{OURS}.{xmlid}", raise_if_not_found=False), xmlid)

    def test_who_approves_is_said_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        group = self.env.ref(f"{OURS}.group_credit")
        group.with_context(lang="zh_CN").name = "信控"
        self.env.ref("base.user_admin").group_ids += group
        level = self.env["tier.definition"].create(
            {
                "name": "Credit",
                "model_id": self.env["ir.model"]._get_id("customer.sla.extension"),
                "review_type": "group",
                "reviewer_group_id": group.id,
            }
        )
        row = self.env["tier.review"].new({"definition_id": level.id})
        self.assertIn("信控", row.with_context(lang="zh_CN").approver_words)
