"""What people are offered first: providers to dispatch to, cases that wait for a decision."""

from odoo.tests import Form, tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
class TestProviderChoice(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.provider = partners.create({"name": "Fixit", "is_company": True})
        cls.fitter = partners.create({"name": "Fixit fitter", "parent_id": cls.provider.id})
        cls.new = partners.create({"name": "Fixit New", "is_company": True})
        cls._dispatch(cls._complaint(), team_id=False, provider_id=cls.fitter.id)

    def _offered(self, partners):
        found = partners.search([("is_service_provider", "=", True), ("name", "like", "Fixit")])
        return set(found.mapped("name"))

    def test_those_who_worked_for_us_and_their_people(self):
        mine = self.env["res.partner"].with_user(self.user_service)
        self.assertEqual(self._offered(mine), {"Fixit", "Fixit fitter"})
        self.assertTrue(self.provider.is_service_provider)
        self.assertFalse(self.new.is_service_provider)
        others = self.env["res.partner"].search([("is_service_provider", "=", False)])
        self.assertIn(self.new, others)
        self.assertNotIn(self.provider, others)

    def test_not_those_of_another_company(self):
        there = self.env["res.partner"].with_context(allowed_company_ids=self.other_company.ids)
        self.assertFalse(self._offered(there))

    def test_the_dialog_asks_for_providers_unless_one_wants_another(self):
        case = self._complaint()
        view = "customer_governance.customer_complaint_dispatch_view_form_new"
        arch = self.env["customer.complaint.dispatch"].get_view(self.env.ref(view).id)["arch"]
        self.assertIn("[] if any_contact else [('is_service_provider', '=', True)]", arch)
        orders = self.env["customer.complaint.dispatch"].with_user(self.user_service)
        with Form(orders.with_context(default_complaint_id=case.id), view) as form:
            form.any_contact = True
            form.provider_id = self.new
        self.assertEqual(form.record.provider_id, self.new)
        self.assertTrue(self.new.is_service_provider)


@tagged("post_install", "-at_install")
class TestDecisions(ComplaintCase):
    """The head of service sees first what waits for a decision."""

    def _waiting(self):
        cases = self.env["customer.complaint"].with_user(self.user_service_supervisor)
        return cases.search([("needs_decision", "=", True), ("team_id", "=", self.team.id)])

    def test_to_be_signed_off(self):
        self.company.complaint_signoff = "all"
        case = self._answered()
        self.assertFalse(self._waiting())
        self._call_back(case, "satisfied")
        self.assertEqual(self._waiting(), case)
        self.assertTrue(case.needs_decision)
        case.with_user(self.user_service_supervisor).action_sign_off()
        self.assertFalse(self._waiting())

    def test_the_setting_decides(self):
        self.company.complaint_signoff = "major"
        case = self._answered()
        self._call_back(case, "satisfied")
        self.assertFalse(self._waiting())
        again = self._answered()
        self._call_back(again, "not_solved")
        again.answer = "<p>Again</p>"
        again.action_answer()
        self._call_back(again, "satisfied")
        self.assertEqual(self._waiting(), again)

    def test_returned_too_often(self):
        self.company.complaint_max_returns = 1
        case = self._complaint()
        self._dispatch(case).with_user(self.user_quality).action_return("Not ours")
        self.assertEqual(self._waiting(), case)

    def test_requests(self):
        case, other = self._complaint(), self._complaint()
        clock = case.sudo().clock_ids.filtered(lambda c: c.milestone == "answer")
        extension = self.env["customer.sla.extension"].with_user(self.user_service)
        extension = extension.create(
            {"complaint_id": case.id, "clock_id": clock.id, "amount": 2, "reason": "Laboratory"}
        )
        self.assertFalse(self._waiting())
        extension.action_submit()
        self.assertEqual(self._waiting(), case)
        rest = self.env["customer.complaint"].search([("needs_decision", "=", False)])
        self.assertIn(other, rest)
        self.assertNotIn(case, rest)

    def test_the_board_and_the_first_screen(self):
        self.company.complaint_max_returns = 1
        case = self._complaint()
        self._dispatch(case).with_user(self.user_quality).action_return("Not ours")
        head = self.user_service_supervisor
        team = self.team.with_user(head)
        self.assertEqual(team.decision_count, 1)
        home = head.with_user(head)._customer_home_action()
        self.assertEqual(home["domain"], "[('needs_decision', '=', True)]")
