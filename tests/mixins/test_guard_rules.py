from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.common.guard import Facts, Kept, Only, Settled, rules
from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestGuardRules(GovernanceCase):
    """What people may not write stands as data in each model."""

    def test_rules_are_read_and_name_what_is_there(self):
        problems = []
        for name, model in self.env.registry.items():
            if model._abstract or not any("_guards" in cls.__dict__ for cls in model.__mro__):
                continue
            records = self.env[name]
            if "_guard_fixed_fields" not in dir(model):
                problems.append(f"{name} has rules and no customer.guard.mixin")
            field = records._fields.get("state")
            states = field.get_values(self.env) if field else ()
            for rule in rules(records):
                names, named_states = set(), set()
                if isinstance(rule, Facts):
                    names |= set(rule.names) | set(rule.unborn or ())
                elif isinstance(rule, Kept):
                    names |= set(rule.names or ()) | set(rule.but)
                    named_states |= set(rule.states)
                elif isinstance(rule, Settled):
                    names |= {one for ones in rule.by_state.values() for one in ones}
                    named_states |= set(rule.by_state)
                elif isinstance(rule, Only):
                    names |= set(rule.names)
                problems += [f"{name}: {one}" for one in names - set(model._fields)]
                problems += [f"{name}: state {one}" for one in named_states - set(states)]
        self.assertFalse(problems)

    def _limit(self, **vals):
        user = self.user_credit
        limits = self.env["customer.credit.limit"].with_user(user)
        return limits.create(
            {"partner_id": self.customer.id, "amount": 100, "reason": "Test", **vals}
        )

    def test_a_state_keeps_fields(self):
        limit = self._limit()
        limit.amount = 200
        limit._transition("cancel")
        with self.assertRaisesRegex(UserError, "no longer a draft"):
            limit.amount = 300
        self.assertEqual(limit.amount, 200)
        limit.sudo().amount = 250  # the system answers for itself

    def test_facts_are_dropped_at_birth_and_refused_later(self):
        Returns = self.env["customer.complaint.return"].with_user(self.user_service_supervisor)
        complaint = self.env["customer.complaint"].create(
            {"partner_id": self.customer.id, "subject": "Leaks"}
        )
        product = self.env["product.product"].create({"name": "Seal"})
        vals = {"complaint_id": complaint.id, "product_id": product.id}
        back = Returns.with_context(default_received_date="2020-01-01").create(
            {**vals, "checked_date": "2020-01-01"}
        )
        self.assertFalse(back.received_date or back.checked_date)
        with self.assertRaisesRegex(AccessError, "recorded automatically"):
            back.received_date = False

    def test_the_refusal_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        limit = self._limit()
        limit._transition("cancel")
        with self.assertRaises(UserError) as caught:
            limit.with_context(lang="zh_CN").amount = 300
        self.assertNotIn("no longer", str(caught.exception))
