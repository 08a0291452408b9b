from odoo import api, fields, models


class CustomerArchiveDocument(models.Model):
    """A document is there, or only expected."""

    _inherit = "customer.archive.document"

    is_there = fields.Boolean(
        "Present",
        default=True,
        help="A has it. Rows added from the checklist start unticked; they are neither counted "
        "nor handed over.",
    )

    @api.onchange("is_there")
    def _onchange_is_there(self):
        """A paper that is there has a page at least; who counts more says so."""
        if self.is_there and not self.page_count:
            self.page_count = 1

    @api.onchange("attachment_ids")
    def _onchange_attachment_ids(self):
        """What a file is added to is there; a paper with its scan is kept as both."""
        if self.attachment_ids:
            self.is_there = True
            self._onchange_is_there()
            if self.medium == "paper":
                self.medium = "both"

    @api.model_create_multi
    def create(self, vals_list):
        """Whatever comes with a file is there."""
        documents = super().create(vals_list)
        documents._there_with_files()
        return documents

    def write(self, vals):
        """Whatever gets a file is there; A ticks, nobody else."""
        if "is_there" in vals and not self.env.su:
            # sudo: state and people of the dossier
            self.sudo().archive_id.with_env(self.env)._check_in_hand(adding=True)
        result = super().write(vals)
        if vals.get("is_there") and "page_count" not in vals:
            self.filtered(lambda row: not row.page_count).write({"page_count": 1})
        if vals.get("attachment_ids") and "is_there" not in vals:
            self._there_with_files()
        return result

    def _there_with_files(self):
        filled = self.filtered(lambda row: not row.is_there and row.attachment_ids)
        if filled:
            filled.write({"is_there": True})
