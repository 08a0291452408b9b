from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ...models.common.customer_approval_mixin import ApprovalMissing
from ...models.common.customer_transition_mixin import TransitionRefused
from .credit_case import CreditCase


@tagged("post_install", "-at_install")
class TestCreditLimitJournal(CreditCase):
    """Limits: approved, temporary, unlimited, over by themselves; Odoo's own limit is guarded."""

    def _ask(self, user=None, **vals):
        limit = (
            self.env["customer.credit.limit"]
            .with_user(user or self.controller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "amount": 500,
                    "date_from": self.today,
                    "reason": "Season",
                    **vals,
                }
            )
        )
        limit.action_submit()
        return limit

    def test_a_permanent_limit_is_the_heads(self):
        limit = self._ask()
        self.assertEqual(self.customer.credit_limit, 1000)
        second = self._new_user("credit2", "customer_governance.group_credit")
        with self.assertRaises(ApprovalMissing):
            limit.with_user(second).action_approve()
        with self.assertRaises(UserError):
            limit.action_approve()
        limit.with_user(self.head).action_approve()
        self.assertEqual((limit.state, limit.approved_by_id), ("approved", self.head))
        self.assertTrue(limit.is_in_force)
        self.assertEqual(self.customer.credit_limit, 500)

    def test_nobody_approves_an_own_request(self):
        with self.assertRaises(UserError):
            self._ask(self.head).with_user(self.head).action_approve()

    def test_a_rejected_limit_changes_nothing(self):
        limit = self._ask()
        limit.with_user(self.head).action_reject()
        self.assertEqual((limit.state, self.customer.credit_limit), ("rejected", 1000))

    def test_a_temporary_limit_ends_by_itself(self):
        last = self._day(2)
        second = self._new_user("credit2", "customer_governance.group_credit")
        limit = self._ask(kind="temporary", date_to=last, amount=3000)
        limit.with_user(second).action_approve()
        self.assertEqual(self.customer.credit_limit, 3000)
        for days, amount in ((2, 3000), (3, 1000)):
            with freeze_time(f"{self._day(days)} 12:00:00"):
                self.env.invalidate_all()
                self.assertEqual(self.customer.credit_limit_amount, amount, "without any job")
                self.env["customer.credit.limit"]._cron_expire()
                self.assertEqual(self.customer.credit_limit, amount)
                before = limit.message_ids
                self.env["customer.credit.limit"]._cron_expire()
                self.assertEqual(limit.message_ids, before, "run twice")
        self.assertEqual(limit.state, "expired")

    def test_a_limit_of_tomorrow(self):
        self._ask(date_from=self._day(1)).with_user(self.head).action_approve()
        self.assertEqual(self.customer.credit_limit, 1000)
        with freeze_time(f"{self._day(1)} 12:00:00"):
            self.env["customer.credit.limit"]._cron_expire()
            self.assertEqual(self.customer.credit_limit, 500)

    def test_unlimited_is_a_flag_and_zero_a_limit(self):
        self._ask(amount=0, unlimited=True).with_user(self.head).action_approve()
        self.assertEqual((self.customer.credit_unlimited, self.customer.credit_limit), (True, 0))
        self.assertDecision(self._quotation(10**6), "allowed")
        self._ask(amount=0).with_user(self.head).action_approve()
        self.assertEqual((self.customer.credit_unlimited, self.customer.credit_limit), (False, 0))
        self.assertDecision(self._quotation(1), "held", "over_limit")

    def test_bad_entries(self):
        for vals in (
            {"amount": -1},
            {"kind": "temporary"},
            {"date_to": self._day(-1)},
            {"partner_id": self.contact.id},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._ask(**vals)

    def test_amounts_that_nobody_owes(self):
        order = self._quotation(100)
        for amount in (1e13, 1e300):
            with self.subTest(amount):
                with self.assertRaisesRegex(ValidationError, "large"), self.env.cr.savepoint():
                    self._limit(self.customer, amount)
                with self.assertRaisesRegex(ValidationError, "large"), self.env.cr.savepoint():
                    self._release(order, amount)

    def test_what_was_submitted_stays(self):
        limit = self._ask()
        for vals in ({"amount": 9}, {"date_to": self.today}, {"approved_by_id": self.head.id}):
            with self.subTest(vals), self.assertRaises(UserError):
                limit.write(vals)
        with self.assertRaises(UserError):
            limit.write({"state": "approved"})
        with self.assertRaises(TransitionRefused):
            limit.with_user(self.head).action_end()
        with self.assertRaises(UserError):
            limit.with_user(self.head).unlink()

    # --- Odoo's own limit ---------------------------------------------------------------------

    def test_direct_edits_without_the_right_are_refused_on_every_route(self):
        clerk = self._new_user(
            "clerk", "account.group_account_invoice", "base.group_partner_manager"
        )
        forged = {"customer_credit_write": True, "import_file": True, "customer_merge": True}
        for user in (clerk, self.controller, self.salesperson):
            user.group_ids |= self.env.ref("base.group_partner_manager")
            user.group_ids |= self.env.ref("account.group_account_invoice")
            customer = self.customer.with_user(user).with_context(**forged)
            grade = self.grades["a"].id
            attempts = {
                "write": lambda c=customer: c.write({"credit_limit": 9}),
                "switch": lambda c=customer: c.write({"use_partner_credit_limit": False}),
                "create": lambda c=customer: c.create({"name": "New", "credit_limit": 9}),
                "import": lambda c=customer: c.load([".id", "credit_limit"], [[str(c.id), "9"]]),
                "grade": lambda c=customer, g=grade: c.write({"customer_credit_grade_id": g}),
                "contact": lambda u=user: self.contact.with_user(u).write({"credit_limit": 9}),
            }
            for name, attempt in attempts.items():
                with self.subTest(user=user.login, route=name):
                    savepoint = self.env.cr.savepoint()
                    try:
                        result = attempt()
                        self.assertFalse(result["ids"], "an import reports what it refused")
                    except AccessError:
                        pass
                    finally:
                        savepoint.close(rollback=True)
                        self.env.invalidate_all(flush=False)
        self.assertEqual(self.customer.credit_limit, 1000)

    def test_no_credit_through_defaults(self):
        """Of the context or of the user; the default limit of the settings stays."""
        creator = self._new_user("creator", "base.group_user")
        clerk = self._new_user("clerk", "account.group_account_invoice")
        given = {
            "customer_credit_grade_id": self.grades["a"].id,
            "customer_credit_valid_until": "2099-12-31",
            "credit_limit": 10**9,
        }
        forged = {f"default_{name}": value for name, value in given.items()}
        Partner = self.env["res.partner"]

        def new(user, **context):
            found = call_kw(
                Partner.with_user(user), "create", [{"name": "New"}], {"context": context}
            )
            partner = Partner.browse(found)
            return [partner[name] or False for name in given]

        for user in (creator, clerk, self.head):
            user.group_ids |= self.env.ref("base.group_partner_manager")
            defaults = dict(forged)
            if user != clerk:  # core refuses defaults of fields a user may not write
                del defaults["default_credit_limit"]
            with self.subTest(user=user.login):
                self.assertFalse(any(new(user, **defaults)))
        for name, value in given.items():
            # people cannot set one for fields of ours (TestNamed); one that is there gives nothing
            self.env["ir.default"].set("res.partner", name, value, user_id=clerk.id)
        self.assertFalse(any(new(clerk)), "a default of the user")
        self.env["ir.default"].set("res.partner", "credit_limit", 500, company_id=True)
        self.assertEqual(new(clerk)[2], 500, "the default of the settings")

    def test_the_same_value_is_no_change(self):
        self.controller.group_ids |= self.env.ref("base.group_partner_manager")
        self.controller.group_ids |= self.env.ref("account.group_account_invoice")
        self.customer.with_user(self.controller).write({"credit_limit": 1000.0, "ref": "X"})
        self.assertEqual(self.customer.ref, "X")

    def test_a_direct_edit_by_the_head_is_journaled(self):
        self.head.group_ids |= self.env.ref("account.group_account_invoice")
        self.head.group_ids |= self.env.ref("base.group_partner_manager")
        self.customer.with_user(self.head).credit_limit = 700
        entry = self.customer.customer_credit_limit_ids.filtered("is_in_force")
        self.assertEqual((entry.amount, entry.origin), (700, "native"))
        self.assertEqual(entry.approved_by_id, self.head)
        self.customer.with_user(self.head).credit_limit = 0
        self.assertFalse(self.customer.customer_credit_limit_ids.filtered("is_in_force"))
        self.assertFalse(self.customer.credit_has_limit)

    def test_contacts_carry_the_values_of_their_company(self):
        self.assertEqual(self.contact.customer_credit_grade_id, self.grades["b"])
        self.assertEqual(self.contact.credit_limit, 1000)
        self.assertEqual(self.contact.credit_limit_amount, 1000)
        self.head.group_ids |= self.env.ref("base.group_partner_manager")
        late = (
            self.env["res.partner"]
            .with_user(self.head)
            .create({"name": "Overdue", "parent_id": self.customer.id})
        )
        self.assertEqual(late.sudo().customer_credit_grade_id, self.grades["b"])
        self.contact.parent_id = False
        self.assertFalse(self.contact.customer_credit_grade_id)
        self.assertFalse(self.contact.credit_limit)

    def test_grades_written_directly_have_their_history(self):
        self.customer.customer_credit_grade_id = self.grades["c"]
        [entry] = self.customer.customer_credit_grade_history_ids
        self.assertEqual(
            (entry.old_grade_id, entry.new_grade_id, entry.date),
            (self.grades["b"], self.grades["c"], self.today),
        )
        with self.assertRaises(UserError):
            entry.reason = "other"

    def test_the_job_does_all_companies(self):
        other = self._second_company()
        self._limit(self.customer, 5, company=other, kind="temporary", date_to=self._day(0))
        self.assertEqual(self.customer.with_company(other).credit_limit, 5)
        with freeze_time(f"{self.today + timedelta(days=1)} 12:00:00"):
            self.env["customer.credit.limit"]._cron_expire()
        self.assertEqual(self.customer.with_company(other).credit_limit, 0)
        self.assertEqual(self.customer.credit_limit, 1000)
