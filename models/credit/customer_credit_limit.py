import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ...engine.transitions import Transition, TransitionTable
from ...queries import credit_limits
from ..common.customer_request_mixin import CustomerRequestMixin
from ..common.facts import refuse_unreal
from ..common.guard import Kept
from ..common.jobs import Batches

_lt = LazyTranslate(__name__)

_logger = logging.getLogger(__name__)
CREDIT = ("group_credit",)
BATCH = 500


class CustomerCreditLimit(models.Model):
    """The journal of limits: who granted how much, for how long and why."""

    _name = "customer.credit.limit"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.head.company.mixin",
        "customer.request.mixin",
        "customer.job.mixin",
        "customer.credit.facts",
        "customer.history.mixin",
    ]
    _job_domain = "credit"
    _job_of_heads = True
    _description = "Credit Limit"
    _order = "date_from desc, id desc"
    _guards = (
        Kept(
            frozenset(
                {
                    "partner_id",
                    "company_id",
                    "kind",
                    "unlimited",
                    "amount",
                    "date_from",
                    "date_to",
                    "reason",
                }
            ),
            _lt("This limit is no longer a draft and cannot be changed: enter a new one."),
        ),
    )
    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit", CREDIT),
            Transition("approve", ("submitted",), "approved", "_guard_approve", CREDIT),
            Transition("reject", ("submitted",), "rejected"),
            Transition("expire", ("approved",), "expired", "_guard_expire", CREDIT),
            Transition("end", ("approved",), "ended", "", ("group_manager",)),
            Transition("cancel", ("draft", "submitted"), "cancelled", "", CREDIT),
        ),
    )
    _state_to = ["approved", "expired", "ended"]

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("permanent", "Permanent"), ("temporary", "Temporary")],
        required=True,
        default="permanent",
        tracking=True,
    )
    unlimited = fields.Boolean(
        tracking=True, help="Unlimited credit. An amount of 0, in contrast, grants no credit."
    )
    amount = fields.Monetary("Limit", tracking=True)
    date_from = fields.Date(
        "From", required=True, default=lambda self: self.env.company._customer_today()
    )
    date_to = fields.Date(
        "Until", help="Last day. After that, the permanent limit applies again automatically."
    )
    reason = fields.Text(required=True)
    origin = fields.Selection(
        [
            ("manual", "Manual"),
            ("proposal", "Approved proposal"),
            ("native", "Set on the customer"),
        ],
        required=True,
        default="manual",
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("expired", "Expired"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    is_in_force = fields.Boolean("In Force", compute="_compute_is_in_force")

    _in_force_index = models.Index("(company_id, partner_id) WHERE state = 'approved'")

    @api.depends("partner_id.name", "amount", "unlimited", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = f"{limit.partner_id.display_name or ''}: {limit._limit_text()}"

    def _limit_text(self):
        """The limit in words, for people."""
        self.ensure_one()
        if self.unlimited:
            return self.env._("unlimited")
        return self.currency_id.format(self.amount) if self.currency_id else str(self.amount)

    @api.depends("state", "date_from", "date_to", "kind", "partner_id", "company_id")
    def _compute_is_in_force(self):
        for company, limits in self.grouped("company_id").items():
            ids = set()
            if company and limits.partner_id.ids:
                self.env["customer.credit.limit"].flush_model()
                rows = self.env.execute_query(
                    credit_limits.in_force(
                        company.id, company._customer_today(), tuple(limits.partner_id.ids)
                    )
                )
                ids = {row[0] for row in rows}
            for limit in limits:
                limit.is_in_force = limit.id in ids

    @api.constrains("amount")
    def _check_amount(self):
        if any(limit.amount < 0 for limit in self):
            raise ValidationError(self.env._("A limit cannot be negative."))
        refuse_unreal(self, "amount")

    @api.constrains("kind", "date_from", "date_to")
    def _check_dates(self):
        for limit in self:
            if limit.kind == "temporary" and not limit.date_to:
                raise ValidationError(self.env._("A temporary limit requires an end date."))
            if limit.date_to and limit.date_to < limit.date_from:
                raise ValidationError(self.env._("A limit cannot end before it begins."))

    @api.constrains("partner_id")
    def _check_partner(self):
        for limit in self:
            partner = limit.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: the limit belongs there.",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self._is_history_import():
            return
        if self.filtered(lambda limit: limit.state not in ("draft", "cancelled")):
            raise UserError(
                self.env._("Submitted entries are kept on record: cancel or end the limit instead.")
            )

    # --- transitions --------------------------------------------------------------------------

    def _guard_submit(self):
        today = self.company_id._customer_today()
        if self.date_to and self.date_to < today:
            return [self.env._("the limit would already have expired.")]
        return []

    def _guard_expire(self):
        if not self.date_to or self.date_to >= self.company_id._customer_today():
            return [self.env._("its last day has not passed yet.")]
        return []

    def action_expire(self):
        """Mark a limit whose last day is over; it stopped to count by itself."""
        return self._transition("expire")

    def action_end(self):
        """End a limit before its time."""
        return self._transition("end")

    def _after_transition(self, transition):
        """EXTENDS request mixin: carry the limit to the customer."""
        result = super()._after_transition(transition)
        if transition.name in ("approve", "expire", "end"):
            self._sync_native()
        return result

    @api.model
    def _grant(self, partner, company, vals):
        """Enter a limit that was decided elsewhere (an approved proposal, a direct change)."""
        # sudo: the callers checked the right; the journal has to say who it was
        limit = self.sudo().create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "date_from": company._customer_today(),
                **vals,
            }
        )
        limit._transition("submit")
        limit._transition("approve")
        return limit

    @api.private
    def evaluate_tier(self, tier):
        """EXTENDS base_tier_validation: what follows from an approved record is approved."""
        own = self.filtered(lambda limit: limit.origin == "manual")
        return super(CustomerCreditLimit, own).evaluate_tier(tier) if own else own

    def _sync_native(self):
        """Give the customers the limit in force as Odoo's own one, and look at held orders."""
        for company, limits in self.grouped("company_id").items():
            limits.partner_id._sync_native_limit(company)
            limits.partner_id._credit_changed(company)

    @api.model
    def _cron_expire(self):
        """Mark entries that are over and bring Odoo's own limits up to the day.

        Nothing depends on it: what counts is decided by the dates at the moment of the question.
        Running twice changes nothing.
        """
        return self._run_steps(
            step for company in self._job_companies() for step in self._expire_steps(company)
        )

    @api.model
    def _expire_steps(self, company):
        """Return the steps of the job for a company."""
        today = company._customer_today()
        over = [
            ("company_id", "=", company.id),
            ("state", "=", "approved"),
            ("date_to", "<", today),
        ]

        def mismatches(after, limit):
            self.env.flush_all()
            rows = self.env.execute_query(credit_limits.native_mismatches(company.id, today))
            ids = sorted(partner_id for (partner_id,) in rows if partner_id > after)
            return self.env["res.partner"].browse(ids[:limit])

        def sync(partners):
            partners._sync_native_limit(company)
            partners._credit_changed(company)

        return [
            Batches(
                f"expire:{company.id}",
                lambda after, limit: self.search(
                    [*over, ("id", ">", after)], order="id", limit=limit
                ),
                lambda limits: limits._transition("expire"),
                BATCH,
            ),
            Batches(f"native:{company.id}", mismatches, sync, BATCH, rows=False),
        ]

    _request_facts = (*CustomerRequestMixin._request_facts, "origin")

    # --- limits of the time before the system
    _history_domain = "credit"
    _history_columns = (
        "partner_id",
        "company_id",
        "kind",
        "unlimited",
        "amount",
        "date_from",
        "date_to",
        "reason",
    )
    _history_required = ("partner_id", "date_from", "date_to")

    @api.model
    def _history_of_root(self):
        return True

    @api.model
    def _history_defaults(self, vals, company):
        """EXTENDS history: a limit that is over; nobody asked for it or approved it here."""
        return {
            "kind": "permanent",
            "reason": self.env._("Imported history"),
            "state": "expired" if vals.get("kind") == "temporary" else "ended",
            "requested_by_id": False,
        }

    @api.model
    def _history_check(self, rows):
        """EXTENDS history: an amount is said, and the limit is over."""
        super()._history_check(rows)
        for row in rows:
            # an empty cell is False, and 0 an amount
            if not row.get("unlimited") and row.get("amount", False) is False:
                raise ValidationError(
                    self.env._(
                        "The amount is missing: 0 grants no credit, “Unlimited” grants any amount."
                    )
                )
            self._history_past(row, "date_from", "date_to")
            company = self.env["res.company"].browse(row["company_id"])
            if fields.Date.to_date(row["date_to"]) >= company._customer_today():
                raise ValidationError(
                    self.env._("A limit that is still in force is set on the customer.")
                )
        self._history_new(rows, ("partner_id", "company_id", "kind", "date_from"))
