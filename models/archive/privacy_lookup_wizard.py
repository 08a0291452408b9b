from odoo import api, fields, models
from odoo.tools import SQL

from ...queries import archive_privacy


class PrivacyLookupWizard(models.TransientModel):
    """A lookup finds the dossiers of the person's company and says what stays and why."""

    _inherit = "privacy.lookup.wizard"

    kept_description = fields.Text("What Stays and Why", compute="_compute_kept_description")

    @api.depends("line_ids.keep_reason", "line_ids.res_name")
    def _compute_kept_description(self):
        for wizard in self:
            wizard.kept_description = "\n".join(
                f"{line.res_model_id.name} {line.res_name}: {line.keep_reason}"
                for line in wizard.line_ids
                if line.keep_reason
            )

    def _get_query(self):
        """EXTENDS privacy_lookup: dossiers of the company a contact belongs to."""
        model = self.env["ir.model"]._get_id("customer.archive")
        return SQL(
            "%s UNION %s",
            super()._get_query(),
            archive_privacy.dossiers_of_contacts(model, self.name.strip(), self.email.strip()),
        )

    def action_lookup(self):
        """EXTENDS privacy_lookup: the log says what stays and why, also when nothing is deleted."""
        action = super().action_lookup()
        self._post_log()
        return action

    def _post_log(self):
        """EXTENDS privacy_lookup: log what stays and why."""
        self.ensure_one()
        result = super()._post_log()
        if self.kept_description:
            if not self.log_id:
                self.log_id = self.env["privacy.log"].create(
                    {
                        "anonymized_name": self.name,
                        "anonymized_email": self.email,
                        "records_description": self.records_description,
                    }
                )
            self.log_id.kept_description = self.kept_description
        return result
