from odoo import api, models

from ...queries import figure_rows
from ...queries.figures import Figure, Source

READERS = ("customer_governance.group_manager", "customer_governance.group_auditor")


class CustomerFigure(models.AbstractModel):
    """Figures of credit and collection: what is overdue, who is watched, which promises were kept."""

    _inherit = "customer.figure"

    @api.model
    def _figures(self):
        """EXTENDS the registry."""
        _ = self.env._
        watch = self.env["customer.credit.watch"]
        customers = Source("customer.metrics", figure_rows.customers, of_head=True, switch="credit")
        watched = Source(
            "customer.credit.watch",
            lambda: figure_rows.watched(watch._table_query),
            of_head=True,
            switch="credit",
        )
        promises = Source(
            "customer.collection.promise", figure_rows.promises, date="date", switch="collection"
        )
        area = _("Credit")
        return super()._figures() | self._add(
            Figure(
                code="overdue_amount",
                label=_("Overdue"),
                unit="money",
                source=customers,
                part="overdue_amount",
                area=area,
                readers=READERS,
                higher_is_better=False,
                empty_is_zero=False,
            ),
            *(
                Figure(
                    code=f"credit_{kind}",
                    label=label,
                    unit="count",
                    source=watched,
                    part=kind,
                    area=area,
                    readers=READERS,
                    domain=(("kind", "=", kind),),
                    higher_is_better=False,
                )
                for kind, label in {
                    "on_hold": _("Customers on Credit Hold"),
                    "over_limit": _("Customers over Their Limit"),
                }.items()
            ),
            Figure(
                code="promises_kept",
                label=_("Promises to Pay Kept"),
                unit="percent",
                source=promises,
                part="kept",
                whole="judged",
                area=_("Collection"),
                readers=READERS,
                domain=(("state", "in", ("kept", "broken")),),
                part_domain=(("state", "=", "kept"),),
            ),
        )
