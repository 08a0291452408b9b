from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.transitions import Transition, TransitionTable
from ..common.customer_reach_mixin import able, told
from ..common.digest import for_reader
from ..common.guard import Facts, Settled
from .dialogs import record_dialog

FACTS = ("done_date", "checked_by_id")
# Kinds whose effect somebody checks: the others find out or contain.
EFFECT = ("corrective", "preventive")
DONE = ("name", "complaint_id", "user_id", "result")
SETTLED = {
    "done": DONE,
    "effective": (*DONE, "check_date", "check_note"),
    "cancelled": (*DONE, "check_date", "check_note"),
}


class CustomerComplaintAction(models.Model):
    """Something a department does about a complaint, with a check whether it helped."""

    _name = "customer.complaint.action"
    _inherit = ["mail.thread", "mail.activity.mixin", "customer.transition.mixin"]
    _description = "Complaint Action"
    _order = "due_date, id"
    _check_company_auto = True
    _guards = (
        Facts(frozenset(FACTS)),
        Settled(SETTLED),
    )
    _transitions = TransitionTable(
        "todo",
        (
            Transition("done", ("todo", "ineffective"), "done", "_guard_done"),
            Transition("confirm", ("done",), "effective", "_guard_check"),
            Transition("deny", ("done",), "ineffective", "_guard_check"),
            Transition("cancel", ("todo", "ineffective"), "cancelled"),
        ),
    )

    name = fields.Char("What", required=True)
    complaint_id = fields.Many2one(
        "customer.complaint", "Complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [
            ("investigation", "Investigation"),
            ("containment", "Containment"),
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
        ],
        required=True,
        default="investigation",
    )
    department = fields.Selection(
        lambda self: self.env["customer.complaint.team"]._departments(),
        required=True,
        default="quality",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("todo", "To do"),
            ("done", "Done"),
            ("effective", "Effective"),
            ("ineffective", "Not effective"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="todo",
        index=True,
        tracking=True,
        copy=False,
    )
    due_date = fields.Date(required=True, default=lambda self: self.env.company._customer_today())
    done_date = fields.Date(readonly=True, copy=False)
    result = fields.Text(copy=False)
    check_date = fields.Date("Check Effectiveness On", copy=False)
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    check_note = fields.Text("Observed Effect", copy=False)
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    awaits_check = fields.Boolean(
        "Effectiveness to Check", compute="_compute_awaits_check", search="_search_awaits_check"
    )
    is_late = fields.Boolean("Overdue", compute="_compute_is_late", search="_search_is_late")

    @api.depends("state")
    def _compute_is_open(self):
        """To do, or done without the wanted effect."""
        for action in self:
            action.is_open = action.state in ("todo", "ineffective")

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        is_open = Domain("state", "in", ("todo", "ineffective"))
        return Domain.OR([is_open if wanted else ~is_open for wanted in set(value)])

    @api.depends("state", "kind")
    def _compute_awaits_check(self):
        """Done, and nobody has looked yet whether it helped."""
        for action in self:
            action.awaits_check = action.state == "done" and action.kind in EFFECT

    def _search_awaits_check(self, operator, value):
        if operator != "in":
            return NotImplemented
        waits = Domain("state", "=", "done") & Domain("kind", "in", EFFECT)
        return Domain.OR([waits if wanted else ~waits for wanted in set(value)])

    @api.depends("state", "due_date")
    def _compute_is_late(self):
        today = self.env.company._customer_today()
        for action in self:
            action.is_late = bool(action.is_open and action.due_date and action.due_date < today)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._customer_today()
        late = Domain("is_open", "=", True) & Domain("due_date", "<", today)
        return Domain.OR([late if wanted else ~late for wanted in set(value)])

    @api.model_create_multi
    def create(self, vals_list):
        """The responsible person gets an activity."""
        actions = super().create(vals_list)
        for action in actions.filtered(lambda a: a.user_id != self.env.user):
            # sudo: the responsible person may belong to another department
            case = action.sudo().complaint_id
            user = able(action.user_id, case.company_id) or case._who_is_told()
            action.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user[:1].id,
                date_deadline=action.due_date,
                # what it is stands in the note: the summary is read outside
                summary=for_reader(action, user[:1]).env._("Action on a complaint"),
                note=action.name,
                customer_reason="action",
            )
        return actions

    def write(self, vals):
        """A new day to check is planned."""
        res = super().write(vals)
        if "check_date" in vals:
            self.filtered(lambda action: action.state == "done")._plan_check()
        return res

    def _guard_done(self):
        return [] if self.result else [self.env._("Describe what was done.")]

    def _guard_check(self):
        """Somebody else than the responsible person judges the effect."""
        reasons = []
        if not self.check_note:
            reasons.append(self.env._("Describe the effect."))
        if self.user_id == self.env.user and not self.env.su:
            reasons.append(self.env._("Another user must check the effectiveness."))
        return reasons

    def action_done(self):
        """Done; a date for the check of the effect becomes an activity of the case's handler."""
        self._transition("done", {"done_date": self.env.company._customer_today()})
        self.activity_ids.action_feedback()
        self._plan_check()
        return True

    def _plan_check(self):
        """Give somebody the check of the effect on its day, whenever that was entered."""
        # sudo: reminders of whoever had to check
        self.sudo().activity_ids.filtered(lambda a: a.customer_reason == "check").unlink()
        for action in self.filtered("check_date"):
            # sudo: the handler of the case checks, whoever did the action
            case = action.sudo().complaint_id
            people = [group - action.user_id for group in case._told_groups()]
            for checker in told(people, case.company_id, case)[:1]:
                words = for_reader(action.sudo(), checker)
                words.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=checker.id,
                    date_deadline=action.check_date,
                    summary=words.env._("Check the effect"),
                    note=action.name,
                    customer_reason="check",
                )

    def _after_transition(self, transition):
        """EXTENDS transition mixin: what there was to do or to check is done."""
        res = super()._after_transition(transition)
        if transition.name != "done":
            # sudo: reminders of whoever had to do or check it
            self.sudo().activity_ids.filtered("customer_reason").unlink()
        return res

    def action_confirm(self):
        """It had the wanted effect."""
        return self._transition("confirm", {"checked_by_id": self.env.uid})

    def action_deny(self):
        """It did not have the wanted effect: the action is open again."""
        res = self._transition("deny", {"checked_by_id": self.env.uid})
        for action in self:
            # sudo: the leader decides about the case, whoever checked the action
            case = action.sudo().complaint_id
            if case.state not in case._open_states():
                case._remind(
                    case.team_id.user_id or case.company_id._complaint_management(),
                    lambda env, name=action.name: env._(
                        "“%s” was not effective: reopen the case or take other measures", name
                    ),
                    reason="ineffective",
                )
        return res

    def action_cancel(self):
        """It is not needed."""
        return self._transition("cancel")

    def action_done_dialog(self):
        """Ask what was done."""
        return record_dialog(self, self.env._("Done"), "customer_complaint_action_view_form_done")

    def action_check_dialog(self):
        """Ask whether it helped, and how that was seen."""
        return record_dialog(
            self, self.env._("Check Effectiveness"), "customer_complaint_action_view_form_check"
        )
