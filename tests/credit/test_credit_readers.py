from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .credit_case import CreditCase


@tagged("post_install", "-at_install")
class TestCreditReaders(CreditCase):
    """Credit control and audit do their work with their one group, without Sales and Accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["tier.definition"].search([("model", "=", "sale.order")]).active = False
        cls.auditor = cls.user_auditor
        cls.invoice = cls._owed(800)
        cls.order = cls._quotation(350)

    def test_held_orders_and_open_items_are_read_not_changed(self):
        for user in (self.controller, self.auditor):
            order = self.order.with_user(user)
            arch = etree.fromstring(order.get_view(view_type="form")["arch"])
            names = {node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")}
            self.assertIn("credit_hint", names)
            order.web_read({name: {} for name in names})
            self.assertEqual(order.credit_result, "held")
            with self.assertRaises(AccessError):
                order.write({"client_order_ref": "x"})
            action = self.customer.with_user(user).action_credit_not_due()
            items = self.env["account.move.line"].with_user(user).search(action["domain"])
            self.assertEqual(sum(items.mapped("amount_residual")), 800)
            opened = items[0].action_open_credit_document()
            self.assertEqual(opened["res_model"], "account.move")
        with self.assertRaises(AccessError):
            items.with_user(self.plain_user).action_open_credit_document()

    def test_sales_keeps_its_own_screens(self):
        arch = self.order.with_user(self.salesperson).get_view(view_type="form")["arch"]
        self.assertIn("action_confirm", arch)

    def test_a_request_is_sent_once_and_says_who_decides(self):
        order = self.order.with_user(self.salesperson)
        action = order.action_credit_release()
        releases = self.env["customer.credit.release"].with_user(self.salesperson)
        release = releases.with_context(**action["context"]).create({"reason": "Site waits"})
        self.assertEqual(release.state, "submitted")
        self.assertIn("Credit Control", release.approval_waits_for)
        self.assertTrue(release.approval_waits_since)
        self.assertIn("Credit Control", order.credit_release_note)
        self.assertEqual(order.action_credit_release()["res_id"], release.id)
        with self.assertRaisesRegex(UserError, "already"):
            releases.with_context(**action["context"]).create({"reason": "Again"})
        self.assertEqual(
            [
                release.with_user(u).can_approve
                for u in (self.salesperson, self.controller, self.auditor)
            ],
            [False, True, False],
        )
        facts = release.with_user(self.controller).credit_facts
        for text in ("1,000.00", "800.00", "350.00"):
            self.assertIn(text, facts)

    def test_a_rejection_has_a_reason_that_is_told(self):
        action = self.order.with_user(self.salesperson).action_credit_release()
        releases = self.env["customer.credit.release"].with_user(self.salesperson)
        release = releases.with_context(**action["context"]).create({"reason": "Site waits"})
        with self.assertRaises(UserError):
            release.action_ask_rejection()
        wizard = self.env["customer.rejection"].with_user(self.controller)
        context = release.with_user(self.controller).action_ask_rejection()["context"]
        wizard.with_context(**context).create({"reason": "Pay the old ones"}).action_reject()
        self.assertEqual(
            (release.state, release.approval_rejection), ("rejected", "Pay the old ones")
        )
        self.assertEqual(release.approval_rejected_by_id, self.controller)
        told = release.message_ids.filtered(lambda m: "Pay the old ones" in (m.body or ""))
        self.assertIn(self.salesperson.partner_id, told.partner_ids)
        with self.assertRaises(AccessError):
            release.with_user(self.head).approval_rejection = "Other"
