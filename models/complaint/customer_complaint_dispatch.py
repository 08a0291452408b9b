import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ...engine.transitions import Transition, TransitionTable
from ...queries import sla
from ..common.customer_reach_mixin import told
from ..common.customer_transition_mixin import SENTINEL
from ..common.digest import in_house
from ..common.guard import Facts, Settled
from .customer_complaint import SERVICE
from .dialogs import record_dialog

_lt = LazyTranslate(__name__)

_logger = logging.getLogger(__name__)

FACTS = (
    "name",
    "sent_at",
    "accepted_at",
    "returned_at",
    "first_result_at",
    "first_contact_at",
    "done_at",
    "accepted_by_id",
    "is_final",
    "accept_due",
    "contact_due",
    "result_due",
    *sla.RECORD_COLUMNS,
)
RESULT = ("task", "first_result", "cause", "product_fault", "parts", "measure", "return_reason")
SETTLED = {
    "reported": ("first_result",),
    **dict.fromkeys(("done", "returned", "cancelled"), RESULT),
}


class CustomerComplaintDispatch(models.Model):
    """An order to a team or an external provider to work on a case (service dispatch order).

    sent -> accepted -> reported (first result) -> done, or returned with a reason.
    """

    _name = "customer.complaint.dispatch"
    _inherit = ["customer.portal.mixin", "customer.reach.mixin", "customer.transition.mixin"]
    _description = "Dispatch Order"
    _order = "id DESC"
    _check_company_auto = True
    _guards = (
        Facts(frozenset(FACTS)),
        Settled(SETTLED),
        Facts(
            frozenset({"complaint_id", "team_id", "provider_id"}),
            _lt(
                "The addressee of a dispatch cannot be changed: have it returned and create "
                "a new one."
            ),
            unborn=frozenset(),
            error=UserError,
        ),
    )
    _transitions = TransitionTable(
        "sent",
        (
            Transition("accept", ("sent",), "accepted"),
            Transition("return", ("sent", "accepted"), "returned", "_guard_return"),
            Transition("report", ("accepted",), "reported", "_guard_report"),
            Transition("done", ("sent", "accepted", "reported"), "done", "_guard_done"),
            Transition(
                "void", ("sent", "accepted", "reported"), "cancelled", "_guard_void", SERVICE
            ),
        ),
    )

    name = fields.Char("Number", readonly=True, copy=False)
    complaint_id = fields.Many2one(
        "customer.complaint", "Complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("accepted", "Dispatch Accepted"),
            ("reported", "First result reported"),
            ("done", "Done"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="sent",
        index=True,
        tracking=True,
        copy=False,
    )
    team_id = fields.Many2one(
        "customer.complaint.team", "To Team", index="btree_not_null", check_company=True
    )
    any_contact = fields.Boolean(
        "Other Contacts",
        store=False,
        help="Also offers contacts that have never been a service provider.",
    )
    provider_id = fields.Many2one(
        "res.partner",
        "To Provider",
        index="btree_not_null",
        check_company=True,
        help="An external service provider who sees and answers the dispatch in the portal.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    task = fields.Text(help="What needs to be investigated or done.")
    sent_at = fields.Datetime(readonly=True, copy=False, default=lambda self: fields.Datetime.now())
    accepted_at = fields.Datetime(readonly=True, copy=False)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    accepted_late = fields.Boolean(
        "Accepted Late",
        compute="_compute_accepted_late",
        store=True,
        help="Accepted after its deadline or, if there is none, not on the day it was sent.",
    )
    returned_at = fields.Datetime(readonly=True, copy=False)
    return_reason = fields.Text(copy=False)
    is_final = fields.Boolean(
        "Decided by the Head of Service",
        readonly=True,
        copy=False,
        help="Returned too often: the head of service has decided who handles it. It cannot be "
        "returned again.",
    )
    first_result = fields.Text(copy=False)
    first_result_at = fields.Datetime(readonly=True, copy=False)
    reply_ids = fields.One2many(
        "customer.complaint.dispatch.reply", "dispatch_id", "Progress", copy=False
    )
    cause = fields.Text(copy=False)
    product_fault = fields.Selection(
        [("yes", "Product fault"), ("no", "No product fault"), ("unclear", "Unclear")], copy=False
    )
    parts = fields.Text("Parts Used", copy=False)
    measure = fields.Text("Measure Taken", copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    queue_rank = fields.Integer(
        compute="_compute_queue_rank",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="0: nobody is working on it yet; these dispatches come first in lists.",
    )
    urgency = fields.Integer(
        related="complaint_id.urgency", store=True, export_string_translation=False
    )
    case_deadline = fields.Datetime(related="complaint_id.sla_deadline", string="Case Due")
    case_sla_state = fields.Selection(
        related="complaint_id.sla_state", string="Deadline Status of the Case"
    )
    case_subject = fields.Char(related="complaint_id.subject", string="Matter")
    case_description = fields.Html(
        related="complaint_id.description", string="Customer's Statement"
    )

    @api.depends("user_id", "provider_id")
    def _compute_queue_rank(self):
        for dispatch in self:
            dispatch.queue_rank = 1 if dispatch.user_id or dispatch.provider_id else 0

    @api.depends("accepted_at", "sent_at", "accept_due", "company_id")
    def _compute_accepted_late(self):
        for dispatch in self:
            late = False
            if dispatch.accepted_at and dispatch.accept_due:
                late = dispatch.accepted_at > dispatch.accept_due
            elif dispatch.accepted_at and dispatch.sent_at:
                day = dispatch.company_id._customer_day
                late = day(dispatch.accepted_at) > day(dispatch.sent_at)
            dispatch.accepted_late = late

    @api.onchange("provider_id")
    def _onchange_provider_id(self):
        """An order goes to one of the two: the provider chosen last replaces the team."""
        if self.provider_id:
            self.team_id = self.user_id = False

    @api.onchange("team_id")
    def _onchange_team_id(self):
        """An order goes to one of the two: the team chosen last replaces the provider."""
        if self.team_id:
            self.provider_id = False

    @api.constrains("team_id", "provider_id")
    def _check_addressee(self):
        for dispatch in self:
            if bool(dispatch.team_id) == bool(dispatch.provider_id):
                raise ValidationError(
                    self.env._("A dispatch goes either to a team or to a provider.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Send the dispatches: the case becomes dispatched."""
        dispatches = super().create(vals_list)
        dispatches._check_case_is_open()
        dispatches._check_returned_too_often()
        for dispatch in dispatches:
            case = dispatch.complaint_id
            count = len(case.sudo().dispatch_ids)  # sudo: all dispatches of the case count
            dispatch._write_facts(
                {"name": f"{case.name}-D{count}", "is_final": dispatch._returned_too_often()}
            )
            if not self.env.su:
                case._handled_by(self.env.user)
            if case.state == "registered":
                case._transition("dispatch")
            case._forget_reminders("returned")
        return dispatches

    def write(self, vals):
        """Who works on it is remembered."""
        res = super().write(vals)
        if "user_id" in vals or "state" in vals:
            workers = self.env.user if "state" in vals else self.env["res.users"]
            self._remember_workers(workers)
        return res

    def _remember_workers(self, others):
        """Whoever works on an order handles the case: somebody else asks whether it is solved."""
        for dispatch in self.filtered(lambda d: d.state in ("accepted", "reported", "done")):
            workers = dispatch.user_id | dispatch.accepted_by_id | others
            # sudo: a fact of the case, the addressee need not be its handler
            case = dispatch.sudo().complaint_id
            if new := workers.sudo().filtered(lambda user: not user.share) - case.handler_ids:
                case._write_facts({"handler_ids": [fields.Command.link(user.id) for user in new]})

    def _write_facts(self, vals):
        return self.with_context(customer_transition=SENTINEL).write(vals)

    def _returned_too_often(self):
        self.ensure_one()
        case = self.complaint_id
        return case.return_count >= case.company_id.sudo().complaint_max_returns

    def _check_case_is_open(self):
        """A case that is over has to be reopened before anybody works on it."""
        over = ("closed", "force_closed", "cancelled")
        for dispatch in self:
            if dispatch.complaint_id.state in over:
                raise UserError(
                    self.env._("%s is closed: reopen it first.", dispatch.complaint_id.display_name)
                )

    def _check_returned_too_often(self):
        """After the maximum of returns only the head of service decides who works on it."""
        if self.env.su or self.env.user.has_group("customer_governance.group_service_supervisor"):
            return
        for dispatch in self:
            if dispatch._returned_too_often():
                raise UserError(
                    self.env._(
                        "%s has been returned too often: the head of service decides who "
                        "handles it.",
                        dispatch.complaint_id.display_name,
                    )
                )

    # -- who is on the other side, who of us is told ------------------------------------------

    def _reach_partners(self):
        """EXTENDS reach mixin: the service provider."""
        return self.provider_id

    def _told_groups(self):
        """EXTENDS reach mixin: of an order to a provider those of the case, else the team first."""
        case = self.complaint_id._told_groups()
        if self.provider_id:
            return case
        return [self.user_id, self.team_id.user_id, self.team_id.member_ids, *case]

    @api.depends("name", "team_id", "provider_id")
    def _compute_display_name(self):
        for dispatch in self:
            addressee = dispatch.team_id.name or dispatch.provider_id.name
            dispatch.display_name = " – ".join(p for p in (dispatch.name, addressee) if p)

    # -- transitions --------------------------------------------------------------------------

    def _guard_return(self):
        reasons = []
        if not self.return_reason:
            reasons.append(self.env._("State why it is returned."))
        if self.is_final:
            reasons.append(self.env._("Decided by the head of service: it cannot be returned."))
        return reasons

    def _guard_void(self):
        """Who got an order returns it with a reason; what the head decided only the head cancels."""
        supervisor = "customer_governance.group_service_supervisor"
        if self.env.su or self.env.user.has_group(supervisor):
            return []
        reasons = []
        if self.is_final:
            reasons.append(
                self.env._(
                    "Decided by the head of service: only the head of service can cancel it."
                )
            )
        case = self.complaint_id
        senders = case.user_id | case.team_id.member_ids | case.team_id.user_id
        addressees = self.user_id | self.team_id.member_ids | self.team_id.user_id
        if self.env.user in addressees - senders:
            reasons.append(self.env._("It was sent to you: state a reason when returning it."))
        return reasons

    def _guard_report(self):
        return [] if self.first_result else [self.env._("Enter the first result.")]

    def _guard_done(self):
        reasons = []
        if not self.cause:
            reasons.append(self.env._("Enter the cause."))
        if not self.product_fault:
            reasons.append(self.env._("State whether it is a product fault."))
        if not self.measure:
            reasons.append(self.env._("Describe the measures taken."))
        return reasons

    def action_accept(self):
        """Take the work on: the case is being investigated."""
        now = fields.Datetime.now()
        for dispatch in self:
            responsible = dispatch.user_id
            if not responsible and not self.env.user.share:
                responsible = self.env.user
            dispatch._transition(
                "accept",
                {
                    "accepted_at": now,
                    "accepted_by_id": self.env.uid,
                    "user_id": responsible.id,
                },
            )
        # sudo: accepting moves the case on, the addressee need not be its handler
        cases = self.sudo().complaint_id
        cases._handled_by(self.env.user)
        cases.filtered(lambda c: c.state == "dispatched")._transition("investigate")
        cases._sla_fact("accept", now)
        return True

    def action_return(self, reason=None):
        """Send the work back with a reason; counted on the case.

        :param reason: taken instead of the field `return_reason`
        """
        now = fields.Datetime.now()
        for dispatch in self:
            text = reason if isinstance(reason, str) and reason.strip() else dispatch.return_reason
            if text != dispatch.return_reason:
                dispatch.write({"return_reason": text})
            dispatch._transition("return", {"returned_at": now})
            # sudo: counting and going back belong to the return, not to a right on the case
            dispatch.sudo()._returned()
        return True

    def _returned(self):
        self.ensure_one()
        case = self.complaint_id
        case._write_facts({"return_count": case.return_count + 1})
        waiting = case.dispatch_ids.filtered(lambda d: d.state in ("sent", "accepted", "reported"))
        if case.state == "dispatched" and not waiting:
            case._transition("take_back")
        leader = told(case._told_groups()[1:], case.company_id, case)
        if self._returned_too_often():
            case._remind(
                leader,
                lambda env: env._("Returned too often: decide who handles it"),
                reason="returned",
            )
        else:
            case._remind(
                case._who_is_told(),
                lambda env: env._("Dispatch returned: reassign it"),
                reason="returned",
            )
        case.message_post(
            body=in_house(case).env._(
                "Dispatch %(name)s returned: %(reason)s",
                name=self.display_name,
                reason=self.return_reason,
            )
        )

    def action_report(self):
        """Report the first result."""
        now = fields.Datetime.now()
        self._transition("report", {"first_result_at": now})
        # sudo: a fact of the case, reported by its addressee
        self.sudo().complaint_id._sla_fact("first_result", now)
        return True

    def action_done(self):
        """Report the final result; it becomes the case's where that is still empty.

        Who does the work of an order has accepted it.
        """
        now = fields.Datetime.now()
        if waiting := self.filtered(lambda dispatch: dispatch.state == "sent"):
            for dispatch in waiting:
                dispatch._check_transition("done")
            waiting.action_accept()
        for dispatch in self:
            dispatch._transition(
                "done",
                {"done_at": now, "first_result_at": dispatch.first_result_at or now},
            )
            # sudo: the result belongs to the case, the addressee need not be its handler
            case = dispatch.sudo().complaint_id
            case.write(
                {
                    "root_cause": case.root_cause or dispatch.cause,
                    "product_fault": case.product_fault or dispatch.product_fault,
                }
            )
            case._remind(
                case._who_is_told(),
                lambda env, name=dispatch.name: env._("%s has a result: answer the customer", name),
                reason="answer",
            )
        self.sudo().complaint_id._sla_fact("first_result", now)
        return True

    def action_void(self):
        """The order is not needed any more."""
        self._transition("void")
        # sudo: the case goes back to be dispatched again
        for case in self.sudo().complaint_id.filtered(lambda c: c.state == "dispatched"):
            if not case.dispatch_ids.filtered(lambda d: d.state in ("sent", "accepted")):
                case._transition("take_back")
        return True

    def _void(self):
        """Void the orders of a case that is over."""
        if self:
            # sudo: follows from a transition of the case the caller was allowed to make
            self.sudo()._transition("void")

    def action_reassign(self):
        """Take an accepted order over: the caller becomes responsible."""
        self.check_access("write")
        self.write({"user_id": self.env.uid})
        return True

    # -- dialogs that ask for what a step needs -----------------------------------------------

    def action_report_dialog(self):
        """Ask for the first result."""
        return record_dialog(
            self, self.env._("First Result"), "customer_complaint_dispatch_view_form_report"
        )

    def action_done_dialog(self):
        """Ask for cause, product fault and measure."""
        return record_dialog(
            self, self.env._("Result"), "customer_complaint_dispatch_view_form_done"
        )

    def action_return_dialog(self):
        """Ask why it is returned."""
        return record_dialog(
            self, self.env._("Return Dispatch"), "customer_complaint_dispatch_view_form_return"
        )
