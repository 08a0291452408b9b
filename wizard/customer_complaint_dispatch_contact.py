from odoo import fields, models
from odoo.exceptions import UserError

from ..models.common.digest import in_house


class CustomerComplaintDispatchContact(models.TransientModel):
    """The addressee of an order spoke to the customer: how, with whom, when."""

    _name = "customer.complaint.dispatch.contact"
    _inherit = ["customer.named.mixin"]
    _description = "Contact of the Addressee"

    dispatch_id = fields.Many2one(
        "customer.complaint.dispatch", required=True, readonly=True, ondelete="cascade"
    )
    way = fields.Selection(
        [("phone", "Phone"), ("visit", "Visit"), ("message", "Message")],
        required=True,
        default="phone",
    )
    whom = fields.Char("With Whom", required=True)
    at = fields.Datetime("When", required=True, default=lambda self: fields.Datetime.now())
    note = fields.Text("What Was Said")

    def action_confirm(self):
        """Record the contact."""
        self.ensure_one()
        self.dispatch_id.check_access("write")
        if self.at > fields.Datetime.now():
            raise UserError(self.env._("A contact in the future cannot be logged."))
        self.dispatch_id._log_contact(self._told(), self.at)
        return {"type": "ir.actions.act_window_close"}

    def _told(self):
        house = in_house(self, self.dispatch_id.company_id)
        ways = dict(self._fields["way"]._description_selection(house.env))
        words = house.env._(
            "Customer contacted (%(way)s, %(whom)s)", way=ways[self.way], whom=self.whom
        )
        return ": ".join(filter(None, (words, self.note)))
