from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...engine.archive_deadlines import working_days_after
from ...engine.periods import ONE_DAY, add_months
from ...queries import complaint_figures as queries
from ..common.customer_domain import CustomerDomain, Setup, SetupLine
from ..common.customer_reach_mixin import able

_lt = LazyTranslate(__name__)

# Months before today's whose cut-off is counted; older ones have one only where it was kept.
MONTHS = 120


class ResCompany(models.Model):
    """Rules of the complaint loop that differ from company to company."""

    _inherit = "res.company"

    complaint_number_pattern = fields.Char(
        "Complaint Number", default="C{year}{month}-{serial:4}", required=True
    )
    complaint_repeat_days = fields.Integer(
        "Repeat Within (days)",
        default=90,
        help="A new complaint about the same matter within this many days counts as a repeat.",
    )
    complaint_max_returns = fields.Integer(
        "Returns before the Head Decides",
        default=2,
        help="After this many returns, only the head of service can dispatch the case, and this "
        "decision is final.",
    )
    complaint_similarity = fields.Float(
        "Similar Subjects (%)",
        default=80,
        digits=(16, 1),
        help="Percentage of identical characters from which two subjects are considered the same "
        "matter.",
    )
    complaint_link_days = fields.Integer(
        "Call-back Links Valid (days)",
        default=30,
        help="How long the customer can answer a call-back with the link in the e-mail.",
    )
    complaint_reopen_days = fields.Integer(
        "Customer May Reopen Within (days)",
        default=30,
        help="Number of days after the close during which the customer can report in the portal "
        "that the problem is back: the same case is reopened. 0: not offered; the customer files "
        "a new case.",
    )
    complaint_progress_days = fields.Integer(
        "Progress Every (days)",
        default=3,
        help="While a dispatch is being worked on, its progress must be reported at least this "
        "often. 0: not required.",
    )
    complaint_signoff = fields.Selection(
        [
            ("all", "Every complaint"),
            ("major", "Major and reopened complaints"),
            ("none", "None"),
        ],
        "Signed Off by the Head of Service",
        default="major",
        required=True,
        help="After the call-back, the head of service reviews the result and signs it off "
        "before such a case is closed.",
    )
    complaint_callback_attempts = fields.Integer(
        "Call-back Attempts",
        default=3,
        help="After this many attempts, the customer is considered unreachable and the case can "
        "be closed.",
    )
    complaint_escalation_months = fields.Integer(
        "Escalate After (months)",
        default=3,
        help="Complaints not closed after this many months are escalated to management.",
    )
    complaint_manager_id = fields.Many2one(
        "res.users",
        "Management",
        help="Is notified of major complaints, repeated reopening and long-open cases. Leave "
        "empty for the heads of customer governance.",
    )

    _complaint_days_valid = models.Constraint(
        "CHECK(complaint_link_days > 0 AND complaint_progress_days >= 0 AND complaint_reopen_days >= 0"
        " AND complaint_similarity > 0 AND complaint_similarity <= 100)",
        "Links must be valid for at least one day, the progress interval and the time for "
        "reopening cannot be negative, and a similarity must be a percentage above 0.",
    )

    # --- whether a company handles its complaints here
    complaint_enabled = fields.Boolean(
        "Use Complaints",
        help="Complaints are handled with cases, deadlines and answers in this company.",
    )

    # --- when a month ends for the figures of complaints
    complaint_cutoff_days = fields.Integer(
        "Cut-off (working days)",
        default=3,
        required=True,
        help="Working days after the end of a month during which closing a case still counts for "
        "that month.",
    )
    complaint_contact_hours = fields.Integer(
        "First Contact Within (hours)",
        default=24,
        required=True,
        help="Time from receipt within which a first contact counts as on time.",
    )

    _complaint_cutoff_valid = models.Constraint(
        "CHECK(complaint_cutoff_days >= 0 AND complaint_contact_hours > 0)",
        "Days after the month cannot be negative, and the time for the first contact must "
        "be at least one hour.",
    )

    @api.constrains("complaint_number_pattern")
    def _check_complaint_number_pattern(self):
        """A pattern that does not work is found here, not by the agent with a caller on the line."""
        for company in self:
            self.env["customer.complaint"]._refuse_broken_pattern(company.complaint_number_pattern)

    def _complaint_management(self):
        """Return the users who stand for the management of the company."""
        self.ensure_one()
        company = self.sudo()  # who the management is, is no secret to those who inform it
        if chosen := able(company.complaint_manager_id, company):
            return chosen
        return self._complaint_group("manager")

    def _complaint_supervisors(self):
        """Return the heads of service of the company."""
        self.ensure_one()
        return self._complaint_group("service_supervisor")

    def _complaint_group(self, role):
        # sudo: as the management
        group = self.env.ref(f"customer_governance.group_{role}").sudo()
        return able(group.all_user_ids, self)

    # --- what to fill in before complaints are switched on, and whom it concerns
    def _customer_setup(self, key):
        """EXTENDS common."""
        if key != "complaint":
            return super()._customer_setup(key)
        _ = self.env._
        what = [
            _("Complaints get a number, a team and deadlines in working time."),
            _("E-mails to a team's address and portal submissions create cases."),
            _("Customers receive an acknowledgement, an answer and a call-back."),
            _("Handlers and leaders are notified of deadlines that approach or pass."),
        ]
        return Setup(what, self._complaint_setup_fill(), self._complaint_setup_today())

    def _complaint_setup_fill(self):
        _ = self.env._
        company = self.sudo()  # whether things are there is all that is told
        today = company._customer_today()
        teams = company.env["customer.complaint.team"].search(
            [("company_id", "=", company.id), ("takes_complaints", "=", True)]
        )
        years = company.env["customer.calendar.year"].search_count(
            [("company_id", "=", company.id), ("year", "=", today.year)], limit=1
        )
        policies = company.env["customer.sla.policy"].search_count(
            [("company_id", "in", (False, company.id))], limit=1
        )
        return [
            SetupLine(
                "team",
                _("A team receives complaints: it has a leader and members"),
                self._customer_link("customer_governance.customer_complaint_team_action"),
                bool(teams.filtered(lambda team: team.user_id and team.member_ids)),
            ),
            SetupLine(
                "roles",
                _("Someone has the role Customer Service or Head of Service"),
                self._customer_link("customer_governance.customer_role_action"),
                self._customer_has_role("group_service", "group_service_supervisor"),
            ),
            SetupLine(
                "calendar",
                _(
                    "Public holidays of %(year)s are entered: deadlines are counted in "
                    "working time",
                    year=today.year,
                ),
                self._customer_link("customer_governance.customer_calendar_year_action"),
                bool(years),
            ),
            SetupLine(
                "policy",
                _("Deadlines are set: review the policies"),
                self._customer_link("customer_governance.customer_sla_policy_action"),
                bool(policies),
            ),
            SetupLine(
                "alias",
                _("Incoming e-mail works: the company has an alias domain and the team an address"),
                self._customer_link("mail.mail_alias_domain_action"),
                bool(company.alias_domain_id and any(teams.mapped("alias_name"))),
            ),
        ]

    def _complaint_setup_today(self):
        _ = self.env._
        company = self.sudo()  # numbers for who switches it on
        users = company.env["res.users"].search(
            [("share", "=", True), ("active", "=", True), ("company_ids", "in", company.ids)]
        )
        portal = users.filtered(lambda user: user.has_group("base.group_portal"))
        cases = company.env["customer.complaint"]
        domain = [("company_id", "=", company.id), ("state", "in", cases._open_states())]
        late = [*domain, ("is_sla_overdue", "=", True)]
        return [
            SetupLine(
                "portal",
                _("Customers with a login who could file complaints in the portal"),
                self._customer_list(_("Portal Users"), "res.users", portal.ids),
                count=len(portal.commercial_partner_id),
            ),
            SetupLine(
                "open",
                _("Open cases"),
                self._customer_link("customer_governance.customer_complaint_action", domain),
                count=cases.search_count(domain),
            ),
            SetupLine(
                "late",
                _("Cases past their deadline: their handlers would be notified now"),
                self._customer_link("customer_governance.customer_complaint_action", late),
                count=cases.search_count(late),
            ),
        ]

    # --- whether a company handles its complaints here
    @api.model
    def _customer_domains(self):
        domains = super()._customer_domains()
        domains["complaint"] = CustomerDomain(
            name=_lt("Complaints"),
            field="complaint_enabled",
            group="customer_governance.group_use_complaint",
            icon="fa-comments-o",
            user_field="complaint_manager_id",
        )
        return domains

    # --- when a month ends for the figures of complaints
    def _complaint_last_days(self):
        """Return {first day: last day on which a close counts} of the months of a company.

        From the month of the first receipt of a case to the one of today.
        """
        self.ensure_one()
        first = self._complaint_first_month()
        # sudo: the day is the same for everybody
        kept = self.env["customer.complaint.cutoff"].sudo().search([("company_id", "=", self.id)])
        months = {cutoff.date_from: cutoff.last_day for cutoff in kept}
        month = self._customer_today().replace(day=1)
        # sudo: the day is the same for everybody
        calendar = self.env["customer.working.calendar"].sudo()
        for _number in range(MONTHS):
            if not first or month < first:
                break
            if month in months:
                month = add_months(month, -1)
                continue
            last = add_months(month, 1) - ONE_DAY
            if self.complaint_cutoff_days:
                last = calendar._within_horizon(
                    self,
                    last,
                    lambda time_of, last=last: working_days_after(
                        time_of, last, self.complaint_cutoff_days
                    ),
                )
            months[month] = last
            month = add_months(month, -1)
        return months

    @api.model
    def _complaint_first_month(self):
        self.env["customer.complaint"].flush_model(["received_at"])
        [(first, _last)] = self.env.execute_query(queries.receipts())
        return first and (first - timedelta(days=1)).date().replace(day=1)

    def _complaint_cutoffs(self):
        """Return [(company id, first day of the month, first instant after its cut-off)]."""
        rows = []
        for company in self:
            zone = ZoneInfo(company._customer_timezone())
            for month, last in company._complaint_last_days().items():
                end = datetime.combine(last + ONE_DAY, time.min, zone).astimezone(timezone.utc)
                rows.append((company.id, month, end.replace(tzinfo=None)))
        return rows

    @api.model
    def _all_complaint_cutoffs(self):
        """Return the cut-offs of all companies, for the report over all of them."""
        # sudo: the last day of a month is no secret
        return self.sudo().search([])._complaint_cutoffs()
