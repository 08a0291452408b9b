from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.facts import without

MEDIA = [("paper", "Paper"), ("electronic", "File"), ("both", "Paper and file")]
PAPER_STATES = [
    ("in_place", "In place"),
    ("lent", "Lent"),
    ("missing", "Missing"),
    ("destroyed", "Destroyed"),
]
# Written by code of ours only.
FACTS = {"number", "paper_state", "file_checksums", "source_model", "source_id"}


class CustomerArchiveDocument(models.Model):
    """A document of a dossier, with its two bodies: the paper and the files."""

    _name = "customer.archive.document"
    _inherit = ["customer.archive.files.mixin"]
    _description = "Document of a Dossier"
    _order = "archive_id, section_sequence, sequence, id"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True

    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, index=True, ondelete="cascade"
    )
    archive_state = fields.Selection(related="archive_id.state", string="State of the Dossier")
    class_id = fields.Many2one(related="archive_id.class_id")
    company_id = fields.Many2one(related="archive_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="archive_id.partner_id", string="Customer", store=True, index=True
    )
    section_id = fields.Many2one(
        "customer.archive.section",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('class_id', '=', class_id)]",
        compute="_compute_section_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    section_sequence = fields.Integer(
        "Order of the Section", related="section_id.sequence", store=True
    )
    requirement_id = fields.Many2one(
        "customer.archive.requirement",
        "Checklist",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('class_id', '=', class_id)]",
        help="The entry of the checklist that this document fulfils.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(
        "Title", required=True, compute="_compute_name", store=True, readonly=False, precompute=True
    )
    number = fields.Char(readonly=True, copy=False, index=True)
    barcode = fields.Char(compute="_compute_barcode", help="On the inventory; to be scanned.")
    is_original = fields.Boolean("Original", default=True)
    page_count = fields.Integer("Pages", default=1, help="Covers included.")
    page_from = fields.Integer("From Page")
    page_to = fields.Integer("To Page")
    is_signed = fields.Boolean("Signed")
    date_from = fields.Date("Valid From")
    date_until = fields.Date("Valid Until", index="btree_not_null")
    medium = fields.Selection(MEDIA, "Kept As", required=True, default="paper")
    file_checksums = fields.Json(
        "Checksums",
        readonly=True,
        copy=False,
        help="Of the files at the moment of the registration: {id of the file: SHA-1}.",
    )
    source_model = fields.Char(readonly=True, copy=False)
    source_id = fields.Many2oneReference(
        "Filed From", model_field="source_model", readonly=True, copy=False
    )
    file_count = fields.Integer("Number of Files", compute="_compute_file_count", store=True)
    paper_state = fields.Selection(
        PAPER_STATES, "Paper", required=True, default="in_place", readonly=True, copy=False
    )
    note = fields.Char()

    _number_uniq = models.UniqueIndex(
        "(archive_id, number) WHERE number IS NOT NULL", "This number is given already."
    )
    _pages_valid = models.Constraint(
        "CHECK(page_count >= 0 AND COALESCE(page_from, 0) >= 0 AND COALESCE(page_to, 0) >= 0)",
        "Pages cannot be below 0.",
    )

    @api.depends("requirement_id")
    def _compute_section_id(self):
        for document in self:
            document.section_id = document.requirement_id.section_id or document.section_id

    @api.depends("requirement_id")
    def _compute_name(self):
        for document in self:
            document.name = document.name or document.requirement_id.name

    def _compute_barcode(self):
        for document in self:
            document.barcode = f"D{document._origin.id:07}" if document._origin else False

    @api.depends("attachment_ids")
    def _compute_file_count(self):
        for document in self:
            # sudo: how many only
            document.file_count = len(document.sudo().attachment_ids)

    @api.depends("number", "name")
    def _compute_display_name(self):
        for document in self:
            document.display_name = " ".join(filter(None, (document.number, document.name)))

    @api.constrains("page_count", "page_from", "page_to")
    def _check_pages(self):
        for document in self:
            first, last = document.page_from, document.page_to
            if (first or last) and last - first + 1 != document.page_count:
                raise ValidationError(
                    self.env._(
                        "“%(document)s”: pages %(first)s to %(last)s are %(range)s pages, not %(count)s.",
                        document=document.name,
                        first=first,
                        last=last,
                        range=last - first + 1,
                        count=document.page_count,
                    )
                )

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for document in self:
            if (
                document.date_from
                and document.date_until
                and document.date_until < document.date_from
            ):
                raise ValidationError(
                    self.env._("“%s” ends before it begins.", document.display_name)
                )

    @api.constrains("section_id", "requirement_id", "archive_id")
    def _check_class(self):
        for document in self:
            archive_class = document.archive_id.class_id
            if (document.section_id or document.requirement_id) and (
                document.section_id.class_id | document.requirement_id.class_id
            ) != archive_class:
                raise ValidationError(
                    self.env._(
                        "“%(document)s”: its section and entry of the checklist are not of the class"
                        " %(class)s.",
                        document=document.display_name,
                        **{"class": archive_class.name},
                    )
                )

    # --- frozen -------------------------------------------------------------------------------

    def _check_not_frozen(self):
        """Refuse changes in a registered dossier, and of a dossier that is in other hands."""
        # sudo: state and people of the dossier
        archives = self.sudo().archive_id.with_env(self.env)
        archives._check_not_frozen()
        archives._check_in_hand()

    @api.model_create_multi
    def create(self, vals_list):
        """Documents come into dossiers that A compiles; their files are bound to them."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, FACTS | {"file_count"})
        documents = super().create(vals_list)
        # afterwards: the dossier may come from the defaults of the context
        archives = documents.sudo().archive_id.with_env(self.env)  # sudo: state and people
        archives._check_not_frozen()
        archives._check_in_hand(adding=True)
        return documents

    def write(self, vals):
        """Refuse changes of documents of a registered dossier."""
        self._check_not_frozen()
        if vals.get("archive_id"):
            archive = self.env["customer.archive"].browse(vals["archive_id"])
            archive._check_not_frozen()
            archive._check_in_hand(adding=True)
        facts = FACTS & vals.keys()
        if facts and not self.env.su and not self.env["customer.archive"]._is_thawed():
            raise UserError(
                self.env._("Number and state of the paper are recorded by the archive.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()
        # sudo: state of the dossier
        self.sudo().archive_id.with_env(self.env)._check_in_hand(adding=True)

    def unlink(self):
        """Files go with their document, otherwise nobody would know whose they are."""
        # sudo: files of documents that the user may delete
        files = self.env["ir.attachment"].sudo()._archive_files_of(self)
        result = super().unlink()
        files.unlink()
        return result

    def _give_numbers(self):
        """Number the documents after their dossier, in the order of the dossier: NUMBER-01, …

        Documents that have a number keep it; later ones go on behind the last.
        """
        for archive, documents in self.grouped("archive_id").items():
            given = [
                int(number.rpartition("-")[2])
                for number in archive.with_context(active_test=False).document_ids.mapped("number")
                if number
            ]
            serial = max(given, default=0)
            ordered = documents.filtered(lambda document: not document.number).sorted(
                lambda document: (document.section_sequence, document.sequence, document.id)
            )
            for document in ordered:
                serial += 1
                document.number = f"{archive.name}-{serial:02}"

    def _keep_checksums(self):
        """Remember the checksums of the files, to tell later whether they changed."""
        for document in self:
            document.file_checksums = {
                str(file.id): file.checksum for file in document.attachment_ids
            }

    def _changed_files(self):
        """Return the names of files whose content in the store is not what was registered.

        The content is read and summed again: a changed file on the disk is found.
        """
        self.ensure_one()
        # sudo: who may ask about the document may know whether its files are whole
        files = {str(file.id): file for file in self.sudo().attachment_ids}
        changed = []
        for file_id, checksum in (self.file_checksums or {}).items():
            file = files.get(file_id)
            if not file or file._compute_checksum(file.raw or b"") != checksum:
                changed.append(file.name if file else self.env._("file %s (gone)", file_id))
        return changed

    def action_verify_files(self):
        """Tell whether the files are what was registered; a difference stays in the chatter."""
        self.check_access("read")
        found_changed = False
        for document in self:
            if changed := document._changed_files():
                found_changed = True
                # sudo: the note is the system's
                document.sudo().archive_id.message_post(
                    body=self.env._(
                        "%(document)s: these files are not what was registered: %(files)s.",
                        document=document.display_name,
                        files=", ".join(changed),
                    )
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if found_changed else "success",
                "message": self.env._("Files changed since the registration: see the chatter.")
                if found_changed
                else self.env._("The files are what was registered."),
            },
        }

    def _may_bind(self, file):
        """EXTENDS files mixin: a supplement of the dossier brings its files along."""
        return super()._may_bind(file) or (
            self.env["customer.archive"]._is_thawed()
            and file.res_model == "customer.archive.supplement"
        )
