"""The tiers themselves: defaults of the policy, default of a kind, archive instead of delete."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from ..common import GovernanceCase

# kind, manager, contact, visit, meeting of the policy
POLICY = {
    "strategic": ("customer", "dedicated", 30, 90, 90),
    "key": ("customer", "named", 30, 90, 0),
    "standard": ("customer", "team", 90, 0, 0),
    "potential": ("prospect", "team", 30, 0, 0),
    "lapsed": ("lapsed", "team", 90, 0, 0),
}


@tagged("post_install", "-at_install")
class TestTierConfig(GovernanceCase):
    def test_defaults_of_the_policy(self):
        for code, expected in POLICY.items():
            tier = self.env.ref(f"customer_governance.tier_{code}")
            self.assertEqual(tier.code, code)
            self.assertEqual(
                (
                    tier.kind,
                    tier.manager_policy,
                    tier.contact_interval_days,
                    tier.visit_interval_days,
                    tier.meeting_interval_days,
                ),
                expected,
            )
            self.assertTrue(tier.measures)
        order = self.env["customer.tier"].search([("code", "in", list(POLICY))])
        self.assertEqual(order.mapped("code"), list(POLICY))

    def test_one_default_of_a_kind(self):
        Tier = self.env["customer.tier"]
        standard = self.env.ref("customer_governance.tier_standard")
        key = self.env.ref("customer_governance.tier_key")
        self.assertEqual(Tier._default_of_kind("customer"), standard)
        key.is_default = True
        self.assertFalse(standard.is_default)
        self.assertEqual(Tier._default_of_kind("customer"), key)
        new = Tier.create({"name": "New", "code": "new", "is_default": True})
        self.assertEqual(Tier._default_of_kind("customer"), new)
        new.active = False
        first = Tier.search([("kind", "=", "customer")], limit=1)
        self.assertEqual(Tier._default_of_kind("customer"), first)
        self.assertFalse(new.copy().is_default)
        with self.assertRaises(UserError):
            (standard | key).write({"is_default": True})

    def test_used_tiers_are_archived(self):
        tier = self.env["customer.tier"].create({"name": "Temp", "code": "temp"})
        self.customer.with_company(self.other_company)._set_customer_tier(tier, "X", "review")
        with self.assertRaisesRegex(UserError, "Archive"):
            tier.unlink()
        tier.active = False
        there = self.customer.with_company(self.other_company)
        self.assertEqual(there.customer_tier_id, tier)
        unused = self.env["customer.tier"].create({"name": "Unused", "code": "unused"})
        unused.unlink()

    @mute_logger("odoo.sql_db")
    def test_bad_values(self):
        Tier = self.env["customer.tier"]
        for vals in (
            {"name": "A", "code": "key"},
            {"name": "A", "code": "neg", "visit_interval_days": -1},
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                Tier.create(vals)

    def test_rights(self):
        tier = self.env.ref("customer_governance.tier_key")
        self.assertEqual(tier.with_user(self.user_sales).name, "Key")
        with self.assertRaises(AccessError):
            tier.with_user(self.user_committee).name = "Other"
        tier.with_user(self.user_manager).name = "Very Important"

    def test_count_and_list(self):
        tier = self.env["customer.tier"].create({"name": "Temp", "code": "temp"})
        self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.customer._set_customer_tier(tier, "X", "review")
        self.assertEqual(tier.with_user(self.user_sales).partner_count, 1)
        action = tier.action_view_partners()
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.customer)

    def test_import_template(self):
        """The template is offered besides the others and its columns can be imported."""
        templates = self.env["res.partner"].get_import_templates()
        mine = [t for t in templates if "tiers" in t["label"]]
        self.assertEqual(len(mine), 1)
        with file_open(mine[0]["template"].lstrip("/")) as file:
            head, *rows = [line.split(",") for line in file.read().splitlines()]
        labels = {
            field["string"]: name for name, field in self.env["res.partner"].fields_get().items()
        }
        columns = ["id" if title == "External ID" else labels[title] for title in head]
        Partner = self.env["res.partner"].with_user(self.env.ref("base.user_admin"))
        result = Partner.with_context(import_file=True).load(columns, rows)
        self.assertFalse(result["messages"], result["messages"])
        self.assertEqual(
            Partner.browse(result["ids"]).mapped("customer_tier_id.code"), ["key", "standard"]
        )
