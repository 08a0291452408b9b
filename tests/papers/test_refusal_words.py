import re

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestRefusalWords(TransactionCase):
    """A refused step is named as on its button, in the reader's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        with mute_logger("odoo.addons.base.models.ir_module"):
            cls.env["ir.module.module"].search(
                [("name", "=", "customer_governance")]
            )._update_translations("zh_CN")

    def _steps(self, lang):
        """Yield (model name, transition name, word) of every state machine."""
        for name, model in sorted(self.env.registry.items()):
            if getattr(model, "_transitions", None):
                records = self.env[name].with_context(lang=lang)
                for transition in records._transitions.transitions:
                    yield name, transition.name, records._transition_label(transition)

    def test_every_step_has_a_chinese_word(self):
        without = [
            step for step in self._steps("zh_CN") if not re.search("[\u4e00-\u9fff]", step[2])
        ]
        self.assertFalse(without)

    def test_no_step_is_named_in_code(self):
        code = [step for step in self._steps("en_US") if not step[2][:1].isupper()]
        self.assertFalse(code)
