from datetime import date, datetime
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get

from .customer_reach_mixin import told


class ResCompany(models.Model):
    """What all domains ask the company: which day it is there, and who is at the head."""

    _inherit = "res.company"

    customer_tz = fields.Selection(
        _tz_get,
        "Customer Governance Time Zone",
        help="Days, months, quarters, deadlines, numbers and jobs are based on this time zone. "
        "If empty, the time zone of the company's working hours is used.",
    )
    customer_head_id = fields.Many2one(
        "res.users",
        "Head of Customer Governance",
        domain=[("share", "=", False)],
        help="Receives items for which neither an account manager nor a team leader is "
        "responsible.",
    )

    def write(self, vals):
        """EXTENDS base: with other days, open deadlines are counted again."""
        if not {"customer_tz", "resource_calendar_id"} & vals.keys():
            return super().write(vals)
        zones = {company: company._customer_timezone() for company in self}
        result = super().write(vals)
        moved = self.filtered(lambda company: company._customer_timezone() != zones[company])
        if moved:
            moved._after_timezone_change()
        return result

    @api.model
    def _get_company_root_delegated_field_names(self):
        """EXTENDS base: branches have the days of their company."""
        return [*super()._get_company_root_delegated_field_names(), "customer_tz"]

    def _after_timezone_change(self):
        """Hook: the days of the companies and of their branches begin at other instants."""

    def _customer_company(self):
        """Return the company whose decisions and figures hold here: of a branch the head company.

        A company and its branches are one company for tiers, credit and figures: decisions and
        figures are rows of the head, documents of all count (`queries/companies.py`).
        """
        # sudo: which company it is a branch of is no secret to its users
        return self.sudo().root_id if self.sudo().parent_id else self

    @api.model
    def _customer_companies(self):
        """Return the companies that have decisions and figures of their own: no branches."""
        # sudo: jobs and figures are about all companies
        return self.sudo().search([("parent_id", "=", False)])

    def _customer_timezone(self) -> str:
        """Return the time zone of everything that has a day, a month or a quarter."""
        self.ensure_one()
        # sudo: which day it is here is no secret, whoever asks and wherever the company's
        # working hours belong
        root = self.sudo().root_id
        return root.customer_tz or root.resource_calendar_id.tz or "UTC"

    def _customer_day(self, moment: datetime) -> date:
        """Return the company's calendar day of an instant (naive UTC, as Odoo stores it)."""
        zone = ZoneInfo(self._customer_timezone())
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()

    def _customer_today(self) -> date:
        """Return today's date in the company's time zone."""
        return self._customer_day(fields.Datetime.now())

    def _customer_head(self):
        """Return the user who gets what nobody else is responsible for; may be empty."""
        self.ensure_one()
        group = self.env.ref("customer_governance.group_manager")
        # sudo: group members are needed whoever asks; a user of the company, never OdooBot
        groups = (self.customer_head_id, group.sudo().all_user_ids.sorted("id"))
        return told(groups, self)[:1]
