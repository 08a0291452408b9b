from odoo import models


class CustomerComplaint(models.Model):
    """Without the clocks facts are only kept; `customer.sla.mixin` replaces this file."""

    _inherit = "customer.complaint"

    def _sla_start(self, at):
        """Start the clocks."""

    def _sla_fact(self, milestone, at=None):
        """Tell the clocks a fact."""

    def _sla_restart(self, milestones, at, reason):
        """Start clocks again."""

    def _sla_drop(self, reason):
        """Drop the clocks."""
