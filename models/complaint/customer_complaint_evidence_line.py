from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.facts import without
from .customer_complaint_dispatch_reply import OVER

FACTS = ("complaint_id", "evidence_id")


class CustomerComplaintEvidenceLine(models.Model):
    """An entry of the checklist of a major complaint: the photo, the data, or why there is none."""

    _name = "customer.complaint.evidence.line"
    _inherit = ["customer.guard.mixin"]
    _description = "Complaint Evidence"
    _order = "complaint_id, sequence, id"
    _rec_name = "evidence_id"

    complaint_id = fields.Many2one(
        "customer.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True, precompute=True
    )
    evidence_id = fields.Many2one(
        "customer.complaint.evidence", "What", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="evidence_id.sequence", store=True, precompute=True)
    kind = fields.Selection(related="evidence_id.kind")
    note = fields.Char(related="evidence_id.note", string="Method")
    image = fields.Image("Photo", max_width=1920, max_height=1920)
    value = fields.Text("Data")
    reason = fields.Char("Reason It Is Not Available")
    is_there = fields.Boolean("Present", compute="_compute_is_there")

    _evidence_uniq = models.UniqueIndex(
        "(complaint_id, evidence_id)", "This is already on the checklist of the case."
    )

    @api.depends("image", "value", "reason", "evidence_id.kind")
    def _compute_is_there(self):
        """There, or somebody said why it is not."""
        for line in self:
            found = line.image if line.kind == "photo" else line.value
            line.is_there = bool(found or (line.reason or "").strip())

    def write(self, vals):
        """What is asked for comes from the checklist of the product group."""
        if not self.env.su:
            self, [vals] = without(self, [vals], FACTS)
            for line in self:
                # sudo: only whether the case is over
                if line.sudo().complaint_id.state in OVER:
                    raise UserError(self.env._("The case is over: its evidence stays as it is."))
        return super().write(vals)
