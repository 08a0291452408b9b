from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...engine import credit_check
from ...queries import credit_exposure, credit_securities
from ...queries.companies import in_family
from .res_partner_credit import READERS

# Who owes what a document says
OWNER = "partner_id.commercial_partner_id"


def _amount(label, **kwargs):
    return fields.Monetary(
        label,
        compute="_compute_credit_exposure",
        currency_field="credit_currency_id",
        groups=READERS,
        **kwargs,
    )


class ResPartner(models.Model):
    """What the customer owes to the current company, and what it may still use."""

    _inherit = "res.partner"

    credit_currency_id = fields.Many2one(
        "res.currency", compute="_compute_credit_currency_id", groups="base.group_user"
    )
    credit_exposure = _amount(
        "Exposure",
        help="Open items less credits, plus draft invoices and confirmed orders not yet invoiced.",
    )
    credit_limit_amount = _amount("Limit in Force")
    credit_unlimited = fields.Boolean(
        "Unlimited", compute="_compute_credit_exposure", groups=READERS
    )
    credit_has_limit = fields.Boolean(
        "Has a Limit", compute="_compute_credit_exposure", groups=READERS
    )
    credit_secured_amount = _amount("Secured")
    credit_available = _amount("Available", help="Limit plus security less exposure.")
    credit_use = fields.Float(
        "Used (%)", compute="_compute_credit_exposure", digits=(16, 2), groups=READERS
    )
    credit_overdue_amount = _amount("Overdue Receivable")
    credit_overdue_days = fields.Integer(
        "Oldest Overdue Item (days)", compute="_compute_credit_exposure", groups=READERS
    )
    credit_not_due_amount = _amount("Not Due")
    credit_overdue_1_amount = _amount("Overdue: First Period")
    credit_overdue_2_amount = _amount("Overdue: Second Period")
    credit_overdue_3_amount = _amount("Overdue: Third Period")
    credit_overdue_4_amount = _amount("Overdue: Older")
    credit_credits_amount = _amount("Credits and Advance Payments")
    credit_drafts_amount = _amount("Draft Invoices")
    credit_orders_amount = _amount("Orders to Invoice")

    @api.depends_context("company")
    def _compute_credit_currency_id(self):
        self.credit_currency_id = self.env.company.currency_id

    @api.depends_context("company")
    def _compute_credit_exposure(self):
        company = self.env.company._customer_company()
        owners = self.commercial_partner_id
        rows = owners._credit_exposures(company)
        standings = owners._credit_standings(company, rows)
        for partner in self:
            row = rows.get(partner.commercial_partner_id._origin.id)
            standing = standings.get(partner.commercial_partner_id._origin.id)
            for name in ("not_due", "overdue_1", "overdue_2", "overdue_3", "overdue_4"):
                partner[f"credit_{name}_amount"] = getattr(row, name, 0.0)
            partner.credit_credits_amount = row.credits if row else 0.0
            partner.credit_drafts_amount = row.drafts if row else 0.0
            partner.credit_orders_amount = row.orders if row else 0.0
            partner.credit_exposure = row.used if row else 0.0
            partner.credit_overdue_amount = row.overdue if row else 0.0
            partner.credit_overdue_days = row.overdue_days if row else 0
            partner.credit_unlimited = bool(row and row.unlimited)
            partner.credit_has_limit = bool(row and row.limit_amount is not None)
            partner.credit_limit_amount = (row and row.limit_amount) or 0.0
            partner.credit_secured_amount = float(standing.secured) if standing else 0.0
            available = standing.available if standing else None
            partner.credit_available = float(available) if available is not None else 0.0
            use = standing.use if standing else None
            partner.credit_use = float(use) if use is not None else 0.0

    @api.model
    def _forget_credit_exposure(self):
        """Figures read before in this transaction are old: what they come from has changed."""
        computed = [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_credit_exposure"
        ]
        self.env["res.partner"].invalidate_model(computed, flush=False)

    def _credit_context(self, company, **skip):
        """For which company and day exposure is asked, with Odoo's own settings of limits."""
        company = company._customer_company()
        native = company.account_use_credit_limit
        default = 0.0
        if native:
            # sudo: the default of the settings, not a value of a customer
            Partner = self.env["res.partner"].sudo().with_company(company)
            default = Partner._fields["credit_limit"].get_company_dependent_fallback(Partner) or 0.0
        return credit_exposure.ExposureContext(
            company_id=company.id,
            today=company._customer_today(),
            aging_days=company.customer_aging_days,
            native=native,
            default_limit=default,
            **skip,
        )

    def _credit_exposures(self, company, **skip):
        """Return ``{id: queries.credit_exposure.Exposure}`` of commercial partners, in one query.

        The figures are those of the company, whoever asks: they are read as the system, and what
        is shown of them is up to the fields and the record rules of the reader.

        :param skip: ``skip_orders`` / ``skip_moves``, documents to leave out
        """
        ids = self._origin.ids
        if not ids:
            return {}
        self.env.flush_all()
        statement = credit_exposure.exposures(self._credit_context(company, **skip), ids)
        rows = map(credit_exposure.Exposure._make, self.env.execute_query(statement))
        return {row.partner_id: row for row in rows}

    def _credit_standings(self, company, rows=None):
        """Return ``{id: engine.credit_check.Standing}`` of commercial partners."""
        company = company._customer_company()
        rows = self._credit_exposures(company) if rows is None else rows
        secured = self._credit_secured_amounts(self.sudo().with_company(company))
        digits = company.currency_id.decimal_places

        def money(value):
            return Decimal(f"{value or 0.0:.{digits}f}")

        return {
            row.partner_id: credit_check.Standing(
                used=money(row.used),
                open_invoices=money(row.not_due + row.overdue + row.credits),
                limit=None if row.limit_amount is None else money(row.limit_amount),
                unlimited=row.unlimited,
                secured=money(secured.get(row.partner_id)),
                overdue_amount=money(row.overdue),
                overdue_days=row.overdue_days,
                valid_until=row.valid_until,
                is_blocked=row.is_blocked,
                grade=credit_check.Grade(row.action, row.grace_days, row.prepayment_only)
                if row.grade_id
                else None,
                default_action=company.customer_credit_action,
            )
            for row in rows.values()
        }

    @api.model
    def _credit_secured_amounts(self, partners):
        """Return ``{id: amount}`` that securities cover, in the currency of the current company.

        How much is secured counts whoever asks; the securities themselves stay closed.
        """
        company = partners.env.company._customer_company()
        self.env.flush_all()
        securities = self._credit_securities(company.id, company._customer_today())
        statement = credit_securities.secured_amounts(securities, partners.ids)
        return {key: float(amount) for key, amount in self.env.execute_query(statement)}

    @api.model
    def _credit_securities(self, company_id, today):
        """Hook: SQL of (partner_id, amount), what secures customers of a company on a day."""
        return credit_securities.no_securities()

    # --- drill-down ---------------------------------------------------------------------------

    def _check_credit_reader(self):
        """Raise unless the user may see what customers owe."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_groups(READERS):
            raise AccessError(
                self.env._("Amounts owed by customers are visible only to sales and credit staff.")
            )

    def _credit_items_domain(self, bucket):
        """Domain of the receivable items of a bucket, the same rows the bucket sums up."""
        today = self.env.company._customer_today()
        days = self.env.company._customer_company().customer_aging_days
        before = {number: fields.Date.subtract(today, days=days * number) for number in range(4)}
        domain = [
            (OWNER, "=", self.commercial_partner_id.id),
            ("company_id", "child_of", self.env.company._customer_company().id),
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
        ]
        if bucket == "credits":
            return [*domain, ("amount_residual", "<", 0)]
        domain.append(("amount_residual", ">", 0))
        if bucket == "not_due":
            domain += self._credit_due_domain(">=", today)
        elif bucket == "overdue":
            domain += self._credit_due_domain("<", today)
        elif bucket.startswith("overdue_"):
            number = int(bucket[-1])
            domain += self._credit_due_domain("<", before[number - 1])
            if number < 4:
                domain += self._credit_due_domain(">=", before[number])
        return domain

    @api.model
    def _credit_due_domain(self, operator, day):
        """Domain of items by the day they are due; one without a due date is due on its date."""
        undated = ["&", ("date_maturity", "=", False), ("date", operator, day)]
        return ["|", ("date_maturity", operator, day), *undated]

    def _open_credit_items(self, bucket, name):
        self._check_credit_reader()
        # a row of the readers' list opens the document: the form of an item is for accountants
        reads_only = self.env["account.move.line"]._credit_reads_only()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "view_mode": "list" if reads_only else "list,form",
            "domain": self._credit_items_domain(bucket),
            "context": {"create": False},
        }

    def action_credit_not_due(self):
        """Open the items that are not due yet."""
        return self._open_credit_items("not_due", self.env._("Not due"))

    def action_credit_overdue(self):
        """Open the overdue items."""
        return self._open_credit_items("overdue", self.env._("Overdue"))

    def action_credit_overdue_1(self):
        """Open the items overdue for the first period."""
        return self._open_credit_items("overdue_1", self.env._("Overdue: first period"))

    def action_credit_overdue_2(self):
        """Open the items overdue for the second period."""
        return self._open_credit_items("overdue_2", self.env._("Overdue: second period"))

    def action_credit_overdue_3(self):
        """Open the items overdue for the third period."""
        return self._open_credit_items("overdue_3", self.env._("Overdue: third period"))

    def action_credit_overdue_4(self):
        """Open the items overdue for longer."""
        return self._open_credit_items("overdue_4", self.env._("Overdue: older"))

    def action_credit_credits(self):
        """Open credits and advance payments."""
        return self._open_credit_items("credits", self.env._("Credits and advance payments"))

    def action_credit_drafts(self):
        """Open the draft invoices."""
        self._check_credit_reader()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draft invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [
                (OWNER, "=", self.commercial_partner_id.id),
                ("company_id", "child_of", self.env.company._customer_company().id),
                ("state", "=", "draft"),
                ("move_type", "in", ("out_invoice", "out_receipt")),
            ],
        }

    def action_credit_orders(self):
        """Open the confirmed orders that are not wholly invoiced."""
        self._check_credit_reader()
        self.env.flush_all()
        company = self.env.company._customer_company()
        statement = credit_exposure.order_amounts(
            SQL(
                "%s AND o.state = 'sale' AND ip.commercial_partner_id = %s",
                in_family(SQL("o.company_id"), company.id),
                self.commercial_partner_id.id,
            )
        )
        rows = self.env.execute_query(statement)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders to invoice"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", [row[0] for row in rows if row[2]])],
        }

    # --- other screens ------------------------------------------------------------------------

    def action_credit_limits(self):
        """Open the journal of limits of the customer."""
        return self._open_credit_records(
            "customer_governance.customer_credit_limit_action", "customer.credit.limit"
        )

    def action_credit_grade_history(self):
        """Open the changes of the customer's grade."""
        return self._open_credit_records(
            "customer_governance.customer_credit_grade_history_action",
            "customer.credit.grade.history",
        )

    def action_credit_assess(self):
        """Open the dialog that assesses the customer."""
        self.ensure_one()
        self.env["customer.credit.assess"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_credit_assess_action"
        )
        action["context"] = {
            "default_partner_id": self.commercial_partner_id.id,
            "default_company_id": self.env.company.id,
        }
        return action

    def action_credit_propose(self):
        """Open a new proposal for the customer."""
        self.ensure_one()
        return self.env["customer.credit.proposal"]._ask_dialog(
            self.env._("Propose a Grade"),
            "customer_credit_proposal_view_form_ask",
            partner_id=self.commercial_partner_id.id,
        )

    def _open_credit_records(self, xmlid, model):
        self.ensure_one()
        self.env[model].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action
