from odoo import fields, models


class MailActivity(models.Model):
    """Why we reminded somebody, so that the reminder goes when the reason has gone."""

    _inherit = "mail.activity"

    customer_reason = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="Code of the reason for an automatic reminder; empty for activities created by users.",
    )

    # --- activities name confidential records by their number
    def _compute_res_name(self):
        """EXTENDS mail: the stored name of a confidential record is its number."""
        mixin = self.env.registry["customer.confidential.mixin"]
        mine = self.filtered(
            lambda a: a.res_id and isinstance(self.env.get(a.res_model or ""), mixin)
        )
        result = super(MailActivity, self - mine)._compute_res_name()
        for model, activities in mine.grouped("res_model").items():
            records = self.env[model].browse(activities.mapped("res_id")).exists()
            names = {record.id: record._outside_name() for record in records}
            for activity in activities:
                activity.res_name = names.get(activity.res_id, False)
        return result
