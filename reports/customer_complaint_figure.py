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
        ],
        "customer.complaint.team": ["department"],
        "customer.sla.clock": ["complaint_id", "milestone", "state", "first_state"],
        "customer.visit": [
            "complaint_id",
            "purpose",
            "state",
            "verification_result",
            "reopening",
        ],
        "res.company": ["partner_id"],
        "res.partner": ["tz", "commercial_partner_id"],
    }

    complaint_id = fields.Many2one("customer.complaint", "Complaint", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    date = fields.Date(
        "Received On", readonly=True, help="Day of the receipt in the company's time zone."
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    team_id = fields.Many2one("customer.complaint.team", "Team", readonly=True)
    department = fields.Selection(
        lambda self: self.env["customer.complaint.team"]._departments(),
        readonly=True,
        help="Of the team that last worked on it, else of the case's own team.",
    )
    user_id = fields.Many2one("res.users", "Handler", readonly=True)
    registered_by_id = fields.Many2one("res.users", readonly=True)
    category_id = fields.Many2one("customer.complaint.category", "Category", readonly=True)
    provider_id = fields.Many2one(
        "res.partner",
        "Service Provider",
        readonly=True,
        help="The provider that last took on an order of the case.",
    )
    channel_id = fields.Many2one("customer.complaint.channel", "Channel", readonly=True)
    is_web = fields.Boolean("Seen by the Public", readonly=True)
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
            ("force_closed", "Closed by force"),
        ],
        readonly=True,
    )
    reopenings = fields.Integer("Times Reopened", readonly=True)
    returns = fields.Integer("Dispatches Returned", readonly=True)
    hours_to_answer = fields.Float(
        "Hours to Answer",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Mean time from the receipt to the first answer.",
    )
    days_to_close = fields.Float(
        "Days to Close",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Mean time from the receipt to the close; forced closes are none.",
    )

    @property
    def _table_query(self):
        return queries.case_rows_with_rates()

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
