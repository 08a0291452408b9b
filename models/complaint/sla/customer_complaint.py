from odoo import api, fields, models
from odoo.exceptions import AccessError

from ....engine.complaint_policy import Case
from ....queries import complaint_sla as queries
from ...common.digest import in_house
from ...tier.customer_tier import SLA_PRIORITIES
from .customer_complaint_dispatch import WAITING
from .customer_sla_milestone import MILESTONES

WORKERS = (
    "customer_governance.group_service",
    "customer_governance.group_quality",
)

# What policies look at.
ABOUT = {"kind", "severity", "category_id", "channel_id", "partner_id"}


class CustomerComplaint(models.Model):
    """Complaints have deadlines."""

    _name = "customer.complaint"
    _inherit = ["customer.complaint", "customer.sla.mixin"]

    _sla_milestones = tuple(name for name, _label in MILESTONES)
    _sla_starts = {"dispatched": "dispatched", "answer": "answered", "close": "closed"}
    _sla_last = "close"
    _sla_begins = "received_at"
    _sla_link = "complaint_id"
    _sla_domain = "complaint"

    sla_extension_ids = fields.One2many(
        "customer.sla.extension", "complaint_id", "Deadline Extensions"
    )

    # --- the customer's tier orders the queue and is a condition of the promises
    sla_priority = fields.Selection(
        SLA_PRIORITIES,
        "Priority",
        compute="_compute_sla_priority",
        store=True,
        precompute=True,
        help="Based on the tier of the customer, now or at the time the case was closed.",
    )

    def write(self, vals):
        """EXTENDS the complaint: what it is about decides its deadlines."""
        result = super().write(vals)
        if ABOUT & vals.keys():
            change = self._change()
            reason = change.reason or in_house(self).env._("The case has been reclassified.")
            self._sla_rematch(reason, change.at)
        return result

    def _sla_open(self):
        """EXTENDS sla: cases that are not over."""
        return self.filtered(lambda case: case.state in case._open_states())

    def _sla_case(self):
        """EXTENDS sla: what policies for cases look at."""
        self.ensure_one()
        policies = self.env["customer.sla.policy"]
        tier = self.env["customer.tier"]
        if policies._uses_tiers():
            tier = self.with_company(self.company_id).partner_id.customer_tier_id
        return Case(
            company_id=self.company_id.id,
            res_model=self._name,
            kind=self.kind or "",
            severity=self.severity or "",
            categories=self.category_id._path(),
            tier_id=tier.id or 0,
            channel_id=self.channel_id.id or 0,
        )

    @api.model
    def _sla_people(self):
        """EXTENDS sla: handler, leader and members; who calls back, who has an order."""
        return queries.people(self._name)

    def _sla_word(self):
        """EXTENDS sla."""
        return self.env._("Case")

    def _sla_tell_extension(self, extension):
        """EXTENDS sla: mail the new deadline in the customer's language; without an address somebody
        must call.
        """
        self.ensure_one()
        xmlid = "customer_governance.mail_template_sla_extension"
        if self.env.ref(xmlid, raise_if_not_found=False) and self._customer_recipients():
            message = self._post_template(xmlid, source=extension, automatic=True)
            if self._was_reached(message):
                self._remember_told(message, f"extension:{extension.id}")
                return True
        self._tell(
            lambda env: env._("The deadline was extended: inform the customer by phone"), "extended"
        )
        self.message_post(
            # the job tells too, when a pause is over
            body=in_house(extension, self.company_id).env._(
                "The deadline was extended, but the customer was not informed by e-mail: call them."
            )
        )
        return False

    def _sla_awaits(self, promise):
        """EXTENDS sla."""
        self.ensure_one()
        waiting = self.dispatch_ids.filtered(lambda dispatch: dispatch.state in WAITING)
        answered = self.state in ("answered", "verifying")
        holds = {"received": True, "dispatched": bool(waiting), "answered": answered}
        happened = {
            "acknowledge": self.acknowledged_at,
            "accept": any(waiting.mapped("accepted_at")),
            "first_contact": self.first_contact_at,
            "first_result": answered or any(waiting.mapped("first_result_at")),
            "plan": answered or self.plan_sent_at,
            "report": self.report_sent_at,
            "answer": answered,
            "callback": self._verifications(),
        }
        return holds.get(promise.start, False) and not happened.get(promise.milestone)

    def _case_over(self):
        """EXTENDS the complaint: what its orders owe is not owed any more."""
        super()._case_over()
        # sudo: follows from a transition the caller was allowed to make
        cases = self.sudo()
        none = cases.filtered(lambda case: case.state == "cancelled")
        none.dispatch_ids._sla_drop(in_house(self).env._("The case was cancelled."))
        (cases - none).dispatch_ids._sla_over()

    def _check_sla_worker(self):
        """Refuse people who do not work on complaints; :raises AccessError:."""
        self.check_access("write")
        if not self.env.su and not any(map(self.env.user.has_group, WORKERS)):
            raise AccessError(
                self.env._("Only people who work on complaints can change their deadlines.")
            )

    def action_sla_pause(self):
        """Ask for reason and end of a pause."""
        self._check_sla_worker()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause Deadlines"),
            "res_model": "customer.sla.pause",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_ids": self.ids},
        }

    def action_sla_resume(self):
        """Let the deadlines run again."""
        self._check_sla_worker()
        self._sla_resume()
        return True

    def action_sla_extend(self):
        """Ask for an extension of a deadline."""
        self.ensure_one()
        self._check_sla_worker()
        return self.env["customer.sla.extension"]._ask_dialog(
            self.env._("Extend a Deadline"),
            "customer_sla_extension_view_form_request",
            complaint_id=self.id,
        )

    def action_sla_clocks(self):
        """Open the deadlines of the case with their ledgers."""
        self.ensure_one()
        self.check_access("read")
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deadlines"),
            "res_model": "customer.sla.clock",
            "view_mode": "list,form",
            "domain": domain,
        }

    # --- the customer's tier orders the queue and is a condition of the promises

    # not on the tier of the customer: a change of tier reaches open cases, and only them, in one
    # statement
    @api.depends("partner_id", "company_id")
    def _compute_sla_priority(self):
        for company, cases in self.grouped("company_id").items():
            for case in cases.with_company(company):
                case.sla_priority = case.partner_id.customer_tier_id.sla_priority or "1"

    @api.model
    def _follow_tiers(self, domain, reason):
        """Let open cases follow their customers' tiers: place in the queue, nearer deadlines.

        :param domain: of the cases, beside being open
        :param reason: for the ledgers
        """
        # sudo: whoever moves a customer need not be one who reads its complaints
        cases = self.sudo().search([*domain, ("state", "in", self._open_states())])
        if not cases:
            return
        cases.flush_recordset(["sla_priority", "partner_id", "company_id"])
        self.env["res.partner"].flush_model(["customer_tier_id"])
        self.env["customer.tier"].flush_model(["sla_priority"])
        self.env.cr.execute(queries.follow_priorities(cases.ids))
        cases.invalidate_recordset(["sla_priority"], flush=False)
        if self.env["customer.sla.policy"]._uses_tiers():
            cases._sla_rematch(reason)
