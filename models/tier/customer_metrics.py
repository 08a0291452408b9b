import logging
from contextlib import nullcontext

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models

from ...engine.windows import fiscal_quarter, last_months
from ...queries import metrics as queries
from ...queries import metrics_contact
from ...queries.completeness import data_completeness
from ...queries.customers import commercial_partners
from ..common.cron import commit_progress

_logger = logging.getLogger(__name__)

# Money and payment behaviour: sales (own customers), credit, committee, head and audit; not
# service.
FINANCE_GROUPS = (
    "customer_governance.group_sales,customer_governance.group_credit,customer_governance.group_committee,"
    "customer_governance.group_manager,customer_governance.group_auditor"
)
NIGHTLY_TRIES = (
    3  # a user who refreshes one customer meanwhile makes the bulk statement fail to serialize
)


class CustomerMetrics(models.Model):
    """Figures of a customer in a company, one row each, written by `_refresh` in SQL and by nobody
    else.

    Lists, filters, segments and the lifecycle read them, so that nothing is computed row by row.
    The figures are as old as `computed_at`. An empty figure is not zero: a customer without orders
    has no order dates, one without paid invoices no `days_to_pay` (NULL in the database, so
    averages leave it out).
    """

    _name = "customer.metrics"
    _description = "Customer Figures"
    _order = "revenue_12m DESC, partner_id, id"
    _rec_name = "partner_id"
    _log_access = False  # rows are written by the refresh only, `computed_at` says when

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    computed_at = fields.Datetime("As Of", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    country_id = fields.Many2one(related="partner_id.country_id")
    industry_id = fields.Many2one(related="partner_id.industry_id")

    first_order_date = fields.Date("First Order", readonly=True)
    last_order_date = fields.Date("Last Order", readonly=True)
    order_count_12m = fields.Integer("Orders (12 months)", readonly=True)
    order_count_quarter = fields.Integer("Orders (quarter)", readonly=True)
    order_count_previous_quarter = fields.Integer("Orders (previous quarter)", readonly=True)
    revenue_12m = fields.Monetary(
        "Revenue (12 months)",
        readonly=True,
        groups=FINANCE_GROUPS,
        help="Untaxed posted invoices less credit notes of the 12 months that end that day.",
    )
    revenue_quarter = fields.Monetary("Revenue (quarter)", readonly=True, groups=FINANCE_GROUPS)
    revenue_previous_quarter = fields.Monetary(
        "Revenue (previous quarter)", readonly=True, groups=FINANCE_GROUPS
    )
    revenue_share = fields.Float(
        "Share of Revenue (%)",
        digits=(16, 4),
        readonly=True,
        groups=FINANCE_GROUPS,
        help="Percent of the company's revenue of the last 12 months.",
    )
    days_to_pay = fields.Float(
        "Average Days to Pay",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        groups=FINANCE_GROUPS,
        help="From invoice date to full payment, of the invoices fully paid in 12 months.",
    )
    paid_invoice_count_12m = fields.Integer(
        "Paid Invoices (12 months)", readonly=True, groups=FINANCE_GROUPS
    )
    overdue_amount = fields.Monetary(
        "Overdue",
        readonly=True,
        groups=FINANCE_GROUPS,
        help="Open receivables past their due date less unallocated payments and credit notes.",
    )
    overdue_days = fields.Integer(
        "Oldest Overdue (days)", readonly=True, aggregator="max", groups=FINANCE_GROUPS
    )
    last_contact_date = fields.Date(
        "Last Contact",
        readonly=True,
        help="Latest message to the customer, done contact activity or held meeting.",
    )
    last_satisfaction = fields.Float(
        digits=(3, 2),
        readonly=True,
        aggregator="avg",
        help="Latest rating given by the customer, 1 to 5.",
    )
    last_satisfaction_date = fields.Date("Last Rated On", readonly=True)
    data_completeness = fields.Float(
        "Data Completeness (%)",
        digits=(5, 2),
        readonly=True,
        aggregator="avg",
        help="Percent of the fields required for the customer's tier that are filled in.",
    )

    # Company first: the refresh and every list work company by company; the partner has its own
    # index.
    _company_partner_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "A customer has one row of figures for each company."
    )

    # -- refresh
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _metrics_parts(self, ctx):
        """Return the `queries.metrics.Part` list that makes up a row; a higher domain appends its
        own.

        :param ctx: `queries.metrics.MetricsContext`
        """
        company = self.env["res.company"].browse(ctx.company_id)
        return [
            queries.orders(ctx),
            queries.revenue(ctx),
            queries.payments(ctx),
            queries.overdue(ctx),
            metrics_contact.contacts(ctx, self._contact_sources(ctx)),
            metrics_contact.satisfaction(ctx),
            data_completeness(ctx, **self.env["customer.data.field"]._checks(company)),
        ]

    @api.model
    def _contact_sources(self, ctx):
        """Return queries of (customer id, instant) of contacts that a higher domain knows.

        :param ctx: `queries.metrics.MetricsContext`
        """
        return []

    @api.model
    def _metrics_context(self, company, partners=None):
        """Return the `MetricsContext` of a company now.

        :param partners: records whose commercial partners are meant, None for all customers
        """
        company = company.sudo()  # figures of a company need its partner's time zone, whoever asks
        now = fields.Datetime.now()
        today = company._customer_today()
        closing = int(company.fiscalyear_last_month), company.fiscalyear_last_day
        return queries.MetricsContext(
            company_id=company.id,
            company_path=tuple(company.parent_ids.ids) or (company.id,),
            currency_id=company.currency_id.id,
            today=today,
            now=now,
            tz=company._customer_timezone(),
            year=last_months(today, 12),
            quarter=fiscal_quarter(today, *closing),
            previous_quarter=fiscal_quarter(today, *closing, offset=-1),
            partners=None if partners is None else commercial_partners(tuple(partners.ids)),
        )

    @api.model
    def _refresh(self, partners=None):
        """Recompute the figures in every company, in a number of queries that depends on companies
        only.

        :param partners: partners (or contacts of them) to refresh; None for all customers. A
            partner that is not a customer of a company (any more) has its row there removed.
        """
        if partners is not None and not partners:
            return
        # The figures of all companies are refreshed whatever companies the caller may see; it sees
        # only its own.
        for company in self.env["res.company"].sudo().search([]):
            self._refresh_company(company, partners)

    @api.model
    def _refresh_company(self, company, partners=None):
        """Recompute the figures in one company with two statements (rows that went, rows that
        are).
        """
        self.env.flush_all()
        ctx = self._metrics_context(company, partners)
        self.env.cr.execute(queries.prune(ctx))
        types = {name: field.column_type[0] for name, field in self._fields.items() if field.store}
        self.env.cr.execute(queries.upsert(ctx, self._metrics_parts(ctx), types))
        self.invalidate_model(flush=False)
        self.env["res.partner"].invalidate_model(flush=False)

    # -- nightly job
    # -----------------------------------------------------------------------------------------

    @api.model
    def _nightly_steps(self, company):
        """Return `(name, function)` of the nightly work of a company, in order; each may be
        committed alone.
        """
        return [("figures", lambda: self._refresh_company(company))]

    @api.model
    def _cron_nightly(self):
        """Nightly job of every company: figures, segments, lifecycle. Safe to run twice, late, or
        after a kill.

        Companies not done today come first; when all are done the job does all of them again. A
        company that fails is logged, its error kept on the company, and the others go on.
        """
        companies = self.env["res.company"].search([], order="customer_nightly_at NULLS FIRST, id")
        left = companies.filtered(lambda company: not company._customer_nightly_done()) or companies
        remaining = len(left)
        for company in left:
            self._nightly_company(company)
            remaining -= 1
            if not commit_progress(self.env, 1, remaining):
                break

    @api.model
    def _nightly_company(self, company):
        """Run the steps of one company, each in its own transaction; return whether all went well.

        Called by hand (no scheduled action) the caller owns the transaction: a step that fails is
        undone to its beginning, nothing is committed.
        """
        error = False
        for step, function in self._nightly_steps(company):
            outcome, error = self._nightly_step(company, step, function)
            if outcome == "locked":
                return False  # another worker is at this company: it will do the rest
            if error:
                break
        company.write(
            {"customer_nightly_at": fields.Datetime.now(), "customer_nightly_error": error}
        )
        return not error

    @api.model
    def _nightly_step(self, company, step, function):
        """Run one step under the company's lock; return (``done`` / ``locked`` / ``failed``, error
        text or False).
        """
        scheduled = bool(self.env.context.get("ir_cron_progress_id"))
        commit_progress(self.env)
        for attempt in range(1, NIGHTLY_TRIES + 1):
            try:
                if not self._lock_nightly(company):
                    return "locked", False
                with nullcontext() if scheduled else self.env.cr.savepoint():
                    function()
                commit_progress(self.env)
                return "done", False
            except Exception as exc:  # one company must not stop the others, whatever went wrong
                if scheduled:
                    self.env.cr.rollback()
                    if isinstance(exc, SerializationFailure) and attempt < NIGHTLY_TRIES:
                        continue
                _logger.exception("Nightly job of company %s failed at %s", company.id, step)
                return "failed", f"{step}: {exc}"
        raise AssertionError("unreachable: the last attempt returns")

    @api.model
    def _lock_nightly(self, company):
        """Take the company's nightly job until the next commit; False when another worker has
        it.
        """
        return self.env.execute_query(queries.lock_company(company.id))[0][0]
