from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# An object cannot come over RPC: only code of this process can put it into a context.
SENTINEL = object()
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
    _description = "State machine"

    _transitions = None  # engine.transitions.TransitionTable

    available_actions = fields.Char(
        compute="_compute_available_actions",
        help="Names of the transitions that this user may make now, between commas.",
    )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_available_actions(self):
        allowed = {t.name: self._transition_groups_ok(t) for t in self._transitions.transitions}
        for record in self:
            names = [n for n in self._transitions.allowed(record.state) if allowed[n]]
            record.available_actions = f",{','.join(names)}," if names else ","

    def _transition_groups_ok(self, transition):
        """Tell whether the user is in one of the groups of the transition."""
        if self.env.su or not transition.groups:
            return True
        return any(
            self.env.user.has_group(xmlid if "." in xmlid else f"customer_governance.{xmlid}")
            for xmlid in transition.groups
        )

    def _transition_label(self, name):
        """Return the name of a transition for messages; models may translate it."""
        return name.replace("_", " ")

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
                    "You may not %(action)s: ask somebody of %(groups)s.",
                    action=self._transition_label(name),
                    groups=", ".join(self._transition_group_names(transition)),
                )
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state not in transition.sources:
                raise TransitionRefused(
                    self.env._(
                        "“%(record)s” is %(state)s: it cannot %(action)s now. That is possible from: %(sources)s.",
                        record=record.display_name,
                        state=labels.get(record.state, record.state),
                        action=self._transition_label(name),
                        sources=", ".join(labels.get(s, s) for s in transition.sources),
                    )
                )
            asked = guarded and transition.guard
            reasons = getattr(record, transition.guard)() if asked else []
            if reasons:
                raise TransitionRefused(
                    self.env._(
                        "“%(record)s” cannot %(action)s:\n%(reasons)s",
                        record=record.display_name,
                        action=self._transition_label(name),
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

        The rows are locked first: of two people who do it at the same time the second gets a clear
        message (the row is locked) or sees the state that the first one left.

        :param vals: values written together with the state
        """
        transition = self._transitions.get(name)
        self.lock_for_update(allow_referencing=True)
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
