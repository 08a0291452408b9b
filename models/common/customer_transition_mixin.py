from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .locks import wait_for_lock
from .marks import SENTINEL

_KEY = "customer_transition"


class TransitionRefused(UserError):
    """A record may not make the transition from the state it is in, or a guard says why not."""


class CustomerTransitionMixin(models.AbstractModel):
    """A state machine declared as data (`engine.transitions`).

    The model defines the selection field `state` and ``_transitions``. Each transition has one method
    ``action_<name>`` that ends in ``self._transition("<name>")``. Views show its button with
    ``invisible="',<name>,' not in available_actions"``.
    """

    _name = "customer.transition.mixin"
    _inherit = ["customer.guard.mixin"]
    _description = "State Machine"

    _transitions = None  # engine.transitions.TransitionTable

    available_actions = fields.Char(
        compute="_compute_available_actions",
        help="Names of the transitions available to this user now, separated by commas.",
    )

    @api.depends("state")
    @api.depends_context("uid", "su")
    def _compute_available_actions(self):
        allowed = {t.name: self._transition_groups_ok(t) for t in self._transitions.transitions}
        writable = self._filtered_access("write")
        for record in self:
            names = [
                name
                for name in self._transitions.allowed(record.state)
                if allowed[name] and record in writable
            ]
            record.available_actions = f",{','.join(names)}," if names else ","

    def _transition_groups_ok(self, transition):
        """Tell whether the user is in one of the groups of the transition."""
        if self.env.su or not transition.groups:
            return True
        return any(
            self.env.user.has_group(xmlid if "." in xmlid else f"customer_governance.{xmlid}")
            for xmlid in transition.groups
        )

    def _transition_label(self, transition):
        """Return the word on the button of a transition; without a button the state it leads to."""
        # sudo: words of buttons, also of those that the user does not see
        arch, _view = self.sudo().with_context(form_view_ref=None)._get_view(view_type="form")
        for button in arch.iterfind(f".//button[@name='action_{transition.name}']"):
            if word := button.get("string") or button.get("title"):
                return word
        states = dict(self._fields["state"]._description_selection(self.env))
        return states.get(transition.target, transition.target)

    def _check_transition(self, name, guarded=True):
        """Check source, groups and guard of a transition for every record.

        :param guarded: False asks for source and groups only
        :raises TransitionRefused: from another state, or with the reasons of the guard
        :raises AccessError: for a user outside the groups of the transition
        """
        transition = self._transitions.get(name)
        self.check_access("write")
        if not self._transition_groups_ok(transition):
            raise AccessError(
                self.env._(
                    "“%(action)s” is reserved for these roles: %(groups)s. Ask one of them.",
                    action=self._transition_label(transition),
                    groups=", ".join(self._transition_group_names(transition)),
                )
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state not in transition.sources:
                raise TransitionRefused(
                    self.env._(
                        "“%(record)s” is %(state)s: “%(action)s” is possible only in status "
                        "%(sources)s.",
                        record=record.display_name,
                        state=labels.get(record.state, record.state),
                        action=self._transition_label(transition),
                        sources=", ".join(labels.get(s, s) for s in transition.sources),
                    )
                )
            asked = guarded and transition.guard
            reasons = getattr(record, transition.guard)() if asked else []
            if reasons:
                raise TransitionRefused(
                    self.env._(
                        "“%(action)s” is not possible for “%(record)s”:\n%(reasons)s",
                        record=record.display_name,
                        action=self._transition_label(transition),
                        reasons="\n".join(f"- {reason}" for reason in reasons),
                    )
                )

    def _transition_group_names(self, transition):
        # sudo: names of groups are no secret, plain users may not read res.groups
        return [
            self.env.ref(xmlid if "." in xmlid else f"customer_governance.{xmlid}").sudo().name
            for xmlid in transition.groups
        ]

    def _transition(self, name, vals=None):
        """Make the transition `name` for all records, or for none.

        The rows are locked first: of two people who do it at the same time the second waits and sees
        the state that the first one left.

        :param vals: values written together with the state
        """
        transition = self._transitions.get(name)
        wait_for_lock(self)
        self.invalidate_recordset(["state"])
        self._check_transition(name)
        self._before_transition(transition)
        marked = self.with_context(**{_KEY: SENTINEL})
        marked.write({**(vals or {}), "state": transition.target})
        self._after_transition(transition)
        return True

    def _before_transition(self, transition):
        """Hook before the state is written, inside the same transaction."""

    def _after_transition(self, transition):
        """Hook after the state was written, inside the same transaction."""

    @api.model_create_multi
    def create(self, vals_list):
        """Records are born in the first state of the table, whatever the caller sends."""
        records = super().create(vals_list)
        initial = self._transitions.initial
        if self.env.context.get(_KEY) is not SENTINEL and any(r.state != initial for r in records):
            raise TransitionRefused(self.env._("New records start as “%(state)s”.", state=initial))
        return records

    def write(self, vals):
        """Refuse a new state that does not come from `_transition`."""
        if "state" in vals and self.env.context.get(_KEY) is not SENTINEL:
            if any(record.state != vals["state"] for record in self):
                raise TransitionRefused(
                    self.env._("Use the buttons: the status cannot be written directly.")
                )
        return super().write(vals)
