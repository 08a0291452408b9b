from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....queries import archive_privacy

DOCUMENT = "customer.archive.document"

DOSSIER = "customer.archive"


class PrivacyLog(models.Model):
    """The log of an erasure says what stays and why."""

    _inherit = "privacy.log"

    kept_description = fields.Text("What Is Kept and Why", readonly=True)


class PrivacyLookupWizard(models.TransientModel):
    """A lookup finds the dossiers of the person's company and says what stays and why."""

    _inherit = "privacy.lookup.wizard"

    kept_description = fields.Text("What Is Kept and Why", compute="_compute_kept_description")

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


class PrivacyLookupWizardLine(models.TransientModel):
    """Erasure respects retention and holds: lines that stay say why."""

    _inherit = "privacy.lookup.wizard.line"

    keep_reason = fields.Char("Reason for Keeping", compute="_compute_keep_reason", store=True)

    @api.depends("res_model", "res_id")
    def _compute_keep_reason(self):
        for model_name, lines in self.grouped("res_model").items():
            reasons = {}
            if model_name in (DOSSIER, DOCUMENT, "res.partner"):
                # sudo: administrators handle the request, who do not read dossiers
                records = self.env[model_name].sudo().browse(lines.mapped("res_id")).exists()
                reasons = getattr(self, f"_keep_{records._table}")(records)
            for line in lines:
                line.keep_reason = reasons.get(line.res_id, False)

    @api.model
    def _keep_customer_archive(self, archives):
        """Return ``{id: why it stays}`` of dossiers."""
        return archives._erasure_reasons()

    @api.model
    def _keep_customer_archive_document(self, documents):
        """Return ``{id: why it stays}`` of documents: they stay with their dossier."""
        reasons = documents.archive_id._erasure_reasons()
        return {
            document.id: reasons[document.archive_id.id]
            for document in documents
            if document.archive_id.id in reasons
        }

    @api.model
    def _keep_res_partner(self, partners):
        """Return ``{id: why it stays}`` of customers with dossiers that stay."""
        customers = partners.commercial_partner_id
        archives = self.env[DOSSIER].sudo().search([("partner_id", "in", customers.ids)])
        reasons = archives._erasure_reasons()
        result = {}
        for partner in partners:
            kept = archives.filtered(
                lambda archive, customer=partner: (
                    archive.partner_id == customer and archive.id in reasons
                )
            )
            if kept:
                result[partner.id] = self.env._(
                    "%(count)s dossiers of the customer are kept: %(numbers)s",
                    count=len(kept),
                    numbers=", ".join(archive.name or archive.title for archive in kept[:20]),
                )
        return result

    def action_unlink(self):
        """EXTENDS privacy_lookup: what must stay is not deleted.

        :raises UserError: says why it stays
        """
        self.ensure_one()
        self.check_access("write")
        # what held when the lookup was made may have changed
        self._compute_keep_reason()
        if self.keep_reason:
            raise UserError(
                self.env._("%(name)s is kept: %(why)s", name=self.res_name, why=self.keep_reason)
            )
        return super().action_unlink()

    def action_unlink_all(self):
        """EXTENDS privacy_lookup: delete the rest; the log lists what stays and why."""
        self._compute_keep_reason()
        kept = self.filtered(lambda line: line.keep_reason and not line.is_unlinked)
        for line in kept:
            line.execution_details = self.env._(
                "Kept %(model)s #%(id)s: %(why)s",
                model=line.res_model_id.name,
                id=line.res_id,
                why=line.keep_reason,
            )
        return super(PrivacyLookupWizardLine, self - kept).action_unlink_all()
