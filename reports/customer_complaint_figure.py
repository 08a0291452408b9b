"""Monthly figures of complaints, case by case."""

from odoo import fields, models

from ..queries import complaint_figures as queries


class CustomerComplaintFigure(models.Model):
    """A complaint with what it counts for; groups of them have the rates of the policy."""

    _name = "customer.complaint.figure"
    _inherit = ["customer.complaint.rates"]
    _description = "Complaint Figures"
    _auto = False
    _order = "date DESC, id DESC"
    _rec_name = "complaint_id"
    _depends = {
        "customer.complaint": [
            "company_id",
            "partner_id",
            "team_id",
            "user_id",
            "registered_by_id",
            "category_id",
            "channel_id",
            "severity",
            "kind",
            "was_complaint",
            "state",
            "received_at",
            "first_contact_at",
            "answered_at",
            "closed_at",
            "unreachable",
            "reopen_count",
            "return_count",
            "repeat_of_id",
            "media_exposure",
        ],
        "customer.complaint.channel": ["is_public"],
        "customer.complaint.dispatch": [
            "complaint_id",
            "state",
            "accepted_at",
            "team_id",
            "provider_id",
            "department",
            "contact_due",
            "result_due",
            "first_contact_at",
            "first_result_at",
        ],
        "customer.complaint.cutoff": ["company_id", "date_from", "last_day"],
        "customer.complaint.team": ["department"],
        "customer.sla.clock": ["complaint_id", "milestone", "state", "first_state"],
        "customer.visit": [
            "complaint_id",
            "purpose",
            "state",
            "verification_result",
            "reopening",
        ],
        "res.company": [
            "customer_tz",
            "parent_path",
            "resource_calendar_id",
            "complaint_contact_hours",
            "complaint_cutoff_days",
        ],
        "res.partner": ["commercial_partner_id"],
        "resource.calendar": ["tz"],
    }

    complaint_id = fields.Many2one("customer.complaint", "Complaint", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    date = fields.Date(
        "Received On",
        readonly=True,
        help="Date of receipt in the company's time zone; for a case carried over, the first day "
        "of the month in which it counts again.",
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    team_id = fields.Many2one("customer.complaint.team", "Team", readonly=True)
    department = fields.Selection(
        lambda self: self.env["customer.complaint.team"]._departments(),
        readonly=True,
        help="Department of the team that last worked on the case, otherwise of the case's own "
        "team.",
    )
    user_id = fields.Many2one("res.users", "Handler", readonly=True)
    registered_by_id = fields.Many2one("res.users", readonly=True)
    category_id = fields.Many2one("customer.complaint.category", "Category", readonly=True)
    provider_id = fields.Many2one(
        "res.partner",
        "Service Provider",
        readonly=True,
        help="The provider that first accepted a dispatch for the case.",
    )
    channel_id = fields.Many2one("customer.complaint.channel", "Channel", readonly=True)
    is_web = fields.Boolean("Visible to the Public", readonly=True)
    severity = fields.Selection(
        [("general", "General"), ("complex", "Complex"), ("major", "Major")], readonly=True
    )
    state = fields.Selection(
        [
            ("registered", "Registered"),
            ("dispatched", "Dispatched"),
            ("investigating", "Investigating"),
            ("answered", "Answered"),
            ("verifying", "Call-back"),
            ("closed", "Closed"),
            ("force_closed", "Administratively closed"),
        ],
        readonly=True,
    )
    reopenings = fields.Integer("Times Reopened", readonly=True)
    returns = fields.Integer("Returned Dispatches", readonly=True)
    hours_to_answer = fields.Float(
        "Hours to Answer",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Average time from receipt to first answer.",
    )
    days_to_close = fields.Float(
        "Days to Close",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Average time from receipt to closing; administrative closures are excluded.",
    )

    @property
    def _table_query(self):
        cutoffs = self.env["res.company"]._all_complaint_cutoffs()
        return queries.with_rates(queries.figure_rows(cutoffs, fields.Datetime.now()))

    def action_open_complaint(self):
        """Open the case."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.complaint",
            "res_id": self.complaint_id.id,
            "view_mode": "form",
        }
