from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.common.res_users import ROLES
from ..common import ROLES as TESTED
from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestRolesCombine(GovernanceCase):
    """Each role has a box of its own; the list of roles gives and takes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls._new_users({"person": "base.group_user", "erp": "base.group_erp_manager"})
        cls.person, cls.admin = users["person"], users["erp"]

    def _direct(self):
        names = self.env["res.users"]._customer_role_groups()
        return {
            name.removeprefix("customer_role_")
            for name, g in names.items()
            if g in self.person.group_ids
        }

    def test_every_role_is_a_column_and_a_box(self):
        self.assertEqual(ROLES, TESTED)
        for role in ROLES:
            group = self.env.ref(f"customer_governance.group_{role}")
            self.assertEqual(group.privilege_id.group_ids, group)
            self.assertEqual(group.privilege_id.name, group.name)
            self.assertEqual(group.full_name, f"Customer Governance / {group.name}")
            self.assertIn(f"customer_role_{role}", self.person._fields)

    def test_three_roles(self):
        row = self.person.with_user(self.admin)
        row.customer_role_sales = True
        row.write({"customer_role_quality": True, "customer_role_archivist": True})
        self.assertEqual(self._direct(), {"sales", "quality", "archivist"})
        row.customer_role_quality = False
        self.assertEqual(self._direct(), {"sales", "archivist"})

    def test_a_role_that_brings_others(self):
        row = self.person.with_user(self.admin)
        row.customer_role_credit = True
        row.customer_role_manager = True
        self.assertTrue(row.customer_role_sales and row.customer_role_service, "brought along")
        self.assertEqual(self._direct(), {"credit", "manager"})
        row.customer_role_sales = False
        self.assertTrue(row.customer_role_sales, "it goes with the head only")
        row.customer_role_manager = False
        row.invalidate_recordset()
        self.assertEqual(self._direct(), {"credit"})
        self.assertFalse(row.customer_role_sales)

    def test_the_head_reads_and_others_do_not(self):
        row = self.person.with_user(self.user_manager)
        self.assertFalse(row.customer_role_sales)
        with self.assertRaises(AccessError):
            row.customer_role_sales = True
        for user in (self.user_sales, self.user_auditor, self.plain_user):
            with self.assertRaises(AccessError):
                self.person.with_user(user).read(["customer_role_sales"])

    def test_a_user_keeps_other_groups(self):
        self.person.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        self.person.with_user(self.admin).write({"customer_role_deed": True})
        self.assertIn(self.env.ref("sales_team.group_sale_salesman"), self.person.group_ids)
        self.person.write(
            {"group_ids": [Command.unlink(self.env.ref("customer_governance.group_deed").id)]}
        )
        self.assertFalse(self.person.customer_role_deed)
