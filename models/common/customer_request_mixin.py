from odoo import api, fields, models
from odoo.exceptions import AccessError

from .facts import without

# Context of a dialog with the model's name: what it creates is asked for at once.
SEND_KEY = "customer_send_request"


class CustomerRequestMixin(models.AbstractModel):
    """Something one person asks for and another one approves.

    The model's `_transitions` have submit, approve (with `_guard_approve`), reject and cancel; the
    state `submitted` waits for the approval. Who asked and who approved comes from the buttons:
    nobody can write it, so nobody approves an own request under another name.
    """

    _name = "customer.request.mixin"
    _inherit = ["customer.approval.mixin", "customer.transition.mixin"]
    _description = "Request Approved by Another User"

    _state_from = ["submitted"]
    _state_to = ["approved"]
    _rejection_transition = "reject"
    # Written by the buttons only; a model adds its own.
    _request_facts = ("requested_by_id", "requested_on", "approved_by_id", "approved_on")
    # What people fill in while and after it is approved: base_tier_validation would make it read-only
    # in the view and refuse to write it. The model says until when (its view and `refuse_settled`).
    _filled_later = ()

    requested_by_id = fields.Many2one(
        "res.users", "Requested By", readonly=True, copy=False, default=lambda self: self.env.user
    )
    requested_on = fields.Datetime("Requested On", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", "Approved By", readonly=True, copy=False)
    approved_on = fields.Datetime("Approved On", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Who asks is the caller; a dialog "Send Request" leaves no draft behind."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, self._request_facts)
        requests = super().create(vals_list)
        if self.env.context.get(SEND_KEY) == self._name:
            requests.with_context(**{SEND_KEY: False}).action_submit()
        return requests

    @api.model
    def _ask_dialog(self, name, view, **defaults):
        """Return the action of a dialog whose only footer is Send Request / Discard.

        :param view: xml id of the form; its button "Send Request" is ``special="save"``
        :param defaults: values the dialog starts with
        """
        self.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "views": [(self.env.ref(f"customer_governance.{view}").id, "form")],
            "target": "new",
            "context": {
                SEND_KEY: self._name,
                **{f"default_{key}": value for key, value in defaults.items()},
            },
        }

    def write(self, vals):
        """Refuse to write what the buttons record."""
        if not self.env.su and not vals.keys().isdisjoint(self._request_facts):
            raise AccessError(self.env._("Requester and approver are recorded by the buttons."))
        return super().write(vals)

    def _guard_submit(self):
        """Return why it cannot be asked for; models add their reasons."""
        return []

    def _guard_approve(self):
        """Nobody approves an own request."""
        if self.requested_by_id == self.env.user and not self.env.su:
            return [self.env._("Your request must be approved by another user.")]
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

    def _may_decide_now(self):
        """EXTENDS approval mixin: nobody decides about an own request."""
        return self.requested_by_id != self.env.user and super()._may_decide_now()

    def _approval_waits(self):
        """EXTENDS approval mixin: without approval levels the group of the transition decides."""
        people, since = super()._approval_waits()
        if not people:
            transition = self._transitions.get(self._approval_transition)
            people = ", ".join(self._transition_group_names(transition))
        return people, since or self.requested_on or self.create_date

    def _approval_requesters(self):
        """EXTENDS approval mixin: who asked, whoever pressed the button."""
        return self.requested_by_id

    def _after_transition(self, transition):
        """EXTENDS transition mixin: stamp request and approval."""
        result = super()._after_transition(transition)
        if transition.target in self._state_from:
            # sudo: a stamp; the right to ask was checked by the transition
            self.sudo().requested_on = fields.Datetime.now()
        if transition.name == "approve":
            # sudo: a stamp; the right to approve was checked by the transition
            self.sudo().write(
                {"approved_by_id": self.env.uid, "approved_on": fields.Datetime.now()}
            )
        return result

    def _get_all_validation_exceptions(self):
        """EXTENDS base_tier_validation: what the approval itself writes, what is filled in later."""
        return [*super()._get_all_validation_exceptions(), *self._always_written()]

    def _get_under_validation_exceptions(self):
        """EXTENDS base_tier_validation: what the approval itself writes, what is filled in later."""
        return [*super()._get_under_validation_exceptions(), *self._always_written()]

    def _get_after_validation_exceptions(self):
        """EXTENDS base_tier_validation: what the approval itself writes, what is filled in later."""
        return [*super()._get_after_validation_exceptions(), *self._always_written()]

    def _always_written(self):
        return (*self._request_facts, *self._filled_later)
