from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...queries import care_coverage
from .customer_care_source import KIND_NAMES


class CustomerCareCoverage(models.Model):
    """How a month of the contact plan went for a customer: written by the night in SQL, by nobody else.

    A month stays open for some days, so that late reports count; then it is closed and never changes,
    whatever becomes of tier, owner or interval.
    """

    _name = "customer.care.coverage"
    _description = "Coverage of the Contact Plan"
    _order = "month DESC, partner_id, kind, id"
    _rec_name = "partner_id"
    _log_access = False  # rows are written by the night only

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(KIND_NAMES, required=True, readonly=True)
    month = fields.Date(required=True, readonly=True, help="First day of the month.")
    tier_id = fields.Many2one("customer.tier", readonly=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, index="btree_not_null")
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, ondelete="set null")
    due_date = fields.Date("Due On", readonly=True)
    paid_date = fields.Date("Last Contact in the Month", readonly=True)
    result = fields.Selection(
        [
            ("in_time", "In time"),
            ("late", "Late"),
            ("missed", "Not at all"),
            ("open", "Still open"),
        ],
        required=True,
        readonly=True,
    )
    coverage = fields.Float(
        "Coverage (%)",
        digits=(5, 2),
        readonly=True,
        aggregator="avg",
        help="100: contacted in time; less if every contact was reported late. Open ones do not "
        "count.",
    )
    target = fields.Float(
        "Target (%)",
        digits=(5, 2),
        readonly=True,
        aggregator="avg",
        help="What the company aimed at in that month.",
    )
    is_closed = fields.Boolean(
        "Closed", readonly=True, help="A closed month does not change any more."
    )

    _month_uniq = models.UniqueIndex(
        "(company_id, month, partner_id, kind)",
        "A customer has one row for each month and kind of contact.",
    )

    @api.model
    def _refresh(self, company):
        """Write the months of a company that are not closed; return how many.

        Run twice, late or after a pause it leaves the same: each open month is written anew from what
        happened in it.
        """
        today = company._customer_today()
        self.env.flush_all()
        metrics = self.env["customer.metrics"]
        ctx = metrics._care_context(company)
        events, rules = metrics._care_events(ctx), self.env["customer.care.source"]._rules()
        day = self.env["customer.care.due"]._day(company)
        months = self._open_months(company, today)
        for month in months:
            select = care_coverage.months(
                ctx, events, rules, day, month, company.care_late_credit, company.care_target
            )
            self.env.cr.execute(care_coverage.write_month(select, company.id, month))
            if month.is_closed:
                company.care_closed_month = month.first
        self.env.cr.execute(care_coverage.clear_used(company.id))
        self.env["res.partner"].invalidate_model(["next_contact_date"], flush=False)
        self.invalidate_model(flush=False)
        return len(months)

    @api.model
    def _open_months(self, company, today):
        """Return the months to write: all since the last one that was closed, today's included.

        Without any the first is the month in which care is looked at for the first time: what nobody
        planned was not due.
        """
        first = today.replace(day=1)
        if company.care_closed_month:
            begin = company.care_closed_month + relativedelta(months=1)
        else:
            begin = (
                self.search([("company_id", "=", company.id)], order="month", limit=1).month
                or first
            )
        months = []
        while begin <= first:
            last = begin + relativedelta(months=1, days=-1)
            closed = today > last + timedelta(days=company.care_close_days)
            months.append(care_coverage.Month(begin, last, closed))
            begin += relativedelta(months=1)
        return months

    def _merge_partners(self, column, sources, target):
        """Keep the months of the customer that remains."""
        rows = self.search([("partner_id", "in", (sources | target).ids)], order="id")
        for some in rows.grouped(lambda row: (row.company_id, row.month, row.kind)).values():
            kept = some.filtered(lambda row: row.partner_id == target)[:1] or some[-1:]
            (some - kept).unlink()

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
