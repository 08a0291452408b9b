from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import as_installed
from ..credit.collection_case import NOW, CollectionCase


@tagged("post_install", "-at_install")
class TestSetupPages(CollectionCase):
    """Each domain's page: what to fill in, whom it concerns today, switching."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        as_installed(cls.env)
        cls.env["customer.collection.level"].search(
            [("id", "not in", cls.levels.ids)]
        ).active = False

    def _page(self, key, user=None):
        env = self.env(user=user or self.user_manager)
        return env["customer.setup"].create({"domain": key, "company_id": self.company.id})

    def _lines(self, page, kind):
        return {line.key: line for line in page[f"{kind}_line_ids"]}

    def test_every_domain_has_a_page_and_its_links_open(self):
        for key in self.company._customer_domains():
            page = self._page(key)
            with self.subTest(domain=key):
                self.assertEqual(page.state, "off")
                self.assertIn("<li>", page.what)
                fill, today = self._lines(page, "fill"), self._lines(page, "today")
                self.assertTrue(fill)
                self.assertTrue(today)
                for line in (*fill.values(), *today.values()):
                    self.assertTrue(line.text)
                    self.assertEqual(bool(line.action_open()), line.has_link)
                    if line.has_link:
                        action = line.action_open()
                        model = self.env[action["res_model"]].with_user(self.user_manager)
                        domain = action.get("domain") or []
                        model.search_count(domain if isinstance(domain, list) else [])

    def test_an_administrator_without_a_role_opens_all_pages(self):
        admin = self._new_users({"sys": "base.group_system"})["sys"]
        admin.write({"company_ids": [Command.link(self.company.id)], "company_id": self.company.id})
        action = self.env(user=admin)["customer.setup"].action_open_all()
        pages = self.env(user=admin)["customer.setup"].search(action["domain"])
        self.assertEqual(pages.mapped("domain"), list(self.company._customer_domains()))
        self.assertTrue(all(pages.mapped("progress")))

    def test_others_open_none(self):
        page = self._page("credit")
        for user in (self.user_credit, self.user_auditor, self.plain_user):
            with self.assertRaises(AccessError):
                self._page("credit", user)
            with self.assertRaises(AccessError):
                page.with_user(user).action_switch_on()
            with self.assertRaises(AccessError):
                self.env(user=user)["customer.setup"].action_open_all()
        with self.assertRaises(AccessError, msg="not her company"):
            self.env(user=self.user_manager)["customer.setup"].create(
                {"domain": "credit", "company_id": self.other_company.id}
            )

    def test_what_is_filled_in_is_ticked(self):
        page = self._page("collection")
        self.company.collection_user_id = False
        self.assertFalse(self._lines(page, "fill")["person"].done)
        page.user_id = self.user_credit
        self.assertEqual(self.company.collection_user_id, self.user_credit)
        page.invalidate_recordset()
        page.fill_line_ids.invalidate_recordset()
        self.assertTrue(self._lines(page, "fill")["person"].done)
        page = self._page("complaint")
        self.assertFalse(self._lines(page, "fill")["team"].done)
        self.env["customer.complaint.team"].create(
            {
                "name": "Circulation Desk",
                "company_id": self.company.id,
                "user_id": self.user_service_supervisor.id,
                "member_ids": [Command.set(self.user_service.ids)],
            }
        )
        page.fill_line_ids.invalidate_recordset()
        self.assertTrue(self._lines(page, "fill")["team"].done)

    def test_collection_tells_who_would_get_what_and_writes_nothing(self):
        late, later = self.debtor("Overdue", email=False), self.debtor("Later")
        with freeze_time(NOW):
            self.due(7)
            self.due(20, partner=late)
            self.due(2, partner=later)
            page = self._page("collection")
            today = self._lines(page, "today")
            self.assertEqual(today["overdue"].count, 3)
            for level in (self.reminder, self.call):
                line = today[f"level:{level.id}"]
                self.assertIn(level.name, line.text)
                self.assertEqual(line.count, 1)
            self.assertEqual(today["unreachable"].count, 1)
            listed = today[f"level:{self.call.id}"].action_open()["domain"]
        self.assertEqual(self.env["res.partner"].search(listed), late)
        self.assertFalse(
            self.env["customer.collection.episode"].search(
                [("partner_id", "in", (late | later).ids)]
            )
        )

    def test_collection_is_switched_on_in_two_steps(self):
        page = self._page("collection")
        self.assertEqual(page.action_switch_on()["tag"], "reload")
        self.assertEqual((self.company.collection_mode, page.state), ("plan", "plan"))
        self.due(7)
        self.assertFalse(self.run_job().filtered("is_automatic"))
        self.assertFalse(self.mails())
        page.action_send()
        self.assertEqual((self.company.collection_mode, page.state), ("send", "on"))
        page.action_plan()
        page.action_switch_off()
        self.assertEqual((self.company.collection_mode, page.state), ("off", "off"))

    def test_complaints_that_are_open_hold_their_invoices_when_collection_begins(self):
        invoice = self.due(7)
        self.company.complaint_enabled = True
        case = self.env["customer.complaint"].create(
            {
                "subject": "Wrong goods",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "line_ids": [Command.create({"invoice_line_id": invoice.invoice_line_ids[0].id})],
            }
        )
        self.assertFalse(invoice.is_collection_disputed, "collection is off")
        self._page("collection").action_switch_on()
        invoice.invalidate_recordset()
        self.assertEqual(invoice.collection_dispute_ids.complaint_id, case)
        self.assertTrue(invoice.is_collection_disputed)


@tagged("post_install", "-at_install")
class TestSetupCredit(CollectionCase):
    """The preview says what the check would do."""

    def test_quotations_that_could_not_be_confirmed(self):
        product = self.env["product.product"].create({"name": "Pane", "type": "service"})
        orders = self.env["sale.order"]
        for price in (50, 500):
            orders |= orders.with_company(self.company).create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "order_line": [
                        Command.create(
                            {"product_id": product.id, "price_unit": price, "tax_ids": False}
                        )
                    ],
                }
            )
        self.customer.with_company(
            self.company
        )._credit_writing().customer_credit_grade_id = self.env.ref("customer_governance.grade_c")
        limit = self.env["customer.credit.limit"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "amount": 100,
                "date_from": self.company._customer_today() - timedelta(days=1),
                "reason": "Test",
            }
        )
        limit.action_submit()
        limit.action_approve()
        as_installed(self.env)
        page = self.env(user=self.user_manager)["customer.setup"].create(
            {"domain": "credit", "company_id": self.company.id}
        )
        lines = {line.key: line for line in page.today_line_ids}
        self.assertEqual((lines["held"].count, lines["governed"].count), (1, 1))
        self.assertIn("of 2", lines["held"].text)
        orders[1].with_company(self.company).action_confirm()
        self.assertEqual(orders[1].state, "sale", "off: nothing is held")
        lines["over"].invalidate_recordset()
        self.assertEqual(lines["over"].count, 1)
        page.action_switch_on()
        self.assertEqual(
            self.env["customer.credit.watch"]
            .search([("company_id", "=", self.company.id), ("kind", "=", "over_limit")])
            .partner_id,
            self.customer,
        )
