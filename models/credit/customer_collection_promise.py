from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ...engine import collection
from ...engine.transitions import Transition, TransitionTable
from ...queries import collection as queries
from ..common.customer_reach_mixin import able
from ..common.customer_transition_mixin import SENTINEL
from ..common.digest import for_reader
from ..common.facts import without_defaults
from ..common.guard import Facts, Kept

_lt = LazyTranslate(__name__)

# A statement of the bank may come late: a payment dated in time still makes a promise kept.
LATE_NEWS = relativedelta(days=60)
FACTS = ("settled_before", "settled", "judged_at")

UNCHANGED = _lt("A promise cannot be changed: withdraw it and record a new one.")


class CustomerCollectionPromise(models.Model):
    """A customer's promise to pay some documents by a day; kept or broken as payments show."""

    _name = "customer.collection.promise"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
        "customer.company.mixin",
    ]
    _description = "Promise to Pay"
    _order = "date DESC, id DESC"
    _guards = (
        Facts(
            frozenset(
                {"partner_id", "company_id", "move_ids", "currency_id", "promised_on", *FACTS}
            ),
            UNCHANGED,
            unborn=frozenset(),
        ),
        Kept(frozenset({"date", "amount"}), UNCHANGED, states=("open",), error=AccessError),
    )
    _transitions = TransitionTable(
        "open",
        (
            Transition("keep", ("open", "broken"), "kept", "_guard_facts"),
            Transition("break", ("open",), "broken", "_guard_facts"),
            Transition("withdraw", ("open",), "withdrawn", "_guard_withdraw"),
        ),
    )

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "customer.collection.step", "Collection Step", index="btree_not_null", ondelete="set null"
    )
    date = fields.Date("Payment Date", required=True, index=True, tracking=True)
    promised_on = fields.Date(
        required=True, readonly=True, default=lambda self: self.env.company._customer_today()
    )
    promised_by = fields.Char(help="Name of the person who promised.")
    amount = fields.Monetary("Promised", required=True, tracking=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="A currency other than the company's can be used only if all documents are in it.",
    )
    move_ids = fields.Many2many(
        "account.move",
        "customer_collection_promise_move_rel",
        "promise_id",
        "move_id",
        "Source Documents",
        required=True,
    )
    document_names = fields.Char("Invoices", compute="_compute_document_names")
    note = fields.Text()
    user_id = fields.Many2one(
        "res.users", "Recorded By", index=True, default=lambda self: self.env.user, readonly=True
    )
    state = fields.Selection(
        [
            ("open", "Waiting for Payment"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        required=True,
        default="open",
        index=True,
        tracking=True,
        copy=False,
    )
    settled_before = fields.Float(readonly=True, copy=False)
    settled = fields.Monetary("Paid by Due Date", readonly=True, copy=False)
    judged_at = fields.Datetime(readonly=True, copy=False)
    withdraw_reason = fields.Char(copy=False, tracking=True)

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount of a promise must be greater than zero."
    )
    _open_idx = models.Index("(company_id, date) WHERE state IN ('open', 'broken')")

    @api.depends("move_ids")
    def _compute_document_names(self):
        for promise in self:
            # sudo: numbers of the documents only, collectors need no right on the accounts
            moves = promise.sudo().move_ids
            promise.document_names = ", ".join(sorted(move.name or "" for move in moves))

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for promise in self:
            parts = (promise.partner_id.name, fields.Date.to_string(promise.date))
            promise.display_name = " – ".join(part for part in parts if part)

    @api.constrains("move_ids", "partner_id", "currency_id", "company_id")
    def _check_documents(self):
        for promise in self.sudo():  # sudo: only whose documents they are is compared
            moves = promise.move_ids
            if not moves:
                raise ValidationError(self.env._("Specify the invoices covered by the promise."))
            strange = moves.commercial_partner_id - promise.partner_id
            if strange or moves.company_id - promise.company_id:
                raise ValidationError(
                    self.env._("A promise must relate to documents of its customer and company.")
                )
            own = promise.company_id.currency_id
            if promise.currency_id != own and moves.currency_id != promise.currency_id:
                raise ValidationError(
                    self.env._(
                        "Not all documents are in %(currency)s: record the promise in %(own)s.",
                        currency=promise.currency_id.name,
                        own=own.name,
                    )
                )

    @api.constrains("date", "promised_on")
    def _check_date(self):
        for promise in self:
            if promise.date < promise.promised_on:
                raise ValidationError(self.env._("A promise must be dated today or later."))

    @api.model_create_multi
    def create(self, vals_list):
        """Remember what was settled before, so that only later payments count."""
        if not self.env.su and any(name in vals for vals in vals_list for name in FACTS):
            raise AccessError(self.env._("Paid amounts are taken from accounting."))
        self = without_defaults(self, FACTS)
        promises = super().create(vals_list)
        for promise in promises:
            rows = self.env.execute_query(queries.settled_so_far(promise.sudo().move_ids.ids))
            own, foreign = rows[0]
            promise._write_facts({"settled_before": foreign if promise._is_foreign() else own})
        return promises

    def _write_facts(self, vals):
        return self.with_context(customer_transition=SENTINEL).write(vals)

    def _is_foreign(self):
        """Tell whether the promise is in the currency of its documents, not the company's."""
        return self.currency_id != self.company_id.currency_id

    # -- kept or broken -----------------------------------------------------------------------

    def _guard_facts(self):
        """Only the job judges, from payments."""
        return (
            []
            if self.env.su
            else [self.env._("Whether a promise is kept is determined by payments.")]
        )

    def _guard_withdraw(self):
        return [] if self.withdraw_reason else [self.env._("State why it is withdrawn.")]

    def action_withdraw(self):
        """The promise does not hold any more: the items are chased again."""
        return self._transition("withdraw")

    @api.model
    def _to_judge(self, company, after, limit):
        """Return the next promises of a company whose state may change.

        Open ones are judged however old they are; of the broken ones those for which a payment may
        still be booked late.
        """
        since = company._customer_today() - LATE_NEWS
        # sudo: the job judges promises of everybody
        return self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("id", ">", after)
            & (
                Domain("state", "=", "open")
                | (Domain("state", "=", "broken") & Domain("date", ">=", since))
            ),
            order="id",
            limit=limit,
        )

    def _judge(self, company):
        """Mark promises as kept or broken; a payment that was booked late counts."""
        today = company._customer_today()
        promises = self
        self.env.flush_all()
        facts = {
            promise_id: (own, foreign)
            for promise_id, own, foreign in self.env.execute_query(queries.settled(promises.ids))
        }
        results = {}
        for promise in promises:
            own, foreign = facts.get(promise.id, (0, 0))
            settled = (foreign if promise._is_foreign() else own) - promise.settled_before
            settled = promise.currency_id.round(settled)
            state = collection.promise_state(
                Decimal(str(promise.amount)), Decimal(str(settled)), promise.date, today
            )
            if state != promise.state and state != "open":
                results[promise] = (state, settled)
        return self._apply_judgement(results)

    @api.model
    def _apply_judgement(self, results):
        """Write the new states; the one who took a broken promise is asked to act."""
        now = fields.Datetime.now()
        changed = self.browse()
        for name, state in (("keep", "kept"), ("break", "broken")):
            found = [promise for promise, (new, _settled) in results.items() if new == state]
            promises = self.browse().union(*found)
            # of two workers at once the second leaves the rows to the first
            promises = promises.try_lock_for_update(allow_referencing=True)
            if not promises:
                continue
            promises._transition(name, {"judged_at": now})
            for promise in promises:
                promise._write_facts({"settled": results[promise][1]})
            changed |= promises
        broken = changed.filtered(lambda p: p.state == "broken")

        def reason(env):
            return env._("A promise to pay was broken.")

        for company, group in broken.grouped("company_id").items():
            reasons = dict.fromkeys(group.partner_id, reason)
            watch = self.env["customer.credit.watch"].with_context(mail_activity_quick_update=True)
            watch._ask(company, "promise", reasons)
        # a lawyer collects: nobody of us calls
        resting = self.env["customer.collection.episode"].sudo()  # sudo: as the job judges
        resting = resting.search(
            [
                ("partner_id", "in", broken.partner_id.ids),
                ("company_id", "in", broken.company_id.ids),
                ("date_to", "=", False),
                ("handed_over_date", "!=", False),
            ]
        )
        handed = {(episode.company_id, episode.partner_id) for episode in resting}
        broken = broken.filtered(lambda p: (p.company_id, p.partner_id) not in handed)
        for promise in broken:
            user = able(promise.user_id, promise.company_id)
            user = user or promise.company_id._collection_collector()
            words = for_reader(promise, user)
            # quick: one message about all of them follows
            words.with_context(mail_activity_quick_update=True).activity_schedule(
                "customer_governance.activity_type_collection_call",
                user_id=user.id,
                date_deadline=promise.company_id._customer_today(),
                summary=words.env._("Promise broken: %s", promise.partner_id.display_name),
            )
        return changed
