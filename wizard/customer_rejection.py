from odoo import fields, models
from odoo.exceptions import AccessError


class CustomerRejection(models.TransientModel):
    """The reason of a rejection: who asked reads it."""

    _name = "customer.rejection"
    _inherit = ["customer.named.mixin"]
    _description = "Reject"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_reject(self):
        """Reject the document for the reason; the document checks whose turn it is."""
        self.ensure_one()
        mixin = self.env.registry["customer.approval.mixin"]
        model = self.env.registry.get(self.res_model)
        if not model or not issubclass(model, mixin):
            raise AccessError(self.env._("This document does not require approval."))
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("read")
        record._reject_because(self.reason)
        return {"type": "ir.actions.act_window_close"}
