from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...engine.order_authority import OrderLine, needed_rule
from ..common.customer_approval_mixin import ApprovalMissing
from .customer_credit_check import Nested

# Changes of an order after which it is another one than was approved.
TERMS = frozenset(
    {"partner_id", "pricelist_id", "currency_id", "company_id", "customer_contract_reference"}
)


AUTHORITY = (
    "customer_authority_level_id",
    "customer_authority_rank",
    "customer_authority_reason",
)
NAMES_SHOWN = 5
# What makes orders one contract: of a confirmed order it stays, or the sum could be undone.
CONTRACT = ("customer_contract_reference", "date_order")
# In the context of a confirmation: the orders that are confirmed before this one by the same press.
# An object cannot come over RPC.
TOGETHER_KEY = "customer_authority_together"
# Of a change: the confirmed orders that grew by it, in the same way.
GROWN_KEY = "customer_authority_grown"


def stripped(vals):
    """Return the values with the contract reference without space around it."""
    reference = vals.get("customer_contract_reference")
    if not isinstance(reference, str):
        return vals
    return {**vals, "customer_contract_reference": reference.strip() or False}


class AuthorityMissing(ApprovalMissing):
    """The order is larger than what the one who confirms it may decide alone."""


class SaleOrder(models.Model):
    """Orders above the seller's authority need the approval of a higher level."""

    _name = "sale.order"
    _inherit = ["sale.order", "customer.approval.mixin"]

    # Our own buttons and page; an order stays editable, a change voids the approvals instead.
    _tier_validation_manual_config = True
    _state_from = ["draft", "sent"]
    _state_to = ["sale"]
    _cancel_state = "cancel"
    _approval_facts = ("validation_status", "customer_approved_rank")
    _approve_button = "action_approve_authority"
    # The head approves orders that only sales may change.
    _approval_access = "read"

    customer_contract_reference = fields.Char(
        "Contract Reference",
        index="btree_not_null",
        help="Orders of a customer with the same reference are one contract: who has to approve "
        "follows from their sum. Without a reference the orders of the last days are one contract.",
    )
    customer_authority_level_id = fields.Many2one(
        "customer.authority.level",
        "Approval By",
        compute="_compute_customer_authority",
        groups="base.group_user",
    )
    customer_authority_rank = fields.Integer(
        "Rank Required for Approval",
        compute="_compute_customer_authority",
        groups="base.group_user",
    )
    customer_authority_reason = fields.Char(
        "Reason for Approval", compute="_compute_customer_authority", groups="base.group_user"
    )
    customer_approved_rank = fields.Integer(
        "Approved Rank", readonly=True, copy=False, groups="base.group_user"
    )

    @api.depends(
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.product_uom_id",
        "order_line.price_subtotal",
        "partner_id",
        "company_id",
        "currency_rate",
        "state",
        "customer_contract_reference",
    )
    @api.depends_context("lang")
    def _compute_customer_authority(self):
        # sudo: the rules are the policy, they hold for users who cannot read them
        Rule = self.env["customer.order.authority"].sudo()
        for company, orders in self.grouped("company_id").items():
            uses = company._customer_uses("credit")
            records = Rule.search([("company_id", "in", [False, company.id])]) if uses else Rule
            today = company._customer_today() if company else None
            rules = [record._engine_rule(company, today) for record in records]
            units = records.filtered(lambda r: r.basis == "quantity").uom_id
            contracts = orders._authority_contracts(company) if rules else {}
            for order in orders:
                tier = order.partner_id.commercial_partner_id.with_company(company)
                tier_id = tier.customer_tier_id.id
                lines, others = order._authority_lines(units), contracts.get(order, self.browse())
                rule, _reasons = needed_rule(
                    rules, tier_id, lines, [x for o in others for x in o._authority_lines(units)]
                )
                record = Rule.browse(rule.key) if rule else Rule
                reason = record.name if rule else False
                if others and rule and needed_rule([rule], tier_id, lines)[0] is None:
                    reason = self.env._(
                        "%(rule)s, in one contract with %(orders)s",
                        rule=reason,
                        orders=others._authority_names(),
                    )
                order.customer_authority_level_id = record.level_id.sudo(False)
                order.customer_authority_rank = rule.level if rule else 0
                order.customer_authority_reason = reason

    def _authority_contracts(self, company):
        """Return {order: other confirmed orders of the same contract}, one search for all.

        The same customer and contract reference; without a reference those of the days before. What
        is confirmed counts, so that of four orders the one that exceeds the authority is asked about.
        """
        owners = self.partner_id.commercial_partner_id
        if not owners.ids:
            return {}
        days = timedelta(days=company._customer_company().customer_contract_days)
        since = min((order._authority_moment() for order in self), default=None) - days
        domain = Domain("partner_id.commercial_partner_id", "in", owners.ids)
        domain &= Domain("company_id", "child_of", company._customer_company().id)
        together = self.env.context.get(TOGETHER_KEY)
        ids = together.ids if isinstance(together, Nested) else ()
        domain &= Domain("state", "=", "sale") | Domain("id", "in", list(ids))
        # those of the same reference however old they are (exactly compared below), else the window
        keys = {(order.customer_contract_reference or "").strip() for order in self} - {""}
        same = Domain.OR(
            Domain("customer_contract_reference", "ilike", escape_psql(key)) for key in keys
        )
        recent = Domain("customer_contract_reference", "=", False)
        domain &= same | (recent & Domain("date_order", ">=", since))
        # sudo: orders of other salespeople are part of the contract
        found = self.sudo().search(domain)
        by_owner = found.grouped(lambda order: order.partner_id.commercial_partner_id.id)
        result = {}
        for order in self:
            same = by_owner.get(order.partner_id.commercial_partner_id._origin.id)
            if same:
                result[order] = (same - order._origin.sudo()).filtered(
                    lambda other, order=order: order._authority_same_contract(other, days)
                )
        return result

    def _authority_moment(self):
        """When the order was confirmed; a quotation is confirmed now."""
        now = fields.Datetime.now()
        return (self.date_order or now) if self.state == "sale" else now

    def _authority_same_contract(self, other, days):
        """Whether another order of the customer belongs to the same contract.

        Without a reference those of the days before do: a later order answers for itself. For an
        order that grows after it was confirmed the later ones count as well, which did not know of it.
        """
        mine, its = self._authority_reference(), other._authority_reference()
        if mine or its:
            return mine == its
        # that of the other one first: of two quotations both are confirmed now
        its = other._authority_moment()
        passed = self._authority_moment() - its
        grown = self.env.context.get(GROWN_KEY)
        if isinstance(grown, Nested) and self.id in grown.ids:
            passed = abs(passed)
        return bool(days) and timedelta(0) <= passed <= days

    def _authority_reference(self):
        """The contract reference as it is compared."""
        return (self.customer_contract_reference or "").strip().casefold()

    def _authority_names(self):
        """Numbers of the orders, the first few of many."""
        names = ", ".join(self[:NAMES_SHOWN].mapped("name"))
        rest = len(self) - NAMES_SHOWN
        if rest > 0:
            return self.env._("%(names)s and %(count)s more", names=names, count=rest)
        return names

    def _authority_lines(self, units):
        """The lines as the engine takes them: untaxed amount, and quantity in each unit."""
        self.ensure_one()
        lines = []
        rate = self.currency_rate or 1.0
        for line in self.order_line.filtered(lambda x: not x.display_type and x.product_id):
            figures = {"amount": Decimal(f"{line.price_subtotal / rate:.3f}")}
            for unit in units:
                if line.product_uom_id._has_common_reference(unit):
                    quantity = line.product_uom_id._compute_quantity(
                        line.product_uom_qty, unit, round=False
                    )
                    figures[f"uom{unit.id}"] = Decimal(f"{quantity:.3f}")
            lines.append(OrderLine(line.product_id.categ_id.id, figures))
        return lines

    @api.private
    def evaluate_tier(self, tier):
        """EXTENDS base_tier_validation: orders within the seller's authority need nobody."""
        needing = self.filtered("customer_authority_rank")
        return super(SaleOrder, needing).evaluate_tier(tier) if needing else needing

    def _check_transition(self, name, guarded=True):
        """What the approval mixin asks before a turn: the order is still a quotation."""
        self.check_access(self._approval_access)
        if any(order.state not in self._state_from for order in self):
            raise UserError(self.env._("Only quotations can be approved."))

    def _transition(self, name, vals=None):
        """The last approval makes no transition: the seller confirms the order."""
        return True

    def _tier_validation_check_write_allowed(self, vals):
        """REPLACES base_tier_validation: a change is allowed and voids the approvals."""

    def _tier_validation_check_write_remove_reviews(self, vals):
        """REPLACES base_tier_validation: approvals are for this quotation."""
        self.filtered(lambda o: o._allow_to_remove_reviews(vals))._void_approvals()

    @api.model_create_multi
    def create(self, vals_list):
        """An order that is born confirmed is confirmed now: an older date would hide it."""
        return super().create(
            [
                self._authority_dated(stripped(vals), vals.get("company_id"))
                if vals.get("date_order")
                else stripped(vals)
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Another customer or currency is another order than the one that was approved."""
        vals = stripped(vals)
        self._check_contract_stays(vals)
        if vals.get("state") == "sale":
            for company in self.filtered(lambda o: o.state != "sale").company_id:
                vals = self._authority_dated(vals, company.id)
        result = super().write(vals)
        if vals.keys() & TERMS:
            self._authority_changed()
        return result

    @api.model
    def _authority_dated(self, vals, company_id):
        """Return the values of a confirmation with the moment it is given."""
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if vals.get("state") != "sale" or self._authority_moves():
            return vals
        if not company._customer_uses("credit"):
            return vals
        return {**vals, "date_order": fields.Datetime.now()}

    @api.model
    def _authority_moves(self):
        """Whether the user may say afterwards to which contract an order belongs."""
        return self.env.su or self.env.user.has_group("customer_governance.group_manager")

    def _check_contract_stays(self, vals):
        """Refuse another date or reference of a confirmed order: its sum was approved with them.

        :raises AccessError: unless the head of customer governance changes them
        """
        names = [name for name in CONTRACT if name in vals]
        if not names or self._authority_moves():
            return
        for order in self.filtered(
            lambda o: o.state == "sale" and o.company_id._customer_uses("credit")
        ):
            for name in names:
                field = order._fields[name]
                new = field.convert_to_record(field.convert_to_cache(vals[name], order), order)
                if (new or False) != (order[name] or False):
                    raise AccessError(
                        self.env._(
                            "%(order)s is confirmed: its order date and contract reference say to "
                            "which contract it belongs. Only the head of customer governance changes "
                            "them.",
                            order=order.display_name,
                        )
                    )

    def _authority_outgrown(self):
        """Return the quotations whose approvals are for a lower rank than they need now."""
        return self.filtered(
            lambda o: (
                o.review_ids
                and o.state in self._state_from
                and o.customer_authority_rank > o.customer_approved_rank
            )
        )

    def _compute_need_validation(self):
        """EXTENDS base_tier_validation: approvals of a lower level do not count."""
        super()._compute_need_validation()
        self._authority_outgrown().need_validation = True

    def request_validation(self):
        """EXTENDS base_tier_validation: the approvals are for the rank the order has now."""
        self.check_access("write")
        self._authority_outgrown()._void_approvals()
        rows = super().request_validation()
        for order in self.browse(set(rows.mapped("res_id"))):
            order._keep_rank()
        return rows

    def _keep_rank(self):
        """Remember for which rank the order is approved, or asks to be."""
        if self.customer_approved_rank != self.customer_authority_rank:
            # sudo: a mark of the check, whoever asks or confirms
            self.sudo().customer_approved_rank = self.customer_authority_rank

    def _void_approvals(self):
        rows = self._approving().review_ids
        if rows:
            # sudo: approvals were given for another order than this one now
            rows.sudo().unlink()
            self.invalidate_recordset(["review_ids", "need_validation"])

    def _tier_validation_check_state_on_write(self, vals):
        """REPLACES base_tier_validation: our words, and the level that was approved is kept."""
        if vals.get("state") != "sale":
            return
        confirmed = []
        for order in self.filtered(lambda o: o.state != "sale"):
            # those confirmed by the same press count as well
            order.with_context(**{TOGETHER_KEY: Nested(confirmed)})._authority_confirm()
            confirmed.append(order.id)

    def _authority_confirm(self):
        """Refuse the confirmation unless everybody who has to approve did.

        Who is an approver gives the own approval by confirming.

        :raises AuthorityMissing: naming who has to approve, and why
        """
        self.ensure_one()
        # other orders of the contract may have been confirmed since it was computed
        self.invalidate_recordset(AUTHORITY, flush=False)
        self._authority_outgrown()._void_approvals()
        if self.customer_authority_rank and self.need_validation:
            self._request_approval()
            self._validate_tier(self.review_ids)
            self.invalidate_recordset(["validation_status", "need_validation"])
        if self.customer_authority_rank and not self.review_ids:
            raise AuthorityMissing(
                self.env._(
                    "%(order)s requires the approval of %(level)s (%(rule)s), but there is "
                    "no matching line under “Approval Levels”. Ask an administrator to add "
                    "one for this level.",
                    order=self.display_name,
                    level=self.customer_authority_level_id.sudo().name,
                    rule=self.customer_authority_reason,
                )
            )
        waiting = self.review_ids.filtered(lambda r: r.status != "approved")
        if self.customer_authority_rank and waiting:
            raise AuthorityMissing(
                self.env._(
                    "%(order)s requires the approval of %(people)s (%(rule)s). Use the "
                    "button “Request Approval”.",
                    order=self.display_name,
                    people=", ".join(row._approver_names() for row in waiting),
                    rule=self.customer_authority_reason,
                )
            )
        self._keep_rank()

    def action_request_authority(self):
        """Ask those for approval who have to decide about an order of this size."""
        self.check_access("write")
        self._check_transition("approve")
        for order in self.filtered(lambda o: o.need_validation):
            order._request_approval()
        return True

    def action_approve_authority(self):
        """Give the own approval."""
        for order in self:
            order.validate_tier()
        return True

    def action_reject_authority(self):
        """Refuse the order as it is."""
        for order in self:
            order.reject_tier()
        return True

    def _may_decide_now(self):
        """EXTENDS approval mixin: only what was asked for; a quotation is no request."""
        return bool(self._open_approvals()) and super()._may_decide_now()

    def _authority_approved(self):
        """Highest rank that approved the order or another one of its contract."""
        self.ensure_one()
        others = self._authority_contracts(self.company_id).get(self, self.browse())
        # sudo: what was approved counts, also of orders of other salespeople
        return max((self | others).sudo().mapped("customer_approved_rank"))

    def _authority_changed(self, grown=()):
        """Lines changed: approvals of quotations are void, confirmed orders may not outgrow them.

        :param grown: ids of the orders that are larger now: later ones of the contract count too
        :raises AuthorityMissing: for a confirmed order that a higher level would have to approve
        """
        self.filtered(lambda o: o.state in self._state_from)._void_approvals()
        confirmed = self.filtered(lambda o: o.state == "sale")
        confirmed.invalidate_recordset(AUTHORITY, flush=False)
        for order in confirmed.with_context(**{GROWN_KEY: Nested(list(grown))}):
            if order.customer_authority_rank > order._authority_approved():
                raise AuthorityMissing(
                    self.env._(
                        "%(order)s would require the approval of %(level)s (%(rule)s): "
                        "cancel it, change the quotation and request approval.",
                        order=order.display_name,
                        level=order.customer_authority_level_id.sudo().name,
                        rule=order.customer_authority_reason,
                    )
                )
        if grown:
            # read with the later orders: for the reader only those before count
            confirmed.invalidate_recordset(AUTHORITY, flush=False)

    def _authority_size(self):
        """What of the order may grow: {category: (amount, quantity)}."""
        size = {}
        for line in self.order_line.filtered(lambda x: not x.display_type and x.product_id):
            amount, quantity = size.get(line.product_id.categ_id.id, (0.0, 0.0))
            unit = line.product_id.uom_id
            added = line.product_uom_id._compute_quantity(
                line.product_uom_qty, unit, round=False, raise_if_failure=False
            )
            size[line.product_id.categ_id.id] = (amount + line.price_subtotal, quantity + added)
        return size

    def _authority_grown(self, before):
        """Return the ids of the confirmed orders that are larger than before in some category.

        :param before: {order: its size}
        """
        return [
            order.id
            for order in self.filtered(lambda o: o.state == "sale")
            if any(
                amount > before.get(order, {}).get(category, (0.0, 0.0))[0]
                or quantity > before.get(order, {}).get(category, (0.0, 0.0))[1]
                for category, (amount, quantity) in order._authority_size().items()
            )
        ]
