from odoo import models


class CustomerComplaint(models.Model):
    """A complaint holds its invoices while it is open."""

    _inherit = "customer.complaint"

    def _after_transition(self, transition):
        """EXTENDS complaint: closed cases release their invoices, reopened ones hold them again."""
        res = super()._after_transition(transition)
        disputes = self.env["customer.collection.dispute"]
        if transition.target not in self._open_states():
            disputes._release(self)
        elif transition.name == "reopen":
            disputes._hold_again(self)
        return res
