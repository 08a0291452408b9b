from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CustomerHandoverKind(models.Model):
    """How many records of one kind the giver held before, and what became of them."""

    _name = "customer.handover.kind"
    _inherit = ["customer.guard.mixin"]
    _description = "Count of a Handover"
    _order = "handover_id, sequence, id"
    _rec_name = "key"

    handover_id = fields.Many2one(
        "customer.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    key = fields.Char(required=True, readonly=True)
    label = fields.Char("What", compute="_compute_label")
    included = fields.Boolean(
        "Hand Over", default=True, help="Untick what stays with the giver; only in drafts."
    )
    is_reserved = fields.Boolean(
        "Head Only",
        readonly=True,
        help="It gives a right or a say: only the head of customer governance hands it over.",
    )
    count_before = fields.Integer("Held Before", readonly=True)
    moved_count = fields.Integer("Handed Over", compute="_compute_counts")
    left_count = fields.Integer("Not Handed Over", compute="_compute_counts")
    returned_count = fields.Integer("Returned", compute="_compute_counts")
    count_after = fields.Integer("Held After", readonly=True)

    _key_uniq = models.UniqueIndex("(handover_id, key)")

    @api.depends("key")
    @api.depends_context("lang")
    def _compute_label(self):
        names = self.env["customer.handover"]._kind_names()
        for kind in self:
            kind.label = names.get(kind.key, kind.key)

    @api.depends("handover_id.item_ids.state")
    def _compute_counts(self):
        counts = {}
        # sudo: how many; who reads the handover reads its list
        items = self.env["customer.handover.item"].sudo()
        for handover, key, state, count in items._read_group(
            [("handover_id", "in", self.handover_id.ids)],
            ["handover_id", "key", "state"],
            ["__count"],
        ):
            counts.setdefault((handover.id, key), {})[state] = count
        for kind in self:
            states = counts.get((kind.handover_id.id, kind.key), {})
            back, kept = states.get("returned", 0), states.get("kept", 0)
            kind.moved_count = states.get("moved", 0) + back + kept
            kind.left_count = states.get("left", 0) + states.get("gone", 0)
            kind.returned_count = back

    def _count_after(self):
        """Count what the giver still holds of each kind; a statement each."""
        holdings = self.env["customer.handover"]._holdings()
        for kind in self:
            rows = kind.handover_id._rows(holdings[kind.key])
            kind.count_after = self.env["res.users"]._customer_count(rows)

    @api.model_create_multi
    def create(self, vals_list):
        """Counts are made by the system."""
        if not self.env.su:
            raise AccessError(self.env._("Counts are recorded automatically."))
        return super().create(vals_list)

    def write(self, vals):
        """What is handed over is chosen before the receivers are asked."""
        if not self.env.su:
            if vals.keys() - {"included"}:
                raise AccessError(self.env._("Counts are recorded automatically."))
            for kind in self:
                if kind.handover_id.state != "draft":
                    raise UserError(
                        self.env._("The receivers have been asked: this can no longer be changed.")
                    )
                if kind.is_reserved and vals.get("included"):
                    raise AccessError(
                        self.env._(
                            "“%s” is handed over by the head of customer governance only.",
                            kind.label,
                        )
                    )
        return super().write(vals)

    def action_view_records(self):
        """Open the records behind the count, as far as the caller may read them."""
        self.ensure_one()
        self.check_access("read")
        holding = self.env["customer.handover"]._holdings().get(self.key)
        items = self.env["customer.handover.item"].search(
            [("handover_id", "=", self.handover_id.id), ("key", "=", self.key)]
        )
        if not holding or not self.env[holding.model].has_access("read"):
            return self.handover_id._items_action(self.label, [("key", "=", self.key)], group="")
        return {
            "type": "ir.actions.act_window",
            "name": self.label,
            "res_model": holding.model,
            "view_mode": "list,form",
            "domain": [("id", "in", items.mapped("res_id"))],
            "context": {"active_test": False},
        }
