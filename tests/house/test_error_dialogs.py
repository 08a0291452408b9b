from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import file_open


@tagged("post_install", "-at_install")
class TestErrorDialogs(BaseCase):
    """The browser shows what our exceptions say, not a server error."""

    def _kinds(self, parent):
        for kind in parent.__subclasses__():
            yield kind
            yield from self._kinds(kind)

    def test_the_browser_knows_each_of_our_exceptions(self):
        with file_open("customer_governance/static/src/errors/error_dialogs.js") as file:
            text = file.read()
        names = {
            f"{kind.__module__}.{kind.__name__}"
            for kind in self._kinds(UserError)
            if kind.__module__.startswith("odoo.addons.customer_governance.")
        }
        self.assertTrue(names)
        for name in names:
            self.assertIn(f'"{name}"', text)
