from odoo import api, models

# Clocks of a dispatch: when it comes back they stop, the next dispatch starts them again.
OF_DISPATCH = ("accept", "first_result")
WAITING = ("sent", "accepted", "reported")


class CustomerComplaintDispatch(models.Model):
    """Dispatches start deadlines."""

    _inherit = "customer.complaint.dispatch"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS the dispatch: it has to be accepted and to have a first result."""
        dispatches = super().create(vals_list)
        # sudo: who may dispatch a case starts its deadlines
        dispatches.sudo().complaint_id._sla_fact("dispatched")
        return dispatches

    def _after_transition(self, transition):
        """EXTENDS the dispatch: a returned one has nothing to accept any more."""
        super()._after_transition(transition)
        if transition.name in ("return", "void"):
            # sudo: the case need not be the addressee's
            cases = self.sudo().complaint_id.filtered(
                lambda case: not any(dispatch.state in WAITING for dispatch in case.dispatch_ids)
            )
            cases._sla_drop(self.env._("The dispatch came back."), OF_DISPATCH)
