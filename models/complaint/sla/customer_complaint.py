from odoo import api, fields, models
from odoo.exceptions import AccessError

from ....queries import sla as queries
from ...common.digest import in_house
from ...tier.customer_tier import SLA_PRIORITIES
from .customer_complaint_dispatch import WAITING

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

    def _sla_awaits(self, promise):
        """Tell whether what a promise counts from holds now and its fact is still to come."""
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
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deadlines"),
            "res_model": "customer.sla.clock",
            "view_mode": "list,form",
            "domain": [("complaint_id", "=", self.id)],
        }

    # --- counts by deadline status, for the coloured bars over the columns of the kanban
    def _read_group_groupby(self, alias, groupby_spec, query):
        """EXTENDS base: the status depends on now, so the statement works it out.

        It is made of the domains that search and compute use: one truth.
        """
        if groupby_spec != "sla_state":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        return self._sla_state_sql(alias, query)

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
