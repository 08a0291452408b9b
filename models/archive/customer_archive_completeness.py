from odoo import api, fields, models
from odoo.tools import SQL

from ...queries import archive as queries

FIGURES = ("required_count", "missing_count", "completeness")
# What of a document the checklist looks at.
LOOKED_AT = (
    "active",
    "archive_id",
    "date_until",
    "file_count",
    "is_original",
    "is_signed",
    "medium",
    "paper_state",
    "requirement_id",
)


class CustomerArchive(models.Model):
    """How much of its checklist a dossier holds today.

    Changes of documents count at once. Changes of the checklist and the passing of days come by one
    statement for all dossiers; both ways use the same SQL.
    """

    _inherit = "customer.archive"

    required_count = fields.Integer(
        "Required Documents", compute="_compute_completeness", store=True
    )
    missing_count = fields.Integer(
        "Missing Documents",
        compute="_compute_completeness",
        store=True,
        help="Not there, not good enough or no longer valid.",
    )
    completeness = fields.Float(
        "Complete (%)",
        compute="_compute_completeness",
        store=True,
        digits=(5, 2),
        aggregator="avg",
        help="Share of the required documents that are there, good enough and valid."
        " 0 as well where nothing is required.",
    )

    _missing_index = models.Index("(partner_id) WHERE missing_count > 0")

    @api.depends("class_id", "date_opened", *(f"document_ids.{name}" for name in LOOKED_AT))
    def _compute_completeness(self):
        self.env["customer.archive.document"].flush_model(LOOKED_AT)
        self.env["customer.archive"].flush_model(["class_id", "company_id", "date_opened"])
        ids = self._origin.ids
        rows = self.env.execute_query(
            queries.figures(fields.Datetime.now(), SQL("a.id = ANY(%s)", ids))
        )
        found = {archive_id: figures for archive_id, *figures in rows}
        for archive in self:
            archive.update(
                dict(zip(FIGURES, found.get(archive._origin.id, (0, 0, 0)), strict=True))
            )

    @api.model
    def _refresh_completeness(self, where):
        """Write the figures of dossiers by one statement.

        :param where: SQL condition on ``a`` (customer_archive)
        """
        self.env.flush_all()
        self.env.cr.execute(queries.refresh(fields.Datetime.now(), where))
        self.env["customer.archive"].invalidate_model(FIGURES)
