from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Whose customer this is: the one place that says "own customers"."""

    _inherit = "res.partner"

    is_mine = fields.Boolean(
        "My Customer",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="You are the account manager, or you lead the account manager's sales team.",
    )

    @api.model
    def _own_customers_domain(self, user=None):
        """Return the domain of the customers of an account manager, or of the team that one leads.

        Record rules (``partner_id.is_mine``) and queries ask this and nothing else. It becomes a
        subselect of the database, never a list of customers.

        :param user: whose; the current user without it
        """
        user = user or self.env.user
        # archived members of the team too: their customers stay the leader's
        led = Domain("sale_team_id", "any!", Domain("user_id", "=", user.id))
        return Domain("user_id", "=", user.id) | Domain("user_id", "any!", led)

    @api.depends_context("uid")
    @api.depends("user_id", "user_id.sale_team_id.user_id")
    def _compute_is_mine(self):
        user = self.env.user
        for partner in self:
            # sudo: which user leads the team is the question
            owner = partner.sudo().user_id
            partner.is_mine = user in (owner | owner.sale_team_id.user_id)

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._own_customers_domain()
        return Domain.OR(mine if wanted else ~mine for wanted in set(value))
