from odoo import api, models
from odoo.tools import LazyTranslate

from ..common.holdings import Holding

_lt = LazyTranslate(__name__)

OPEN = (("state", "not in", ("applied", "cancelled")),)
IN_USE = (("state", "!=", "retired"),)


class ResUsers(models.Model):
    """Reviews that a user leads or decides."""

    _inherit = "res.users"

    @api.model
    def _customer_holdings(self):
        """EXTENDS common: who leads and who sits on the committee."""
        review, scorecard = "customer.review", "customer.scorecard"
        right = {"with_rights": True}
        led = {"label": "", **right}  # a name in the reader's language
        return [
            *super()._customer_holdings(),
            Holding("review_leader", _lt("Reviews (Leader)"), review, "leader_id", OPEN, **led),
            Holding(
                "review_committee",
                _lt("Reviews (Committee)"),
                review,
                "committee_ids",
                OPEN,
                **led,
            ),
            Holding(
                "scorecard_leader",
                _lt("Scorecards (Leader)"),
                scorecard,
                "leader_id",
                IN_USE,
                label="code",
                **right,
            ),
            Holding(
                "scorecard_committee",
                _lt("Scorecards (Committee)"),
                scorecard,
                "committee_ids",
                IN_USE,
                label="code",
                **right,
            ),
        ]
