from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from ..common import SWITCHED_OFF, as_installed
from ..complaint.complaint_case import ComplaintCase
from ..credit.credit_case import CreditCase

MAIL = """Return-Path: <office@harbour.example.com>
From: Office <office@harbour.example.com>
To: {to}
Subject: Valve leaks
Message-Id: <off@mail.example.com>
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

It leaks.
"""


@tagged("post_install", "-at_install")
class TestCreditOff(CreditCase):
    """The check governs nobody in a company that does not use credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        as_installed(cls.env)

    def test_orders_and_invoices_pass(self):
        order = self._quotation(price=5000)
        self.customer._set_credit_hold("Test")
        self.assertEqual(order._credit_check()[order.id].result, "allowed")
        order.with_user(self.seller).action_confirm()
        order.with_user(self.seller).order_line.price_unit = 9000
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._owed(7000).state, "posted")

    def test_the_other_company_goes_on_checking(self):
        self.other_company.credit_enabled = True
        order = self._quotation(price=5000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_sizes_need_no_approval(self):
        level = self.env["customer.authority.level"].create({"name": "Boss", "rank": 90})
        rule = {"level_id": level.id, "basis": "any"}
        self.env["customer.order.authority"].create(rule)
        order = self._quotation(price=50).with_user(self.seller)
        self.assertFalse(order.customer_authority_rank)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_odoos_own_limit_belongs_to_accounting_again(self):
        clerk = self._new_user(
            "clerk", "account.group_account_invoice", "base.group_partner_manager"
        )
        customer = self._new_customer("Plain")
        customer.with_user(clerk).credit_limit = 77
        self.assertEqual(customer.credit_limit, 77)
        entries = self.env["customer.credit.limit"].search([("partner_id", "=", customer.id)])
        self.assertFalse(entries)
        self.env["customer.credit.limit"]._cron_expire()
        self.assertEqual(customer.credit_limit, 77)
        with self.assertRaises(AccessError, msg="grades stay guarded"):
            customer.with_user(clerk).customer_credit_grade_id = self.grades["a"]

    def test_jobs_ask_nobody(self):
        self._owed(5000, due_in=-40)
        activities = self.env["mail.activity"].search_count([])
        order = self._quotation()
        order.credit_waiting_user_id = self.seller
        for model, job in (
            ("customer.credit.limit", "_cron_expire"),
            ("customer.credit.release", "_cron_close"),
            ("customer.credit.watch", "_cron_ask"),
            ("sale.order", "_cron_credit_reevaluate"),
        ):
            getattr(self.env[model], job)()
        self.assertEqual(self.env["mail.activity"].search_count([]), activities)
        self.assertEqual(order.credit_waiting_user_id, self.seller)
        self.assertFalse(self.env["customer.credit.watch"].search([]))

    def test_figures_are_taken_as_odoo_takes_them(self):
        """What protects the check from forged figures is not there when nothing is checked."""
        self.assertFalse(self.env["sale.order"]._credit_protects_figures())
        self.company.credit_enabled = True
        self.assertTrue(self.env["sale.order"]._credit_protects_figures())


@tagged("post_install", "-at_install")
class TestComplaintsOff(ComplaintCase, MailCommon):
    """A mail to the alias makes no case; jobs and notices rest."""

    def test_a_mail_makes_no_case_and_comes_back(self):
        self.team.write({"alias_name": "cg-off", "alias_domain_id": self.mail_alias_domain.id})
        self.company.complaint_enabled = False
        cases = self.env["customer.complaint"].search_count([])
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(
                False, MAIL.format(to=f"cg-off@{self.mail_alias_domain.name}")
            )
        self.assertEqual(self.env["customer.complaint"].search_count([]), cases)
        self.assertTrue(self._mails, "the sender learns that nobody reads it")

    def test_jobs_rest(self):
        case = self._complaint(received_at="2020-01-01 10:00:00")
        self.company.write(SWITCHED_OFF)
        clocks = case.clock_ids.read(["state", "notice_level", "deadline"])
        activities = self.env["mail.activity"].search_count([])
        notices = self.env["customer.sla.notice"].search_count([])
        self.env["customer.complaint"]._cron_escalate()
        self.env["customer.sla.clock"]._cron_process()
        self.env["customer.provider.period"]._cron_fill()
        self.env.invalidate_all()
        self.assertFalse(case.escalated_at)
        self.assertEqual(case.clock_ids.read(["state", "notice_level", "deadline"]), clocks)
        self.assertEqual(self.env["mail.activity"].search_count([]), activities)
        self.assertEqual(self.env["customer.sla.notice"].search_count([]), notices)


@tagged("post_install", "-at_install")
class TestQuietTiers(CreditCase):
    """What is on from the start mails nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        as_installed(cls.env)
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))

    def test_lost_customers_are_listed_and_nobody_is_asked(self):
        lost = self._customer("Lost", user_id=self.user_sales.id)
        order = self._order(lost, "2020-01-01 10:00:00")
        order.date_order = "2024-01-01 10:00:00"
        policy = {"customer_ask_days": 100000}
        self.company.write(policy)
        self.Metrics._cron_nightly()
        lost.invalidate_recordset()
        self.assertEqual(lost.with_company(self.company).customer_lifecycle, "churned")
        self.assertFalse(lost.activity_ids)
        self.assertFalse(self.env["customer.visit"].search([("partner_id", "=", lost.id)]))

    def test_key_data_is_not_announced(self):
        customer = self._customer("Moved", user_id=self.user_sales.id, customer_rank=1)
        self.env.cr.precommit.run()
        before = self.env["mail.notification"].search_count([])
        customer.vat = "CN123"
        customer.phone = "+86 10 1234"
        self.env.cr.precommit.run()
        self.assertEqual(self.env["mail.notification"].search_count([]), before)

    def test_reviews_and_examples_are_off(self):
        scorecards = self.env["ir.model.data"].search(
            [("module", "=", "customer_governance"), ("model", "=", "customer.scorecard")]
        )
        if self.env["ir.module.module"].search([("name", "=", "customer_governance")]).demo:
            self.skipTest("demo data puts the examples in force")
        shipped = self.env["customer.scorecard"].browse(scorecards.mapped("res_id"))
        self.assertFalse(any(shipped.mapped("auto_open")))
        self.assertFalse(self.env["customer.scorecard"].new({}).auto_open)
        self.assertFalse(self.env["customer.order.authority"].search([]))
        self.assertFalse(self.env["customer.provider.quota"].search([]))
        self.assertFalse(self.env["customer.review"]._reminder_days())
