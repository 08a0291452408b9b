from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...queries import tier_breaches


class CustomerTierBreach(models.Model):
    """A measure of a customer's tier that is not met, found when somebody looks.

    Higher domains add kinds by extending `_breach_parts` or `_breach_contact_parts` and the selection of `kind`.
    """

    _name = "customer.tier.breach"
    _description = "Unmet Commitment"
    _auto = False
    _order = "days_over DESC NULLS FIRST, partner_id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    tier_id = fields.Many2one("customer.tier", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    kind = fields.Selection(
        [
            ("no_manager", "No account manager"),
            ("no_team", "No sales team"),
            ("contact_overdue", "Contact overdue"),
            ("never_contacted", "Never contacted"),
            ("not_dedicated", "Account manager not dedicated"),
        ],
        "Measure",
        readonly=True,
    )
    since = fields.Date(
        readonly=True,
        help="Day on which the commitment was last met, or from which it counts (start of the "
        "customer's tier).",
    )
    days_over = fields.Integer("Days Overdue", readonly=True, aggregator="max")
    reason = fields.Char(compute="_compute_reason")
    # What the rows follow from: changes of these are written before the query runs.
    _depends = {
        "customer.metrics": ["partner_id", "company_id", "last_contact_date"],
        "customer.tier": [
            "manager_policy",
            "contact_interval_days",
            "visit_interval_days",
            "meeting_interval_days",
            "survey_interval_days",
        ],
        "res.partner": [
            "active",
            "user_id",
            "customer_tier_id",
            "customer_tier_since",
            "customer_team_id",
        ],
        "res.users": ["active"],
        "res.company": ["customer_dedicated_max"],
        "sale.order": ["partner_id", "company_id", "team_id"],
        "crm.lead": ["partner_id", "company_id", "team_id"],
    }

    @property
    def _table_query(self):
        # sudo: the calendar days of all companies; record rules choose the rows
        companies = self.env["res.company"]._customer_companies()
        todays = [
            (company.id, company._customer_today(), company.customer_dedicated_max)
            for company in companies
        ]
        return tier_breaches.breaches(todays, self._breach_parts())

    @api.model
    def _breach_parts(self) -> list[SQL]:
        """Queries of the kinds of breaches; append to the end, so that ids of rows stay."""
        return [
            tier_breaches.no_manager(),
            tier_breaches.no_team(),
            tier_breaches.not_dedicated(),
            *self._breach_contact_parts(),
        ]

    @api.model
    def _breach_contact_parts(self) -> list[SQL]:
        """Queries of the kinds that are about contacts in time; append to the end."""
        return [tier_breaches.contact_overdue(), tier_breaches.never_contacted()]

    @api.depends("kind", "since", "days_over", "tier_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for breach in self:
            breach.reason = breach._reason_text()

    def _reason_text(self):
        """One sentence on the row, in the user's language; higher domains add their kinds."""
        tier, day = self.tier_id.name, format_date(self.env, self.since)
        texts = {
            "no_manager": lambda: self.env._(
                "Tier %s requires an account manager, but none is assigned.", tier
            ),
            "no_team": lambda: self.env._(
                "Tier %s requires a sales team, but none is assigned.", tier
            ),
            "not_dedicated": lambda: self.env._(
                "Tier %(tier)s grants a dedicated account manager; %(manager)s looks after more than "
                "%(most)s such customers.",
                tier=tier,
                manager=self.user_id.name,
                most=self.company_id.customer_dedicated_max,
            ),
            "contact_overdue": lambda: self.env._(
                "Last contact on %(day)s; tier %(tier)s requires one every %(interval)s "
                "days (%(over)s days overdue).",
                day=day,
                tier=tier,
                interval=self.tier_id.contact_interval_days,
                over=self.days_over,
            ),
            "never_contacted": lambda: self.env._(
                "No contact since the customer entered tier %(tier)s on %(day)s; one is due "
                "every %(interval)s days (%(over)s days overdue).",
                day=day,
                tier=tier,
                interval=self.tier_id.contact_interval_days,
                over=self.days_over,
            ),
        }
        return texts[self.kind]() if self.kind in texts else False

    def action_open_customer(self):
        """Open the customer of the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }
