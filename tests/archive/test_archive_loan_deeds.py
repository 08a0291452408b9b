from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveLoanDeeds(CustodyCase):
    """A slip for a deed that is given up: the deed goes back into the safe first."""

    def _deed_slip(self):
        """Return an approved slip of `user_deed` for a deed in the safe."""
        archive = self._registered("loan")
        archive.class_id.reader_group_ids |= self.env.ref(
            "customer_governance.group_sales"
        ) | self.env.ref("customer_governance.group_service")
        deed = self._safe_deed(archive)
        loan = self._loan(self.user_deed, deed, kind="deeds", borrower_id=self.user_credit.id)
        loan.action_request()
        loan.with_user(self.user_manager).action_approve()
        return loan, deed

    def test_a_deed_that_left_the_safe_goes_back_before_the_slip_is_cancelled(self):
        loan, deed = self._deed_slip()
        self.assertFalse(loan.deeds_out_count)
        with self.assertRaises(UserError):
            loan.action_put_deeds_back()
        loan.action_take_deeds_out()
        deed.open_move_id.with_user(self.second_custodian).action_confirm(1)
        self.assertEqual(loan.deeds_out_count, 1)
        for user in (self.user_deed, self.user_credit):
            with self.assertRaises(TransitionRefused) as caught, self.env.cr.savepoint():
                loan.with_user(user).action_cancel()
            self.assertIn("Put Back into Safe", str(caught.exception))
        with self.assertRaises(AccessError):
            loan.with_user(self.user_credit).action_put_deeds_back()
        loan.action_put_deeds_back()
        back = deed.open_move_id
        self.assertEqual((back.direction, back.purpose), ("in", "loan_back"))
        with self.assertRaises(UserError):
            loan.action_put_deeds_back()
        with self.assertRaises(TransitionRefused), self.env.cr.savepoint():
            loan.action_cancel()
        back.with_user(self.second_custodian).action_confirm(1)
        self.env.invalidate_all()
        self.assertEqual((deed.state, deed.location_id), ("in_safe", self.safe))
        self.assertFalse(loan.deeds_out_count)
        loan.action_cancel()
        self.assertEqual(loan.state, "cancelled")

    def test_a_cancelled_slip_takes_nothing_out_any_more(self):
        loan, deed = self._deed_slip()
        loan.action_take_deeds_out()
        move = deed.open_move_id
        loan.action_cancel()
        self.assertEqual((move.state, deed.state), ("cancelled", "in_safe"))
        with self.assertRaises(TransitionRefused):
            move.with_user(self.second_custodian).action_confirm(1)

    def test_a_deed_that_is_out_for_another_slip_was_not_taken_out_for_this_one(self):
        first, deed = self._deed_slip()
        second = self._loan(self.user_deed, deed, kind="deeds", borrower_id=self.user_sales.id)
        second.action_request()
        second.with_user(self.user_manager).action_approve()
        for loan in (first, second):
            loan.action_take_deeds_out()
            deed.open_move_id.with_user(self.second_custodian).action_confirm(1)
            self.assertEqual(loan.deeds_out_count, 1)
            if loan == first:
                loan.action_put_deeds_back()
                deed.open_move_id.with_user(self.second_custodian).action_confirm(1)
        self.env.invalidate_all()
        self.assertFalse(first.deeds_out_count)
        with self.assertRaises(TransitionRefused), self.env.cr.savepoint():
            first.action_issue()
        second.action_issue()
