from odoo import api, models

from ....queries import figure_rows
from ....queries.figures import Figure, Source

# Who reads all dossiers of all types; the head reads them through access requests only.
READERS = ("customer_governance.group_auditor",)


class CustomerFigure(models.AbstractModel):
    """Figures of dossiers: how complete they are, as they stand today."""

    _inherit = "customer.figure"

    @api.model
    def _figures(self):
        """EXTENDS the registry."""
        _ = self.env._
        dossiers = Source("customer.archive", figure_rows.dossiers, switch="archive")
        domain = (("state", "!=", "disposed"), ("required_count", ">", 0))
        area = _("Archives")
        return super()._figures() | self._add(
            Figure(
                code="archive_completeness",
                label=_("Completeness of the dossiers"),
                unit="percent",
                source=dossiers,
                part="required_count",
                minus="missing_count",
                whole="required_count",
                area=area,
                readers=READERS,
                domain=domain,
            ),
            Figure(
                code="archive_missing",
                label=_("Missing Documents"),
                unit="count",
                source=dossiers,
                part="missing_count",
                area=area,
                readers=READERS,
                domain=domain,
                higher_is_better=False,
            ),
        )
