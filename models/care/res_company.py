from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...queries import care_due
from ..common.customer_domain import CustomerDomain, Setup, SetupLine

_lt = LazyTranslate(__name__)

# Settings that branches have from their company.
SHARED = (
    "care_plan_visits",
    "care_plan_days",
    "care_send_lists",
    "care_list_weekday",
    "care_late_credit",
    "care_close_days",
    "care_target",
)


class ResCompany(models.Model):
    """Rules of customer care that differ from company to company."""

    _inherit = "res.company"

    care_enabled = fields.Boolean(
        "Use Customer Care",
        help="Contacts that are due, occasions, surveys and handovers are managed in this company.",
    )

    # --- contact plan
    care_plan_visits = fields.Boolean(
        "Plan Due Visits",
        help="Visits and strategy meetings that fall due are planned every night.",
    )
    care_plan_days = fields.Integer(
        "Plan Ahead (days)",
        required=True,
        default=14,
        help="Visits that fall due within this many days are planned.",
    )
    care_send_lists = fields.Boolean(
        "Send Weekly Lists",
        help="Once a week each account manager is sent the contacts that are due, and each team "
        "leader those that were missed.",
    )
    care_list_weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        "Weekly Lists On",
        required=True,
        default="0",
    )
    care_late_credit = fields.Integer(
        "Credit for Late Reports (%)",
        required=True,
        default=50,
        help="What a month counts for in the coverage if every visit in it was reported late. 100: "
        "like any other.",
    )
    care_close_days = fields.Integer(
        "Close a Month After (days)",
        required=True,
        default=5,
        help="Until then visits reported later still count for the month.",
    )
    care_target = fields.Float(
        "Coverage Target (%)",
        required=True,
        default=90.0,
        digits=(5, 2),
        help="Percentage of customers that should be contacted in time.",
    )
    care_closed_month = fields.Date(readonly=True, copy=False, export_string_translation=False)
    care_figures_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)
    care_figures_message = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )

    _care_valid = models.Constraint(
        "CHECK(care_plan_days >= 0 AND care_close_days >= 0 AND care_late_credit BETWEEN 0 AND 100"
        " AND care_target BETWEEN 0 AND 100)",
        "Days of customer care cannot be negative, and percentages must be between 0 and 100.",
    )

    @api.model
    def _get_company_root_delegated_field_names(self):
        """EXTENDS base: branches follow their company."""
        return [*super()._get_company_root_delegated_field_names(), *SHARED]

    def _care_forget_figures(self):
        """Look at all that ever happened, until the next night has made new figures."""
        companies = self or self.search([])
        companies.filtered("care_figures_at").care_figures_at = False
        cron = self.env.ref("customer_governance.customer_metrics_cron", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # sudo: the scheduler's own bookkeeping

    def _care_note_figures(self):
        """Remember from when on contacts are looked up, because the figures are being made now."""
        self.ensure_one()
        [(message,)] = self.env.execute_query(care_due.last_message())
        # sudo: the bookkeeping of the night
        self.sudo().write(
            {"care_figures_at": fields.Datetime.now(), "care_figures_message": message}
        )

    def _customer_switched_on(self, key):
        """EXTENDS common: what was not planned while care was off was not due either."""
        result = super()._customer_switched_on(key)
        if key == "care":
            for company in self:
                today = company._customer_today()
                before = today.replace(day=1) - timedelta(days=1)
                company.care_closed_month = before.replace(day=1)
            self._care_forget_figures()
        return result

    # --- what to fill in before care is switched on, and whom it concerns
    def _customer_setup(self, key):
        """EXTENDS common."""
        if key != "care":
            return super()._customer_setup(key)
        return Setup(self._care_setup_what(), self._care_setup_fill(), self._care_setup_today())

    def _care_setup_what(self):
        """Return what care will do, one sentence each."""
        return [*self._care_plan_what(), *self._care_handover_what()]

    def _care_plan_what(self):
        _ = self.env._
        return [
            _("The tiers define how often a customer is contacted, visited, met and surveyed."),
            _(
                "Each account manager sees whose contact is due, the most overdue and most "
                "valuable first; every visit, call, meeting or e-mail moves the next date."
            ),
            _("Nothing is planned and no list is sent until you enable it in the settings."),
            _("Every month shows what was due, contacted in time, late or not at all."),
        ]

    def _care_handover_what(self):
        """Return what staff handovers do, one sentence each."""
        _ = self.env._
        return [
            _(
                "When someone leaves or is away, a handover lists everything they hold, asks the "
                "receivers and moves all of it at once; a temporary one comes back by itself."
            ),
            _(
                "Archiving a user who still holds something shows what it is and offers the handover."
            ),
        ]

    def _care_setup_fill(self):
        """Return what to fill in first."""
        return [*self._care_plan_fill(), *self._care_handover_fill()]

    def _care_plan_fill(self):
        _ = self.env._
        company = self.sudo()  # whether things are there is all that is told
        intervals = [
            (f"{kind}_interval_days", ">", 0) for kind in ("contact", "visit", "meeting", "survey")
        ]
        planned = company.env["customer.tier"].search_count(["|", "|", "|", *intervals], limit=1)
        alone = (
            company.env["res.partner"]
            .with_company(company)
            .search_count(
                [
                    *company.env["res.partner"]._customer_domain(),
                    ("customer_tier_id.kind", "=", "customer"),
                    ("user_id", "=", False),
                ],
                limit=1,
            )
        )
        return [
            SetupLine(
                "intervals",
                _("The tiers say how often their customers are contacted"),
                self._customer_link("customer_governance.customer_tier_action"),
                bool(planned),
            ),
            SetupLine(
                "sources",
                _("It is defined what counts as a contact"),
                self._customer_link("customer_governance.customer_care_source_action"),
                bool(company.env["customer.care.source"].search_count([], limit=1)),
            ),
            SetupLine(
                "managers",
                _("Every customer has an account manager"),
                self._customer_link("customer_governance.customer_action"),
                not alone,
            ),
        ]

    def _care_handover_fill(self):
        """Return who leads handovers beside the head: leaders of sales teams."""
        # sudo: figures for who switches it on
        partners = self.env["res.partner"].sudo()
        people = partners._read_group(
            [("user_id.active", "=", True), ("company_id", "in", (False, self.id))], ["user_id"]
        )
        led = all(user.sale_team_id.user_id for [user] in people)
        return [
            SetupLine(
                "team_leaders",
                self.env._("Account managers belong to a sales team with a leader"),
                self._customer_link("sales_team.crm_team_action_config"),
                led,
            )
        ]

    def _care_setup_today(self):
        """Return whom care concerns today."""
        return [*self._care_plan_today(), *self._care_handover_today()]

    def _care_plan_today(self):
        _ = self.env._
        company = self._customer_company().sudo()  # numbers for who switches it on
        counts = company.env["customer.care.due"]._counts(company)
        return [
            SetupLine("planned", _("Customers with a contact plan"), count=counts["customers"]),
            SetupLine(
                "overdue", _("Contacts that would be overdue today"), count=counts["overdue"]
            ),
            SetupLine(
                "alone",
                _("Contacts for which nobody is responsible"),
                count=counts["alone"],
            ),
        ]

    def _care_handover_today(self):
        """Return what people hold who are no longer there."""
        # sudo: figures for who switches it on
        rows = self.env["customer.holding"].sudo()
        held = rows.search([("company_id", "in", (False, self.id))])
        return [
            SetupLine(
                "held_by_inactive",
                self.env._("Customers, cases and tasks held by inactive users"),
                self._customer_link("customer_governance.customer_holding_action"),
                count=sum(held.mapped("record_count")),
            )
        ]

    @api.model
    def _customer_domains(self):
        domains = super()._customer_domains()
        domains["care"] = CustomerDomain(
            name=_lt("Customer Care"),
            field="care_enabled",
            group="customer_governance.group_use_care",
            icon="fa-heart-o",
        )
        return domains
