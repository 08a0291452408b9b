from datetime import datetime

from odoo import api, fields, models

from ...engine.windows import fiscal_quarter, last_months
from ...queries import metrics as queries
from ...queries import metrics_contact, satisfaction
from ...queries.completeness import data_completeness
from ...queries.customers import commercial_partners
from ..common.jobs import Step

# Money and payment behaviour: sales (own customers), credit, committee, head and audit; not
# service.
FINANCE_GROUPS = (
    "customer_governance.group_sales,customer_governance.group_credit,customer_governance.group_committee,"
    "customer_governance.group_manager,customer_governance.group_auditor"
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
    _inherit = ["customer.job.mixin"]
    _job_of_heads = True
    _description = "Customer Figures"
    _order = "partner_id, id"  # readable by every role: what joins this model is sorted by it too
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
        help="Untaxed posted invoices less credit notes in the 12 months ending on that day.",
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
        help="Percentage of the company's revenue of the last 12 months.",
    )
    has_revenue_share = fields.Boolean(
        compute="_compute_has_revenue_share",
        export_string_translation=False,
        groups=FINANCE_GROUPS,
        help="Whether the company had any sales; without sales there is no share.",
    )
    days_to_pay = fields.Float(
        "Average Days to Pay",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        groups=FINANCE_GROUPS,
        help="From invoice date to full payment, for invoices fully paid in the last 12 months.",
    )
    paid_invoice_count_12m = fields.Integer(
        "Paid Invoices (12 months)", readonly=True, groups=FINANCE_GROUPS
    )
    overdue_amount = fields.Monetary(
        "Overdue",
        readonly=True,
        groups=FINANCE_GROUPS,
        help="Receivables past their due date less unallocated payments and credit notes.",
    )
    overdue_days = fields.Integer(
        "Oldest Overdue (days)", readonly=True, aggregator="max", groups=FINANCE_GROUPS
    )
    last_contact_date = fields.Date(
        "Last Contact",
        readonly=True,
        help="Latest message to the customer, completed contact activity or meeting held.",
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
        help="Percentage of the fields required for the customer's tier that are filled in.",
    )

    # Company first: the refresh and every list work company by company; the partner has its own
    # index.
    _company_partner_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "A customer has one row of figures for each company."
    )

    # -- refresh
    # ---------------------------------------------------------------------------------------------

    @api.depends("revenue_share")
    def _compute_has_revenue_share(self):
        """An empty number reads as 0, so the column itself is asked."""
        rows = self.env.execute_query(queries.with_share(self.ids))
        known = {row[0] for row in rows}
        for metrics in self:
            metrics.has_revenue_share = metrics._origin.id in known

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
            self._contact_part(ctx),
            satisfaction.latest(ctx, self._satisfaction_sources(ctx)),
            data_completeness(ctx, **self.env["customer.data.field"]._checks(company)),
        ]

    @api.model
    def _contact_part(self, ctx):
        """Return the `queries.metrics.Part` of the last contact."""
        return metrics_contact.contacts(ctx, self._contact_events(ctx))

    @api.model
    def _contact_documents(self, ctx):
        """Return (model, select of res_id and partner_id) of the documents on which people talk to a
        customer; a higher domain appends its own.
        """
        return metrics_contact.documents(ctx)

    @api.model
    def _contact_events(self, ctx):
        """Return the selects of contacts, see `metrics_contact.contacts`; a higher domain appends its
        own.

        :param ctx: `queries.metrics.MetricsContext`
        """
        documents = self._contact_documents(ctx)
        return [
            *(metrics_contact.messages(ctx, model, select) for model, select in documents),
            metrics_contact.meetings(ctx),
        ]

    @api.model
    def _satisfaction_sources(self, ctx):
        """Return the selects of what customers answered; a higher domain appends its own.

        :param ctx: context of the metrics or of the measures, see `queries.satisfaction`
        """
        return [satisfaction.ratings(ctx), satisfaction.surveys(ctx)]

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
        for company in self.env["res.company"]._customer_companies():
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
        """Return the steps of the nightly work of a company, in order (`common.jobs`)."""
        return [
            self._nightly_step(company, "figures", lambda _after: self._nightly_figures(company))
        ]

    @api.model
    def _nightly_figures(self, company):
        self._refresh_company(company)
        return 1, None

    @api.model
    def _nightly_step(self, company, name, portion):
        """Return a step that needs those before it, under the lock of the company."""
        label = f"{name} of {company.display_name}"
        return Step(f"{name}:{company.id}", portion, label=label, **self._nightly_chain(company))

    @api.model
    def _nightly_chain(self, company):
        """Return what the steps of a company have in common."""

        def failed(text):
            company.write(
                {"customer_nightly_at": fields.Datetime.now(), "customer_nightly_error": text}
            )

        return {
            "chain": f"company {company.id}",
            "lock": lambda: self._lock_nightly(company),
            "failed": failed,
        }

    @api.model
    def _company_steps(self, company):
        """Return the steps of the company and the last one, which marks it as done for the night."""

        def done(_after):
            company.write(
                {"customer_nightly_at": fields.Datetime.now(), "customer_nightly_error": False}
            )
            return 1, None

        return [*self._nightly_steps(company), self._nightly_step(company, "done", done)]

    @api.model
    def _cron_nightly(self):
        """Nightly job of every company: figures, segments, lifecycle. Safe to run twice, late, or
        after a kill.

        Companies not done today come first; when all are done the job does all of them again. A
        company that fails is logged, its error kept on the company, and the others go on.
        """
        companies = self._job_companies().sorted(
            lambda company: (company.customer_nightly_at or datetime.min, company.id)
        )
        left = companies.filtered(lambda company: not company._customer_nightly_done()) or companies
        return self._run_steps(step for company in left for step in self._company_steps(company))

    @api.model
    def _nightly_company(self, company):
        """Run the steps of one company; return whether all went well."""
        self._run_steps(self._company_steps(company))
        return not company.customer_nightly_error

    @api.model
    def _lock_nightly(self, company):
        """Take the company's nightly job until the next commit; False when another worker has
        it.
        """
        return self.env.execute_query(queries.lock_company(company.id))[0][0]
