from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.transitions import Transition, TransitionTable
from ..common.guard import Facts, Settled
from .dialogs import record_dialog

FACTS = ("received_date", "checked_date")
GOODS = ("complaint_id", "order_id", "sale_line_id", "product_id", "requested_quantity")
SETTLED = {
    "received": (*GOODS, "received_quantity"),
    "checked": (
        *GOODS,
        "received_quantity",
        "checked_quantity",
        "confirmed_quantity",
        "finding",
    ),
}


class CustomerComplaintReturn(models.Model):
    """Goods that come back: requested, received, checked."""

    _name = "customer.complaint.return"
    _inherit = ["mail.thread", "customer.transition.mixin"]
    _description = "Goods Return"
    # documents of the customer of the case, see the constraint; service need not open them
    _guard_unread = ("order_id", "sale_line_id")
    _order = "id"
    _check_company_auto = True
    _guards = (
        Facts(frozenset(FACTS)),
        Settled(SETTLED),
    )
    _transitions = TransitionTable(
        "requested",
        (
            Transition("receive", ("requested",), "received", "_guard_receive"),
            Transition("check", ("received",), "checked", "_guard_check"),
            Transition("cancel", ("requested",), "cancelled"),
        ),
    )

    complaint_id = fields.Many2one(
        "customer.complaint", "Complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id")
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("received", "Received"),
            ("checked", "Checked"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="requested",
        tracking=True,
        copy=False,
    )
    order_id = fields.Many2one(
        "sale.order",
        "Order",
        check_company=True,
        index="btree_not_null",
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        check_company=True,
        index="btree_not_null",
        domain="[('order_id', '=', order_id)]",
    )
    product_id = fields.Many2one(
        "product.product",
        "Product",
        required=True,
        compute="_compute_product",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    requested_quantity = fields.Float("Requested", required=True, default=1, digits="Product Unit")
    received_quantity = fields.Float("Received", digits="Product Unit", copy=False, tracking=True)
    checked_quantity = fields.Float("Checked", digits="Product Unit", copy=False, tracking=True)
    confirmed_quantity = fields.Float(
        "Found Defective", digits="Product Unit", copy=False, tracking=True
    )
    received_date = fields.Date(readonly=True, copy=False)
    checked_date = fields.Date(readonly=True, copy=False)
    finding = fields.Text(copy=False)

    @api.depends("sale_line_id")
    def _compute_product(self):
        for back in self:
            # sudo: the product of an order line is no secret to those who handle the return
            back.product_id = back.sale_line_id.sudo().product_id or back.product_id

    @api.depends("product_id", "complaint_id.name")
    def _compute_display_name(self):
        for back in self:
            back.display_name = (
                f"{back.complaint_id.name or ''} {back.product_id.display_name or ''}"
            )

    @api.constrains(
        "requested_quantity", "received_quantity", "checked_quantity", "confirmed_quantity"
    )
    def _check_quantities(self):
        for back in self:
            steps = (
                back.requested_quantity,
                back.received_quantity,
                back.checked_quantity,
                back.confirmed_quantity,
            )
            if any(quantity < 0 for quantity in steps) or back.requested_quantity == 0:
                raise ValidationError(self.env._("Return quantities must be positive."))
            if back.checked_quantity > back.received_quantity:
                raise ValidationError(
                    self.env._("The checked quantity exceeds the received quantity.")
                )
            if back.confirmed_quantity > back.checked_quantity:
                raise ValidationError(
                    self.env._("The defective quantity exceeds the checked quantity.")
                )

    @api.constrains("order_id", "sale_line_id", "complaint_id")
    def _check_customer(self):
        for back in self:
            # sudo: only whose order it is, is compared
            orders = (back.order_id | back.sale_line_id.order_id).sudo()
            if len(orders) > 1 or (
                orders.partner_id.commercial_partner_id - back.complaint_id.partner_id
            ):
                raise ValidationError(self.env._("The order belongs to another customer."))

    def _guard_receive(self):
        return [] if self.received_quantity > 0 else [self.env._("Enter the quantity received.")]

    def _guard_check(self):
        reasons = []
        if self.checked_quantity <= 0:
            reasons.append(self.env._("Enter the quantity checked."))
        if not self.finding:
            reasons.append(self.env._("Describe what was found."))
        return reasons

    def action_receive(self):
        """The goods arrived."""
        return self._transition("receive", {"received_date": self.env.company._customer_today()})

    def action_check(self):
        """The goods were checked."""
        return self._transition("check", {"checked_date": self.env.company._customer_today()})

    def action_cancel(self):
        """The customer keeps the goods."""
        return self._transition("cancel")

    def action_receive_dialog(self):
        """Ask for the quantity that arrived."""
        return record_dialog(
            self, self.env._("Goods Received"), "customer_complaint_return_view_form_receive"
        )

    def action_check_dialog(self):
        """Ask for the quantity checked and what was found."""
        return record_dialog(
            self, self.env._("Goods Checked"), "customer_complaint_return_view_form_check"
        )
