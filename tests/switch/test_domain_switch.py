from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import SWITCHED_OFF, GovernanceCase, as_installed

FEATURES = {
    "complaint": "customer_governance.group_use_complaint",
    "credit": "customer_governance.group_use_credit",
    "collection": "customer_governance.group_use_collection",
    "archive": "customer_governance.group_use_archive",
    "care": "customer_governance.group_use_care",
}


@tagged("post_install", "-at_install")
class TestDomainSwitch(GovernanceCase):
    """Switches of companies, and the feature groups that follow them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        as_installed(cls.env)

    def _seen(self):
        return {key for key, group in FEATURES.items() if self.plain_user.has_group(group)}

    def test_a_new_company_uses_nothing(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual({name: company[name] for name in SWITCHED_OFF}, SWITCHED_OFF)
        self.assertEqual(set(company._customer_domains()), set(FEATURES))
        self.assertFalse([key for key in FEATURES if company._customer_uses(key)])
        self.assertFalse(self.env["res.company"]._customer_uses("credit"), "no company")
        self.assertEqual(self._seen(), set())

    def test_screens_follow_the_first_and_the_last_company(self):
        self.company._customer_switch("credit", True)
        self.assertEqual(self._seen(), {"credit"})
        self.other_company.credit_enabled = True
        self.company._customer_switch("credit", False)
        self.assertEqual(self._seen(), {"credit"}, "the other company uses it")
        self.assertEqual(self.env["res.company"]._customer_using("credit"), self.other_company)
        self.other_company.active = False
        self.assertEqual(self._seen(), set())

    def test_the_last_company_is_deleted(self):
        company = self.env["res.company"].create({"name": "Short", "archive_enabled": True})
        self.assertEqual(self._seen(), {"archive"})
        company.unlink()
        self.assertEqual(self._seen(), set())

    def test_branches_follow_their_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.company.complaint_enabled = True
        self.assertTrue(branch._customer_uses("complaint"))
        second = self.env["res.company"].create({"name": "Later", "parent_id": self.company.id})
        self.assertTrue(second._customer_uses("complaint"))
        self.env.user.company_ids |= branch
        branch._customer_switch("complaint", False)  # switches the root
        self.assertFalse(self.company.complaint_enabled or second.complaint_enabled)

    def test_collection_begins_with_plans(self):
        self.company._customer_switch("collection", "plan")
        self.assertTrue(self.company._customer_uses("collection"))
        self.assertEqual(self.company.collection_mode, "plan")
        self.assertEqual(self.company._customer_domains()["collection"].on, "plan")

    def test_who_switches(self):
        admin = self._new_users({"sys": "base.group_system"})["sys"]
        for user in (self.user_manager, admin):
            self.company.with_user(user)._customer_switch("archive", True)
            self.assertTrue(self.company.archive_enabled)
            self.company.with_user(user)._customer_switch("archive", False)
        with self.assertRaises(AccessError, msg="not her company"):
            self.other_company.with_user(self.user_manager)._customer_switch("archive", True)
        for user in (self.user_credit, self.user_service_supervisor, self.plain_user):
            with self.assertRaises(AccessError):
                self.company.with_user(user)._customer_switch("archive", True)
            with self.assertRaises(AccessError):
                self.company.with_user(user).archive_enabled = True

    def test_nothing_is_begun_in_a_company_that_does_not_use_it(self):
        with self.assertRaisesRegex(UserError, "not enabled in"):
            self.env["customer.complaint"].with_user(self.user_service).create(
                {"subject": "Off", "partner_id": self.customer.id}
            )
        with self.assertRaisesRegex(UserError, "not enabled in"):
            self.env["customer.archive"].create(
                {
                    "title": "Off",
                    "class_id": self.env.ref("customer_governance.archive_class_basic").id,
                    "partner_id": self.customer.id,
                }
            )
