from freezegun import freeze_time

from odoo.tests import tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10 09:00:00")
class TestComplaintRepeatCases(ComplaintCase):
    def test_the_same_category_goes_up_one_severity(self):
        first = self._complaint(received_at="2026-11-01 09:00:00")
        second = self._complaint(subject="Again late")
        self.assertEqual((second.repeat_of_id, second.severity), (first, "complex"))
        third = self._complaint(subject="And again")
        self.assertEqual((third.repeat_of_id, third.severity), (first, "major"))
        self.assertEqual((first.severity, first.repeat_count), ("general", 2))

    def test_the_order_of_entry_makes_no_difference(self):
        """By time of receipt: the first case is the one that came first, whenever it was entered."""
        third = self._complaint(received_at="2026-11-05 09:00:00")
        second = self._complaint(received_at="2026-11-03 09:00:00")
        first = self._complaint(received_at="2026-11-01 09:00:00")
        cases = first | second | third
        self.assertEqual(cases.mapped("repeat_of_id"), first)
        self.assertFalse(first.repeat_of_id)
        self.assertEqual(first.repeat_count, 2)
        self.assertEqual(cases.mapped("severity"), ["general", "complex", "major"])

    def test_entered_together_in_any_order(self):
        vals = {
            "subject": "Overdue",
            "partner_id": self.customer.id,
            "category_id": self.delivery.id,
            "team_id": self.team.id,
        }
        third, first, second = self.env["customer.complaint"].create(
            [{**vals, "received_at": f"2026-11-0{day} 09:00:00"} for day in (5, 1, 3)]
        )
        self.assertEqual(
            (first.severity, second.severity, third.severity), ("general", "complex", "major")
        )
        self.assertEqual((second | third).repeat_of_id, first)

    def test_how_alike_subjects_are_is_a_setting(self):
        self._complaint(received_at="2026-11-01 09:00:00", subject="Parcel came late again")
        other = {"subject": "Parcel came late", "category_id": self.quality.id}
        self.company.complaint_similarity = 60
        found = self._complaint(**other, channel_id=self.email.id)
        self.assertTrue(found.repeat_of_id)
        self.company.complaint_similarity = 99
        other["partner_id"] = self.foreign_customer.id
        self._complaint(
            received_at="2026-11-01 09:00:00",
            subject="Parcel came late again",
            partner_id=self.foreign_customer.id,
        )
        self.assertFalse(self._complaint(**other, channel_id=self.email.id).repeat_of_id)

    def test_a_graver_case_stays_as_grave(self):
        self._complaint(received_at="2026-11-01 09:00:00")
        again = self._complaint(severity="complex")
        self.assertEqual(again.severity, "complex", "one above the earlier case, not above itself")

    def test_days_at_the_border(self):
        self.company.complaint_repeat_days = 30
        first = self._complaint(received_at="2026-10-11 09:00:00")
        self.assertEqual(self._complaint().repeat_of_id, first)
        self._complaint(received_at="2026-10-11 08:59:59", partner_id=self.foreign_customer.id)
        self.assertFalse(self._complaint(partner_id=self.foreign_customer.id).repeat_of_id)

    def test_another_customer_category_or_kind_is_no_repeat(self):
        self._complaint(received_at="2026-11-01 09:00:00")
        self.assertFalse(self._complaint(partner_id=self.foreign_customer.id).repeat_of_id)
        self.assertFalse(self._complaint(category_id=self.quality.id).repeat_of_id)
        self.assertFalse(self._complaint(kind="repair").repeat_of_id)

    def test_contacts_of_one_customer_complain_about_one_matter(self):
        ann, ben = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.customer.id} for name in ("Ann", "Ben")]
        )
        first = self._complaint(partner_id=ann.id, received_at="2026-11-01 09:00:00")
        self.assertEqual(self._complaint(partner_id=ben.id).repeat_of_id, first)

    def test_counts_of_open_cases_and_repeats(self):
        """All cases of the customer that are not over; repeats also when they are over."""
        first = self._complaint()
        again, other = self._complaint(), self._complaint(category_id=self.quality.id)
        foreign = self._complaint(partner_id=self.foreign_customer.id)
        again.cancel_reason = "A test call"
        again.action_cancel()
        cases = first | again | other | foreign
        cases.invalidate_recordset()
        before = self.env.cr.sql_log_count
        self.assertEqual(cases.mapped("open_case_count"), [2, 2, 2, 1])
        self.assertEqual(cases.mapped("repeat_count"), [1, 0, 0, 0])
        self.assertLess(self.env.cr.sql_log_count - before, 6)

    def test_another_product_is_another_matter(self):
        pump, valve = self.env["product.product"].create([{"name": "Pump"}, {"name": "Valve"}])

        def case(product, **vals):
            return self._complaint(
                category_id=self.quality.id, line_ids=[(0, 0, {"product_id": product.id})], **vals
            )

        first = case(pump, received_at="2026-11-01 09:00:00")
        self.assertFalse(case(valve).repeat_of_id)
        self.assertEqual(case(pump).repeat_of_id, first)

    def test_the_same_matter_by_another_channel(self):
        first = self._complaint(subject="Pump leaks oil", received_at="2026-11-01 09:00:00")
        same = self._complaint(
            subject="RE: pump leaks oil!", channel_id=self.email.id, category_id=self.quality.id
        )
        self.assertEqual(same.repeat_of_id, first)

    def test_cancelled_cases_do_not_count(self):
        first = self._complaint(received_at="2026-11-01 09:00:00", cancel_reason="no")
        first.action_cancel()
        self.assertFalse(self._complaint().repeat_of_id)

    def test_other_companies_do_not_count(self):
        self.env["customer.complaint"].create(
            {
                "subject": "x",
                "partner_id": self.customer.id,
                "category_id": self.delivery.id,
                "company_id": self.other_company.id,
                "team_id": False,
                "received_at": "2026-11-01 09:00:00",
            }
        )
        self.assertFalse(self._complaint().repeat_of_id)

    def test_the_agent_sees_earlier_cases_before_saving_also_of_other_teams(self):
        other = self.env["customer.complaint.team"].create({"name": "Misplaced"})
        first = self._complaint(
            user=self.user_service_supervisor,
            team_id=other.id,
            received_at="2026-11-01 09:00:00",
        )
        self.assertFalse(first.with_user(self.caller).has_access("read"))
        new = (
            self.env["customer.complaint"]
            .with_user(self.caller)
            .new({"partner_id": self.customer.id, "category_id": self.delivery.id})
        )
        self.assertEqual(new.earlier_count, 1)
        self.assertIn(first.name, new.earlier_cases)

    def test_a_category_given_later_is_looked_at_again(self):
        first = self._complaint(received_at="2026-11-01 09:00:00")
        later = self._complaint(category_id=False, subject="Something")
        self.assertFalse(later.repeat_of_id)
        later.category_id = self.delivery
        self.assertEqual((later.repeat_of_id, later.severity), (first, "complex"))

    def test_cases_registered_together_repeat_each_other(self):
        vals = {
            "subject": "x",
            "partner_id": self.customer.id,
            "category_id": self.delivery.id,
            "team_id": self.team.id,
        }
        first, second = self.env["customer.complaint"].create([vals, vals])
        self.assertFalse(first.repeat_of_id)
        self.assertEqual(second.repeat_of_id, first)
