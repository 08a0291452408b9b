from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ...engine.transitions import Transition, TransitionTable
from ..common.customer_request_mixin import CustomerRequestMixin
from ..common.facts import refuse_unreal
from ..common.guard import Kept
from ..common.jobs import Batches

_lt = LazyTranslate(__name__)

CREDIT = ("group_credit",)
ASK = ("group_sales", "group_credit")
DOCUMENTS = {"sale.order": "order_id", "account.move": "move_id"}
BATCH = 500


class CustomerCreditRelease(models.Model):
    """Permission to go past the limit: one document, up to a ceiling, until a day.

    The credit check looks for it; confirming the document uses it up. More than the ceiling holds
    again, and so does the same order after it was cancelled.
    """

    _name = "customer.credit.release"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.request.mixin",
        "customer.job.mixin",
        "customer.credit.facts",
    ]
    _job_domain = "credit"
    _description = "Credit Release"
    _order = "id desc"
    _check_company_auto = True
    _guards = (
        Kept(
            frozenset({"order_id", "move_id", "ceiling", "valid_until", "reason", "conditions"}),
            _lt("This release is no longer a draft and cannot be changed: request a new one."),
        ),
    )
    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit", ASK),
            Transition("approve", ("submitted",), "approved", "_guard_approve", CREDIT),
            Transition("reject", ("submitted",), "rejected"),
            Transition("use", ("approved",), "used"),
            Transition("close", ("approved", "used"), "closed", "", CREDIT),
            Transition("cancel", ("draft", "submitted"), "cancelled", "", ASK),
        ),
    )
    _state_to = ["approved", "used", "closed"]

    order_id = fields.Many2one(
        "sale.order", "Order", index="btree_not_null", ondelete="cascade", check_company=True
    )
    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt'))]",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_document", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_document",
        store=True,
        precompute=True,
        index=True,
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_document", store=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", compute="_compute_document", store=True, precompute=True
    )
    ceiling = fields.Monetary(
        required=True, tracking=True, help="Highest document total covered by the release."
    )
    valid_until = fields.Date(
        required=True, tracking=True, default=lambda self: self._default_valid_until()
    )
    reason = fields.Text(required=True)
    conditions = fields.Text(help="What was agreed: a payment, a guarantee, partial deliveries.")
    needs_head = fields.Boolean(
        compute="_compute_needs_head",
        help="The customer's grade blocks orders: the head of customer governance must also "
        "approve.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "Approved"),
            ("used", "Used"),
            ("rejected", "Rejected"),
            ("closed", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
    )
    used_amount = fields.Monetary("Used For", readonly=True, copy=False)
    used_on = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _document_field(self, model_name):
        """Name of the field that points to documents of a model."""
        return DOCUMENTS[model_name]

    @api.model
    def _default_valid_until(self):
        company = self.env.company
        return fields.Date.add(company._customer_today(), days=company.customer_release_days)

    @api.depends("order_id", "move_id")
    def _compute_document(self):
        for release in self:
            # sudo: what the document says is copied, whoever asks for the release
            document = (release.order_id or release.move_id).sudo()
            release.company_id = document.company_id
            release.partner_id = document._credit_debtor() if document else False
            release.currency_id = document.currency_id
            release.user_id = (
                release.order_id.sudo().user_id or release.move_id.sudo().invoice_user_id
            )

    @api.depends("partner_id", "company_id")
    def _compute_needs_head(self):
        for release in self:
            company = release.company_id
            # sudo: the grade that decides, whoever asks
            document = (release.order_id or release.move_id).sudo().with_company(company)
            grade = release.partner_id.with_company(company).customer_credit_grade_id
            if not grade:  # as `engine.credit_check.paying_for` says
                grade = document._credit_buyer().customer_credit_grade_id.filtered(
                    "prepayment_only"
                )
            release.needs_head = (grade.action or company.customer_credit_action) == "block"

    @api.depends("order_id.name", "move_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for release in self:
            # sudo: who may read the release learns which document it is for
            document = (release.order_id or release.move_id).sudo()
            release.display_name = self.env._("Release for %s", document.display_name or "")

    @api.constrains("order_id", "move_id")
    def _check_document(self):
        for release in self:
            if bool(release.order_id) == bool(release.move_id):
                raise ValidationError(
                    self.env._("A release applies to exactly one document: an order or an invoice.")
                )

    @api.constrains("ceiling")
    def _check_ceiling(self):
        if any(release.ceiling <= 0 for release in self):
            raise ValidationError(self.env._("The ceiling of a release must be greater than 0."))
        refuse_unreal(self, "ceiling")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda release: release.state not in ("draft", "cancelled")):
            raise UserError(self.env._("A requested release cannot be deleted."))

    # --- transitions --------------------------------------------------------------------------

    def _credit_facts_document(self):
        """EXTENDS facts: what the release is asked for."""
        # sudo: who may read the release learns what it is for
        return (self.order_id or self.move_id).sudo()

    @api.model
    def _open_release_of(self, document, states=("draft", "submitted")):
        """Return the request for a document that is not decided yet."""
        field = self._document_field(document._name)
        # sudo: also one of somebody else, only to say that it is there
        return self.sudo().search([(field, "=", document.id), ("state", "in", states)], limit=1)

    def _guard_submit(self):
        if self.valid_until < self.company_id._customer_today():
            return [self.env._("it would already have expired.")]
        return []

    def action_submit(self):
        """EXTENDS request mixin: once for a document; the requester is told when it is free."""
        for release in self:
            release._check_asked_once()
        for release in self.filtered("order_id"):
            # sudo: a mark of the check on the order
            release.order_id.sudo().credit_waiting_user_id = release.requested_by_id
        return super().action_submit()

    def _check_asked_once(self):
        """A second press, or a colleague, makes no second request.

        :raises UserError: naming who asked and who decides
        """
        document = (self.order_id or self.move_id).sudo()
        waiting = self._open_release_of(document, ("submitted",)) - self
        if waiting:
            raise UserError(
                self.env._(
                    "%(person)s has already requested a release of %(document)s. It is "
                    "waiting for %(people)s.",
                    person=waiting.requested_by_id.name,
                    document=document.display_name,
                    people=waiting.approval_waits_for,
                )
            )

    def action_close(self):
        """End the release: the document is held again."""
        return self._transition("close")

    def _after_transition(self, transition):
        """EXTENDS request mixin: look at the document again."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            # sudo: the orders of other salespeople
            orders = self.order_id.sudo().filtered("credit_waiting_user_id")
            orders._credit_reevaluate()
        return result

    @api.model
    def _granted(self, documents):
        """Approved releases of documents, the widest last, that are still for the same thing.

        A document that got another customer, company or currency is not what was released.
        """
        field = self._document_field(documents._name)
        return self.search(
            [(field, "in", documents.ids), ("state", "in", ("approved", "used"))],
            order="valid_until, ceiling",
        ).filtered(
            lambda r: (
                r.partner_id == r[field]._credit_debtor()
                and r.company_id == r[field].company_id
                and r.currency_id == r[field].currency_id
            )
        )

    def _use_for(self, documents):
        """Mark the releases of documents as used: the check let them pass because of them."""
        field = self._document_field(documents._name)
        releases = self._granted(documents)
        releases.filtered(lambda r: r.state == "approved")._transition("use")
        for release in releases:
            release.write(
                {
                    "used_amount": release[field]._credit_total(),
                    "used_on": fields.Datetime.now(),
                }
            )

    def _close_for(self, documents):
        """End the releases of documents that are cancelled."""
        self.filtered(lambda r: r.state in ("approved", "used"))._transition("close")

    @api.model
    def _cron_close(self):
        """Close releases whose day is over; the check stopped to accept them by itself."""
        return self._run_steps(
            Batches(
                f"close:{company.id}",
                lambda after, limit, c=company: self.search(
                    [
                        ("company_id", "=", c.id),
                        ("state", "in", ("approved", "used")),
                        ("valid_until", "<", c._customer_today()),
                        ("id", ">", after),
                    ],
                    order="id",
                    limit=limit,
                ),
                lambda releases: releases._transition("close"),
                BATCH,
            )
            for company in self._job_companies()
        )

    # What comes from the document decides who approves and what the release is good for.
    _request_facts = (
        *CustomerRequestMixin._request_facts,
        *("used_amount", "used_on"),
        *("company_id", "partner_id", "currency_id", "user_id"),
    )
