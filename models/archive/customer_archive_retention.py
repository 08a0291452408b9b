from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...queries import archive_retention
from ..common.facts import without

# Who of the staff keeps the dates and the holds.
KEEPERS = "customer_governance.group_archivist,customer_governance.group_manager"


class CustomerArchive(models.Model):
    """How long a dossier is kept."""

    _inherit = "customer.archive"

    retention_event = fields.Selection(related="class_id.retention_event", string="Kept After")
    retention_event_date = fields.Date(
        "Day of the Event",
        copy=False,
        tracking=True,
        help="Day the contract ended or the case was closed; the years of retention count from it."
        " Empty: the end of the project counts for contracts.",
    )
    retention_until = fields.Date("Kept Until", compute="_compute_retention")
    retention_due = fields.Boolean("Due for Disposal", compute="_compute_retention")
    retention_text = fields.Char("Retention", compute="_compute_retention")

    @api.depends(
        "class_id.retention_event",
        "class_id.retention_years",
        "class_id.retention_rounding",
        "class_id.retention_forever",
        "retention_event_date",
        "date_end",
        "partner_id",
        "hold",
    )
    @api.depends_context("lang")
    def _compute_retention(self):
        rows = self._retention_rows()
        for archive in self:
            row = rows.get(archive._origin.id)
            archive.retention_until = row and row.date_until
            archive.retention_due = bool(row and row.is_due)
            archive.retention_text = row and archive._retention_words(row)

    def _retention_rows(self):
        """Return ``{id: queries.archive_retention.Row}``, in one query."""
        ids = self._origin.ids
        if not ids:
            return {}
        self.env.flush_all()
        # sudo: the rule of the class and the day of the last transaction, not what was bought
        companies = self.sudo().company_id
        statement = archive_retention.retention(
            companies._archive_clocks(), archive_retention.some(ids)
        )
        rows = map(archive_retention.Row._make, self.env.execute_query(statement))
        return {row.id: row for row in rows}

    def _retention_words(self, row):
        """Put a row of the retention list into words."""
        self.ensure_one()
        if row.reason == "kept_forever":
            return self.env._("kept forever")
        if row.reason == "no_retention_rule":
            return self.env._("class %s has no retention rule", self.class_id.name)
        if row.reason == "no_event_date":
            labels = dict(self._fields["retention_event"]._description_selection(self.env))
            return self.env._("no date yet: %s", labels.get(row.event, row.event))
        return self.env._(
            "kept until %(until)s (%(rule)s; the event was on %(event)s)",
            until=fields.Date.to_string(row.date_until),
            rule=self.class_id._retention_rule_text(),
            event=fields.Date.to_string(row.event_date),
        )

    def _is_keeper(self):
        """Whether the user keeps dates and holds of dossiers."""
        return self.env.su or self.env.user.has_groups(KEEPERS)

    def write(self, vals):
        """The day of the event is learnt later: archivists note it on a registered dossier too."""
        if "retention_event_date" not in vals or self._is_thawed():
            return super().write(vals)
        if not self._is_keeper():
            raise AccessError(self.env._("Archivists note the day from which retention counts."))
        self.check_access("write")
        rest = {name: value for name, value in vals.items() if name != "retention_event_date"}
        result = super().write(rest) if rest else True
        date = {"retention_event_date": vals["retention_event_date"]}
        super(CustomerArchive, self._thawed()).write(date)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """The day of the event is noted by archivists."""
        if not self._is_keeper():
            self, vals_list = without(self, vals_list, ("retention_event_date",))
        return super().create(vals_list)
