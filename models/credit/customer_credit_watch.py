from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...queries import credit_watch, once
from ..common.cron import commit_progress

KINDS = [
    ("on_hold", "On hold"),
    ("over_limit", "Past the limit"),
    ("near_limit", "Near the limit"),
    ("expired", "Assessment expired"),
    ("expiring", "Assessment ends soon"),
    ("worse", "Pays later than before"),
]


class CustomerCreditWatch(models.Model):
    """A customer credit control should look at, and why; found when somebody looks."""

    _name = "customer.credit.watch"
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
            "price_total",
            "is_downpayment",
        ],
    }

    @property
    def _table_query(self):
        # sudo: the borders of all companies; record rules choose the rows
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        Partner = self.env["res.partner"].sudo()  # sudo: the default limit of the settings
        return credit_watch.watched(
            [
                credit_watch.WatchContext(
                    exposure=Partner._credit_context(company),
                    secured=Partner._credit_securities(company.id, company._customer_today()),
                    near=company.customer_near_limit,
                    assess_days=company.customer_assess_days,
                    worse_days=company.customer_worse_days,
                    tz=company.partner_id.tz or "UTC",
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
                return self.env._("The limit is 0 and something is open.")
            return self.env._("%s %% of the limit is used.", f"{self.figure:g}")
        if self.kind in ("expired", "expiring"):
            day = format_date(self.env, self.since)
            if self.kind == "expired":
                return self.env._("The assessment was valid until %s.", day)
            return self.env._("The assessment is valid until %s.", day)
        return self.env._(
            "Paid %s days later on average than in the 90 days before.", f"{self.figure:g}"
        )

    @api.model
    def _cron_ask(self):
        """Ask about each customer and reason once.

        A reason that went away and comes back is asked about again in another month; a run more
        changes nothing.
        """
        for company in self.env["res.company"].search([]):
            rows = self.search([("company_id", "=", company.id), ("kind", "!=", "on_hold")])
            for kind, group in rows.grouped("kind").items():
                self._ask(company, kind, {row.partner_id: row.reason for row in group})
            commit_progress(self.env, len(rows))

    @api.model
    def _ask(self, company, event, reasons):
        """Ask the credit controller, else the head, to assess or hold customers: once a month.

        :param event: what happened, a word for the log of what was asked already
        :param reasons: {customer: why, in words that everybody who sees the customer may read}
        """
        user = company.customer_credit_user_id
        user = user if user.active else company._customer_head()
        if not user or not reasons:
            return
        # sudo: who reports the event need not be able to edit the customer
        customers = self.env["res.partner"].sudo().union(*reasons)
        key = f"credit:{company.id}:{event}:{company._customer_today():%Y-%m}"
        rows = self.env.execute_query(once.insert_once(customers._name, customers.ids, key))
        new = customers.browse(row[0] for row in rows)
        for reason, group in new.grouped(reasons.get).items():
            group.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Assess or hold the customer"),
                note=reason,
            )

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
        self.env["customer.review"].check_access("create")
        scorecard = self.env["customer.scorecard"].search(
            [
                ("usage", "=", "credit"),
                ("state", "=", "published"),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assess"),
            "res_model": "customer.review",
            "view_mode": "form",
            "context": {
                "default_kind": "single",
                "default_partner_id": self.partner_id.id,
                "default_scorecard_id": scorecard.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_hold(self):
        """Hold the customer for the reason of the row."""
        for row in self:
            row.partner_id.with_company(row.company_id)._set_credit_hold(row.reason)
        return True
