from odoo import fields, models
from odoo.exceptions import UserError


class CustomerComplaintStep(models.TransientModel):
    """Steps of a case that are facts from outside: a contact, the number told, an objection."""

    _name = "customer.complaint.step"
    _inherit = ["customer.complaint.told"]
    _description = "Complaint Step"

    step = fields.Selection(
        [
            ("contact", "Customer contacted"),
            ("acknowledge", "Number communicated"),
            ("reopen", "Case reopened"),
        ],
        required=True,
    )
    note = fields.Text("What Was Said")

    def action_confirm(self):
        """Do it."""
        self.ensure_one()
        self.complaint_id.check_access("write")
        return getattr(self, f"_do_{self.step}")()

    def _do_contact(self):
        at = self._told_when()
        told = self._told_words(lambda env: env._("Customer contacted"), self.note)
        self.complaint_id._log_contact(told, at)

    def _do_acknowledge(self):
        at = self._told_when()
        case = self.complaint_id.filtered(lambda c: not c.acknowledged_at)
        told = self._told_words(lambda env: env._("Number and next step communicated"))
        case._acknowledged(told, at)

    def _do_reopen(self):
        if not (self.note or "").strip():
            raise UserError(self.env._("State what the customer objects to."))
        self.complaint_id.action_reopen(self.note)
