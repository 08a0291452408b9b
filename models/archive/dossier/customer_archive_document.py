import logging
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...common.customer_reach_mixin import told
from ...common.digest import for_reader, in_house
from ...common.facts import without

MEDIA = [("paper", "Paper"), ("electronic", "File"), ("both", "Paper and file")]

PAPER_STATES = [
    ("in_place", "In place"),
    ("lent", "Lent"),
    ("missing", "Missing"),
    ("destroyed", "Destroyed"),
]

# What is printed on the inventory and scanned at the desk.
BARCODE = re.compile(r"D0*([1-9][0-9]*)")

# Written by code of ours only.
FACTS = {
    "number",
    "paper_state",
    "pages_missing",
    "file_checksums",
    "source_model",
    "source_id",
}

_logger = logging.getLogger(__name__)


class CustomerArchiveDocument(models.Model):
    """A document of a dossier, with its two bodies: the paper and the files."""

    _name = "customer.archive.document"
    _inherit = ["customer.archive.files.mixin", "customer.guard.mixin", "customer.once.mixin"]
    _description = "Dossier Document"
    _order = "archive_id, section_sequence, sequence, id"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True

    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, index=True, ondelete="cascade"
    )
    archive_state = fields.Selection(related="archive_id.state", string="Dossier Status")
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
    section_sequence = fields.Integer("Section Sequence", related="section_id.sequence", store=True)
    requirement_id = fields.Many2one(
        "customer.archive.requirement",
        "Checklist",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('class_id', '=', class_id)]",
        help="The checklist entry fulfilled by this document.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(
        "Title", required=True, compute="_compute_name", store=True, readonly=False, precompute=True
    )
    number = fields.Char(readonly=True, copy=False, index=True)
    barcode = fields.Char(
        compute="_compute_barcode", help="Printed on the contents list, for scanning."
    )
    is_original = fields.Boolean("Original", default=True)
    page_count = fields.Integer("Pages", default=1, help="Including covers.")
    page_from = fields.Integer("From Page")
    page_to = fields.Integer("To Page")
    is_signed = fields.Boolean("Signed")
    date_from = fields.Date("Valid From")
    date_until = fields.Date("Valid Until", index="btree_not_null")
    medium = fields.Selection(MEDIA, "Medium", required=True, default="paper")
    file_checksums = fields.Json(
        "Checksums",
        readonly=True,
        copy=False,
        help="Of the files at the time of filing: {file ID: SHA-1}.",
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
        "(archive_id, number) WHERE number IS NOT NULL", "This number is already in use."
    )
    _pages_valid = models.Constraint(
        "CHECK(page_count >= 0 AND COALESCE(page_from, 0) >= 0 AND COALESCE(page_to, 0) >= 0)",
        "Pages cannot be negative.",
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
                        "“%(document)s”: its section and checklist entry do not belong to "
                        "dossier type %(class)s.",
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
        if archive := self._customer_named(vals, "archive_id"):
            archive._check_not_frozen()
            archive._check_in_hand(adding=True)
        facts = FACTS & vals.keys()
        if facts and not self.env.su and not self.env["customer.archive"]._is_thawed():
            raise UserError(
                self.env._("Number and status of the paper are recorded by the archive.")
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
                changed.append(file.name if file else self.env._("file %s (deleted)", file_id))
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
                    body=in_house(self).env._(
                        "%(document)s: these files differ from those originally filed: %(files)s.",
                        document=document.display_name,
                        files=", ".join(changed),
                    )
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if found_changed else "success",
                "message": self.env._("Files have changed since filing: see the chatter.")
                if found_changed
                else self.env._("The files are identical to those originally filed."),
            },
        }

    def _may_bind(self, file):
        """EXTENDS files mixin: a supplement of the dossier brings its files along."""
        return super()._may_bind(file) or (
            self.env["customer.archive"]._is_thawed()
            and file.res_model == "customer.archive.supplement"
        )

    # --- documents that end: somebody gets the next one
    def _ask_about_end(self):
        """Ask somebody for the next document before one ends: once for each last day."""
        for date_until, documents in self.grouped("date_until").items():
            for document in documents._once(f"expiring {date_until}"):
                document._ask_for_next()

    def _ask_for_next(self):
        """Give the account manager of the customer, else A, the task to get the next document."""
        self.ensure_one()
        archive = self.archive_id
        candidates = (archive.partner_id.user_id, archive.role_a_id, archive.archivist_id)
        user = told(candidates, archive.company_id)[:1]
        if not user:
            _logger.info("Document %s ends, but its dossier has nobody to ask", self.id)
            return
        words = for_reader(archive, user)
        # quick: one message about all of them follows
        words.with_context(mail_activity_quick_update=True).activity_schedule(
            "customer_governance.activity_type_archive_expiry",
            user_id=user.id,
            # its name stands in the note: the summary is read outside
            summary=words.env._("A document ends"),
            note=words.env._(
                "“%(document)s” is valid until %(day)s: get the next one from the customer.",
                document=self.name,
                day=format_date(words.env, self.date_until),
            ),
            date_deadline=self.date_until,
        )
