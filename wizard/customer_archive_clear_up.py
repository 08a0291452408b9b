from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.common.digest import in_house


class CustomerArchiveClearUp(models.TransientModel):
    """Clear up what is missing: found, known from which document, or gone for good."""

    _name = "customer.archive.clear.up"
    _inherit = ["customer.named.mixin"]
    _description = "Resolve Missing Pages"

    archive_id = fields.Many2one("customer.archive", "Dossier", ondelete="cascade")
    document_id = fields.Many2one("customer.archive.document", "Document", ondelete="cascade")
    deed_id = fields.Many2one(
        "customer.archive.deed",
        "Deed",
        ondelete="cascade",
        groups="customer_governance.group_deed",
    )
    item = fields.Char(compute="_compute_missing")
    kind = fields.Selection(
        [("archive", "Dossier"), ("document", "Document"), ("deed", "Deed")],
        compute="_compute_missing",
    )
    missing = fields.Integer(compute="_compute_missing", help="Pages of papers, pieces of a deed.")
    outcome = fields.Selection(
        [
            ("found", "Found: it is back in place"),
            ("document", "The document to which the pages belong is known"),
            ("gone", "Permanently lost: the record is corrected"),
        ],
        "Outcome",
        required=True,
        default="found",
    )
    pages = fields.Integer(
        "Quantity",
        compute="_compute_pages",
        store=True,
        readonly=False,
        help="Pages, or pieces of a deed.",
    )
    from_document_id = fields.Many2one(
        "customer.archive.document",
        "Missing From",
        ondelete="cascade",
        domain="[('archive_id', '=', archive_id), ('medium', '!=', 'electronic'),"
        " ('paper_state', '=', 'in_place')]",
    )
    note = fields.Char("Note", required=True)

    def _record(self):
        """Return what is cleared up."""
        # sudo: which record only; the rights on it are checked before anything is done
        own = self.sudo()
        return (own.deed_id or own.document_id or own.archive_id).sudo(self.env.su)

    @api.depends("archive_id", "document_id", "deed_id")
    def _compute_missing(self):
        kinds = {
            "customer.archive": "archive",
            "customer.archive.document": "document",
            "customer.archive.deed": "deed",
        }
        for dialog in self:
            # sudo: how much is missing of what the keeper clears up
            record = dialog._record().sudo()
            dialog.kind = kinds[record._name]
            dialog.item = record.display_name
            dialog.missing = record._missing_now() if record else 0

    @api.depends("missing")
    def _compute_pages(self):
        for dialog in self:
            dialog.pages = dialog.missing

    @api.constrains("pages")
    def _check_pages(self):
        for dialog in self:
            if not 0 < dialog.pages <= dialog.missing:
                raise ValidationError(
                    self.env._("Enter a quantity between 1 and %s.", dialog.missing)
                )

    def _check_keeper(self):
        """Archivists clear up papers, deed custodians deeds."""
        record = self._record()
        record.check_access("read")
        if self.kind == "deed":
            record.check_access("write")
        else:
            (record if self.kind == "archive" else record.archive_id)._check_keeper()

    def action_clear_up(self):
        """Record what came out; who keeps the papers only."""
        self.ensure_one()
        self._check_keeper()
        self._check_pages()
        record = self._record()
        self._tell(record)
        if self.outcome == "document":
            self._move_to_document(record)
        elif self.outcome == "gone":
            self._give_up(record)
        else:
            record._turn_up(self.pages)
        if self.outcome == "gone" or not record.sudo()._missing_now():
            self.env["customer.archive.loan.line"]._clear_lines(
                record, self.note, self.outcome == "found"
            )
        return {"type": "ir.actions.act_window_close"}

    def _move_to_document(self, archive):
        """The document is the one that is short from now on; without any page left it is missing."""
        document = self.from_document_id
        if self.kind != "archive" or document.archive_id != archive:
            raise UserError(self.env._("Choose the incomplete document of the dossier."))
        if self.pages > archive.pages_missing:
            raise UserError(
                self.env._(
                    "For %s pages, it is not known which document they belong to.",
                    archive.pages_missing,
                )
            )
        archive._lose_pages(-self.pages)
        if self.pages >= document.page_count - document.pages_missing:
            document._lose_pages(-document.pages_missing)
            document._set_paper_state("missing", ("in_place",))
        else:
            document._lose_pages(self.pages)

    def _give_up(self, record):
        if self.kind == "deed":
            raise UserError(
                self.env._(
                    "The number of originals of a deed was checked by three people: a piece "
                    "remains missing until it is found or replaced."
                )
            )
        if self.kind == "archive":
            raise UserError(
                self.env._(
                    "First specify which document the pages belong to, or open the lost document."
                )
            )
        if self.pages != self.missing:
            raise UserError(self.env._("Items lost permanently must be written off all at once."))
        record._gone_for_good(self.note)

    def _tell(self, record):
        house = in_house(record)
        words = dict(self._fields["outcome"]._description_selection(house.env))
        text = house.env._(
            "%(item)s, %(pages)s missing: %(outcome)s. %(note)s",
            item=self.item,
            pages=self.pages,
            outcome=words[self.outcome],
            note=self.note,
        )
        # sudo: the note is the system's, the right was checked
        thread = record.archive_id if self.kind == "document" else record
        thread.sudo().message_post(body=text, author_id=self.env.user.partner_id.id)
