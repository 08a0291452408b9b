from odoo import api, models

from ..common.jobs import Batches, Digest
from .customer_lifecycle_change import CAUSE_ACTIVITY


class CustomerMetrics(models.Model):
    """Nightly work that follows from the figures: segments and lifecycle."""

    _inherit = "customer.metrics"

    @api.model
    def _nightly_steps(self, company):
        """Segments, lifecycle and the tiers that follow it, after the figures they are read from."""
        Segment = self.env["customer.segment"]
        chain = self._nightly_chain(company)
        del chain["failed"]  # who fails here is named in the log, the others go on
        return [
            *super()._nightly_steps(company),
            self._nightly_step(
                company, "segments", lambda after: Segment._assign_next(company, after)
            ),
            *(
                Batches(f"{name}:{company.id}", find, work, size, rows=False, **chain)
                for name, find, work, size in self.env["res.partner"]._lifecycle_steps(company)
            ),
            Digest(
                f"questions:{company.id}",
                "res.partner",
                CAUSE_ACTIVITY,
                lambda env, n: env._("Lost customers to review: %(n)s", n=n),
                **chain,
            ),
        ]
