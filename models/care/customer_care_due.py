from datetime import date

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ...engine.working_time import OutOfHorizon
from ...queries import care_due
from ..tier.customer_metrics import FINANCE_GROUPS
from .customer_care_source import EVENTS, KIND_NAMES

# Days off are known from the year before to this many years after; outside nothing is moved.
YEARS_AHEAD = 3
# What a visit of a kind is for.
PURPOSES = {"contact": "care", "visit": "care", "meeting": "meeting", "survey": "survey"}
WAYS = {"contact": "phone", "visit": "onsite", "meeting": "onsite", "survey": "phone"}


class CustomerCareDue(models.Model):
    """The contact plan as a debt list: whom to contact, most overdue and most valuable first."""

    _name = "customer.care.due"
    _description = "Due Contact"
    _auto = False
    _order = "days_over DESC, partner_id, kind, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(KIND_NAMES, readonly=True)
    tier_id = fields.Many2one("customer.tier", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        readonly=True,
        help="The account manager, otherwise the leader of the sales team in charge.",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    interval_days = fields.Integer("Every (days)", readonly=True, aggregator="avg")
    origin = fields.Selection(
        [("tier", "Tier"), ("own", "Own interval"), ("manual", "Set by hand")],
        "Planned By",
        readonly=True,
    )
    last_date = fields.Date("Last Time", readonly=True)
    last_ref = fields.Char(readonly=True, export_string_translation=False)
    paid_by = fields.Char("By", compute="_compute_paid_by")
    since = fields.Date(
        "Counts From",
        readonly=True,
        help="Day of the last contact, or the start of the customer's tier.",
    )
    plan_date = fields.Date(
        "Planned Date",
        readonly=True,
        export_string_translation=False,
        help="Due date by the interval alone.",
    )
    due_date = fields.Date(
        "Due On", readonly=True, help="A day off is moved to the next working day."
    )
    days_over = fields.Integer(
        "Days Overdue", readonly=True, aggregator="max", help="Negative: days left."
    )
    bucket = fields.Selection(
        [
            ("1_overdue", "Overdue"),
            ("2_this_week", "This week"),
            ("3_next_week", "Next week"),
            ("4_later", "Later"),
        ],
        "Due",
        readonly=True,
    )
    revenue_12m = fields.Monetary("Revenue (12 months)", readonly=True, groups=FINANCE_GROUPS)
    currency_id = fields.Many2one("res.currency", readonly=True)
    next_visit_id = fields.Many2one("customer.visit", "Next Visit", readonly=True)
    next_visit_date = fields.Date("Visit Planned On", readonly=True)
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")

    # What the rows follow from: changes of these are written before the query runs.
    _depends = {
        "customer.metrics": ["partner_id", "company_id"],
        "customer.tier": [
            "contact_interval_days",
            "visit_interval_days",
            "meeting_interval_days",
            "survey_interval_days",
        ],
        "customer.care.interval": ["partner_id", "company_id", "kind", "days", "last_day", "since"],
        "customer.care.block": ["partner_id", "company_id", "purpose", "last_day"],
        "customer.care.source": ["kind", "event", "purpose", "active"],
        "customer.visit": [
            "partner_id",
            "company_id",
            "state",
            "purpose",
            "done_date",
            "planned_date",
            "no_contact",
            "reported_at",
        ],
        "res.partner": [
            "active",
            "user_id",
            "customer_tier_id",
            "customer_tier_since",
            "customer_team_id",
            "next_contact_date",
            "next_contact_set_on",
        ],
        "res.users": ["active", "sale_team_id"],
        "crm.team": ["user_id"],
        "mail.message": ["author_id", "date", "message_type", "model", "res_id", "subtype_id"],
        "calendar.event": ["active", "stop", "user_id", "res_id", "res_model_id"],
        "calendar.attendee": ["event_id", "partner_id", "state"],
        "survey.user_input": ["partner_id", "survey_id", "test_entry"],
        "survey.survey": ["customer_satisfaction"],
    }

    @property
    def _table_query(self):
        # sudo: days and figures of all companies; record rules choose the rows
        companies = self.env["res.company"].sudo()._customer_using("care").sudo()
        return self._due_rows(companies.filtered(lambda company: not company.parent_id))

    @api.model
    def _due_rows(self, companies):
        """Return the table of what is due in companies, as SQL."""
        metrics = self.env["customer.metrics"]
        contexts = []
        for company in companies:
            ctx = metrics._care_context(
                company, company.care_figures_at, company.care_figures_message
            )
            contexts.append((ctx, metrics._care_events(ctx)))
        return care_due.due_rows(
            [self._day(company) for company in companies],
            contexts,
            self.env["customer.care.source"]._rules(),
        )

    @api.model
    def _counts(self, company):
        """Return {"customers", "overdue", "alone"}: how much would be due in a company today."""
        self.env.flush_all()
        [row] = self.env.execute_query(care_due.counts(self._due_rows(company)))
        return dict(zip(("customers", "overdue", "alone"), row, strict=True))

    @api.model
    def _day(self, company):
        """Return the `queries.care_due.Day` of a company."""
        today = company._customer_today()
        return care_due.Day(
            company.id,
            today,
            bool(company.care_figures_at),
            self._days_off(company.id, today.year),
        )

    @api.model
    @tools.ormcache("company_id", "year")
    def _days_off(self, company_id, year):
        """Return the days off of a company with the next working day of each, around a year."""
        company = self.env["res.company"].browse(company_id)
        # sudo: the working hours of the company, the same for everybody
        calendar = self.env["customer.working.calendar"].sudo()
        working = calendar._working_time(company, date(year, 1, 1), years=YEARS_AHEAD)
        result = []
        for number in range(working.day_count):
            if working.is_working_day(number):
                continue
            try:
                moved = working.date_of(working.working_day_from(number))
            except OutOfHorizon:
                break
            result.append((working.date_of(number), moved))
        return result

    @api.model
    def _next_working_day(self, company, day):
        """Return the day itself or the next working day of the company."""
        return dict(self._days_off(company.id, company._customer_today().year)).get(day, day)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """EXTENDS base: most valuable first, for those who may read what a customer is worth."""
        worth = self._has_field_access(self._fields["revenue_12m"], "read")
        if worth and order == self._order:
            order = "days_over DESC, revenue_12m DESC, partner_id, kind, id"
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.depends("last_ref")
    @api.depends_context("lang")
    def _compute_paid_by(self):
        names = dict(
            self.env["customer.care.source"]._fields["event"]._description_selection(self.env)
        )
        assert set(names) == {event for event, _name in EVENTS}
        for due in self:
            due.paid_by = names.get((due.last_ref or "").split(":")[0], False)

    # -- from the row -------------------------------------------------------------------------

    def action_open_customer(self):
        """Open the customer of the row."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    def action_open_last(self):
        """Open what paid last: the visit, the meeting, or the document of a message."""
        self.ensure_one()
        self.check_access("read")
        record = self._last_record()
        if not record:
            raise UserError(self.env._("This customer has not been contacted yet."))
        if not record.has_access("read"):
            raise UserError(self.env._("You are not allowed to open this record."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    def _last_record(self):
        """Return the record that paid last; of a message the document it is on."""
        model, _comma, number = (self.last_ref or "").partition(":")[2].partition(",")
        if not model:
            return None
        record = self.env[model].browse(int(number)).exists()
        if record and model == "mail.message":
            message = record.sudo()  # sudo: which document it is on; that one asks for the right
            record = self.env[message.model].browse(message.res_id).exists()
        return record

    def _visit_defaults(self):
        company = self.env.company
        return {
            "default_partner_id": self.partner_id.id,
            "default_company_id": company.id
            if company._customer_company() == self.company_id
            else self.company_id.id,
            "default_purpose": PURPOSES[self.kind],
            "default_way": WAYS[self.kind],
        }

    def action_plan_visit(self):
        """Open the visit that is planned, or the form of a new one."""
        self.ensure_one()
        self.check_access("read")
        visits = self.env["customer.visit"]
        visits.check_access("create")
        day = max(self.due_date, self.company_id._customer_today())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan Visit"),
            "res_model": visits._name,
            "res_id": self.next_visit_id.id,
            "view_mode": "form",
            "target": "new",
            "context": {
                **self._visit_defaults(),
                "default_planned_date": self._next_working_day(self.company_id, day),
            },
        }

    def action_report(self):
        """Report a call or a visit: the planned one, or one that nobody planned."""
        self.ensure_one()
        self.check_access("read")
        visits = self.env["customer.visit"]
        visits.check_access("create")
        view = self.env.ref("customer_governance.customer_visit_view_form_report_due")
        today = fields.Date.to_string(self.company_id._customer_today())
        visit = self.next_visit_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Contact"),
            "res_model": visits._name,
            "res_id": visit.id if visit.has_access("write") else False,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {
                **self._visit_defaults(),
                "default_way": "phone",
                "default_planned_date": today,
                "default_done_date": today,
            },
        }

    def action_mail(self):
        """Write an e-mail to the customer, unless it must not be contacted that way."""
        self.ensure_one()
        self.check_access("read")
        self.partner_id._care_check_mail("survey" if self.kind == "survey" else "care")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send E-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_model": "res.partner",
                "default_res_ids": self.partner_id.ids,
                "default_partner_ids": self.partner_id.ids,
            },
        }

    def action_set_next(self):
        """Open the dialog that sets the next contact by hand."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.with_company(self.company_id).action_set_next_contact()
