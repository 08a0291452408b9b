from odoo import fields, models


class IrCronProgress(models.Model):
    """Where a job stopped is committed with what it did."""

    _inherit = "ir.cron.progress"

    customer_job_state = fields.Json(
        "Resume Point", help="Where the next batch of a customer governance job continues."
    )
