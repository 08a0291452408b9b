from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import collection


class ResCompany(models.Model):
    """How a company collects overdue items."""

    _inherit = "res.company"

    collection_mode = fields.Selection(
        [
            ("send", "Plan steps and send mails"),
            ("plan", "Plan steps, people send"),
            ("off", "No collection"),
        ],
        "Collection",
        default="send",
        required=True,
        help="Steps are planned and mails sent in the working time of the company only.",
    )
    collection_user_id = fields.Many2one(
        "res.users",
        "Collector",
        domain=[("share", "=", False)],
        help="Gets the steps of levels that name the collector.",
    )
    collection_buckets = fields.Char(
        "Age Buckets (days)",
        default="30,60,90",
        required=True,
        help="Upper borders of the age buckets in statements, for example 30,60,90.",
    )

    @api.constrains("collection_buckets")
    def _check_collection_buckets(self):
        for company in self:
            try:
                collection.parse_borders(company.collection_buckets)
            except ValueError as error:
                raise ValidationError(
                    self.env._("Age buckets are rising numbers of days, for example 30,60,90.")
                ) from error

    def _collection_levels(self):
        """Return the levels in use: the company's own, else those shared by all companies."""
        self.ensure_one()
        levels = self.env["customer.collection.level"].search(
            [("company_id", "in", (False, self.id))], order="days_overdue, id"
        )
        return levels.filtered("company_id") or levels

    def _collection_at_work(self, now):
        """Tell whether people of the company work now: nobody is dunned at night or on holidays."""
        self.ensure_one()
        calendars = self.env["customer.sla.calendar"]
        return calendars._working_time(self, now).is_working(now)

    def _collection_collector(self):
        """Return the collector, else the head of customer governance."""
        self.ensure_one()
        collector = self.collection_user_id
        return collector if collector.active else self._customer_head()

    @api.model
    def _collection_protect_old_debts(self):
        """Let people look first where receivables are overdue already when the addon comes."""
        # sudo: called once by the installation, for all companies
        for company in self.sudo().search([]):
            overdue = (
                self.env["account.move.line"]
                .sudo()
                .search_count(
                    [
                        ("company_id", "=", company.id),
                        ("account_id.account_type", "=", "asset_receivable"),
                        ("parent_state", "=", "posted"),
                        ("reconciled", "=", False),
                        ("amount_residual", ">", 0),
                        ("date_maturity", "<", company._customer_today()),
                    ],
                    limit=1,
                )
            )
            if overdue:
                company.collection_mode = "plan"
