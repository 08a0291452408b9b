from odoo import fields, models
from odoo.exceptions import AccessError

from .customer_complaint_dispatch_sla import WAITING

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
        "customer.sla.extension", "complaint_id", "Extensions of Deadlines"
    )

    def write(self, vals):
        """EXTENDS the complaint: what it is about decides its deadlines."""
        result = super().write(vals)
        if ABOUT & vals.keys():
            self._sla_rematch(self.env._("The case changed: other deadlines hold."))
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
            "plan": self.plan_sent_at,
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
                self.env._("Only people who work on complaints change their deadlines.")
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
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extend a Deadline"),
            "res_model": "customer.sla.extension",
            "view_mode": "form",
            "target": "current",
            "context": {"default_complaint_id": self.id},
        }

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
