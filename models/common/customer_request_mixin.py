from odoo import api, fields, models
from odoo.exceptions import AccessError

from .facts import without


class CustomerRequestMixin(models.AbstractModel):
    """Something one person asks for and another one approves.

    The model's `_transitions` have submit, approve (with `_guard_approve`), reject and cancel; the
    state `submitted` waits for the approval. Who asked and who approved comes from the buttons:
    nobody can write it, so nobody approves an own request under another name.
    """

    _name = "customer.request.mixin"
    _inherit = ["customer.approval.mixin", "customer.transition.mixin"]
    _description = "Request that somebody else approves"

    _state_from = ["submitted"]
    _state_to = ["approved"]
    _rejection_transition = "reject"
    # Written by the buttons only; a model adds its own.
    _request_facts = ("requested_by_id", "approved_by_id", "approved_on")

    requested_by_id = fields.Many2one(
        "res.users", "Requested By", readonly=True, copy=False, default=lambda self: self.env.user
    )
    approved_by_id = fields.Many2one("res.users", "Approved By", readonly=True, copy=False)
    approved_on = fields.Datetime("Approved On", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Who asks is the caller."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, self._request_facts)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to write what the buttons record."""
        if not self.env.su and not vals.keys().isdisjoint(self._request_facts):
            raise AccessError(self.env._("Who asked and who approved is recorded by the buttons."))
        return super().write(vals)

    def _guard_submit(self):
        """Return why it cannot be asked for; models add their reasons."""
        return []

    def _guard_approve(self):
        """Nobody approves an own request."""
        if self.requested_by_id == self.env.user and not self.env.su:
            return [self.env._("Somebody else has to approve your request.")]
        return self._guard_submit()

    def action_submit(self):
        """Ask for the approval."""
        self._transition("submit")
        self._request_approval()
        return True

    def action_approve(self):
        """Give the own approval; the last one approves the request."""
        self._give_approval()
        return True

    def action_reject(self):
        """Refuse the request."""
        for request in self:
            if request.review_ids:
                request.reject_tier()
            else:
                # who may approve may refuse, also what cannot be approved any more
                request._check_transition("approve", guarded=False)
                request._transition("reject")
        return True

    def action_cancel(self):
        """Withdraw the request."""
        return self._transition("cancel")

    def _after_transition(self, transition):
        """EXTENDS transition mixin: stamp the approval."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            # sudo: a stamp; the right to approve was checked by the transition
            self.sudo().write(
                {"approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()}
            )
        return result

    def _get_all_validation_exceptions(self):
        """EXTENDS base_tier_validation: what the approval itself writes."""
        return [*super()._get_all_validation_exceptions(), *self._request_facts]

    def _get_under_validation_exceptions(self):
        """EXTENDS base_tier_validation: what the approval itself writes."""
        return [*super()._get_under_validation_exceptions(), *self._request_facts]

    def _get_after_validation_exceptions(self):
        """EXTENDS base_tier_validation: what the approval itself writes."""
        return [*super()._get_after_validation_exceptions(), *self._request_facts]
