from dataclasses import replace

from odoo import api, fields, models

from ...queries import care_due, visits
from ..common.jobs import Batches
from .customer_care_source import DEFAULT_RULES


class CustomerMetrics(models.Model):
    """What paid the contact plan last, as of the night; what care does in the night."""

    _inherit = "customer.metrics"

    care_contact_date = fields.Date(readonly=True, export_string_translation=False)
    care_contact_ref = fields.Char(readonly=True, export_string_translation=False)
    care_visit_date = fields.Date(readonly=True, export_string_translation=False)
    care_visit_ref = fields.Char(readonly=True, export_string_translation=False)
    care_meeting_date = fields.Date(readonly=True, export_string_translation=False)
    care_meeting_ref = fields.Char(readonly=True, export_string_translation=False)
    care_survey_date = fields.Date(readonly=True, export_string_translation=False)
    care_survey_ref = fields.Char(readonly=True, export_string_translation=False)

    @api.model
    def _contact_documents(self, ctx):
        """EXTENDS the figures: people talk to a customer on its complaints as well."""
        complaints = care_due.complaint_documents(ctx)
        return [*super()._contact_documents(ctx), ("customer.complaint", complaints)]

    @api.model
    def _contact_events(self, ctx):
        """EXTENDS the figures with meetings that belong to a document of the customer."""
        documents = self._contact_documents(ctx)
        return [
            *super()._contact_events(ctx),
            *(care_due.document_meetings(ctx, model, select) for model, select in documents),
        ]

    @api.model
    def _care_events(self, ctx):
        """Return the selects of all that may pay a contact of any kind."""
        return [*self._contact_events(ctx), visits.surveys(ctx)]

    @api.model
    def _contact_part(self, ctx):
        """EXTENDS the figures: what counts as contact is data where care is used."""
        company = self.env["res.company"].browse(ctx.company_id)
        uses = company._customer_uses("care")
        rules = self.env["customer.care.source"]._rules() if uses else DEFAULT_RULES
        return care_due.figures(ctx, self._care_events(ctx), rules)

    @api.model
    def _refresh_company(self, company, partners=None):
        """EXTENDS the figures: what happens from now on is looked up when somebody asks."""
        if partners is None and company._customer_uses("care"):
            company._care_note_figures()
        return super()._refresh_company(company, partners)

    @api.model
    def _care_context(self, company, since=None, after_message=0):
        """Return the context of the contacts of a company now, or only of those since an instant."""
        return replace(self._metrics_context(company), since=since, after_message=after_message)

    @api.model
    def _nightly_steps(self, company):
        """EXTENDS the night with the months of the contact plan, and with handovers after all else."""
        steps = super()._nightly_steps(company)
        if not company._customer_uses("care"):
            return steps
        coverage = self.env["customer.care.coverage"]
        return [
            *steps,
            self._nightly_step(company, "care", lambda _after: (coverage._refresh(company), None)),
            *self._handover_steps(company),
        ]

    @api.model
    def _handover_steps(self, company):
        """Handovers whose day has come, those that are over, letters; one that cannot be made does
        not stop the others.
        """
        # sudo: the system works for all; each step asks what is due
        handovers = self.env["customer.handover"].sudo()
        letters = self.env["customer.handover.letter"].sudo()
        return [
            Batches(
                f"handover:{company.id}",
                lambda after, limit: handovers._due_to_execute(company, after, limit),
                lambda due: due._execute_due(),
                size=1,
            ),
            Batches(
                f"handover return:{company.id}",
                lambda after, limit: handovers._due_to_return(company, after, limit),
                lambda due: due._return_due(),
                size=1,
            ),
            Batches(
                f"handover letters:{company.id}",
                lambda after, limit: letters._due_letters(company, after, limit),
                lambda due: due._send(),
                size=50,
            ),
        ]
