from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import GovernanceCase
from .factories import FACTORIES


@tagged("post_install", "-at_install")
class TestRequests(GovernanceCase):
    """Whatever one person asks for and another approves: limits, releases, money, more time ..."""

    def _requests(self):
        """Yield a record of each model of requests."""
        mixin = self.env.registry["customer.request.mixin"]
        for name in sorted(self.env.registry):
            model = self.env[name]
            if isinstance(model, mixin) and not model._abstract:
                yield FACTORIES[name](self.env, self.customer, self.company)

    def test_all_kinds_are_known(self):
        self.assertEqual(
            [record._name for record in self._requests()],
            [
                "customer.archive.access.request",
                "customer.archive.disposal",
                "customer.archive.extension",
                "customer.archive.loan",
                "customer.archive.loan.extension",
                "customer.compensation",
                "customer.complaint.force.close",
                "customer.credit.limit",
                "customer.credit.proposal",
                "customer.credit.release",
                "customer.sla.extension",
            ],
        )

    def test_nobody_approves_an_own_request(self):
        for record in self._requests():
            record.requested_by_id = self.user_manager
            own = record.with_user(self.user_manager)._guard_approve()
            self.assertIn("Your request must be approved by another user.", own, record._name)
            record.requested_by_id = self.user_sales
            other = record.with_user(self.user_manager)._guard_approve()
            self.assertNotIn("Your request must be approved by another user.", other, record._name)

    def test_who_asked_and_approved_is_not_written_by_hand(self):
        for record in self._requests():
            for name in record._request_facts:
                with self.subTest(record._name, field=name), self.assertRaises(AccessError):
                    record.with_user(self.user_manager).write({name: False})

    def test_who_asked_is_not_forged_by_a_default(self):
        """A caller over RPC sets the context as easily as values."""
        complaint = FACTORIES["customer.complaint"](self.env, self.customer, self.company)
        forged = {
            "default_requested_by_id": self.user_service.id,
            "default_approved_on": "2026-01-01",
        }
        request = (
            self.env["customer.complaint.force.close"]
            .with_user(self.user_service_supervisor)
            .with_context(**forged)
            .create({"complaint_id": complaint.id, "reason": "Nobody answers"})
        )
        self.assertEqual(request.requested_by_id, self.user_service_supervisor)
        self.assertFalse(request.approved_on)
