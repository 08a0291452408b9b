from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...engine import collection as engine
from ...queries import collection as queries

ITEMS_SHOWN = 100


class CustomerCollectionOverdue(models.Model):
    """The ageing list: a row for each customer with something overdue, as of this moment.

    A query, not what the last job found: it is right before the first job has run and after each
    payment. The collector works from it; what was said becomes a promise, a dispute or a note.
    """

    _name = "customer.collection.overdue"
    _description = "Overdue Customer"
    _auto = False
    _order = "days desc, amount desc, id"
    _rec_name = "partner_id"
    _inherit = ["customer.credit.facts"]
    _depends = {
        "account.move": ["commercial_partner_id", "state"],
        "account.move.line": [
            "partner_id",
            "company_id",
            "account_id",
            "parent_state",
            "date",
            "date_maturity",
            "amount_residual",
            "reconciled",
        ],
        "customer.collection.dispute": ["move_id", "date_to"],
        "customer.collection.promise": ["state", "date", "move_ids", "company_id"],
        "customer.collection.episode": ["partner_id", "company_id", "date_to", "next_date"],
        "customer.collection.step": ["episode_id", "level_id", "level_days", "state", "user_id"],
        "res.partner": ["user_id", "commercial_partner_id"],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Overdue", readonly=True)
    amount_1 = fields.Monetary("Overdue: First Period", readonly=True)
    amount_2 = fields.Monetary("Overdue: Second Period", readonly=True)
    amount_3 = fields.Monetary("Overdue: Third Period", readonly=True)
    amount_4 = fields.Monetary("Overdue: Older", readonly=True)
    days = fields.Integer("Oldest (days)", readonly=True, aggregator="max")
    disputed = fields.Monetary("Disputed", readonly=True)
    promised = fields.Monetary("Promised", readonly=True)
    promise_date = fields.Date("Payment Date", readonly=True)
    credits = fields.Monetary("Credits", readonly=True)
    level_id = fields.Many2one("customer.collection.level", "Level Reached", readonly=True)
    step_id = fields.Many2one("customer.collection.step", "Step to Do", readonly=True)
    next_date = fields.Date("Next Step On", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    next_step = fields.Char("Next Step", compute="_compute_next_step")
    step_way = fields.Selection(related="step_id.way")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    items = fields.Html("Open Items", compute="_compute_items", sanitize=False)
    step_ids = fields.Many2many(
        "customer.collection.step", string="Steps", compute="_compute_history"
    )
    promise_ids = fields.Many2many(
        "customer.collection.promise", string="Promises", compute="_compute_history"
    )

    @property
    def _table_query(self):
        # sudo: the borders of all companies; record rules choose the rows
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        return queries.overdue(
            [
                queries.AgeingContext(
                    company_id=company.id,
                    today=company._customer_today(),
                    days=company.customer_aging_days,
                    collector_id=company.collection_user_id.id or None,
                )
                for company in companies
            ]
        )

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        """EXTENDS base: the columns are named after the company's periods."""
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.company.customer_aging_days)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """EXTENDS base: "1–30 days" instead of "first period"."""
        arch, view = super()._get_view(view_id, view_type, **options)
        days = self.env.company.customer_aging_days
        for number in range(1, 5):
            for node in arch.xpath(f"//field[@name='amount_{number}']"):
                node.set("string", self._period_name(number, days))
        return arch, view

    @api.model
    def _period_name(self, number, days):
        if number == 4:
            return self.env._("Over %s days", 3 * days)
        low, high = (number - 1) * days + 1, number * days
        return self.env._("%(low)s–%(high)s days", low=low, high=high)

    @api.depends("step_id", "next_date", "disputed", "promised", "amount")
    @api.depends_context("lang")
    def _compute_next_step(self):
        for row in self:
            if row.step_id:
                way = dict(row.step_id._fields["way"]._description_selection(self.env))
                row.next_step = f"{row.step_id.level_id.name}: {way[row.step_id.way]}"
            elif row.disputed + row.promised >= row.amount:
                row.next_step = self.env._("On hold: promised or disputed")
            else:
                row.next_step = False

    def _compute_items(self):
        """The open items of the customer; documents themselves stay closed."""
        for row in self:
            partner = row.partner_id.with_company(row.company_id)
            row.items = self.env["ir.qweb"]._render(
                "customer_governance.collection_items", {"s": partner._customer_statement()}
            )

    def _compute_history(self):
        for row in self:
            domain = [
                ("partner_id", "=", row.partner_id.id),
                ("company_id", "=", row.company_id.id),
            ]
            row.step_ids = self.env["customer.collection.step"].search(domain, limit=20)
            row.promise_ids = self.env["customer.collection.promise"].search(domain, limit=20)

    # --- what the collector does --------------------------------------------------------------

    def action_log_call(self):
        """Log what the customer says: in the step that waits for it, or without one."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.collection.promise"].check_access("create")
        if self.step_id:
            return self.step_id.action_log_call()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Call"),
            "res_model": "customer.collection.call",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_result": self.env.context.get("call_result", "promise"),
            },
        }

    def action_letter(self):
        """Print the letter of the step that waits."""
        self.ensure_one()
        self.check_access("read")
        return self.step_id.action_print_letter()

    def action_statement(self):
        """Print the statement of open items."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.with_company(self.company_id).action_print_customer_statement()

    def action_open_step(self):
        """Open the step that waits."""
        self.ensure_one()
        self.check_access("read")
        return self.step_id.get_formview_action()

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.get_formview_action()

    @api.model
    def _check_collects(self, partner, company):
        """Raise unless the customer is on the caller's list.

        :raises AccessError: for somebody else's customer, or one that owes nothing overdue
        """
        self.env["customer.collection.promise"].check_access("create")
        mine = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        if not self.search_count(mine, limit=1):
            raise AccessError(
                self.env._("%s is not among the overdue customers assigned to you.", partner.name)
            )

    def _live_items(self, partner, company):
        """Return the overdue items of a customer now, as values of lines of a call."""
        today = company._customer_today()
        # sudo: who may collect may know what is owed; documents stay closed
        steps = self.env["customer.collection.step"].sudo()
        rows = steps._situations(company, [partner.id], today)[partner.id].rows
        return [
            {
                **row,
                "days": engine.days_overdue(row["due"], today),
                "mark": "disputed"
                if row["complaint_id"]
                else "promised"
                if row["promised_until"] and row["promised_until"] >= today
                else "chased",
            }
            for row in rows
            if row["residual"] > 0 and row["due"] < today
        ]
