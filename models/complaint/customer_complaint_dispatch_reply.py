from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerComplaintDispatchReply(models.Model):
    """Progress told by the team or provider while it works on a dispatch; never changed."""

    _name = "customer.complaint.dispatch.reply"
    _description = "Progress of a Dispatch"
    _order = "date DESC, id DESC"

    dispatch_id = fields.Many2one(
        "customer.complaint.dispatch", required=True, index=True, ondelete="cascade"
    )
    complaint_id = fields.Many2one(related="dispatch_id.complaint_id", store=True, index=True)
    company_id = fields.Many2one(related="dispatch_id.company_id", store=True, index=True)
    date = fields.Datetime(readonly=True, default=lambda self: fields.Datetime.now())
    author_id = fields.Many2one(
        "res.partner", readonly=True, default=lambda self: self.env.user.partner_id
    )
    text = fields.Text(required=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Progress is told now, by the caller, on work that was accepted."""
        if not self.env.su:
            vals_list = [
                {key: value for key, value in vals.items() if key not in ("date", "author_id")}
                for vals in vals_list
            ]
        replies = super().create(vals_list)
        for reply in replies:
            if reply.dispatch_id.state not in ("accepted", "reported"):
                raise UserError(
                    self.env._("Progress is told after a dispatch was accepted and before its end.")
                )
        return replies
