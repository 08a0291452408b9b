from odoo import api, fields, models


class CustomerCompensationDocument(models.Model):
    """One line of the document checklist of a compensation."""

    _name = "customer.compensation.document"
    _inherit = ["customer.guard.mixin"]
    _description = "Compensation Checklist Item"
    _order = "sequence, id"

    compensation_id = fields.Many2one(
        "customer.compensation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="compensation_id.company_id", store=True, index=True)
    complaint_id = fields.Many2one(related="compensation_id.complaint_id", store=True, index=True)
    type_id = fields.Many2one(
        "customer.compensation.document.type",
        "Supporting Document",
        required=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(related="type_id.sequence", store=True)
    is_required = fields.Boolean("Required", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    received_date = fields.Date("Received On")
    note = fields.Char()
    is_complete = fields.Boolean("Present", compute="_compute_is_complete", store=True)

    _type_uniq = models.Constraint(
        "UNIQUE(compensation_id, type_id)", "A document can appear only once in the checklist."
    )

    @api.depends("attachment_ids", "received_date")
    def _compute_is_complete(self):
        """A file, or the paper that came in on a date."""
        for document in self:
            document.is_complete = bool(document.attachment_ids or document.received_date)

    @api.model_create_multi
    def create(self, vals_list):
        """Whether it is required comes from the kind of document."""
        documents = super().create(
            [{k: v for k, v in vals.items() if k != "is_required"} for vals in vals_list]
        )
        documents.compensation_id._check_not_over()
        for document in documents:
            document.is_required = document.type_id.is_required
        return documents

    def write(self, vals):
        """The papers of what was given stay."""
        self.compensation_id._check_not_over()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_required(self):
        self.compensation_id._check_checklist_open(self)
