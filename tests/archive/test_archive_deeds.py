from datetime import date

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveDeeds(CustodyCase):
    """Deeds: three parties hand over, two people open the safe, only custodians see them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._registered("loan", partner_id=cls.customer.id)
        cls.archive.class_id.reader_group_ids |= cls.env.ref(
            "customer_governance.group_sales"
        ) | cls.env.ref("customer_governance.group_service")

    # --- handover -----------------------------------------------------------------------------

    def test_custodians_choose_no_dossiers(self):
        """Handovers start at the dossier; on slips of custodians are deeds."""
        for model, user, offered in (
            ("customer.archive.deed.handover", self.user_deed, False),
            ("customer.archive.deed.handover", self.user_sales, True),
            ("customer.archive.loan", self.user_deed, True),
        ):
            views = self.env[model].with_user(user).get_views([(False, "list"), (False, "form")])
            for view in views["views"].values():
                root = etree.fromstring(view["arch"])
                self.assertEqual(root.get("create", "1") in ("1", "True"), offered, (model, user))
        loans = self.env["customer.archive.loan"]
        self.assertEqual(loans.with_user(self.user_deed).default_get(["kind"])["kind"], "deeds")
        self.assertEqual(loans.with_user(self.user_sales).default_get(["kind"])["kind"], "papers")

    def test_three_parties_agree(self):
        handover = self._handover(self.archive, quantity=2)
        self.assertTrue(handover.name.startswith("DH"))
        handover.line_ids.write({"receiver_agrees": True, "receiver_quantity": 2})
        handover.action_receive()
        deed = handover.line_ids.deed_id
        self.assertEqual(
            (deed.name, deed.deed_number, deed.quantity, deed.state, deed.number),
            ("Land use certificate", "LU 2026/7", 2, "pending", f"{self.archive.name}-D01"),
        )
        self.assertEqual(
            (handover.giver_id, handover.checker_id, handover.receiver_id),
            (self.user_sales, self.user_service, self.user_deed),
        )
        self.assertEqual(self._received_deed(self.archive).number, f"{self.archive.name}-D02")

    def test_a_difference_needs_a_word_and_is_not_received(self):
        handover = self._handover(self.archive, quantity=2)
        handover.line_ids.write({"receiver_agrees": True, "receiver_quantity": 1})
        with self.assertRaises(TransitionRefused):
            handover.action_receive()
        handover.line_ids.remark = "One original is still at the notary"
        handover.action_receive()
        self.assertEqual(handover.state, "received")
        self.assertFalse(handover.line_ids.deed_id)
        self.assertEqual(handover.difference_count, 1)

    def test_each_party_is_another_person_with_an_own_login(self):
        handover = self._handover(self.archive)
        with self.assertRaises(AccessError):
            handover.with_user(self.user_sales).line_ids.write({"receiver_quantity": 1})
        with self.assertRaises(AccessError):
            handover.with_user(self.user_service).action_receive()
        with self.assertRaises(AccessError):
            handover.receiver_id = self.user_deed
        with self.assertRaises(AccessError):
            self.env["customer.archive.deed.handover"].with_user(self.user_sales).create(
                {
                    "archive_id": self.archive.id,
                    "giver_id": self.user_service.id,
                    "checker_id": self.user_sales.id,
                }
            )
        draft = (
            self.env["customer.archive.deed.handover"]
            .with_user(self.user_sales)
            .create(
                {
                    "archive_id": self.archive.id,
                    "checker_id": self.user_service.id,
                    "line_ids": [(0, 0, {"name": "Deed"})],
                }
            )
        )
        with self.assertRaises(TransitionRefused):
            draft.with_user(self.user_service).action_give()
        draft.action_give()
        with self.assertRaises(TransitionRefused):
            draft.action_check()
        with self.assertRaises(UserError):
            draft.line_ids.name = "Another deed"

    def test_custodian_among_the_first_two_does_not_receive(self):
        self.user_service.group_ids |= self.env.ref("customer_governance.group_deed")
        handover = self._handover(self.archive)
        with self.assertRaises(UserError):
            handover.with_user(self.user_service).action_receive()

    def test_sent_back_counts_are_void(self):
        handover = self._handover(self.archive)
        handover.action_send_back()
        self.assertEqual(handover.state, "draft")
        self.assertFalse(handover.line_ids.checker_agrees)
        self.assertFalse(handover.line_ids.checker_quantity)

    # --- safe ---------------------------------------------------------------------------------

    def test_safe_needs_two_different_people(self):
        deed = self._received_deed(self.archive)
        move = self._move(deed, "in", "keep", confirm=False)
        self.assertEqual((deed.state, deed.open_move_id), ("pending", move))
        with self.assertRaises(TransitionRefused) as caught:
            move.action_confirm(1)
        self.assertIn("two different people", str(caught.exception))
        self.assertEqual(deed.state, "pending")
        move.with_user(self.second_custodian).action_confirm(1)
        self.assertEqual((deed.state, deed.location_id), ("in_safe", self.safe))
        self.assertEqual(
            (move.custodian_id, move.witness_id), (self.user_deed, self.second_custodian)
        )

    def test_nobody_types_the_name_of_the_other(self):
        deed = self._received_deed(self.archive)
        move = self._move(
            deed,
            "in",
            "keep",
            confirm=False,
            witness_id=self.second_custodian.id,
            custodian_id=self.second_custodian.id,
        )
        self.assertEqual((move.custodian_id, move.witness_id.id), (self.user_deed, False))
        # nor in the defaults of the context
        deed_2 = self._received_deed(self.archive)
        forged = (
            self.env["customer.archive.deed.move"]
            .with_user(self.user_deed)
            .with_context(default_custodian_id=self.second_custodian.id)
            .create({"deed_id": deed_2.id, "direction": "in", "location_id": self.safe.id})
        )
        self.assertEqual(forged.custodian_id, self.user_deed)
        for vals in ({"witness_id": self.second_custodian.id}, {"state": "done"}):
            with self.assertRaises(UserError):
                move.write(vals)
        for vals in ({"location_id": self.safe.id}, {"handover_id": False}):
            with self.assertRaises(AccessError):
                deed.write(vals)
        with self.assertRaises(TransitionRefused):
            deed.write({"state": "in_safe"})

    def test_a_person_asked_as_witness_sees_the_entry_only(self):
        deed = self._received_deed(self.archive)
        move = self._move(deed, "in", "keep", confirm=False, asked_id=self.plain_user.id)
        with self.assertRaises(TransitionRefused):
            move.with_user(self.second_custodian).action_confirm(1)
        asked = move.with_user(self.plain_user)
        self.assertEqual(asked.deed_name, deed.display_name)
        with self.assertRaises(AccessError):
            deed.with_user(self.plain_user).read(["name"])
        self.assertTrue(move.activity_ids.filtered(lambda a: a.user_id == self.plain_user))
        asked.action_confirm(1)
        self.assertEqual((deed.state, move.witness_id), ("in_safe", self.plain_user))
        with self.assertRaises(AccessError):
            self._move(self._received_deed(self.archive), "in", "keep", confirm=False).with_user(
                self.plain_user
            ).action_confirm(1)

    def test_without_handover_not_into_the_safe(self):
        deed = (
            self.env["customer.archive.deed"]
            .with_user(self.user_deed)
            .create({"archive_id": self.archive.id, "name": "Letter of guarantee"})
        )
        with self.assertRaises(UserError):
            self._move(deed, "in", "keep", confirm=False)

    def test_wrong_count_does_not_move(self):
        deed = self._received_deed(self.archive, quantity=2)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._move(deed, "in", "keep", quantity=1, confirm=False)
        move = self._move(deed, "in", "keep", confirm=False)
        witness = move.with_user(self.second_custodian)
        for count in (0, 1, 3):
            with self.assertRaises(UserError) as error, self.env.cr.savepoint():
                witness.action_confirm(count)
            # the second count is blind: the refusal does not tell the first one
            self.assertNotIn("2", str(error.exception))
        with self.assertRaises(AccessError):
            move.witness_quantity = 2
        witness.action_confirm(2)
        self.assertEqual((deed.state, move.witness_quantity), ("in_safe", 2))

    def test_nothing_is_given_to_the_customer_into_the_safe(self):
        deed = self._received_deed(self.archive)
        with self.assertRaisesRegex(UserError, "from the safe"):
            self._move(deed, "in", "customer", received_by="Mrs. Lee")

    def test_only_safes(self):
        deed = self._received_deed(self.archive)
        with self.assertRaises(ValidationError):
            self._move(deed, "in", "keep", location_id=self.shelf.id)

    def test_a_full_safe(self):
        self.safe.write({"has_capacity": True, "capacity": 1})
        self._safe_deed(self.archive)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._safe_deed(self.archive)

    def test_checked_facts_stay(self):
        deed = self._safe_deed(self.archive)
        with self.assertRaises(UserError):
            deed.quantity = 3
        with self.assertRaises(UserError):
            deed.unlink()

    # --- rights -------------------------------------------------------------------------------

    def test_only_custodians_handle_deeds(self):
        deed = self._safe_deed(self.archive)
        for user in (
            self.user_archivist,
            self.user_manager,
            self.user_sales,
            self.user_service,
            self.user_credit,
            self.plain_user,
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                deed.with_user(user).read(["name"])
            # the head finds those of the access requests only: none
            if user == self.user_manager:
                self.assertFalse(deed.with_user(user).search([]))
                continue
            with self.subTest(user.login), self.assertRaises(AccessError):
                deed.with_user(user).search_read([], ["name"])
        self.assertEqual(deed.with_user(self.user_auditor).name, "Land use certificate")
        for change in (
            lambda one: one.write({"note": "x"}),
            lambda one: one.action_miss(),
            lambda one: one.action_store(),
        ):
            with self.assertRaises(AccessError):
                change(deed.with_user(self.user_auditor))
        with self.assertRaises(AccessError):
            self.archive.with_user(self.user_archivist).deed_ids  # noqa: B018

    def test_another_company(self):
        abroad = self._registered(
            "loan", partner_id=self._new_customer("Abroad").id, company_id=self.other_company.id
        )
        deed = self.env["customer.archive.deed"].create(
            {"archive_id": abroad.id, "name": "Deed abroad"}
        )
        self.assertEqual(deed.company_id, self.other_company)
        with self.assertRaises(AccessError):
            deed.with_user(self.user_deed).read(["name"])

    # --- value --------------------------------------------------------------------------------

    def test_secured_amount(self):
        deed = self._safe_deed(self.archive)
        deed.write({"valuation": 1000, "rate": 70})
        self.assertEqual(deed.secured_amount, 700)
        partners = self.customer.with_company(self.company)
        self.assertEqual(partners._credit_secured_amounts(partners), {self.customer.id: 700})
        self.assertEqual(partners.credit_secured_amount, 700)
        other = partners.with_company(self.other_company)
        self.assertEqual(other._credit_secured_amounts(other), {})

    def test_the_secured_amount_opens_its_deeds(self):
        counted = self._safe_deed(self.archive)
        counted.write({"valuation": 1000, "rate": 70})
        expired = self._safe_deed(self.archive)
        expired.write({"valuation": 1000, "date_until": self._day(-1)})
        partner = self.customer.with_user(self.user_auditor)
        action = partner.action_credit_secured()
        deeds = self.env[action["res_model"]].with_user(self.user_auditor).search(action["domain"])
        self.assertEqual(deeds, counted)
        self.assertEqual(sum(deeds.mapped("secured_company_amount")), partner.credit_secured_amount)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.user_sales).action_credit_secured()

    def test_what_secures_and_what_does_not(self):
        deed = self._received_deed(self.archive, valuation=1000, rate=50)
        partners = self.customer.with_company(self.company)

        def secured():
            return partners._credit_secured_amounts(partners).get(self.customer.id, 0)

        self.assertEqual(secured(), 0, "not in the safe yet")
        self._move(deed, "in", "keep")
        self.assertEqual(secured(), 500)
        deed.date_until = self.today
        self.assertEqual(secured(), 500, "the last day counts")
        deed.date_until = self._day(-1)
        self.assertEqual(secured(), 0, "expired")
        deed.date_until = False
        deed.action_miss()
        self.assertEqual(secured(), 0, "missing")

    def test_foreign_currency_at_the_day_of_the_valuation(self):
        euro = self.env.ref("base.EUR")
        self.env["res.currency.rate"].create(
            [
                {
                    "name": name,
                    "rate": rate,
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                }
                for name, rate in (("2026-01-01", 0.5), ("2026-06-01", 0.8))
            ]
        )
        deed = self._safe_deed(self.archive)
        deed.write(
            {
                "valuation": 1000,
                "rate": 50,
                "currency_id": euro.id,
                "valuation_date": date(2026, 3, 1),
            }
        )
        self.assertEqual((deed.secured_amount, deed.secured_company_amount), (500, 1000))
