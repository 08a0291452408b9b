"""Lists that the client can sort: of the whole product."""

from lxml import etree

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestListOrders(TransactionCase):
    """An order by a field that is not there breaks the client, or locks roles out."""

    def test_lists_are_ordered_by_fields_they_have(self):
        """A list of a form is sorted by the client: a field it did not load crashes the second row."""
        problems = []
        views = self._our_forms()
        self.assertGreater(len(views), 50)
        for view in views:
            arch = etree.fromstring(view.get_combined_arch())
            for sub in arch.xpath("//field/list[@default_order] | //field/kanban[@default_order]"):
                loaded = {node.get("name") for node in sub.xpath(".//field")} | {"id"}
                for part in sub.get("default_order").split(","):
                    name = part.split()[0]
                    if name not in loaded:
                        problems.append(f"{view.xml_id}: {sub.getparent().get('name')} by {name}")
        self.assertFalse(problems, "\n".join(problems))

    def _our_forms(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "customer_governance"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id")).exists()
        return views.filtered(lambda view: view.type == "form" and view.mode == "primary")

    def test_models_are_ordered_by_fields_everybody_reads(self):
        """The order of a model is used by everything that joins it, whoever asks."""
        problems = []
        for name, model in sorted(self.env.registry.items()):
            if model._original_module != "customer_governance" or model._abstract:
                continue
            for part in (model._order or "").split(","):
                field = model._fields.get(part.split()[0].split(":")[0])
                if field is not None and field.groups:
                    problems.append(f"{name} by {field.name} (groups {field.groups})")
        self.assertFalse(problems, "\n".join(problems))
