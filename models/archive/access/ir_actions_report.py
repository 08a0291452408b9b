from odoo import models

from ...common.customer_transition_mixin import SENTINEL
from .customer_archive_logged_mixin import QUIET
from .ir_attachment import PRINTED


class IrActionsReport(models.Model):
    """Printing a dossier is logged."""

    _inherit = "ir.actions.report"

    def _archive_printing(self, report_ref, res_ids):
        """Return (quiet self, note): printing is logged once, whatever it renders inside."""

        def note():
            # sudo: of which model the paper is
            report = self.sudo()._get_report(report_ref)
            if res_ids and self.env["customer.archive.access"]._is_logged(report.model):
                ids = [res_ids] if isinstance(res_ids, int) else list(res_ids)
                self.env[report.model].browse(ids)._note_access("print", report.name)

        return self.with_context(**{QUIET: SENTINEL, PRINTED: SENTINEL}), note

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """EXTENDS base: printing is logged."""
        quiet, note = self._archive_printing(report_ref, res_ids)
        result = super(IrActionsReport, quiet)._render_qweb_pdf(report_ref, res_ids, data)
        note()
        return result

    def _render_qweb_html(self, report_ref, docids, data=None):
        """EXTENDS base: printing is logged."""
        quiet, note = self._archive_printing(report_ref, docids)
        result = super(IrActionsReport, quiet)._render_qweb_html(report_ref, docids, data)
        note()
        return result

    def _render_qweb_text(self, report_ref, docids, data=None):
        """EXTENDS base: printing is logged."""
        quiet, note = self._archive_printing(report_ref, docids)
        result = super(IrActionsReport, quiet)._render_qweb_text(report_ref, docids, data)
        note()
        return result
