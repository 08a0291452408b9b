from odoo import api, fields, models
from odoo.exceptions import UserError

TIER_ORIGINS = [
    ("review", "Review"),
    ("lifecycle", "Lifecycle"),
    ("manual", "By Hand"),
    ("import", "Import"),
    ("merge", "Merge"),
]


class CustomerTierHistory(models.Model):
    """One change of a customer's tier in one company. Rows are only ever added."""

    _name = "customer.tier.history"
    _description = "Customer Tier Change"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    old_tier_id = fields.Many2one(
        "customer.tier", "From", ondelete="restrict", index="btree_not_null"
    )
    new_tier_id = fields.Many2one(
        "customer.tier", "To", ondelete="restrict", index="btree_not_null"
    )
    date = fields.Date(required=True, help="Day of the change in the company's time zone.")
    reason = fields.Text(required=True)
    origin = fields.Selection(TIER_ORIGINS, "Decided By", required=True)
    user_id = fields.Many2one("res.users", ondelete="set null")
    direction = fields.Selection(
        [("up", "Up"), ("down", "Down"), ("same", "Same"), ("none", "First or Last")],
        compute="_compute_direction",
    )

    @api.depends("old_tier_id", "new_tier_id")
    def _compute_direction(self):
        for line in self:
            # sudo: a tier may be archived, its rank still counts
            old, new = line.old_tier_id.sudo(), line.new_tier_id.sudo()
            if not old or not new:
                line.direction = "none"
            elif old.sequence == new.sequence:
                line.direction = "same"
            else:
                line.direction = "up" if new.sequence < old.sequence else "down"

    def write(self, vals):  # pylint: disable=method-required-super  # never writes
        """Refuse: the past is never rewritten, not even by the administrator."""
        raise UserError(self.env._("The history of tiers cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Lines go only together with their customer (by the database)."""
        raise UserError(self.env._("The history of tiers cannot be deleted."))
