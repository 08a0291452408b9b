"""A record with deadlines that exists during tests only."""

from odoo import fields, models


class FakePromise(models.Model):
    """Something somebody promised: it is answered, then closed."""

    _module = None  # belongs to no addon: no other registry loads it
    _name = "customer.fake.promise"
    _inherit = ["customer.sla.mixin", "mail.thread"]
    _description = "Fake promise"

    _sla_milestones = ("answer", "close")
    _sla_starts = {"answer": "answered"}
    _sla_last = "close"
    _sla_begins = "made_at"
    _sla_columns = {"close": "close_due"}

    name = fields.Char()
    company_id = fields.Many2one("res.company", required=True)
    user_id = fields.Many2one("res.users")
    made_at = fields.Datetime()
    close_due = fields.Datetime()
    told = fields.Char()

    def _sla_tell_extension(self, extension):
        """EXTENDS sla: remember what was told."""
        self.sudo().told = extension._deadline_words()  # sudo: nobody writes promises
        return True
