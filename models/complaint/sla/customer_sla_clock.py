from odoo import fields, models

from .customer_sla_milestone import MILESTONES, STARTS, gone


class CustomerSlaClock(models.Model):
    """Deadlines of cases know their case: for lists, searches and statements."""

    _inherit = "customer.sla.clock"

    milestone = fields.Selection(selection_add=MILESTONES, ondelete=gone(MILESTONES))
    start = fields.Selection(selection_add=STARTS, ondelete=gone(STARTS))
    complaint_id = fields.Many2one(
        "customer.complaint",
        "Case",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty for the deadlines of other records.",
    )
    dispatch_id = fields.Many2one(
        "customer.complaint.dispatch",
        "Dispatch Order",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Set for the deadlines that the addressee of a dispatch has.",
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id")
    user_id = fields.Many2one(related="complaint_id.user_id")
    team_id = fields.Many2one(related="complaint_id.team_id")
