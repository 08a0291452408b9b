from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.transitions import Transition, TransitionTable
from ..common.facts import refuse_facts, refuse_settled, without

FACTS = ("done_date", "checked_by_id")
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
    _description = "Action on a Complaint"
    _order = "due_date, id"
    _check_company_auto = True
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
    check_date = fields.Date("Check Effect On", copy=False)
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    check_note = fields.Text("Effect Seen", copy=False)
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")

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
        if not self.env.su:
            self, vals_list = without(self, vals_list, FACTS)
        actions = super().create(vals_list)
        for action in actions.filtered(lambda a: a.user_id != self.env.user):
            # sudo: the responsible person may belong to another department
            action.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=action.user_id.id,
                date_deadline=action.due_date,
                summary=action.name,
            )
        return actions

    def write(self, vals):
        """Who checked what and when comes from the buttons; what was done stays as it was told."""
        refuse_facts(self, vals, FACTS)
        refuse_settled(self, vals, SETTLED)
        return super().write(vals)

    def _guard_done(self):
        return [] if self.result else [self.env._("Write what was done.")]

    def _guard_check(self):
        """Somebody else than the responsible person judges the effect."""
        reasons = []
        if not self.check_note:
            reasons.append(self.env._("Write what the effect is."))
        if self.user_id == self.env.user and not self.env.su:
            reasons.append(self.env._("Somebody else has to check the effect."))
        return reasons

    def action_done(self):
        """Done; a date for the check of the effect becomes an activity of the case's handler."""
        self._transition("done", {"done_date": self.env.company._customer_today()})
        self.activity_ids.action_feedback()
        for action in self.filtered("check_date"):
            # sudo: the handler of the case checks, whoever did the action
            case = action.sudo().complaint_id
            checker = case.user_id or case.team_id.user_id
            if checker and checker != action.user_id:
                action.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=checker.id,
                    date_deadline=action.check_date,
                    summary=action.env._("Check the effect: %s", action.name),
                )
        return True

    def action_confirm(self):
        """It had the wanted effect."""
        return self._transition("confirm", {"checked_by_id": self.env.uid})

    def action_deny(self):
        """It did not have the wanted effect: the action is open again."""
        return self._transition("deny", {"checked_by_id": self.env.uid})

    def action_cancel(self):
        """It is not needed."""
        return self._transition("cancel")
