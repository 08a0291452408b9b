from odoo.tests import HttpCase, tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install", "cg_tour")
class TestComplaintTours(ComplaintCase, HttpCase):
    """Hotline agent, quality investigator, supervisor, customer and provider in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.user_service, cls.user_service_supervisor, cls.user_quality):
            user.password = user.login
        cls.case = cls._complaint()

    def _portal_user(self, company):
        contact = self.env["res.partner"].create(
            {"name": "Portal person", "email": "p@x.example.com", "parent_id": company.id}
        )
        users = self.env["res.users"].with_context(no_reset_password=True)
        users.create(
            {
                "login": "cg_tour_portal",
                "password": "cg_tour_portal",
                "partner_id": contact.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )

    def test_hotline_agent(self):
        self.start_tour(
            "/odoo/action-customer_governance.customer_complaint_action_intake",
            "customer_governance_hotline_intake",
            login="cg_service",
        )
        made = self.env["customer.complaint"].search([("subject", "like", "Tour: parcel")])
        self.assertEqual((made.repeat_of_id, made.severity), (self.case, "complex"))
        self.assertTrue(made.acknowledged_at)

    def test_quality_investigator(self):
        dispatch = self._dispatch(self.case)
        self.start_tour(
            f"/odoo/complaint-dispatches/{dispatch.id}",
            "customer_governance_quality_dispatch",
            login="cg_quality",
        )
        self.assertEqual((dispatch.state, dispatch.cause), ("reported", "Old rubber"))

    def test_from_the_dispatch_to_the_close(self):
        """A day of service: dispatch, result of the lab, answer, call-back by a colleague, close."""
        self.caller.password = self.caller.login
        case = self._complaint(subject="Tour day", category_id=self.quality.id, user_id=False)
        action = "/odoo/action-customer_governance."
        page = f"/odoo/complaints/{case.id}"
        self.lab.sequence = 1
        self.env["customer.complaint.team"].search(
            [("takes_complaints", "=", False), ("id", "!=", self.lab.id)]
        ).active = False
        for url, tour, login in (
            (f"{action}customer_complaint_action_mine", "dispatch", "cg_service"),
            ("/odoo/complaint-dispatches", "result", "cg_quality"),
            (page, "answer", "cg_service"),
            (f"{action}customer_visit_action_callbacks", "callback", self.caller.login),
            (page, "close", "cg_service"),
        ):
            self.start_tour(url, f"customer_governance_day_{tour}", login=login)
        self.assertEqual((case.state, case.root_cause), ("closed", "Old rubber"))
        self.assertEqual(case.user_id, self.user_service)

    def test_supervisor(self):
        self._complaint(user_id=False)
        self.start_tour(
            "/odoo/complaint-board",
            "customer_governance_supervisor_board",
            login="cg_service_supervisor",
        )

    def test_customer(self):
        self._portal_user(self.customer)
        self.start_tour(
            "/my/complaints", "customer_governance_portal_customer", login="cg_tour_portal"
        )
        made = self.env["customer.complaint"].search([("subject", "like", "Tour: glass")])
        self.assertEqual(made.partner_id, self.customer)

    def test_provider(self):
        provider = self.env["res.partner"].create({"name": "Fixit", "is_company": True})
        self._portal_user(provider)
        dispatch = self._dispatch(self.case, team_id=False, provider_id=provider.id)
        self.start_tour(
            f"/my/dispatches/{dispatch.id}",
            "customer_governance_portal_provider",
            login="cg_tour_portal",
        )
        self.assertEqual(dispatch.state, "reported")
