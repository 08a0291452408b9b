from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ...engine import credit_limits, scoring
from ...engine.transitions import Transition, TransitionTable
from ...engine.windows import last_months
from ...queries import credit_exposure
from ..common.customer_request_mixin import CustomerRequestMixin
from ..common.guard import Kept

_lt = LazyTranslate(__name__)

CREDIT = ("group_credit",)
AVERAGE_MONTHS = 12
TERMS = ("unlimited", "amount", "payment_term_id", "trust", "valid_until")


class CustomerCreditProposal(models.Model):
    """A new grade with what it grants; takes effect when it is approved, all of it at once."""

    _name = "customer.credit.proposal"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.head.company.mixin",
        "customer.request.mixin",
        "customer.credit.facts",
    ]
    _description = "Credit Proposal"
    _order = "id desc"
    _guards = (
        Kept(
            None,
            _lt("This proposal is no longer a draft and cannot be changed: create a new one."),
            but=frozenset({"state"}),
        ),
    )
    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit", CREDIT),
            Transition("approve", ("submitted",), "approved", "_guard_approve", CREDIT),
            Transition("reject", ("submitted",), "rejected"),
            Transition("cancel", ("draft", "submitted"), "cancelled", "", CREDIT),
        ),
    )
    _request_facts = (
        *CustomerRequestMixin._request_facts,
        "limit_id",
        "review_line_id",
        "old_grade_id",
    )

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    old_grade_id = fields.Many2one(
        "customer.credit.grade", "From", compute="_compute_old_grade_id", store=True
    )
    grade_id = fields.Many2one("customer.credit.grade", "Grade", required=True, tracking=True)
    monthly_sales = fields.Monetary(
        "Average Monthly Sales",
        compute="_compute_terms",
        store=True,
        readonly=True,
        help="Untaxed sales of the last twelve months / 12.",
    )
    unlimited = fields.Boolean(compute="_compute_terms", store=True, readonly=False, tracking=True)
    amount = fields.Monetary(
        "Limit", compute="_compute_terms", store=True, readonly=False, tracking=True
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", compute="_compute_terms", store=True, readonly=False
    )
    trust = fields.Selection(
        [("good", "Good Debtor"), ("normal", "Normal Debtor"), ("bad", "Bad Debtor")],
        compute="_compute_terms",
        store=True,
        readonly=False,
    )
    valid_until = fields.Date(
        compute="_compute_terms",
        store=True,
        readonly=False,
        help="Last day of the assessment; leave empty if it does not expire.",
    )
    reason = fields.Text(required=True)
    review_line_id = fields.Many2one(
        "customer.review.line", "Assessment", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "In Effect"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    limit_id = fields.Many2one("customer.credit.limit", "Limit Entry", readonly=True, copy=False)

    @api.depends("partner_id.name", "grade_id.name")
    def _compute_display_name(self):
        for proposal in self:
            proposal.display_name = (
                f"{proposal.partner_id.display_name or ''} · {proposal.grade_id.name or ''}"
            )

    @api.depends("partner_id", "company_id")
    def _compute_old_grade_id(self):
        for proposal in self:
            partner = proposal.partner_id.with_company(proposal.company_id)
            proposal.old_grade_id = partner.customer_credit_grade_id

    @api.depends("partner_id", "company_id", "grade_id")
    def _compute_terms(self):
        """What the grade grants for the sales of the last twelve months; people may change it."""
        for company, proposals in self.grouped("company_id").items():
            if not company:
                for proposal in proposals:
                    proposal._set_terms(0.0, None)
                continue
            today = company._customer_today()
            sales = self._monthly_sales(company, proposals.partner_id, today)
            rounding = Decimal(f"{company.currency_id.rounding:.6f}").normalize()
            for proposal in proposals:
                grade = proposal.grade_id
                monthly = sales.get(proposal.partner_id.id, Decimal(0))
                shown = scoring.rounded(monthly, company.currency_id.decimal_places)
                if not grade:
                    proposal._set_terms(shown, None)
                    continue
                rule = grade._limit_rule(company, today)
                proposal._set_terms(shown, credit_limits.propose(rule, monthly, rounding), today)

    def _set_terms(self, monthly_sales, limit, today=None):
        """Fill in what the grade grants; without a grade what was entered stays."""
        self.monthly_sales = float(monthly_sales)
        if limit is None:
            self.update({name: self[name] for name in TERMS})
            return
        months = self.grade_id.assessment_months
        self.update(
            {
                "unlimited": limit.unlimited,
                "amount": float(limit.amount),
                "payment_term_id": self.grade_id.payment_term_id,
                "trust": self.grade_id.trust,
                "valid_until": fields.Date.add(today, months=months) if months else False,
            }
        )

    @api.model
    def _monthly_sales(self, company, partners, today):
        """Return {partner id: average monthly sales}, in one query."""
        window = last_months(today, AVERAGE_MONTHS)
        self.env.flush_all()
        rows = self.env.execute_query(
            credit_exposure.average_monthly_sales(
                company.id, window.date_from, window.date_to, tuple(partners._origin.ids)
            )
        )
        digits = company.currency_id.decimal_places
        # not rounded: the limit is a multiple of the mean, and is rounded once
        return {
            partner_id: Decimal(f"{amount or 0.0:.{digits}f}") / AVERAGE_MONTHS
            for partner_id, amount in rows
        }

    @api.constrains("amount")
    def _check_amount(self):
        if any(proposal.amount < 0 for proposal in self):
            raise ValidationError(self.env._("A limit cannot be negative."))

    @api.constrains("partner_id")
    def _check_partner(self):
        for proposal in self:
            partner = proposal.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: assess the company.",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda proposal: proposal.state not in ("draft", "cancelled")):
            raise UserError(self.env._("A submitted proposal cannot be deleted."))

    # --- transitions --------------------------------------------------------------------------

    def _guard_submit(self):
        today = self.company_id._customer_today()
        if self.valid_until and self.valid_until < today:
            return [self.env._("the assessment would already have expired.")]
        return []

    def _after_transition(self, transition):
        """EXTENDS transition mixin: an approved proposal takes effect."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            for proposal in self:
                proposal._take_effect()
        return result

    def _take_effect(self):
        """Write grade, limit, payment terms and trust to the customer, with their history."""
        self.ensure_one()
        company = self.company_id
        partner = self.partner_id.with_company(company)
        before = partner.customer_credit_grade_id
        marked = partner._credit_writing()
        vals = {
            "customer_credit_grade_id": self.grade_id.id,
            "customer_credit_valid_until": self.valid_until,
            "trust": self.trust,
        }
        if before != self.grade_id:
            vals["customer_credit_grade_since"] = company._customer_today()
        if self.payment_term_id:
            vals["property_payment_term_id"] = self.payment_term_id.id
        marked.write(vals)
        if before != self.grade_id:
            partner._add_grade_history(before, "proposal", self.reason, self)
        limit = self.env["customer.credit.limit"]._grant(
            partner,
            company,
            {
                "amount": 0.0 if self.unlimited else self.amount,
                "unlimited": self.unlimited,
                "origin": "proposal",
                "reason": self.reason,
            },
        )
        self.sudo().limit_id = limit  # sudo: a fact of the approval, whose right was checked
