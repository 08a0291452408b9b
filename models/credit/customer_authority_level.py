from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerAuthorityLevel(models.Model):
    """A level of the house that may approve orders; who that is, the approval levels say."""

    _name = "customer.authority.level"
    _inherit = ["customer.guard.mixin"]
    _description = "Authority Level"
    _order = "rank, id"

    name = fields.Char(required=True, translate=True)
    rank = fields.Integer(
        required=True,
        default=10,
        help="A higher rank may approve more. Approval levels of orders refer to it.",
    )
    rule_ids = fields.One2many("customer.order.authority", "level_id", "Rules")

    _rank_uniq = models.Constraint("UNIQUE(rank)", "There is already a level with this rank.")

    @api.constrains("rank")
    def _check_rank(self):
        if any(level.rank < 1 for level in self):
            raise ValidationError(self.env._("Ranks start at 1."))
