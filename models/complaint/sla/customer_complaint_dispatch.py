from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ....engine.sla_policy import Promise
from ...common.digest import for_reader, in_house
from ...common.moments import moment_words
from ..customer_complaint_dispatch_reply import OVER, WORKING

# Clocks of a dispatch: when it comes back they stop, the next dispatch starts them again.
OF_DISPATCH = ("accept", "first_result")

WAITING = ("sent", "accepted", "reported")

# Deadlines that the addressee has of its own, counted from the sending: milestone -> field.
OWN = {"accept": "accept_due", "first_contact": "contact_due", "first_result": "result_due"}


class CustomerComplaintDispatch(models.Model):
    """Dispatches start deadlines: those of the case, and the addressee's own.

    Those of the case may have begun before, or be kept by somebody else already. The addressee's own
    have clocks and ledgers as every deadline: what the policies promise for the case, counted from
    the sending. People are told of those of the case only, which are about the same step.
    """

    _name = "customer.complaint.dispatch"
    _inherit = ["customer.complaint.dispatch", "customer.sla.mixin"]

    _sla_milestones = tuple(OWN)
    _sla_begins = "sent_at"
    _sla_columns = OWN
    _sla_link = "dispatch_id"
    _sla_has_policies = False
    _sla_tells = False
    _sla_domain = "complaint"

    accept_due = fields.Datetime("Accept By", readonly=True, copy=False)
    contact_due = fields.Datetime("Contact By", readonly=True, copy=False)
    result_due = fields.Datetime("First Result By", readonly=True, copy=False)
    first_contact_at = fields.Datetime(
        "Customer Contacted On",
        readonly=True,
        copy=False,
        help="When the addressee first spoke to the customer.",
    )
    contact_late = fields.Boolean("Contacted Late", compute="_compute_late")
    result_late = fields.Boolean("First Result Late", compute="_compute_late")

    @api.depends("state", "first_contact_at", "contact_due", "first_result_at", "result_due")
    def _compute_late(self):
        now = fields.Datetime.now()
        for dispatch in self:
            ends = {
                "contact_late": (dispatch.contact_due, dispatch.first_contact_at),
                "result_late": (dispatch.result_due, dispatch.first_result_at),
            }
            for name, (due, at) in ends.items():
                over = dispatch.state in ("returned", "cancelled") and not at
                dispatch[name] = bool(due) and not over and (at or now) > due

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS the dispatch: it has to be accepted and to have a first result."""
        dispatches = super().create(vals_list)
        # sudo: who may dispatch a case starts its deadlines
        dispatches.sudo().complaint_id._sla_fact("dispatched")
        dispatches.sudo()._sla_start()
        return dispatches

    def _due_words(self, name):
        """Return an own deadline as text in the company's time zone; empty without one.

        :param name: one of the fields in `OWN`
        """
        self.ensure_one()
        if name not in OWN.values() or not self[name]:
            return ""
        return moment_words(self.env, self[name], self.company_id._customer_timezone())

    # -- deadlines of the addressee -------------------------------------------------------------

    def _sla_open(self):
        """EXTENDS sla: orders that somebody works on."""
        return self.filtered(lambda dispatch: dispatch.state in WAITING)

    def _sla_awaits(self, promise: Promise):
        """EXTENDS sla."""
        self.ensure_one()
        happened = {
            "accept": self.accepted_at,
            "first_contact": self.first_contact_at,
            "first_result": self.first_result_at,
        }
        return super()._sla_awaits(promise) and not happened.get(promise.milestone)

    def _sla_promises(self):
        """EXTENDS sla: what is promised for the case, counted from the sending."""
        # sudo: what is promised is the same for whoever sends the order
        dispatches = self.sudo()
        promised = dispatches.complaint_id._sla_promised()
        return {
            dispatch: tuple(
                replace(promise, start="received")
                for milestone in OWN
                if (promise := promised.get((dispatch.complaint_id, milestone)))
            )
            for dispatch in dispatches
        }

    def action_accept(self):
        """EXTENDS the dispatch: accepted in time or not."""
        result = super().action_accept()
        self._own_fact("accept", "accepted_at")
        return result

    def action_report(self):
        """EXTENDS the dispatch: there is a first result."""
        result = super().action_report()
        self._own_fact("first_result", "first_result_at")
        return result

    def action_done(self):
        """EXTENDS the dispatch: the result is the first one where none was reported before."""
        result = super().action_done()
        self._own_fact("first_result", "first_result_at")
        return result

    def _own_fact(self, milestone, column):
        """Stop the addressee's own clocks at the instant that stands in a column.

        Closed clocks too: a contact that is entered later and was earlier is the first one.
        """
        # sudo: the caller did what is told here, by a button that checked the right
        dispatches = self.sudo()
        clocks = dispatches._sla_clocks(Domain("milestone", "=", milestone), only_open=False)
        clocks._append("stop", {dispatch.id: dispatch[column] for dispatch in dispatches})

    def _after_transition(self, transition):
        """EXTENDS the dispatch: a returned one has nothing to accept any more."""
        super()._after_transition(transition)
        if transition.name in ("return", "void"):
            # sudo: the case need not be the addressee's
            cases = self.sudo().complaint_id.filtered(
                lambda case: not any(dispatch.state in WAITING for dispatch in case.dispatch_ids)
            )
            cases._sla_drop(in_house(self).env._("The dispatch was returned."), OF_DISPATCH)
            # sudo: the deadlines of an order that nobody works on
            self.sudo()._sla_drop(in_house(self).env._("The dispatch was returned."))

    # -- the addressee speaks to the customer ---------------------------------------------------

    def _log_contact(self, told, at=None):
        """Record that the addressee spoke to the customer: how, with whom, what was said.

        The first time counts; the case was contacted by it too. Callers checked that they are the
        addressee.

        :param told: the contact in words
        :param at: when it was, now without it
        :raises UserError: for an order that nobody works on
        """
        now = fields.Datetime.now()
        at = min(at or now, now)
        for dispatch in self:
            case = dispatch.sudo().complaint_id  # sudo: only its times and whether it is over
            if dispatch.state not in WORKING or case.state in OVER:
                raise UserError(
                    self.env._(
                        "Accept the dispatch first; contacting the customer is part of the work."
                    )
                )
            if at < case.received_at:
                raise UserError(self.env._("This time is before the case was received."))
            if not dispatch.first_contact_at or at < dispatch.first_contact_at:
                dispatch._write_facts({"first_contact_at": max(at, dispatch.sent_at)})
            dispatch.message_post(body=told, subtype_xmlid="mail.mt_note")
        self._own_fact("first_contact", "first_contact_at")
        # sudo: a fact of the case, reported by its addressee
        self.sudo().complaint_id._contacted(at)

    def _portal_log_contact(self, way, whom, note, author):
        """Log a contact that the provider tells in the portal; the caller checked whose order it is.

        :param way: a value of `customer.complaint.dispatch.contact.way`
        """
        self.ensure_one()
        contact = self.env["customer.complaint.dispatch.contact"].new(
            {"dispatch_id": self.id, "way": way, "whom": whom, "note": note}
        )
        self._log_contact(f"{author.name}: {contact._told()}")

    def _ask_progress(self):
        """Remind who is told of an order that it says nothing; once until it does.

        The digest of the job tells of all of them in one message.
        """
        for dispatch in self:
            if dispatch.activity_ids.filtered(lambda a: a.customer_reason == "progress"):
                continue
            for user in dispatch._who_is_told()[:1]:
                reader = for_reader(dispatch, user).with_context(mail_activity_quick_update=True)
                reader.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    date_deadline=dispatch.company_id._customer_today(),
                    summary=reader.env._("Progress of %s is due", dispatch.name),
                    customer_reason="progress",
                )

    def action_contact_dialog(self):
        """Ask how, with whom and when the customer was spoken to."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Contact"),
            "res_model": "customer.complaint.dispatch.contact",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dispatch_id": self.id},
        }
