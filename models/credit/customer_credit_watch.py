from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...queries import credit_watch, once
from ..common.customer_reach_mixin import able
from ..common.digest import for_reader, schedule
from ..common.jobs import Digest, Step

BATCH = 500
# Days a question is remembered after its reason has gone: one that comes and goes is no news.
MEMORY = 30
TODO = "mail.mail_activity_data_todo"
KINDS = [
    ("on_hold", "On hold"),
    ("over_limit", "Over the limit"),
    ("near_limit", "Near the limit"),
    ("expired", "Assessment expired"),
    ("expiring", "Assessment ends soon"),
    ("worse", "Pays later than before"),
]


class CustomerCreditWatch(models.Model):
    """A customer credit control should look at, and why; found when somebody looks."""

    _name = "customer.credit.watch"
    _inherit = ["customer.job.mixin"]
    _job_domain = "credit"
    _job_of_heads = True
    _description = "Credit Watch List"
    _auto = False
    _order = "kind, figure DESC NULLS LAST, partner_id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    kind = fields.Selection(KINDS, "Why", readonly=True)
    figure = fields.Float(readonly=True, aggregator=None, digits=(16, 2))
    since = fields.Date("Valid Until", readonly=True)
    reason = fields.Char(compute="_compute_reason")
    # What the rows follow from: changes of these are written before the query runs.
    _depends = {
        "account.move": [
            "partner_id",
            "commercial_partner_id",
            "company_id",
            "state",
            "move_type",
            "invoice_date",
            "amount_total_signed",
        ],
        "account.move.line": [
            "partner_id",
            "company_id",
            "account_id",
            "parent_state",
            "date",
            "date_maturity",
            "balance",
            "amount_residual",
            "reconciled",
        ],
        "account.partial.reconcile": ["max_date", "debit_move_id", "amount"],
        "customer.credit.limit": [
            "partner_id",
            "company_id",
            "kind",
            "state",
            "amount",
            "unlimited",
            "date_from",
            "date_to",
        ],
        "customer.credit.grade": ["action", "grace_days", "prepayment_only"],
        "res.partner": [
            "active",
            "user_id",
            "commercial_partner_id",
            "credit_limit",
            "customer_credit_grade_id",
            "customer_credit_hold",
            "customer_credit_valid_until",
        ],
        "sale.order": [
            "partner_invoice_id",
            "company_id",
            "state",
            "invoice_status",
            "currency_rate",
        ],
        "sale.order.line": [
            "order_id",
            "product_uom_qty",
            "qty_delivered",
            "qty_invoiced",
            "customer_credited_quantity",
            "price_total",
            "is_downpayment",
        ],
    }

    @property
    def _table_query(self):
        # sudo: the borders of all companies; record rules choose the rows
        return self._watch_query(
            self.env["res.company"]
            .sudo()
            ._customer_using("credit")
            .filtered(lambda c: not c.parent_id)
        )

    @api.model
    def _watched(self, company):
        """Return (partner id, kind) of the rows a company has, or would have if it used credit."""
        self.env.flush_all()
        return self.env.execute_query(credit_watch.kinds(self._watch_query(company)))

    @api.model
    def _watch_query(self, companies):
        Partner = self.env["res.partner"].sudo()  # sudo: the default limit of the settings
        return credit_watch.watched(
            [
                credit_watch.WatchContext(
                    exposure=Partner._credit_context(company),
                    secured=Partner._credit_securities(company.id, company._customer_today()),
                    near=company.customer_near_limit,
                    assess_days=company.customer_assess_days,
                    worse_days=company.customer_worse_days,
                    tz=company._customer_timezone(),
                )
                for company in companies
            ]
        )

    @api.depends("kind", "figure", "since")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = row._reason_text()

    def _reason_text(self):
        """One sentence on the row, in the user's language."""
        if self.kind == "on_hold":
            # sudo: the reason of the hold, for those who may read the watch list
            partner = self.partner_id.sudo().with_company(self.company_id)
            return partner.customer_credit_hold_reason or self.env._("On hold")
        if self.kind in ("near_limit", "over_limit"):
            if not self.figure:
                return self.env._("No credit is granted (limit 0), but there are open items.")
            return self.env._("%s %% of the limit is used.", f"{self.figure:g}")
        if self.kind in ("expired", "expiring"):
            day = format_date(self.env, self.since)
            if self.kind == "expired":
                return self.env._("The assessment was valid until %s.", day)
            return self.env._("The assessment is valid until %s.", day)
        return self.env._(
            "Invoices paid in the last 90 days were %s days later on average than in the 90 days "
            "before.",
            f"{self.figure:g}",
        )

    @api.model
    def _cron_ask(self):
        """Ask about each customer and reason once.

        A reason that stays is no news. One that went away and comes back after a month is asked
        about again; a run more changes nothing.
        """
        return self._run_steps(
            [
                *(
                    step
                    for company in self._job_companies()
                    for step in (
                        Step(f"forget:{company.id}", lambda after, c=company: self._forget(c)),
                        Step(
                            f"ask:{company.id}", lambda after, c=company: self._ask_next(c, after)
                        ),
                    )
                ),
                self._digest(),
            ]
        )

    @api.model
    def _forget(self, company):
        """Forget that a reason was asked about where it has gone, a month after it was seen last.

        :return: (0, None): it is two statements for each reason
        """
        found = {}
        for partner_id, kind in self._watched(company):
            found.setdefault(kind, []).append(partner_id)
        now = fields.Datetime.now()
        before = now - timedelta(days=MEMORY)
        for kind, _label in KINDS:
            key, kept = self._asked_key(company, kind), found.get(kind, [])
            self.env.cr.execute(once.still_holds("res.partner", key, kept, now))
            self.env.cr.execute(once.forget("res.partner", key, kept, before))
        self.env["customer.sent"].invalidate_model()
        return 0, None

    @api.model
    def _asked_key(self, company, event):
        """What is remembered of a question: of a reason once, of an event once a month."""
        key = f"credit:{company.id}:{event}"
        if event in dict(KINDS):
            return key
        return f"{key}:{company._customer_today():%Y-%m}"

    @api.model
    def _ask_next(self, company, after):
        """Ask about the next customers of a company behind the id `after`.

        :return: (customers done, highest of their ids or None when no other follows)
        """
        rows = self.search(
            [("company_id", "=", company.id), ("kind", "!=", "on_hold")], order="partner_id, kind"
        )
        partners = rows.partner_id.filtered(lambda partner: partner.id > (after or 0)).sorted("id")
        batch = partners[:BATCH]
        rows = rows.filtered(lambda row: row.partner_id in batch)
        quiet = self.with_context(mail_activity_quick_update=True)
        for kind, group in rows.grouped("kind").items():
            quiet._ask(
                company,
                kind,
                {row.partner_id: lambda env, row=row: row.with_env(env).reason for row in group},
            )
        return len(batch), batch[-1].id if len(partners) > BATCH else None

    @api.model
    def _digest(self):
        """Return the step that tells each person once of all customers a job asked about."""
        return Digest(
            "tell:customers",
            "res.partner",
            TODO,
            lambda env, n: env._("Customers to assess or place on hold: %(n)s", n=n),
        )

    @api.model
    def _ask(self, company, event, reasons):
        """Ask the credit controller, else the head, to assess or hold customers, once.

        :param event: what happened, a word for the log of what was asked already
        :param reasons: {customer: why(env)}, in words that everybody who sees the customer may read;
            `env` is in the language of who is asked

        A job asks with the key ``mail_activity_quick_update`` and tells of all of it in one message.
        """
        if not company._customer_uses("credit"):
            return
        user = able(company.customer_credit_user_id, company) or company._customer_head()
        if not user or not reasons:
            return
        # sudo: who reports the event need not be able to edit the customer
        customers = self.env["res.partner"].sudo().union(*reasons)
        key = self._asked_key(company, event)
        rows = self.env.execute_query(once.insert_once(customers._name, customers.ids, key))
        new = customers.browse(row[0] for row in rows)
        words = for_reader(self, user).env
        summary = words._("Assess customer or place on hold")
        notes = {customer: reasons[customer](words) for customer in new}
        schedule(new, TODO, dict.fromkeys(new.ids, user), summary, notes)

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

    def action_assess(self):
        """Open a new assessment of the customer."""
        self.ensure_one()
        self.env["customer.credit.assess"].check_access("create")
        return self.partner_id.with_company(self.company_id).action_credit_assess()

    def action_hold(self):
        """Hold the customer for the reason of the row."""
        for row in self:
            row.partner_id.with_company(row.company_id)._set_credit_hold(row.reason)
        return True
