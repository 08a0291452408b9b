from odoo import api, models

from ..common.jobs import Batches


class CustomerMetrics(models.Model):
    """Handovers in the night: those whose day has come, those that are over, letters."""

    _inherit = "customer.metrics"

    @api.model
    def _nightly_steps(self, company):
        """Handovers after everything else; one that cannot be made does not stop the others."""
        steps = super()._nightly_steps(company)
        if not company._customer_uses("care"):
            return steps
        # sudo: the system works for all; each step asks what is due
        handovers = self.env["customer.handover"].sudo()
        letters = self.env["customer.handover.letter"].sudo()
        return [
            *steps,
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
