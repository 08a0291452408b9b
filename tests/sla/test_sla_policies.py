from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..complaint.sla_case import SlaCase


@tagged("post_install", "-at_install")
class TestSlaPolicies(SlaCase):
    """Policies are matched, previewed, versioned and frozen."""

    def policy(self, target, publish=True, milestone="answer", **vals):
        """Make a policy as the head of customer governance."""
        policy = (
            self.env["customer.sla.policy"]
            .with_user(self.user_manager)
            .create(
                {
                    "name": "Test",
                    "milestone_ids": [
                        (0, 0, {"milestone": milestone, "target": target, "unit": "working_days"})
                    ],
                    **vals,
                }
            )
        )
        if publish:
            policy.action_publish()
        return policy

    def answer_target(self, **vals):
        # a new customer: a repeat would go up one severity
        partner = self._new_customer("Somebody new")
        return self._clock(self._complaint(**{"partner_id": partner.id, **vals}), "answer").target

    def test_most_specific_wins(self):
        self.assertEqual(self.answer_target(), 3)
        self.policy(2, kind="complaint", severity="general", channel_id=self.email.id)
        self.assertEqual(self.answer_target(), 3)
        self.assertEqual(self.answer_target(channel_id=self.email.id), 2)

    def test_category_holds_for_what_is_below(self):
        self.policy(1, kind="complaint", severity="general", category_id=self.quality.parent_id.id)
        self.assertEqual(self.answer_target(category_id=self.quality.id), 1)
        self.assertEqual(self.answer_target(), 3)

    def test_tier_of_the_customer(self):
        tier = self.env.ref("customer_governance.tier_standard")
        self.policy(1, kind="complaint", severity="general", tier_id=tier.id)
        self.customer._set_customer_tier(tier, "test", "manual")
        self.assertEqual(self.answer_target(partner_id=self.customer.id), 1)
        self.assertEqual(self.answer_target(), 3)

    def test_published_policies_are_frozen(self):
        policy = self.policy(1)
        for change in (
            lambda: policy.write({"severity": "major"}),
            lambda: policy.milestone_ids.write({"target": 9}),
            lambda: policy.milestone_ids.unlink(),
            lambda: policy.write({"milestone_ids": [(0, 0, {"milestone": "close", "target": 1})]}),
            lambda: policy.write({"escalation_ids": [(0, 0, {"hours": 1, "recipient": "leader"})]}),
            policy.unlink,
        ):
            with self.assertRaises(UserError):
                change()

    def test_new_version_replaces_the_old_one_cases_keep_theirs(self):
        policy = self.policy(2, kind="complaint", severity="general", channel_id=self.email.id)
        old = self._complaint(channel_id=self.email.id)
        draft = self.env["customer.sla.policy"].browse(policy.action_new_version()["res_id"])
        self.assertEqual((draft.state, draft.version, draft.milestone_ids.target), ("draft", 2, 2))
        self.assertEqual(policy.action_new_version()["res_id"], draft.id, "one draft at a time")
        draft.with_user(self.user_manager).milestone_ids.target = 5
        draft.with_user(self.user_manager).action_publish()
        self.assertEqual(policy.state, "retired")
        self.assertEqual(self._clock(old, "answer").target, 2)
        self.assertEqual(self.answer_target(channel_id=self.email.id), 5)

    def test_only_the_head_publishes(self):
        policy = self.policy(1, publish=False)
        with self.assertRaises(AccessError):
            policy.with_user(self.user_service_supervisor).action_publish()
        empty = self.env["customer.sla.policy"].create({"name": "Empty"})
        with self.assertRaises(UserError):
            empty.action_publish()

    def test_preview_shows_what_is_caught(self):
        mail = self._complaint(channel_id=self.email.id)
        phone = self._complaint(channel_id=self.hotline.id)
        draft = self.policy(2, publish=False, channel_id=self.email.id)
        # general complaints already have a more specific answer policy
        self.assertNotIn(mail, self.env["customer.complaint"].search(draft._caught_domain()))
        draft.write({"kind": "complaint", "severity": "general"})
        found = self.env["customer.complaint"].search(draft._caught_domain())
        self.assertIn(mail, found)
        self.assertNotIn(phone, found)
        self.assertEqual(draft.case_count, len(found))
        self.assertEqual(
            self.env["customer.complaint"].search(draft.action_preview()["domain"]), found
        )

    def test_preview_agrees_with_the_clocks(self):
        cases = self._complaint(channel_id=self.email.id) | self._complaint(severity="major")
        cases |= self._complaint(kind="repair") | self._complaint(severity="complex")
        for policy in self.env["customer.sla.policy"].search([("state", "=", "published")]):
            promised = cases.filtered(
                lambda case, policy=policy: any(
                    promise.policy_id == policy.id for promise in case._sla_promises()[case.sudo()]
                )
            )
            caught = cases.search([("id", "in", cases.ids)]).filtered_domain(
                policy._caught_domain()
            )
            self.assertEqual(caught.sorted("id"), promised.sorted("id"), policy.name)

    def test_sentences(self):
        policy = self.policy(3, publish=False)
        self.assertEqual(
            policy.milestone_ids.sentence,
            "Answer: within 3 working days of receipt, events after 16:30 count from the next day.",
        )
        policy.milestone_ids.write(
            {"unit": "calendar_days", "target": 0, "has_cutoff": False, "due": "closing"}
        )
        self.assertEqual(
            policy.milestone_ids.sentence,
            "Answer: on the same day as receipt, if it falls on a day off, the deadline moves to "
            "the next working day, by the end of the working day.",
        )
        policy.milestone_ids.write(
            {"unit": "elapsed_hours", "target": 1, "shift": False, "start": "dispatched"}
        )
        self.assertEqual(policy.milestone_ids.sentence, "Answer: within an hour of the dispatch.")
        self.assertEqual(policy.conditions, "Every case")

    def test_borders_of_a_milestone(self):
        policy = self.policy(3, publish=False)
        line = policy.milestone_ids
        with self.assertRaises(ValidationError):
            line.target = 1.5
        with self.assertRaises(ValidationError):
            line.start = "answered"
        line.write({"unit": "working_hours", "target": 1.5})

    def test_form_proposes_the_settings_of_the_company(self):
        self.company.write({"sla_cutoff": 15.0, "sla_warn_percent": 60})
        form = Form(self.env["customer.sla.policy"].with_user(self.user_manager))
        form.name = "Form"
        with form.milestone_ids.new() as line:
            self.assertEqual((line.cutoff, line.warn_percent), (15.0, 60))
        form.save()
