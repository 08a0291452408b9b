from odoo import fields, models


class CustomerArchiveLoss(models.TransientModel):
    """Report that lent papers are lost."""

    _name = "customer.archive.loss"
    _inherit = ["customer.named.mixin"]
    _description = "Report Loss"

    line_ids = fields.Many2many("customer.archive.loan.line", string="Items", required=True)
    story = fields.Text("What Happened", required=True)

    def action_report(self):
        """Record the loss."""
        self.ensure_one()
        self.line_ids._lose(self.story)
        return {"type": "ir.actions.act_window_close"}
