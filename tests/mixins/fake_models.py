"""Models that exist during tests only."""

from odoo import fields, models

from ...engine.transitions import Transition, TransitionTable


class FakeCase(models.Model):
    """A document with a state machine, approval, number, once-only sending and background work."""

    _module = None  # belongs to no addon: no other registry loads it
    _name = "customer.fake.case"
    _inherit = [
        "customer.approval.mixin",
        "customer.transition.mixin",
        "customer.numbering.mixin",
        "customer.once.mixin",
        "customer.background.mixin",
        "mail.thread",
    ]
    _description = "Fake case"

    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "open", guard="_guard_submit"),
            Transition("approve", ("open",), "done"),
            Transition("send_back", ("open",), "draft"),
            Transition("cancel", ("draft", "open"), "cancelled", groups=("group_manager",)),
        ),
    )
    _state_from = ["open"]
    _state_to = ["done"]
    _rejection_transition = "send_back"
    _background_jobs = ("_job_count", "_job_fail")

    name = fields.Char()
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="draft",
        copy=False,
    )
    total = fields.Integer()

    def _guard_submit(self):
        """A case needs a name."""
        return [] if self.name else ["the name is missing"]

    def action_submit(self):
        """Submit for approval."""
        self._transition("submit")
        self._request_approval()

    def action_approve(self):
        """Give the caller's approval."""
        return self._give_approval()

    def action_cancel(self):
        """Cancel."""
        return self._transition("cancel")

    def _job_count(self):
        for step in range(1, 5):
            self.total += step
            yield step * 25, f"step {step}"

    def _job_fail(self):
        yield 50, "half"
        self._transition("approve")
