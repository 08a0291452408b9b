"""Registered dossiers stay as they are, on every route and for everybody."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...common.customer_transition_mixin import SENTINEL
from ...common.facts import without
from .customer_archive import CLOSED

# In the context of code of ours that may change a frozen dossier; cannot come over RPC.
THAW = "customer_archive_thaw"

# Written by the buttons only.
FACTS = {
    "name",
    "number_reserved",
    "registered_on",
    "date_opened",
    "hold",
    "hold_reason",
    "last_reviewed_on",
    "pages_missing",
}

# Decided before the first handover.
FIRST = {"class_id", "partner_id", "company_id", "role_a_id", "order_id"}

# What goes on around a registered dossier.
AROUND = (
    "message_",
    "activity_",
    "rating_",
    "website_message_ids",
    "my_activity_date_deadline",
    "location_id",
    "state",
)

DOCUMENT = "customer.archive.document"


class CustomerArchive(models.Model):
    """Changes of a registered dossier come from a supplement, which is logged."""

    _inherit = "customer.archive"

    # --- rows of what is expected, filled in by the form, ticked by A, gone with the acceptance
    expected_count = fields.Integer("Expected, Not Yet Available", compute="_compute_expected")
    unlisted_count = fields.Integer(
        "Only on Checklist",
        compute="_compute_expected",
        help="Checklist entries without a row in the contents.",
    )

    def _thawed(self):
        """Return the records with the mark that lets code of ours change a frozen dossier."""
        return self.with_context(**{THAW: SENTINEL})

    @api.model
    def _is_thawed(self):
        """Tell whether code of ours opened the dossier."""
        return self.env.context.get(THAW) is SENTINEL

    def _check_not_frozen(self):
        """Refuse the change of dossiers that are registered or disposed of.

        :raises UserError: names the dossier and the way to change it
        """
        if self._is_thawed():
            return
        # sudo: only the state, also of a dossier the user cannot read
        for archive in self.sudo():
            if archive.state in CLOSED:
                raise UserError(
                    self.env._(
                        "Dossier %s has been filed and cannot be changed. Ask the archivist "
                        "for an amendment: it adds or corrects a document and is logged.",
                        archive.name or archive.title,
                    )
                )

    def _check_in_hand(self, adding=False):
        """Refuse changes of documents by others than who has the dossier now.

        Whoever checks or accepts may correct what a document says and add its files; documents come
        and go while A compiles only, so that what was counted stays what is there.
        """
        if self._is_thawed() or self._is_system():
            return
        for archive in self.sudo():  # sudo: state and people of the dossier
            if archive.state not in ("checking", "handover"):
                continue
            if adding or not archive.with_env(self.env)._may_send_back():
                raise UserError(
                    self.env._(
                        "“%s” has been handed over: it must be sent back to A before its "
                        "documents can be changed.",
                        archive.title,
                    )
                )

    def _check_never_handed_over(self):
        # sudo: only the state, and whether there was a handover that was sent back
        if not self._is_thawed() and any(
            archive.state != "draft" or archive.handover_ids for archive in self.sudo()
        ):
            raise UserError(
                self.env._(
                    "A dossier that has been handed over cannot be deleted. Only drafts can be "
                    "deleted."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Number and dates come from the buttons."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, FACTS)
        archives = super().create(vals_list)
        if not self.env.su:
            archives.filtered("missing_word")._check_word()
        return archives

    def write(self, vals):
        """Refuse changes of frozen dossiers and of what the buttons record."""
        if not self._is_thawed():
            if not self.env.su and not FACTS.isdisjoint(vals):
                raise AccessError(
                    self.env._("Number, hold and dates of a dossier are recorded by the buttons.")
                )
            if any(not name.startswith(AROUND) for name in vals):
                self._check_not_frozen()
            if not self.env.su:
                self._check_who_writes(vals)
        return super().write(vals)

    def _check_word(self):
        """Let only A say why papers are missing, and only before the dossier is handed over."""
        for archive in self:
            if archive.state != "draft" or archive.role_a_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only A, %s, says why papers are missing, before the handover.",
                        archive.role_a_id.name,
                    )
                )

    def _check_who_writes(self, vals):
        if "missing_word" in vals:
            self._check_word()
        if "class_id" in vals:
            for archive in self:
                # deeds were labelled with a number of the class
                if archive.number_reserved and archive.class_id.id != vals["class_id"]:
                    raise UserError(
                        self.env._(
                            "“%(record)s” already has the number %(number)s of its dossier "
                            "type, assigned when its deeds were received: the type cannot "
                            "be changed.",
                            record=archive.title,
                            number=archive.number_reserved,
                        )
                    )
        if "location_id" in vals and not self._is_archivist():
            raise AccessError(self.env._("The location of a dossier is assigned by archivists."))
        if not FIRST.isdisjoint(vals) and any(archive.state != "draft" for archive in self):
            raise UserError(
                self.env._(
                    "The type, customer and responsible person of a dossier can be changed "
                    "only while A is compiling it."
                )
            )

    # --- rows of what is expected, filled in by the form, ticked by A, gone with the acceptance
    @api.depends("document_ids.is_there", "document_ids.requirement_id", "class_id")
    def _compute_expected(self):
        for archive in self:
            rows = archive.document_ids
            archive.expected_count = len(rows.filtered(lambda row: not row.is_there))
            archive.unlisted_count = len(archive._unlisted())

    def _unlisted(self):
        """Return the entries of the checklist that ask for a document and have no row yet."""
        self.ensure_one()
        opened = self.date_opened or self.env.company._customer_today()
        listed = self.document_ids.requirement_id
        return (
            self.class_id.requirement_ids.filtered(
                lambda one: not one.required_since or one.required_since <= opened
            )
            - listed
            - listed._origin
        )

    @api.model
    def _expected_vals(self, requirement):
        """Return the row of an entry of the checklist, until A ticks it."""
        return {
            "requirement_id": requirement.id,
            "section_id": requirement.section_id.id,
            "name": requirement.name,
            "sequence": requirement.sequence,
            "is_original": requirement.need_original,
            "page_count": 0,
            "is_there": False,
        }

    @api.onchange("class_id")
    def _onchange_class_contents(self):
        """Fill in what the class asks for; rows of the class before go, papers stay."""
        if self.state not in (False, "draft"):
            return
        foreign = self.document_ids.filtered(
            lambda row: (row.requirement_id.class_id | row.section_id.class_id) - self.class_id
        )
        self.document_ids -= foreign.filtered(lambda row: not row.is_there)
        for row in foreign.filtered("is_there"):
            row.update({"requirement_id": False, "section_id": False})
        for requirement in self._unlisted():
            self.document_ids += self.env[DOCUMENT].new(self._expected_vals(requirement))

    def _check_compiling(self):
        """Refuse changes of the contents by others than A, and once they are handed over."""
        self.check_access("write")
        for archive in self:
            if archive.state != "draft":
                raise UserError(
                    self.env._(
                        "“%s” has been handed over: its contents can no longer be changed.",
                        archive.title,
                    )
                )
            if archive.role_a_id != self.env.user and not archive._is_archivist():
                raise AccessError(
                    self.env._("Only A, %s, can compile the dossier.", archive.role_a_id.name)
                )

    def action_fill(self):
        """Add a row for each entry of the checklist that has none."""
        self._check_compiling()
        self.env[DOCUMENT].create(
            [
                {"archive_id": archive.id, **self._expected_vals(requirement)}
                for archive in self
                for requirement in archive._unlisted()
            ]
        )
        return True

    def action_all_there(self):
        """Tick all rows: A has every paper of the list in hand."""
        self._check_compiling()
        self.document_ids.filtered(lambda row: not row.is_there).write({"is_there": True})
        return True

    def _fill_row(self, values):
        """Put a document into the expected row of its entry of the checklist, or into a new one.

        :param values: of the document, with the id of its requirement
        """
        self.ensure_one()
        requirement = values.get("requirement_id")
        row = self.document_ids.filtered(
            lambda one: requirement and not one.is_there and one.requirement_id.id == requirement
        )[:1]
        if row:
            row.write({**values, "is_there": True})
            return row
        return self.env[DOCUMENT].create({**values, "archive_id": self.id})

    def _drop_expected(self):
        """Take away the rows that were never filled: what is registered is what is there."""
        # sudo, thawed: follows from the acceptance, whose right was checked
        rows = self.sudo()._thawed().document_ids.filtered(lambda row: not row.is_there)
        rows.unlink()

    # --- dossiers that were filed before the system
    @api.model
    def _history_context(self):
        """EXTENDS history: their documents are entered into a frozen dossier."""
        return {**super()._history_context(), THAW: SENTINEL}

    def _history_remove(self):
        """EXTENDS history: what was imported by mistake is not frozen."""
        return super(CustomerArchive, self._thawed())._history_remove()
