from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.common.marks import SENTINEL
from ..common import GovernanceCase
from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandover(HandoverCase):
    """From the draft to the hand-over: counted, accepted, executed, on the record."""

    def test_number_and_draft(self):
        handover = self._handover()
        self.assertRegex(handover.name, r"^HO\d{4}-\d{4}$")
        self.assertEqual(handover.state, "draft")

    def test_counts_before_by_kind(self):
        handover = self._handover()
        handover.action_count()
        counts = {kind.key: kind.count_before for kind in handover.kind_ids}
        self.assertEqual(counts, {"customer": 1, "contact": 1, "visit": 1, "lead": 1})
        self.assertEqual(handover.item_ids.receiver_id, self.first)
        self.assertEqual(handover.item_ids.partner_id, self.mine)

    def test_counting_twice_lists_once(self):
        handover = self._handover()
        handover.action_count()
        handover.action_count()
        self.assertEqual(handover.item_count, 4)
        self.assertEqual(len(handover.kind_ids), 4)

    def test_proposed_to_the_receiver(self):
        handover = self._handover()
        handover.action_propose()
        self.assertEqual(handover.state, "proposed")
        self.assertIn(self.first, handover.sudo().activity_ids.user_id)
        self.assertTrue(handover.with_user(self.first).can_answer)
        self.assertFalse(handover.can_answer)

    def test_executed_for_good(self):
        handover = self._executed()
        self.assertEqual(handover.state, "executed")
        for record in (self.mine, self.contact, self.visit, self.lead):
            self.assertEqual(record.user_id, self.first, record)
        self.assertEqual(self._states(handover), {"moved": 4})
        kind = handover.kind_ids.filtered(lambda one: one.key == "customer")
        self.assertEqual((kind.count_before, kind.moved_count, kind.count_after), (1, 1, 0))
        self.assertEqual(handover.executed_by_id, self.user_manager)
        self.assertFalse(handover.sudo().activity_ids)

    def test_one_summary_and_no_mail_for_each_record(self):
        handover = self._accepted()
        last = self.env["mail.message"].search([], order="id DESC", limit=1).id
        handover.with_context(tracking_disable=False).action_execute()
        new = self.env["mail.message"].search([("id", ">", last)])
        self.assertEqual(set(new.mapped("model")), {"customer.handover"})
        summary = new.filtered(lambda message: "Customers 1" in (message.body or ""))
        self.assertEqual(len(summary), 1)

    def test_a_new_salesperson_shows_where_it_follows(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.mine.id, "user_id": self.giver.id}
        )
        product = self.env["product.product"].create({"name": "Gas", "type": "service"})
        order.order_line = [Command.create({"product_id": product.id})]
        self.env.flush_all()
        self._executed()
        self.assertEqual(order.user_id, self.first)
        self.assertEqual(order.order_line.salesman_id, self.first)

    def test_team_of_the_receiver_for_good_only(self):
        team = self.env["crm.team"].create(
            {"name": "South", "member_ids": [Command.link(self.first.id)]}
        )
        before = self.lead.team_id
        self._temporary()
        self.assertEqual(self.lead.team_id, before)
        self.lead.user_id = self.giver
        self.lead.flush_recordset()
        self.mine.user_id = self.giver
        self._executed()
        self.assertEqual(self.lead.team_id, team)

    def test_what_is_over_stays(self):
        lost = self.lead.copy({"user_id": self.giver.id})
        lost.action_set_lost()
        done = self.visit.copy({"user_id": self.giver.id})
        done.action_cancel()
        self._executed()
        self.assertEqual(lost.user_id, self.giver)
        self.assertEqual(done.user_id, self.giver)

    def test_handler_of_a_case_is_remembered(self):
        case = self.env["customer.complaint"].create(
            {"subject": "Leak", "partner_id": self.mine.id, "user_id": self.giver.id}
        )
        self._executed()
        self.assertEqual(case.user_id, self.first)
        self.assertIn(self.giver, case.handler_ids)

    def test_meetings_change_their_organizer_and_attendee(self):
        meeting = self.env["calendar.event"].create(
            {
                "name": "Plan",
                "start": "2090-01-01 10:00:00",
                "stop": "2090-01-01 11:00:00",
                "user_id": self.giver.id,
                "partner_ids": [Command.set((self.giver.partner_id | self.mine).ids)],
            }
        )
        self._executed()
        self.assertEqual(meeting.user_id, self.first)
        self.assertEqual(meeting.partner_ids, self.first.partner_id | self.mine)

    def test_followers_follow(self):
        self.lead.message_subscribe(self.giver.partner_id.ids)
        self._executed()
        self.assertIn(self.first.partner_id, self.lead.message_partner_ids)

    def test_chosen_customers_only(self):
        other = self._new_customer("Stays", user_id=self.giver.id)
        team = self.env["crm.team"].create({"name": "North", "user_id": self.giver.id})
        handover = self._executed(scope="chosen", partner_ids=[Command.set(self.mine.ids)])
        self.assertEqual(self.mine.user_id, self.first)
        self.assertEqual(self.lead.user_id, self.first)
        self.assertEqual(other.user_id, self.giver)
        self.assertEqual(team.user_id, self.giver, "what is about no customer stays")
        self.assertEqual(handover.moved_count, 4)

    def test_several_receivers(self):
        chosen = self._new_customer("Chosen", user_id=self.giver.id)
        self._executed(
            self.first, {"user_id": self.second.id, "partner_ids": [Command.set(chosen.ids)]}
        )
        self.assertEqual(chosen.user_id, self.second)
        self.assertEqual(self.mine.user_id, self.first)
        self.assertEqual(self.lead.user_id, self.first, "a customer stays whole")

    def test_a_kind_that_stays(self):
        handover = self._handover()
        handover.action_count()
        handover.kind_ids.filtered(lambda one: one.key == "lead").included = False
        handover.action_propose()
        handover.with_user(self.first).action_accept()
        handover.action_execute()
        self.assertEqual(self.lead.user_id, self.giver)
        kind = handover.kind_ids.filtered(lambda one: one.key == "lead")
        self.assertEqual((kind.left_count, kind.count_after), (1, 1))

    def test_what_came_in_since_goes_along(self):
        handover = self._accepted()
        late = self.visit.copy({"user_id": self.giver.id})
        stranger = self.env["customer.visit"].create(
            {"partner_id": self.foreign_customer.id, "user_id": self.giver.id}
        )
        handover.action_execute()
        self.assertEqual(late.user_id, self.first)
        self.assertTrue(self._item(handover, late).later)
        self.assertEqual(stranger.user_id, self.giver, "nobody accepted this customer")
        self.assertEqual(self._item(handover, stranger).state, "left")

    def test_what_somebody_else_has_now_stays_there(self):
        handover = self._accepted()
        self.lead.user_id = self.second
        handover.action_execute()
        self.assertEqual(self.lead.user_id, self.second)
        self.assertEqual(self._item(handover, self.lead).state, "gone")

    def test_member_of_a_complaint_team(self):
        team = self.env["customer.complaint.team"].create(
            {"name": "Care", "member_ids": [Command.set(self.giver.ids)]}
        )
        self._executed()
        self.assertEqual(team.member_ids, self.first)

    def test_cancelled(self):
        handover = self._accepted()
        handover.action_cancel()
        self.assertEqual(handover.state, "cancelled")
        self.assertEqual(self.mine.user_id, self.giver)
        self.assertFalse(handover.sudo().activity_ids)


