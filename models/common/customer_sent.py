from odoo import api, fields, models


class CustomerSent(models.Model):
    """What was sent or asked once for a record: reminders, warnings, letters."""

    _name = "customer.sent"
    _description = "Sent Log"
    _rec_name = "key"
    _log_access = False

    model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="model", required=True)
    key = fields.Char(
        "Once Key", required=True, help="What was sent, for example overdue:level2:2026-11-21."
    )
    create_date = fields.Datetime(readonly=True)

    _key_uniq = models.Constraint("UNIQUE(model, res_id, key)", "This has already been sent.")

    @api.autovacuum
    def _gc_orphans(self):
        """Forget what was sent for records that are gone."""
        limit = 10000
        done = 0
        for [model] in self._read_group([], ["model"]):
            if model in self.env:
                rows = self.search([("model", "=", model)], limit=limit)
                alive = set(self.env[model].browse(rows.mapped("res_id")).exists().ids)
                gone = rows.filtered(lambda row, alive=alive: row.res_id not in alive)
            else:
                gone = self.search([("model", "=", model)], limit=limit)
            done += len(gone)
            gone.unlink()
        return done, 0
