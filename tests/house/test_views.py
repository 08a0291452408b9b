"""What holds for every view: widgets fit their fields, what waits is never invented."""

import re
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged

DEFINED = re.compile(r"export const (\w+) = \{(.*?)^\};", re.S | re.M)
TYPES = re.compile(r"supportedTypes: \[([^\]]*)\]")
ADDED = re.compile(r'\.add\("([\w.]+)", (\w+)\)')
BUILT_ON = re.compile(r"^\s*\.\.\.(\w+),", re.M)


def supported_types(*addons):
    """Return {widget: set of field types} as the sources of the web client in these addons say."""
    objects, widgets = {}, {}
    for addon in addons:
        for path in Path(get_module_path(addon), "static/src").rglob("*_field.js"):
            text = path.read_text(encoding="utf-8")
            objects |= dict(DEFINED.findall(text))
            widgets |= dict(ADDED.findall(text))

    def types(name):
        body = objects.get(name, "")
        found = TYPES.search(body)
        if found:
            return set(re.findall(r'"(\w+)"', found[1]))
        base = BUILT_ON.search(body)
        return types(base[1]) if base and base[1] != name else set()

    return {widget: types(name) for widget, name in widgets.items() if types(name)}


@tagged("post_install", "-at_install")
class TestViews(TransactionCase):
    def _views(self):
        views = self.env["ir.ui.view"].search(
            [("model_data_id.module", "=", "customer_governance"), ("type", "!=", "qweb")]
        )
        return views.filtered("model")

    def test_an_empty_list_shows_its_help_and_no_invented_rows(self):
        """`sample` greys made-up rows behind the help: fine for a chart, not for what waits."""
        with_sample = [
            view.xml_id
            for view in self._views()
            if view._get_combined_arch().tag in ("list", "kanban")
            and view._get_combined_arch().get("sample")
            and self.env[view.model]._original_module == "customer_governance"
        ]
        self.assertFalse(with_sample)

    def test_widgets_fit_their_fields(self):
        """The web client warns of a widget on a type of field it does not support."""
        types = supported_types("web", "mail", "customer_governance")
        self.assertEqual(types["date"], {"date"})
        self.assertEqual(types["daterange"], {"date", "datetime"})
        wrong, checked = [], 0
        for view in self._views():
            model = self.env[view.model]
            arch = view._get_combined_arch()
            for node in arch.iter("field"):
                parents = [up.get("name") for up in node.iterancestors("field") if up.get("name")]
                target = model
                for name in reversed(parents):
                    target = target[name]
                field = target._fields.get(node.get("name"))
                allowed = types.get(node.get("widget"))
                if field is None or not allowed:
                    continue
                checked += 1
                if field.type not in allowed:
                    wrong.append(f"{view.xml_id}: {field} is {field.type}: {node.get('widget')}")
        self.assertGreater(checked, 100)
        self.assertFalse(wrong)
