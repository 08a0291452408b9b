from odoo import api, models

from ..common.facts import unforged

# What the exposure counts on: computed from the amounts, the payments and the move.
FIGURES = frozenset(
    {
        "amount_residual",
        "amount_residual_currency",
        "reconciled",
        "price_subtotal",
        "price_total",
        "parent_state",
        "company_id",
        "date",
    }
)


class AccountMoveLine(models.Model):
    """Open items."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "customer.credit.reader"]

    _reader_views = {
        "list": "account_move_line_view_list_credit",
        "search": "account_move_line_view_search_credit",
    }

    def _credit_unforged(self, vals_list):
        """Return the values without figures, where anybody uses credit."""
        if not self.env["account.move"]._credit_protects_figures():
            return vals_list
        return [unforged(self, vals, FIGURES) for vals in vals_list]

    @api.model
    def default_get(self, fields):
        """EXTENDS base: figures have no defaults, in the context or of the user."""
        if self.env["account.move"]._credit_protects_figures():
            fields = [name for name in fields if name not in FIGURES]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """Figures are computed, whatever is sent for them."""
        return super().create(self._credit_unforged(vals_list))

    def write(self, vals):
        """Figures are computed, whatever is sent for them."""
        return super().write(self._credit_unforged([vals])[0])

    def action_open_credit_document(self):
        """Open the document of the item."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.get_formview_action()
