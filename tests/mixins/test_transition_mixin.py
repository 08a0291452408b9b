from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .fake_case import FakeModelCase


@tagged("post_install", "-at_install")
class TestTransitionMixin(FakeModelCase):
    def test_buttons_follow_the_table_and_the_groups(self):
        as_plain = self.case.with_user(self.plain_user)
        self.assertEqual(as_plain.available_actions, ",submit,")
        self.assertEqual(
            self.case.with_user(self.user_manager).available_actions, ",submit,cancel,"
        )

    def test_a_transition_from_another_state_is_refused_with_the_way_out(self):
        self.case.action_submit()
        with self.assertRaisesRegex(TransitionRefused, "is Open.*possible only in status Draft"):
            self.case.action_submit()

    def test_guard_reasons_are_shown(self):
        nameless = self.env["customer.fake.case"].create({})
        with self.assertRaisesRegex(TransitionRefused, "the name is missing"):
            nameless.action_submit()
        self.assertEqual(nameless.state, "draft")

    def test_all_records_or_none(self):
        cases = self.case | self.env["customer.fake.case"].create({})
        with self.assertRaises(TransitionRefused):
            cases.action_submit()
        self.assertEqual(set(cases.mapped("state")), {"draft"})

    def test_groups_are_checked_in_python(self):
        with self.assertRaisesRegex(AccessError, "Head of Customer Governance"):
            self.case.with_user(self.plain_user).action_cancel()
        self.case.with_user(self.user_manager).action_cancel()
        self.assertEqual(self.case.state, "cancelled")

    def test_state_cannot_be_written_not_even_with_a_forged_context(self):
        for forged in ({}, {"customer_transition": True}, {"customer_transition": {}}):
            with self.assertRaises(TransitionRefused):
                self.case.with_user(self.user_manager).with_context(**forged).write(
                    {"state": "done"}
                )

    def test_records_are_born_in_the_first_state(self):
        for vals, context in (({"state": "done"}, {}), ({}, {"default_state": "done"})):
            with self.assertRaises(TransitionRefused):
                self.env["customer.fake.case"].with_context(**context).create(vals)
        self.case.action_submit()
        self.assertEqual(self.case.copy().state, "draft")

    def test_writing_the_same_state_is_harmless(self):
        vals = {"state": "draft", "name": "Other"}
        self.case.write(vals)
        self.assertEqual(vals, {"state": "draft", "name": "Other"}, "caller's values untouched")
