from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.order_authority import AuthorityRule


class CustomerOrderAuthority(models.Model):
    """Which level approves orders of a size, of a product category, of a customer tier."""

    _name = "customer.order.authority"
    _inherit = ["customer.guard.mixin"]
    _description = "Approval Threshold"
    _order = "sequence, id"

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Leave empty for all companies.")
    level_id = fields.Many2one(
        "customer.authority.level", "Approved By", required=True, index=True, ondelete="restrict"
    )
    tier_ids = fields.Many2many("customer.tier", string="Tiers", help="Leave empty for any tier.")
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        ondelete="cascade",
        index="btree_not_null",
        help="Including its subcategories; leave empty for all products of the order.",
    )
    basis = fields.Selection(
        [("any", "Any amount or quantity"), ("amount", "Untaxed amount"), ("quantity", "Quantity")],
        required=True,
        default="amount",
    )
    uom_id = fields.Many2one("uom.uom", "Unit", ondelete="restrict")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    figure = fields.Float("Above", digits=(16, 3))
    include = fields.Boolean("Including This Value")

    @api.depends("level_id.name", "basis", "figure", "uom_id.name", "categ_id", "tier_ids.name")
    @api.depends_context("lang")
    def _compute_name(self):
        for rule in self:
            rule.name = rule._sentence()

    def _sentence(self):
        """The rule in words."""
        self.ensure_one()
        parts = []
        if self.tier_ids:
            parts.append(", ".join(self.tier_ids.mapped("name")))
        if self.categ_id:
            parts.append(self.categ_id.display_name)
        if self.basis != "any":
            unit = self.uom_id.name if self.basis == "quantity" else self.currency_id.name
            words = (
                self.env._("%(figure)s %(unit)s or more")
                if self.include
                else self.env._("more than %(figure)s %(unit)s")
            )
            parts.append(words % {"figure": f"{self.figure:g}", "unit": unit or ""})
        return self.env._(
            "%(what)s: %(level)s",
            what=" · ".join(parts) or self.env._("every order"),
            level=self.level_id.name or "",
        )

    @api.constrains("basis", "uom_id", "figure")
    def _check_basis(self):
        for rule in self:
            if rule.basis == "quantity" and not rule.uom_id:
                raise ValidationError(self.env._("A quantity requires a unit."))
            if rule.figure < 0:
                raise ValidationError(self.env._("A threshold cannot be negative."))

    def _basis_key(self):
        """Key of what the rule sums up, as the engine takes it."""
        return f"uom{self.uom_id.id}" if self.basis == "quantity" else "amount"

    def _engine_rule(self, company, day):
        """The rule as the engine takes it, in the company's currency."""
        self.ensure_one()
        over = None
        if self.basis == "amount":
            amount = self.currency_id._convert(self.figure, company.currency_id, company, day)
            over = Decimal(f"{amount:.3f}")
        elif self.basis == "quantity":
            over = Decimal(f"{self.figure:.3f}")
        categories = (
            self.env["product.category"].search([("id", "child_of", self.categ_id.id)]).ids
            if self.categ_id
            else ()
        )
        return AuthorityRule(
            key=self.id,
            level=self.level_id.rank,
            basis=self._basis_key(),
            over=over,
            include=self.include,
            tiers=frozenset(self.tier_ids.ids),
            categories=frozenset(categories),
        )
