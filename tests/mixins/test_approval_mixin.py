from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.common.customer_approval_mixin import ApprovalMissing
from .fake_case import FakeModelCase


@tagged("post_install", "-at_install")
class TestApprovalMixin(FakeModelCase):
    """Two levels: committee first, then manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.definitions = cls.env["tier.definition"].create(
            [
                {
                    "name": name,
                    "model_id": cls.model.id,
                    "review_type": "individual",
                    "reviewer_id": user.id,
                    "sequence": sequence,
                    "approve_sequence": True,
                    "company_id": False,
                }
                for name, user, sequence in (
                    ("Leader", cls.user_committee, 20),
                    ("Head", cls.user_manager, 10),
                )
            ]
        )

    def test_the_last_approval_makes_the_transition(self):
        self.case.with_user(self.user_sales).action_submit()
        self.assertFalse(self.case.with_user(self.user_committee).action_approve())
        self.assertEqual(self.case.state, "open")
        self.assertTrue(self.case.with_user(self.user_manager).action_approve())
        self.assertEqual(self.case.state, "done")

    def test_nobody_approves_out_of_turn(self):
        self.case.action_submit()
        for user in (self.user_manager, self.user_sales):
            with self.assertRaisesRegex(ApprovalMissing, "is waiting for the approval of"):
                self.case.with_user(user).action_approve()
        self.assertEqual(self.case.validation_status, "pending")

    def test_approval_rows_cannot_be_forged(self):
        self.case.action_submit()
        rows = self.case.review_ids.with_user(self.user_sales)
        for context in ({}, {"customer_approval": True}):
            with self.assertRaises(AccessError):
                rows.with_context(**context).write({"status": "approved"})
            with self.assertRaises(AccessError):
                rows.with_context(**context).unlink()
            with self.assertRaises(AccessError):
                rows.with_context(**context).create(
                    {"model": "customer.fake.case", "res_id": self.case.id, "status": "approved"}
                )

    def test_context_keys_of_the_library_do_not_skip_its_checks(self):
        self.case.action_submit()
        as_sales = self.case.with_user(self.user_sales).with_context(skip_validation_check=True)
        with self.assertRaises(Exception) as caught:
            as_sales.write({"name": "Changed under approval"})
        self.assertIn("not allowed to write", str(caught.exception))

    def test_the_comment_wizard_is_for_the_approver_whose_turn_it_is(self):
        self.case.action_submit()
        wizard = self.env["comment.wizard"].with_user(self.user_sales)
        forged = wizard.create(
            {
                "res_model": "customer.fake.case",
                "res_id": self.case.id,
                "review_ids": [(6, 0, self.case.review_ids.ids)],
                "validate_reject": "validate",
                "comment": "mine now",
            }
        )
        with self.assertRaises(ApprovalMissing):
            forged.add_comment()

    def test_rejection_sends_back_and_a_new_round_starts(self):
        self.case.action_submit()
        self.case.with_user(self.user_committee).reject_tier()
        self.assertEqual(self.case.state, "draft")
        self.assertFalse(self.case.review_ids)
        self.case.action_submit()
        self.assertEqual(len(self.case.review_ids), 2)

    def test_without_definition_the_transition_is_made_at_once(self):
        self.definitions.active = False
        self.case.action_submit()
        self.case.action_approve()
        self.assertEqual(self.case.state, "done")

    def test_the_button_of_the_banner_does_the_same(self):
        self.case.action_submit()
        self.case.with_user(self.user_committee).validate_tier()
        self.case.with_user(self.user_manager).validate_tier()
        self.assertEqual(self.case.state, "done")

    def test_the_head_tunes_definitions_of_our_documents_only(self):
        mine = self.definitions[0].with_user(self.user_manager)
        mine.name = "Leader of the committee"
        foreign = self.env["tier.definition"].create(
            {"name": "x", "model_id": self.env["ir.model"]._get("res.partner").id}
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.user_manager).name = "mine"
