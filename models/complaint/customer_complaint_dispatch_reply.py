from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.guard import Facts

WORKING = ("accepted", "reported", "done")
OVER = ("closed", "force_closed", "cancelled")


class CustomerComplaintDispatchReply(models.Model):
    """Progress told by the team or provider while it works on a dispatch; never changed."""

    _name = "customer.complaint.dispatch.reply"
    _inherit = ["customer.guard.mixin"]
    _description = "Progress of a Dispatch"
    _order = "date DESC, id DESC"
    _guards = (Facts(frozenset(), unborn=frozenset({"date", "author_id"})),)

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
        replies = super().create(vals_list)
        for reply in replies:
            dispatch = reply.dispatch_id
            # sudo: only whether the case is over
            if dispatch.state not in WORKING or dispatch.sudo().complaint_id.state in OVER:
                raise UserError(
                    self.env._(
                        "Progress can be reported after a dispatch was accepted, until the "
                        "case is closed."
                    )
                )
            # sudo: the reminder has lost its reason, whoever it was for
            dispatch.sudo().activity_ids.filtered(
                lambda a: a.customer_reason == "progress"
            ).unlink()
        return replies
