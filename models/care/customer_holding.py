from odoo import fields, models

from ...queries import handover as queries


class CustomerHolding(models.Model):
    """What inactive users still hold: empty in a healthy company."""

    _name = "customer.holding"
    _description = "Held by an Inactive User"
    _auto = False
    _order = "user_id, id"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", "Inactive User", readonly=True)
    key = fields.Selection(
        lambda self: self.env["customer.handover.item"]._selection_key(), "Kind", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    record_count = fields.Integer("Number", readonly=True)

    @property
    def _table_query(self):
        users = self.env["res.users"]
        kinds = {
            holding.key: users._customer_held(holding) for holding in users._customer_holdings()
        }
        # the system is no person who left
        return queries.held_by_inactive(kinds, self.env.ref("base.user_root").ids)

    def _holding(self):
        return self.env["customer.handover"]._holdings()[self.key]

    def action_view_records(self):
        """Open the records, as far as the caller may read them."""
        self.ensure_one()
        self.check_access("read")
        holding = self._holding()
        company = (
            [(holding.company, "=", self.company_id.id)]
            if holding.company and not holding.document
            else []
        )
        return {
            "type": "ir.actions.act_window",
            "name": str(holding.name),
            "res_model": holding.model,
            "view_mode": "list,form",
            "domain": [(holding.field, "in", self.user_id.ids), *holding.domain, *company],
        }

    def action_hand_over(self):
        """Begin a handover of everything the user holds."""
        self.check_access("read")
        if len(self.user_id) != 1:
            self = self[:1]
        return self.env["customer.handover"]._new_action(self.user_id, self.company_id[:1])
