from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

from ...common.guard import NeverWritten

_lt = LazyTranslate(__name__)


class CustomerArchiveMove(models.Model):
    """A dossier got its place or another one: written by the system, changed by nobody."""

    _name = "customer.archive.move"
    _inherit = ["customer.guard.mixin"]
    _description = "Location Change"
    _order = "id DESC"
    _rec_name = "archive_id"
    _log_access = False
    _guards = (NeverWritten(_lt("The location history cannot be changed.")),)

    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="archive_id.partner_id", string="Customer")
    from_location_id = fields.Many2one(
        "customer.archive.location",
        "Previous Location",
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    to_location_id = fields.Many2one(
        "customer.archive.location", "New Location", readonly=True, ondelete="restrict", index=True
    )
    date = fields.Datetime(readonly=True, required=True, default=lambda self: fields.Datetime.now())
    user_id = fields.Many2one("res.users", "Moved By", readonly=True, required=True)
    reason = fields.Char(readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_dossier(self):
        raise AccessError(self.env._("The location history cannot be deleted."))
