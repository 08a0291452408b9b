from odoo import api, models
from odoo.tools import LazyTranslate

from ..common.holdings import Holding
from .customer_complaint import OPEN_STATES

_lt = LazyTranslate(__name__)

CASE = {"partner": "complaint_id.partner_id"}


class ResUsers(models.Model):
    """Complaints and what belongs to them, as far as a user still works on it."""

    _inherit = "res.users"

    @api.model
    def _customer_holdings(self):
        """EXTENDS common: open cases, dispatches, actions, projects, forms; teams; escalations."""
        open_case = ("complaint_id.state", "in", OPEN_STATES)
        team = "customer.complaint.team"
        return [
            *super()._customer_holdings(),
            Holding(
                "complaint",
                _lt("Complaints (Handler)"),
                "customer.complaint",
                "user_id",
                domain=(("state", "in", OPEN_STATES),),
                partner="partner_id",
                moved="_handed_over",
            ),
            Holding(
                "dispatch",
                _lt("Dispatches"),
                "customer.complaint.dispatch",
                "user_id",
                domain=(("state", "in", ("sent", "accepted", "reported")),),
                **CASE,
            ),
            Holding(
                "action",
                _lt("Actions of Complaints"),
                "customer.complaint.action",
                "user_id",
                # done and not checked yet: it was done by this user
                domain=(("state", "in", ("todo", "ineffective")),),
                **CASE,
            ),
            Holding(
                "project",
                _lt("Escalation Projects"),
                "customer.complaint.project",
                "user_id",
                domain=(("state", "=", "open"),),
                label="",
                **CASE,
            ),
            Holding(
                "followup",
                _lt("Follow-up Forms"),
                "customer.complaint.followup",
                "user_id",
                (open_case,),
                label="",
                **CASE,
            ),
            Holding("complaint_team", _lt("Complaint Teams (Leader)"), team, "user_id"),
            Holding("complaint_member", _lt("Complaint Teams (Member)"), team, "member_ids"),
            Holding("callback", _lt("Complaint Teams (Call-backs)"), team, "callback_user_id"),
            Holding(
                "escalation",
                _lt("Escalations to This Person"),
                "customer.sla.escalation",
                "user_id",
                company="policy_id.company_id",
                label="",
            ),
            Holding(
                "complaint_manager",
                _lt("Management for Complaints (Setting)"),
                "res.company",
                "complaint_manager_id",
                company="id",
                with_rights=True,
            ),
        ]
