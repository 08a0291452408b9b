from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

MEDIA = [("paper", "Paper"), ("electronic", "File"), ("both", "Paper and file")]
PAPER_STATES = [
    ("in_place", "In place"),
    ("lent", "Lent"),
    ("missing", "Missing"),
    ("destroyed", "Destroyed"),
]


class CustomerArchiveDocument(models.Model):
    """A document of a dossier, with its two bodies: the paper and the files."""

    _name = "customer.archive.document"
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
    is_original = fields.Boolean("Original", default=True)
    page_count = fields.Integer("Pages", default=1, help="Covers included.")
    page_from = fields.Integer("From Page")
    page_to = fields.Integer("To Page")
    is_signed = fields.Boolean("Signed")
    date_from = fields.Date("Valid From")
    date_until = fields.Date("Valid Until", index="btree_not_null")
    medium = fields.Selection(MEDIA, required=True, default="paper")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "customer_archive_document_attachment_rel",
        "document_id",
        "attachment_id",
        "Files",
        copy=False,
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
        self.sudo().archive_id.with_env(self.env)._check_not_frozen()

    @api.model_create_multi
    def create(self, vals_list):
        """Documents come into dossiers that are not registered; their files are bound to them."""
        archives = self.env["customer.archive"].browse(
            {vals["archive_id"] for vals in vals_list if vals.get("archive_id")}
        )
        archives._check_not_frozen()
        if not self.env.su:
            facts = {"number", "paper_state", "file_count"}
            vals_list = [{k: v for k, v in vals.items() if k not in facts} for vals in vals_list]
        documents = super().create(vals_list)
        documents._bind_files()
        return documents

    def write(self, vals):
        """Refuse changes of documents of a registered dossier."""
        self._check_not_frozen()
        if vals.get("archive_id"):
            self.env["customer.archive"].browse(vals["archive_id"])._check_not_frozen()
        facts = {"number", "paper_state"} & vals.keys()
        if facts and not self.env.su and not self.env["customer.archive"]._is_thawed():
            raise UserError(
                self.env._("Number and state of the paper are recorded by the archive.")
            )
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._bind_files()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()

    def unlink(self):
        """Files go with their document, otherwise nobody would know whose they are."""
        # sudo: files of documents that the user may delete
        files = self.env["ir.attachment"].sudo()._archive_files_of(self)
        result = super().unlink()
        files.unlink()
        return result

    def _bind_files(self):
        """Give the files to their document: they follow its rights and are frozen with it.

        :raises UserError: for a file that belongs to another record
        """
        for document in self:
            # sudo: files the caller uploaded are theirs, others are refused
            for file in document.sudo().attachment_ids:
                if (file.res_model, file.res_id) == (self._name, document.id):
                    continue
                if file.res_id or (file.create_uid != self.env.user and not self.env.su):
                    raise UserError(
                        self.env._(
                            "The file “%s” belongs to another record: upload a copy of it.",
                            file.name,
                        )
                    )
                file.write({"res_model": self._name, "res_id": document.id})

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
