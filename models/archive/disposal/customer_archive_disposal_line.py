from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ...common.guard import Only

_lt = LazyTranslate(__name__)

DOCUMENT = "customer.archive.document"


class CustomerArchiveDisposalLine(models.Model):
    """A dossier of the list; what stays of it once it is gone.

    Number, title, quantity and rule are copied: the dossier's files and papers are gone later, and
    the rule of its class may change.
    """

    _name = "customer.archive.disposal.line"
    _inherit = ["customer.guard.mixin"]
    _description = "Disposal List Line"
    _order = "disposal_id, date_until, id"
    _guards = (
        Only(
            frozenset({"keep_reason"}), _lt("The information on a list is copied from the dossier.")
        ),
    )

    disposal_id = fields.Many2one(
        "customer.archive.disposal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="disposal_id.company_id", store=True, index=True)
    disposal_state = fields.Selection(related="disposal_id.state", string="Status of the List")
    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, index=True, ondelete="restrict"
    )
    number = fields.Char(readonly=True)
    title = fields.Char(readonly=True)
    class_name = fields.Char("Dossier Type", readonly=True)
    document_count = fields.Integer("Document Count", readonly=True)
    page_count = fields.Integer("Pages", readonly=True)
    file_count = fields.Integer("Files", readonly=True)
    rule = fields.Char(readonly=True)
    event_date = fields.Date("Event Date", readonly=True)
    date_until = fields.Date("Retain Until", readonly=True)
    keep_reason = fields.Char(
        "Reason for Keeping",
        help="If a reason is entered, the dossier is removed from the list and kept.",
    )
    state = fields.Selection(
        [
            ("open", "To be disposed of"),
            ("kept", "Kept on File"),
            ("disposed", "Disposed of"),
            ("dropped", "List cancelled"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )

    _archive_uniq = models.UniqueIndex(
        "(archive_id) WHERE state IN ('open', 'disposed')",
        "This dossier is already on another list.",
    )

    @api.depends("number", "title")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " ".join(filter(None, (line.number, line.title)))

    @api.model_create_multi
    def create(self, vals_list):
        """Archivists put dossiers on a draft list; what the line says is copied from the dossier."""
        disposals = self.env["customer.archive.disposal"].union(
            *(self._customer_named(vals, "disposal_id") for vals in vals_list)
        )
        if not self.env.su and any(disposal.state != "draft" for disposal in disposals):
            raise UserError(self.env._("Dossiers can be added only while the list is a draft."))
        default = self.env.context.get("default_archive_id")
        vals_list = [{"archive_id": default, **vals} for vals in vals_list]
        if not all(vals["archive_id"] for vals in vals_list):
            raise UserError(self.env._("Choose the dossier of each line."))
        named = [self._customer_named(vals, "archive_id") for vals in vals_list]
        archives = self.env["customer.archive"].union(*named)
        archives.check_access("read")
        # sudo: lists of others too; the index decides between two people at the same moment
        taken = self.sudo().search(
            [("archive_id", "in", archives.ids), ("state", "in", ("open", "disposed"))], limit=1
        )
        if taken:
            raise UserError(
                self.env._(
                    "Dossier %(number)s is already on list %(list)s.",
                    number=taken.number,
                    list=taken.disposal_id.name,
                )
            )
        copies = archives._disposal_copies()
        known = {"disposal_id", "archive_id"}
        fresh = {"state": "open", "keep_reason": False}
        return super().create(
            [
                {k: v for k, v in vals.items() if k in known} | fresh | copies[archive.id]
                for vals, archive in zip(vals_list, named, strict=True)
            ]
        )

    def write(self, vals):
        """Only the reason to keep a dossier is written, by the owner or an archivist."""
        if self.env.su:
            return super().write(vals)
        if vals.keys() - {"keep_reason"}:
            return super().write(vals)  # refused by the guard
        for line in self:
            disposal = line.disposal_id
            if disposal.state == "consent":
                allowed = disposal.is_owner or disposal._is_archivist()
            else:
                allowed = disposal.state in ("draft", "approved") and disposal._is_archivist()
            if not allowed:
                raise AccessError(
                    self.env._(
                        "Dossiers are removed from the list by the owner while consent is "
                        "pending, and by archivists before and after."
                    )
                )
            if line.state == "kept" and disposal.state == "approved":
                raise UserError(
                    self.env._("“%s” was removed from the approved list and is kept.", line.number)
                )
        reason = (vals.get("keep_reason") or "").strip()
        result = super().write({"keep_reason": reason})
        # sudo: follows from the reason
        self.sudo().write({"state": "kept" if reason else "open"})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if any(line.disposal_id.state != "draft" for line in self):
            raise UserError(
                self.env._("State why the dossier is kept instead: the list must remain complete.")
            )
