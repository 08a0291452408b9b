from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.common.customer_approval_mixin import ApprovalMissing
from ...models.common.customer_transition_mixin import TransitionRefused
from ..mixins.job_case import RUNNER
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveLoans(CustodyCase):
    """Loans from the request to the last page back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._registered()
        cls.document, cls.second = cls.archive.document_ids

    # --- asking -------------------------------------------------------------------------------

    def test_staff_need_a_director(self):
        loan = self._loan(self.user_sales, self.archive)
        loan.action_request()
        self.assertEqual(loan.state, "submitted")
        self.assertTrue(loan.name.startswith("L"))
        with self.assertRaises(UserError):
            loan.action_approve()
        loan.with_user(self.user_manager).action_approve()
        self.assertEqual((loan.state, loan.approved_by_id), ("approved", self.user_manager))
        self.assertFalse(loan.is_exempt)

    def test_directors_are_exempt_for_themselves_only(self):
        own = self._registered("basic", partner_id=self.customer.id)
        self.customer.user_id = self.user_manager
        loan = self._loan(self.user_manager, own)
        loan.action_request()
        self.assertEqual((loan.state, loan.is_exempt), ("approved", True))
        self.assertFalse(loan.approved_by_id)
        # an archivist who writes a slip in a director's name does not get round the approval
        written = self._loan(self.user_archivist, self.archive, borrower_id=self.user_manager.id)
        written.action_request()
        self.assertEqual(written.state, "submitted")

    def test_who_asked_cannot_come_from_the_context(self):
        loans = self.env["customer.archive.loan"].with_user(self.user_manager)
        loan = loans.with_context(default_requested_by_id=self.user_sales.id).create(
            {"purpose": "Forged"}
        )
        self.assertEqual(loan.requested_by_id, self.user_manager)

    def test_who_approves_is_data(self):
        definition = self.env.ref("customer_governance.tier_definition_archive_loan")
        definition.reviewer_group_id = self.env.ref("customer_governance.group_committee")
        loan = self._loan(self.user_sales, self.archive)
        loan.action_request()
        with self.assertRaises(ApprovalMissing):
            loan.with_user(self.user_archivist).action_approve()
        definition.active = False
        second = self._loan(self.user_sales, self.archive)
        second.action_request()
        self.assertTrue(second.is_exempt)

    def test_people_borrow_what_they_may_read_for_themselves(self):
        foreign = self._registered(
            partner_id=self.foreign_customer.id, role_a_id=self.other_sales.id
        )
        with self.assertRaises(AccessError):
            self._loan(self.user_sales, foreign)
        with self.assertRaises(AccessError):
            self._loan(self.user_sales, foreign.document_ids[0])
        with self.assertRaises(AccessError):
            self._loan(self.user_sales, self.archive, borrower_id=self.other_sales.id)
        loan = self._loan(self.user_sales, self.archive)
        with self.assertRaises(AccessError):
            loan.borrower_id = self.user_manager
        with self.assertRaises(AccessError):
            loan.with_user(self.other_sales).read(["purpose"])

    def test_rejected(self):
        loan = self._loan(self.user_sales, self.archive)
        loan.action_request()
        loan.with_user(self.user_manager).action_reject()
        self.assertEqual(loan.state, "rejected")

    def test_the_slip_stays_as_asked_for(self):
        loan = self._approved(self.user_sales, self.archive).with_user(self.user_sales)
        for vals in (
            {"date_due": self._day(90)},
            {"purpose": "Other"},
            {"line_ids": [(0, 0, {"kind": "document", "document_id": self.document.id})]},
        ):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                loan.write(vals)
        for vals in ({"name": "L1"}, {"issued_by_id": 1}, {"is_exempt": True}):
            with self.subTest(vals), self.assertRaises(AccessError):
                loan.write(vals)
        with self.assertRaises(AccessError):
            loan.line_ids.write({"state": "returned"})
        with self.assertRaises(UserError):
            loan.line_ids.write({"is_counted": True})

    def test_empty_slips_and_files_without_paper(self):
        with self.assertRaises(TransitionRefused):
            self._loan(self.user_sales).action_request()
        scan = self._registered()
        scan.document_ids.with_context(scan._thawed().env.context).write({"medium": "electronic"})
        with self.assertRaises(ValidationError):
            self._loan(self.user_sales, scan.document_ids[0])
        with self.assertRaises(ValidationError):
            self._loan(self.user_sales, self._dossier())

    # --- out ----------------------------------------------------------------------------------

    def test_out_and_back(self):
        loan = self._issued(self.user_sales, self.archive)
        self.assertEqual((loan.state, loan.issued_by_id), ("issued", self.user_archivist))
        self.assertEqual(set(self.archive.document_ids.mapped("paper_state")), {"lent"})
        self.assertEqual(
            (self.archive.is_lent, self.archive.lent_to_id, self.archive.lent_until),
            (True, self.user_sales, self._day(14)),
        )
        self.assertIn(self.archive, self.archive.search([("is_lent", "=", True)]))
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            loan.action_return()
        self.assertIn("Count the pages", str(caught.exception))
        self._count(loan.line_ids)
        loan.action_return()
        self.assertEqual((loan.state, loan.line_ids.state), ("returned", "returned"))
        self.assertEqual(set(self.archive.document_ids.mapped("paper_state")), {"in_place"})
        self.assertFalse(self.archive.is_lent)
        self.assertNotIn(self.archive, self.archive.search([("is_lent", "=", True)]))

    def test_only_the_archive_hands_out(self):
        loan = self._approved(self.user_sales, self.archive)
        for user in (self.user_sales, self.user_manager, self.user_deed):
            with self.subTest(user.login), self.assertRaises(AccessError), self.env.cr.savepoint():
                loan.with_user(user).action_issue()

    def test_signatures_where_the_company_asks_for_them(self):
        self.company.archive_signature_required = True
        loan = self._approved(self.user_sales, self.archive)
        with self.assertRaises(TransitionRefused), self.env.cr.savepoint():
            loan.action_issue()
        pixel = (
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU"
            b"5ErkJggg=="
        )
        loan.issue_signature = pixel
        loan.action_issue()
        self._count(loan.line_ids)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            loan.action_return()
        loan.line_ids.return_signature = pixel
        loan.action_return()
        self.assertEqual(loan.state, "returned")

    def test_lent_twice(self):
        """A dossier and its documents, in both orders, and the same twice."""
        whole, part, other = self.archive, self.document, self.second
        for first, second, clash in (
            (whole, whole, True),
            (whole, part, True),
            (part, whole, True),
            (part, part, True),
            (part, other, False),
        ):
            with self.subTest(first=first.display_name, second=second.display_name):
                # both are approved before either is handed out
                one = self._approved(self.user_sales, first)
                two = self._approved(self.user_archivist, second)
                one.action_issue()
                if clash:
                    with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                        two.action_issue()
                    self.assertIn(self.user_sales.name, str(caught.exception))
                    self.assertEqual(two.state, "approved")
                else:
                    two.action_issue()
                    self._count(two.line_ids)
                    two.action_return()
                self._count(one.line_ids)
                one.action_return()

    def test_what_is_out_cannot_be_asked_for(self):
        self._issued(self.user_sales, self.archive)
        with self.assertRaises(TransitionRefused) as caught:
            self._loan(self.user_archivist, self.document).action_request()
        self.assertIn(self.user_sales.name, str(caught.exception))

    def test_twice_on_one_slip(self):
        with self.assertRaises(TransitionRefused):
            self._loan(self.user_sales, self.archive, self.document).action_request()

    # --- back ---------------------------------------------------------------------------------

    def test_partial_return(self):
        loan = self._issued(self.user_sales, self.document, self.second)
        first, second = loan.line_ids
        self._count(first).action_return()
        self.assertEqual((loan.state, loan.out_count), ("issued", 1))
        self.assertEqual(self.document.paper_state, "in_place")
        self.assertEqual(self.second.paper_state, "lent")
        # what is back can go out again, while the rest is still out
        self._issued(self.user_archivist, self.document)
        self._count(second).action_return()
        self.assertEqual(loan.state, "returned")

    def test_pages_that_differ_need_a_word(self):
        loan = self._issued(self.user_sales, self.document)
        line = loan.line_ids
        self.assertEqual(line.page_issued, 3)
        self._count(line, 2)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            loan.action_return()
        self.assertIn("3 pages were handed out, 2 returned", str(caught.exception))
        line.return_note = "Page 3 is at the court"
        loan.action_return()
        self.assertTrue(line.has_difference)
        self.assertTrue(loan.activity_ids)

    def test_damage_needs_a_word_too(self):
        loan = self._issued(self.user_sales, self.document)
        self._count(loan.line_ids, is_damaged=True)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            loan.action_return()

    def test_back_on_the_last_day_and_one_day_late(self):
        for days, late in ((14, 0), (15, 1)):
            loan = self._issued(self.user_sales, self.document)
            self._count(loan.line_ids)
            with freeze_time(self._day(days)):
                self.assertEqual(loan.is_overdue, bool(late))
                loan.invalidate_recordset(["is_overdue"])
                self.assertEqual(loan in loan.search([("is_overdue", "=", True)]), bool(late))
                loan.action_return()
            self.assertEqual(loan.line_ids.days_late, late)
            self.assertFalse(loan.is_overdue)

    # --- lost ---------------------------------------------------------------------------------

    def test_lost_and_settled(self):
        loan = self._issued(self.user_sales, self.document, self.second)
        line = loan.line_ids[0].with_user(self.user_sales)
        self.env["customer.archive.loss"].with_user(self.user_sales).create(
            {"line_ids": [(6, 0, line.ids)], "story": "Left in a taxi"}
        ).action_report()
        self.assertEqual((line.state, line.lost_by_id), ("lost", self.user_sales))
        self.assertEqual(self.document.paper_state, "missing")
        self.assertEqual(loan.state, "issued")
        self._count(loan.line_ids[1]).action_return()
        self.assertEqual(loan.state, "returned")
        kept = line.with_user(self.user_archivist)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            kept.action_settle()
        kept.lost_measures = "Certified copy obtained"
        reminders = loan.sudo().activity_ids.filtered(lambda a: a.customer_reason == "unsettled")
        self.assertEqual(len(reminders), 1)
        kept.action_settle()
        self.assertTrue(kept.lost_settled_on)
        self.assertFalse(reminders.exists(), "nobody has to search any more")
        with self.assertRaises(TransitionRefused):
            self._loan(self.user_sales, self.document).action_request()
        kept.action_found()
        self.assertEqual((kept.state, self.document.paper_state), ("returned", "in_place"))

    def test_a_loss_needs_its_story_and_the_right_person(self):
        loan = self._issued(self.user_sales, self.document)
        with self.assertRaises(UserError):
            loan.line_ids._lose(" ")
        with self.assertRaises(AccessError):
            loan.line_ids.with_user(self.other_sales).action_lose()

    # --- longer -------------------------------------------------------------------------------

    def test_extension(self):
        loan = self._issued(self.user_sales, self.archive).with_user(self.user_sales)
        extensions = self.env["customer.archive.loan.extension"].with_user(self.user_sales)
        same = extensions.create(
            {"loan_id": loan.id, "date_due": self._day(14), "reason": "The audit takes longer"}
        )
        with self.assertRaises(TransitionRefused):
            same.action_submit()
        same.date_due = self._day(15)
        same.action_submit()
        with self.assertRaises(UserError):
            same.action_approve()
        self.assertEqual(loan.date_due, self._day(14))
        same.with_user(self.user_manager).action_approve()
        self.assertEqual((loan.date_due, same.old_date_due), (self._day(15), self._day(14)))
        with self.assertRaises(AccessError):
            extensions.with_user(self.other_sales).create(
                {"loan_id": loan.id, "date_due": self._day(20), "reason": "x"}
            )

    # --- reminders ----------------------------------------------------------------------------

    def _reminded(self, loan):
        """Return how many messages the borrower got about the loan."""
        return self.env["mail.message"].search_count(
            [
                ("message_type", "=", "user_notification"),
                ("model", "=", loan._name),
                ("res_id", "=", loan.id),
                ("partner_ids", "in", loan.borrower_id.partner_id.ids),
                ("body", "ilike", "return the papers"),
            ]
        )

    def _remind_on(self, loan, days):
        for _run in range(2):
            with freeze_time(self._day(days)):
                self.env["customer.archive.loan"]._cron_remind()
        return self._reminded(loan)

    def test_reminders_come_once_each(self):
        loan = self._issued(self.user_sales, self.archive)
        told = [self._remind_on(loan, days) for days in (10, 11, 12, 14, 15, 21, 22, 50)]
        self.assertEqual(told, [0, 1, 1, 2, 3, 3, 4, 5])
        self.assertEqual(len(loan.activity_ids.filtered(lambda a: a.user_id == self.user_sales)), 1)
        self._count(loan.line_ids)
        loan.action_return()
        self.assertFalse(loan.activity_ids)
        self.assertEqual(self._remind_on(loan, 60), 5)

    def test_a_longer_loan_is_reminded_anew(self):
        loan = self._issued(self.user_sales, self.archive)
        self.assertEqual(self._remind_on(loan, 14), 1)
        loan.sudo().date_due = self._day(30)
        self.assertEqual(self._remind_on(loan, 20), 1)
        self.assertEqual(self._remind_on(loan, 30), 2)

    def test_one_that_fails_does_not_stop_the_others(self):
        bad = self._issued(self.user_sales, self.document)
        good = self._issued(self.user_sales, self.second)
        loans = type(bad)
        send = loans._send_reminder

        def fails(loan, user, today):
            if bad.id in loan.ids:
                raise ValueError("bad data")
            return send(loan, user, today)

        with patch.object(loans, "_send_reminder", fails), mute_logger(RUNNER):
            self.assertEqual(self._remind_on(good, 14), 1)
        self.assertEqual(self._reminded(bad), 0)
        self.assertEqual(self._remind_on(bad, 14), 1)

    def test_reminders_read_in_batches(self):
        papers = self._registered(documents=8).document_ids
        for paper in papers:
            self._issued(self.user_sales, paper)
        with patch(
            "odoo.addons.customer_governance.models.archive.custody.customer_archive_loan.BATCH", 3
        ):
            with freeze_time(self._day(14)):
                self.env["customer.archive.loan"]._cron_remind()
        loans = self.env["customer.archive.loan"].search([("borrower_id", "=", self.user_sales.id)])
        told = self.env["mail.message"].search(
            [
                ("partner_ids", "in", self.user_sales.partner_id.ids),
                ("subject", "like", "Loans to return"),
            ]
        )
        self.assertEqual(len(told), 3, "one message a batch: 3, 3 and 2 loans")
        for loan in loans:
            self.assertEqual(sum(loan.name in body for body in told.mapped("body")), 1)

    # --- deeds and companies ------------------------------------------------------------------

    def test_a_deed_goes_out_with_a_witness_and_comes_back_with_one(self):
        loan_class = self._registered("loan")
        loan_class.class_id.reader_group_ids |= self.env.ref(
            "customer_governance.group_sales"
        ) | self.env.ref("customer_governance.group_service")
        deed = self._safe_deed(loan_class)
        loan = self._loan(self.user_deed, deed, kind="deeds", borrower_id=self.user_credit.id)
        loan.action_request()
        loan.with_user(self.user_manager).action_approve()
        with self.assertRaises(TransitionRefused), self.env.cr.savepoint():
            loan.action_issue()
        loan.action_take_deeds_out()
        move = deed.open_move_id
        self.assertEqual(deed.state, "in_safe")
        move.with_user(self.second_custodian).action_confirm(1)
        loan.action_issue()
        self.assertEqual((deed.state, deed.location_id), ("lent", self.safe))
        with self.assertRaises(AccessError):
            loan.with_user(self.user_archivist).read(["purpose"])
        # the borrower sees what was borrowed, not the deed
        mine = loan.with_user(self.user_credit)
        self.assertEqual(mine.line_ids.mapped("name"), [deed.display_name])
        with self.assertRaises(AccessError):
            mine.line_ids.deed_id  # noqa: B018
        self._count(loan.line_ids)
        loan.action_return()
        self.assertEqual((loan.state, deed.state), ("returned", "lent"))
        deed.open_move_id.with_user(self.second_custodian).action_confirm(1)
        self.assertEqual(deed.state, "in_safe")

    def test_papers_and_deeds_are_separate_slips(self):
        deed = self._safe_deed(self.archive)
        with self.assertRaises(ValidationError):
            self._loan(self.user_deed, deed, kind="papers")

    def test_another_company(self):
        abroad = self._registered(
            partner_id=self._new_customer("Abroad").id, company_id=self.other_company.id
        )
        with self.assertRaises(UserError):
            self._loan(self.user_archivist, abroad)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["customer.archive.loan"].create(
                {
                    "purpose": "Mixed",
                    "company_id": self.company.id,
                    "line_ids": [(0, 0, {"kind": "archive", "archive_id": abroad.id})],
                }
            )

    # --- desk ---------------------------------------------------------------------------------

    def _scan(self, desk, code):
        desk.scan = code
        desk._onchange_scan()
        return desk

    def test_the_desk_finds_out_which_way(self):
        loan = self._approved(self.user_sales, self.document, self.second)
        desks = self.env["customer.archive.desk"].with_user(self.user_archivist)
        desk = self._scan(desks.create({}), self.document.number)
        self.assertEqual(desk.line_ids.mapped("way"), ["issue"])
        self._scan(desk, self.document.number)
        self.assertTrue(desk.line_ids.is_counted, "the second scan counts it")
        with self.assertRaises(UserError) as caught:
            desk.action_book()
        self.assertIn(self.second.name, str(caught.exception))
        self._scan(desk, loan.name)
        self.assertEqual(len(desk.line_ids), 2)
        self._scan(desk, self.second.number)
        desk.action_book()
        self.assertEqual(loan.state, "issued")
        back = self._scan(desks.create({}), self.document.number)
        self.assertEqual((back.line_ids.way, back.line_ids.page_count), ("return", 3))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            back.action_book()
        back.line_ids.is_counted = True
        back.action_book()
        self.assertEqual((loan.state, loan.out_count), ("issued", 1))
        nothing = self._scan(desks.create({}), "4711")
        self.assertFalse(nothing.line_ids)
        self.assertIn("4711", nothing.message)

    def test_the_desk_is_for_keepers(self):
        loan = self._approved(self.user_sales, self.document)
        with self.assertRaises(AccessError):
            loan.with_user(self.user_sales).action_open_desk()
        with self.assertRaises(AccessError):
            self.env["customer.archive.desk"].with_user(self.user_sales).create({})
        desk = (
            self.env["customer.archive.desk"].with_user(self.user_deed).create({"kind": "papers"})
        )
        with self.assertRaises(AccessError):
            self._scan(desk, loan.name)

    def test_the_day_counts_in_the_time_zone_of_the_company(self):
        self.company.customer_tz = "Asia/Shanghai"
        loan = self._issued(self.user_sales, self.document, date_due=self._day(1))
        with freeze_time(f"{loan.date_due} 15:59:59"):
            self.assertFalse(loan.search([("is_overdue", "=", True), ("id", "=", loan.id)]))
        with freeze_time(f"{loan.date_due} 16:00:00"):
            self.assertTrue(loan.search([("is_overdue", "=", True), ("id", "=", loan.id)]))

    def test_a_lost_dossier_is_not_lent_again(self):
        archive = self._registered()
        loan = self._issued(self.user_sales, archive)
        loan.line_ids.with_user(self.user_archivist)._lose("Left in a taxi")
        again = self._loan(self.user_sales, archive)
        with self.assertRaisesRegex(UserError, "lost"):
            again.action_request()

    def test_what_cannot_be_approved_can_be_refused(self):
        archive = self._registered()
        first, second = (self._loan(self.user_sales, archive) for _ in range(2))
        first.action_request()
        second.action_request()
        first.with_user(self.user_manager).action_approve()
        first.with_user(self.user_archivist).action_issue()
        late = second.with_user(self.user_manager)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            late.action_approve()
        late.action_reject()
        self.assertEqual(late.state, "rejected")
