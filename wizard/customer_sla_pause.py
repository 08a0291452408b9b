from odoo import api, fields, models


class CustomerSlaPause(models.TransientModel):
    """Reason and end of a pause of deadlines."""

    _name = "customer.sla.pause"
    _inherit = ["customer.named.mixin"]
    _description = "Pause Deadlines"

    complaint_ids = fields.Many2many("customer.complaint", string="Cases", required=True)
    reason = fields.Text(required=True)
    until = fields.Datetime(
        "Until at the Latest",
        required=True,
        compute="_compute_until",
        store=True,
        readonly=False,
        precompute=True,
        help="The deadlines resume automatically.",
    )
    limit = fields.Datetime("Latest Possible Date", compute="_compute_limit")

    @api.depends("complaint_ids")
    def _compute_limit(self):
        now = fields.Datetime.now()
        for wizard in self:
            cases = wizard.complaint_ids._origin
            limits = [
                group._sla_pause_limit(company, now)
                for company, group in cases.grouped("company_id").items()
            ]
            wizard.limit = min(limits, default=False)

    @api.depends("complaint_ids")
    def _compute_until(self):
        for wizard in self:
            wizard.until = wizard.limit

    def action_pause(self):
        """Pause."""
        self.ensure_one()
        self.complaint_ids._check_sla_worker()
        self.complaint_ids._sla_pause(self.reason, min(self.until, self.limit))
        return {"type": "ir.actions.act_window_close"}
