from odoo import api, fields, models

from ...queries import figure_rows
from ...queries.figures import Figure, Source

READERS = ("customer_governance.group_manager", "customer_governance.group_auditor")


class CustomerFigure(models.AbstractModel):
    """Figures of reviews: what is late or undecided, who moved."""

    _inherit = "customer.figure"

    @api.model
    def _figures(self):
        """EXTENDS the registry."""
        _ = self.env._
        now = fields.Datetime.now()
        late = Source("customer.review", lambda: figure_rows.late_reviews(now), of_head=True)
        appeals = Source("customer.review.appeal", figure_rows.open_appeals, of_head=True)
        moves = Source(
            "customer.review.line",
            figure_rows.moves,
            date="review_id.applied_on",
            at_instant=True,
            of_head=True,
        )
        area = _("Reviews")
        applied = (
            ("review_id.state", "=", "applied"),
            ("review_id.kind", "!=", "what_if"),
            ("review_id.usage", "=", "tier"),
        )
        return super()._figures() | self._add(
            Figure(
                code="reviews_overdue",
                label=_("Overdue Reviews"),
                unit="count",
                source=late,
                part="late",
                area=area,
                readers=READERS,
                domain=(("is_late", "=", True),),
                higher_is_better=False,
            ),
            Figure(
                code="appeals_open",
                label=_("Open Appeals"),
                unit="count",
                source=appeals,
                part="appeals",
                area=area,
                readers=READERS,
                domain=(("state", "=", "open"),),
                higher_is_better=False,
            ),
            Figure(
                code="customers_up",
                label=_("Customers Moved Up"),
                unit="count",
                source=moves,
                part="up",
                area=area,
                readers=READERS,
                domain=(*applied, ("movement", "=", "up")),
            ),
            Figure(
                code="customers_down",
                label=_("Customers Moved Down"),
                unit="count",
                source=moves,
                part="down",
                area=area,
                readers=READERS,
                domain=(*applied, ("movement", "=", "down")),
                higher_is_better=False,
            ),
        )
