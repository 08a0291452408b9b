from lxml import etree

from odoo.tests import tagged

from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestApprovalScreens(GovernanceCase):
    """One pair of buttons on every form of everything that is approved."""

    def _models(self):
        mixin = self.env.registry["customer.approval.mixin"]
        for name in sorted(self.env.registry):
            model = self.env[name]
            if isinstance(model, mixin) and not model._abstract and "fake" not in name:
                yield model

    def _forms(self, model):
        """Yield (name, arch) of the default form and of those that stand beside it."""
        views = self.env["ir.ui.view"].search(
            [("model", "=", model._name), ("type", "=", "form"), ("mode", "=", "primary")]
        )
        yield "default", etree.fromstring(model.get_view(view_type="form")["arch"])
        for view in views.filtered(lambda v: v.xml_id.startswith("customer_governance.")):
            yield view.name, etree.fromstring(model.get_view(view.id, "form")["arch"])

    def test_one_pair_seen_by_who_may_decide(self):
        for model in self._models():
            for name, arch in self._forms(model):
                with self.subTest(model=model._name, form=name):
                    approve = arch.xpath(f"//button[@name='{model._approve_button}']")
                    reject = arch.xpath("//button[@name='action_ask_rejection']")
                    if name == "default" or approve or reject:
                        self.assertEqual((len(approve), len(reject)), (1, 1))
                    for button in approve + reject:
                        self.assertIn("not can_approve", button.get("invisible"))
                    for other in ("validate_tier", "reject_tier", "action_reject"):
                        self.assertFalse(arch.xpath(f"//button[@name='{other}']"))

    def test_forms_say_who_decides_and_since_when(self):
        for model in self._models():
            arch = etree.fromstring(model.get_view(view_type="form")["arch"])
            for field in ("approval_waits_for", "approval_waits_since", "approval_rejection"):
                with self.subTest(model=model._name, field=field):
                    self.assertEqual(len(arch.xpath(f"//div//field[@name='{field}']")), 1)

    def test_what_is_filled_in_later_opens_again(self):
        loans = self.env["customer.archive.loan"]
        arch = etree.fromstring(loans.get_view(view_type="form")["arch"])
        [node] = arch.xpath("//field[@name='line_ids'][not(ancestor::field)]")
        self.assertIn("'no', False, 'validated'", node.get("readonly"))

    def test_dialogs_have_one_footer_that_sends(self):
        for name in ("customer.credit.release", "customer.credit.proposal"):
            view = self.env.ref(f"customer_governance.{name.replace('.', '_')}_view_form_ask")
            arch = etree.fromstring(self.env[name].get_view(view.id, "form")["arch"])
            self.assertEqual(
                [button.get("special") for button in arch.xpath("//footer/button")],
                ["save", "cancel"],
            )
