from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

# Customers whose impact is listed one by one; more are counted only.
IMPACT_LIMIT = 50


class CustomerTierChange(models.TransientModel):
    """Change the tier of customers by hand: new tier, reason, and what it means to them."""

    _name = "customer.tier.change"
    _inherit = ["customer.named.mixin"]
    _description = "Manual Tier Change"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    partner_id = fields.Many2one("res.partner", "Customer", compute="_compute_partner_id")
    partner_count = fields.Integer("Number of Customers", compute="_compute_partner_id")
    current_tier_id = fields.Many2one(
        "customer.tier", "Current Tier", compute="_compute_partner_id"
    )
    new_tier_id = fields.Many2one("customer.tier", "New Tier")
    reason = fields.Text(help="Recorded in the customer's tier history.")
    downgrade_count = fields.Integer("Downgrades", compute="_compute_impact")
    upgrade_count = fields.Integer("Upgrades", compute="_compute_impact")
    unchanged_count = fields.Integer("Unchanged", compute="_compute_impact")
    impact = fields.Html(compute="_compute_impact", help="How the change affects the customers.")
    understood = fields.Boolean("I have read how the downgrade affects the customers")

    @api.model
    def default_get(self, fields):
        """Take the customers a list action was called on; contacts stand for their company."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "res.partner" and "partner_ids" in fields:
            if not values.get("partner_ids"):
                partners = self.env["res.partner"].browse(self.env.context.get("active_ids", []))
                values["partner_ids"] = [Command.set(partners.exists().commercial_partner_id.ids)]
        return values

    @api.depends("partner_ids")
    def _compute_partner_id(self):
        for wizard in self:
            customers = wizard.partner_ids
            single = customers if len(customers) == 1 else customers.browse()
            wizard.partner_id = single
            wizard.partner_count = len(customers)
            tiers = customers.customer_tier_id
            wizard.current_tier_id = tiers if len(tiers) == 1 else tiers.browse()

    @api.depends("partner_ids", "new_tier_id")
    @api.depends_context("company", "lang")
    def _compute_impact(self):
        for wizard in self:
            new, customers = wizard.new_tier_id, wizard.partner_ids._origin
            down = wizard._downgraded()
            same = customers.filtered(lambda partner, new=new: partner.customer_tier_id == new)
            wizard.downgrade_count = len(down)
            wizard.unchanged_count = len(same)
            wizard.upgrade_count = len(customers) - len(down) - len(same)
            wizard.impact = wizard._render_impact(down) if down else False

    def _downgraded(self):
        """Customers for whom the new tier is less important than the current one."""
        new = self.new_tier_id
        return self.partner_ids._origin.filtered(
            lambda partner: (
                partner.customer_tier_id
                and partner.customer_tier_id != new
                and (not new or new.sequence > partner.customer_tier_id.sequence)
            )
        )

    def _render_impact(self, customers):
        """List of what the downgrade means, by customer."""
        Partner = self.env["res.partner"]
        labels = dict(Partner._tier_impact_kinds())
        shown = customers[:IMPACT_LIMIT]
        lines = {}
        for item in shown._tier_change_impact(self.new_tier_id):
            heading = labels.get(item["kind"], item["kind"])
            by_kind = lines.setdefault(item["partner_id"], {})
            by_kind.setdefault(heading, []).append(item["text"])
        return self.env["ir.qweb"]._render(
            "customer_governance.customer_tier_impact",
            {
                "customers": shown,
                "lines": lines,
                "more": len(customers) - len(shown),
                "new_tier": self.new_tier_id,
            },
        )

    def action_confirm(self):
        """Change the tiers of all chosen customers.

        :raises AccessError: when the user is neither head nor committee
        :raises UserError: without tier or reason, or when a downgrade was not confirmed
        """
        self.ensure_one()
        Partner = self.env["res.partner"]
        if not Partner._may_change_tier():
            raise AccessError(
                self.env._(
                    "Only the review committee and the head of customer governance can "
                    "change a customer's tier."
                )
            )
        self.partner_ids.check_access("read")
        if not self.new_tier_id:
            raise UserError(self.env._("Choose a new tier."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter a reason for the tier change."))
        if self._downgraded() and not self.understood:
            raise UserError(
                self.env._("Read how the downgrade affects the customers and confirm it.")
            )
        self.partner_ids._set_customer_tier(self.new_tier_id, self.reason.strip(), "manual")
        return {"type": "ir.actions.act_window_close"}