@tagged("post_install", "-at_install")
class TestHandoverDossiers(HandoverCase):
    """Roles of dossiers and papers on loan."""

    def _dossier(self, **vals):
        return self.env["customer.archive"].create(
            {
                "title": "Trade",
                "class_id": self.env.ref("customer_governance.archive_class_trade").id,
                "partner_id": self.mine.id,
                "role_a_id": self.giver.id,
                **vals,
            }
        )

    def test_role_a_without_the_signature_of_another(self):
        dossier = self._dossier(signature_a=b"iVBORw0KGgo=")
        self.assertTrue(dossier.signature_a_on)
        self._executed()
        self.assertEqual(dossier.role_a_id, self.first)
        self.assertFalse(dossier.signature_a)
        self.assertFalse(dossier.signature_a_on)

    def test_a_and_b_stay_two_people(self):
        dossier = self._dossier(role_b_id=self.first.id)
        handover = self._handover()
        handover.action_propose()
        item = self._item(handover, dossier)
        self.assertEqual(item.state, "refused")
        self.assertTrue(item.is_blocked)
        self.assertIn("two different people", item.reason)
        self.assertEqual(dossier.role_a_id, self.giver)

    def test_deeds_are_not_passed_on(self):
        loan = self.env["customer.archive.loan"].create(
            {"kind": "deeds", "borrower_id": self.giver.id, "purpose": "Read"}
        )
        loan.with_context(customer_transition=SENTINEL).state = "issued"
        handover = self._handover()
        handover.action_propose()
        self.assertIn("deed custodian", self._item(handover, loan).reason)

    def test_papers_on_loan(self):
        loan = self.env["customer.archive.loan"].create(
            {"borrower_id": self.giver.id, "purpose": "Read"}
        )
        loan.with_context(customer_transition=SENTINEL).state = "issued"
        self._executed()
        self.assertEqual(loan.borrower_id, self.first)
        self.assertTrue(loan.message_ids.filtered(lambda one: self.first.name in (one.body or "")))


@tagged("post_install", "-at_install")
class TestHandoverOff(GovernanceCase):
    """Where care is off nothing begins."""

    def test_refused_where_care_is_off(self):
        self.company.care_enabled = False
        with self.assertRaisesRegex(UserError, "Customer Care"):
            self.env["customer.handover"].create(
                {"giver_id": self.user_sales.id, "reason": "Leaves"}
            )
