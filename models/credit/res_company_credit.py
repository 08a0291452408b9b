from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from ..common.customer_domain import CustomerDomain, Setup, SetupLine
from .customer_credit_check import PREVIEW, PREVIEW_KEY

_lt = LazyTranslate(__name__)


class ResCompany(models.Model):
    """Figures of the credit check."""

    _inherit = "res.company"

    customer_credit_action = fields.Selection(
        [("warn", "Warn"), ("approval", "Requires a release"), ("block", "Block")],
        "Without a Grade",
        required=True,
        default="warn",
        help="Applies when an order of a customer with a limit but without a grade exceeds the "
        "limit.",
    )
    customer_credit_user_id = fields.Many2one(
        "res.users",
        "Credit Controller",
        domain=[("share", "=", False)],
        help="Is asked to assess customers added to the watch list or place them on hold.",
    )
    customer_aging_days = fields.Integer(
        "Aging Period (days)",
        default=30,
        required=True,
        help="Length of the periods in which overdue amounts are shown.",
    )
    customer_release_days = fields.Integer(
        "Releases Valid For (days)",
        default=14,
        required=True,
        help="Suggested last day of a credit release.",
    )
    customer_contract_days = fields.Integer(
        "One Contract Within (days)",
        default=30,
        required=True,
        help="Orders of a customer without a contract reference that are confirmed within so many "
        "days are one contract: who has to approve follows from their sum. 0: each order is a "
        "contract of its own.",
    )
    customer_near_limit = fields.Float(
        "Near the Limit From (%)",
        default=80.0,
        digits=(16, 2),
        help="Customers that have used this share of their limit are on the watch list.",
    )
    customer_assess_days = fields.Integer(
        "Assessment Ends Within (days)",
        default=30,
        help="Customers whose assessment ends within this period are on the watch list.",
    )
    customer_worse_days = fields.Integer(
        "Pays Later By (days)",
        default=10,
        help="Customers that paid this many days later than in the previous period are on the "
        "watch list.",
    )

    # --- whether a company checks the credit of its customers
    credit_enabled = fields.Boolean(
        "Use Credit",
        help="Orders and invoices of this company are checked against credit limits and overdue "
        "debts.",
    )

    @api.constrains(
        "customer_aging_days",
        "customer_release_days",
        "customer_contract_days",
        "customer_near_limit",
        "customer_assess_days",
        "customer_worse_days",
    )
    def _check_customer_credit(self):
        for company in self:
            if company.customer_aging_days < 1:
                raise ValidationError(self.env._("An aging period must be at least one day."))
            if not 0 <= company.customer_near_limit <= 100:
                raise ValidationError(
                    self.env._(
                        "The threshold for near the limit must be a percentage from 0 to 100."
                    )
                )
            days = (
                company.customer_release_days,
                company.customer_contract_days,
                company.customer_assess_days,
                company.customer_worse_days,
            )
            if min(days) < 0:
                raise ValidationError(self.env._("Days cannot be negative."))

    # --- what to fill in before credit is switched on, and whom it concerns
    def _customer_setup(self, key):
        """EXTENDS common."""
        if key != "credit":
            return super()._customer_setup(key)
        _ = self.env._
        what = [
            _("Orders are checked on confirmation, invoices on posting."),
            _("Only customers with a grade, a limit or a credit hold are checked."),
            _(
                "Documents over the limit or of overdue customers trigger a warning, require "
                "a release or are blocked, depending on the grade."
            ),
            _(
                "Orders above the salesperson's authority require approval if approval "
                "thresholds are in force."
            ),
            _("Credit control is asked to follow up on customers on the watch list."),
        ]
        return Setup(what, self._credit_setup_fill(), self._credit_setup_today())

    def _credit_setup_fill(self):
        _ = self.env._
        company = self.sudo()  # whether things are there is all that is told
        scorecards = company.env["customer.scorecard"].search_count(
            [
                ("usage", "=", "credit"),
                ("state", "=", "published"),
                ("company_id", "in", (False, company.id)),
            ],
            limit=1,
        )
        return [
            SetupLine(
                "grades",
                _("Credit grades define what happens when the limit is exceeded: review them"),
                self._customer_link("customer_governance.customer_credit_grade_action"),
                bool(company.env["customer.credit.grade"].search_count([], limit=1)),
            ),
            SetupLine(
                "roles",
                _("Someone has the role Credit Control"),
                self._customer_link("customer_governance.customer_role_action"),
                self._customer_has_role("group_credit"),
            ),
            SetupLine(
                "person",
                _("The credit controller is named above and follows up on the watch list"),
                None,
                bool(company.customer_credit_user_id),
            ),
            SetupLine(
                "scorecard",
                _("A scorecard for credit assessments is published"),
                self._customer_link(
                    "customer_governance.customer_scorecard_action", [("usage", "=", "credit")]
                ),
                bool(scorecards),
            ),
            SetupLine(
                "limits",
                _("Customers have limits or grades: enter or import them"),
                self._customer_link("customer_governance.customer_credit_limit_action"),
                bool(self._credit_governed_count()),
            ),
        ]

    def _credit_governed_count(self):
        company = self.sudo()
        limits = company.env["customer.credit.limit"].search(
            [("company_id", "=", company.id), ("state", "=", "approved")]
        )
        graded = company.env["res.partner"].with_company(company)
        domain = [
            "|",
            ("customer_credit_grade_id", "!=", False),
            ("customer_credit_hold", "=", True),
        ]
        return len(limits.partner_id | graded.search(domain).commercial_partner_id)

    def _credit_setup_today(self):
        _ = self.env._
        company = self.sudo().with_context(
            **{PREVIEW_KEY: PREVIEW}
        )  # numbers for who switches it on
        quotations = company.env["sale.order"].search(
            [("company_id", "=", company.id), ("state", "in", ("draft", "sent"))]
        )
        decisions = quotations.with_company(company)._credit_check()
        held = [key for key, decision in decisions.items() if decision.result == "held"]
        watched = company.env["customer.credit.watch"]._watched(company)
        over = {partner_id for partner_id, kind in watched if kind == "over_limit"}
        hold = {partner_id for partner_id, kind in watched if kind == "on_hold"}
        return [
            SetupLine(
                "governed",
                _("Customers with a limit, a grade or a hold: they would be checked"),
                count=self._credit_governed_count(),
            ),
            SetupLine(
                "held",
                _(
                    "Quotations that could not be confirmed today (out of %s open)",
                    len(quotations),
                ),
                self._customer_list(_("Would Be Held"), "sale.order", held),
                count=len(held),
            ),
            SetupLine(
                "over",
                _("Customers over their limit, including orders and open items"),
                self._customer_list(_("Over the Limit"), "res.partner", over),
                count=len(over),
            ),
            SetupLine(
                "hold",
                _("Customers on credit hold"),
                self._customer_list(_("On Hold"), "res.partner", hold),
                count=len(hold),
            ),
        ]

    # --- whether a company checks the credit of its customers
    @api.model
    def _customer_domains(self):
        domains = super()._customer_domains()
        domains["credit"] = CustomerDomain(
            name=_lt("Credit"),
            field="credit_enabled",
            group="customer_governance.group_use_credit",
            icon="fa-balance-scale",
            user_field="customer_credit_user_id",
        )
        return domains
