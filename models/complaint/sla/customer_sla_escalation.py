from odoo import fields, models

from .customer_sla_milestone import MILESTONES, gone


class CustomerSlaEscalation(models.Model):
    """Links of the chain for the milestones of cases."""

    _inherit = "customer.sla.escalation"

    milestone = fields.Selection(selection_add=MILESTONES, ondelete=gone(MILESTONES))
