from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.order_authority import OrderLine, needed_rule
from ..common.customer_approval_mixin import ApprovalMissing

# Changes of an order after which it is another one than was approved.
TERMS = frozenset({"partner_id", "pricelist_id", "currency_id", "company_id"})


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

    customer_authority_level_id = fields.Many2one(
        "customer.authority.level",
        "Approval By",
        compute="_compute_customer_authority",
        groups="base.group_user",
    )
    customer_authority_rank = fields.Integer(
        "Rank That Approves", compute="_compute_customer_authority", groups="base.group_user"
    )
    customer_authority_reason = fields.Char(
        "Why an Approval", compute="_compute_customer_authority", groups="base.group_user"
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
    )
    @api.depends_context("lang")
    def _compute_customer_authority(self):
        # sudo: the rules are the policy, they hold for users who cannot read them
        Rule = self.env["customer.order.authority"].sudo()
        for company, orders in self.grouped("company_id").items():
            records = Rule.search([("company_id", "in", [False, company.id])]) if company else Rule
            today = company._customer_today() if company else None
            rules = [record._engine_rule(company, today) for record in records]
            units = records.filtered(lambda r: r.basis == "quantity").uom_id
            for order in orders:
                tier = order.partner_id.commercial_partner_id.with_company(company)
                rule, _reasons = needed_rule(
                    rules, tier.customer_tier_id.id, order._authority_lines(units)
                )
                record = Rule.browse(rule.key) if rule else Rule
                order.customer_authority_level_id = record.level_id.sudo(False)
                order.customer_authority_rank = rule.level if rule else 0
                order.customer_authority_reason = record.name if rule else False

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
        self.check_access("write")
        if any(order.state not in self._state_from for order in self):
            raise UserError(self.env._("Only quotations are approved."))

    def _transition(self, name, vals=None):
        """The last approval makes no transition: the seller confirms the order."""
        return True

    def _tier_validation_check_write_allowed(self, vals):
        """REPLACES base_tier_validation: a change is allowed and voids the approvals."""

    def _tier_validation_check_write_remove_reviews(self, vals):
        """REPLACES base_tier_validation: approvals are for this quotation."""
        self.filtered(lambda o: o._allow_to_remove_reviews(vals))._void_approvals()

    def write(self, vals):
        """Another customer or currency is another order than the one that was approved."""
        result = super().write(vals)
        if vals.keys() & TERMS:
            self._authority_changed()
        return result

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
        for order in self.filtered(lambda o: o.state != "sale"):
            order._authority_confirm()

    def _authority_confirm(self):
        """Refuse the confirmation unless everybody who has to approve did.

        Who is an approver gives the own approval by confirming.

        :raises AuthorityMissing: naming who has to approve, and why
        """
        self.ensure_one()
        if self.customer_authority_rank and self.need_validation:
            self._request_approval()
            self._validate_tier(self.review_ids)
            self.invalidate_recordset(["validation_status", "need_validation"])
        if self.customer_authority_rank and not self.review_ids:
            raise AuthorityMissing(
                self.env._(
                    "%(order)s needs the approval of %(level)s (%(rule)s), but no line of “Approval "
                    "Levels” says who gives it. Ask an administrator to add one for this level.",
                    order=self.display_name,
                    level=self.customer_authority_level_id.sudo().name,
                    rule=self.customer_authority_reason,
                )
            )
        waiting = self.review_ids.filtered(lambda r: r.status != "approved")
        if self.customer_authority_rank and waiting:
            raise AuthorityMissing(
                self.env._(
                    "%(order)s needs the approval of %(people)s (%(rule)s). Ask for it with the "
                    "button “Ask for Approval”.",
                    order=self.display_name,
                    people=", ".join(row.todo_by or row.name for row in waiting),
                    rule=self.customer_authority_reason,
                )
            )
        self._keep_rank()

    def action_request_authority(self):
        """Ask those for approval who have to decide about an order of this size."""
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

    def _authority_changed(self):
        """Lines changed: approvals of quotations are void, confirmed orders may not outgrow them.

        :raises AuthorityMissing: for a confirmed order that a higher level would have to approve
        """
        self.filtered(lambda o: o.state in self._state_from)._void_approvals()
        for order in self.filtered(lambda o: o.state == "sale"):
            if order.customer_authority_rank > order.customer_approved_rank:
                raise AuthorityMissing(
                    self.env._(
                        "%(order)s would need the approval of %(level)s (%(rule)s): cancel it, "
                        "change the quotation and ask for the approval.",
                        order=order.display_name,
                        level=order.customer_authority_level_id.sudo().name,
                        rule=order.customer_authority_reason,
                    )
                )
