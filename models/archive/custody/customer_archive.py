"""Where a dossier is kept, who has it, which deeds belong to it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .barcode_picture import barcode_picture
from .customer_archive_waiting import OPEN
from .labels import Label, sheets

DEED_READERS = ",".join(
    f"customer_governance.group_{role}" for role in ("deed", "manager", "auditor")
)

KEEPER = "customer_governance.group_archivist"

MOVE_REASON = "customer_archive_move_reason"


class CustomerArchive(models.Model):
    """Place, loans and deeds of a dossier."""

    _inherit = "customer.archive"

    location_id = fields.Many2one(
        "customer.archive.location",
        "Location",
        index=True,
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('is_safe', '=', False)]",
        help="Home location: it stays reserved while the dossier is on loan.",
    )
    move_ids = fields.One2many("customer.archive.move", "archive_id", "Location History")
    deed_ids = fields.One2many(
        "customer.archive.deed", "archive_id", "Deeds", groups=DEED_READERS, copy=False
    )
    deed_count = fields.Integer(
        "Number of Deeds", compute="_compute_deed_count", groups=DEED_READERS
    )
    loan_line_ids = fields.One2many("customer.archive.loan.line", "dossier_id", "Loans", copy=False)
    is_lent = fields.Boolean(
        "Lent",
        compute="_compute_lent",
        search="_search_is_lent",
        help="The whole dossier is on loan.",
    )
    lent_to_id = fields.Many2one("res.users", "Borrowed By", compute="_compute_lent")
    lent_until = fields.Date("Due Back", compute="_compute_lent")
    lent_document_count = fields.Integer("Documents on Loan", compute="_compute_lent")

    # --- pages of the dossier that nobody has found, and what is really there
    pages_missing = fields.Integer(
        "Missing Pages, Document Unknown",
        readonly=True,
        copy=False,
        help="The dossier was returned incomplete, and it is not yet known which document the "
        "pages belong to. Until this is resolved, the dossier is incomplete and the next "
        "loan slip expects fewer pages accordingly.",
    )
    gap_count = fields.Integer("Pages Missing", compute="_compute_gaps", store=True)
    lost_count = fields.Integer("Documents Not in Place", compute="_compute_gaps", store=True)
    page_there = fields.Integer(
        "Available Pages",
        compute="_compute_gaps",
        store=True,
        help="Paper pages in the dossier: excluding files, lost documents and pages that were "
        "not returned.",
    )

    _gap_index = models.Index("(id) WHERE pages_missing > 0")

    # --- who waits for a dossier that is lent
    waiting_ids = fields.One2many("customer.archive.waiting", "archive_id", "Waiting List")
    waiting_count = fields.Integer("Waiting", compute="_compute_waiting")
    my_position = fields.Integer(
        "My Position on the Waiting List",
        compute="_compute_waiting",
        help="0: not on the waiting list.",
    )

    def _compute_deed_count(self):
        counts = dict(
            self.env["customer.archive.deed"]._read_group(
                [("archive_id", "in", self._origin.ids)], ["archive_id"], ["__count"]
            )
        )
        for archive in self:
            archive.deed_count = counts.get(archive._origin, 0)

    @api.depends("loan_line_ids.state")
    def _compute_lent(self):
        # sudo: who reads the dossier may know who has it; nothing else of the loan is shown
        lines = (
            self.env["customer.archive.loan.line"]
            .sudo()
            .search([("dossier_id", "in", self._origin.ids), ("state", "=", "issued")])
            .grouped("dossier_id")
        )
        nothing = self.env["customer.archive.loan.line"].sudo()
        for archive in self:
            out = lines.get(archive._origin.sudo(), nothing)
            whole = out.filtered(lambda line: line.kind == "archive")[:1]
            archive.is_lent = bool(whole)
            archive.lent_to_id = whole.loan_id.borrower_id.sudo(False)
            archive.lent_until = whole.loan_id.date_due
            archive.lent_document_count = len(out.filtered(lambda line: line.kind == "document"))

    def _search_is_lent(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: only which dossiers are out; their own rules decide which are shown
        lines = self.env["customer.archive.loan.line"].sudo()
        out = Domain(
            "id",
            "in",
            lines._search([("kind", "=", "archive"), ("state", "=", "issued")]).subselect(
                "dossier_id"
            ),
        )
        return Domain.OR(out if wanted else ~out for wanted in set(value))

    @api.constrains("location_id")
    def _check_location(self):
        for archive in self:
            if archive.location_id.is_safe:
                raise ValidationError(
                    self.env._(
                        "“%s” is a safe and reserved for deeds. Choose another location for "
                        "the dossier.",
                        archive.location_id.complete_name,
                    )
                )
            if archive.location_id and not archive.location_id.active:
                raise ValidationError(
                    self.env._(
                        "“%s” is no longer in use. Choose another location.",
                        archive.location_id.complete_name,
                    )
                )

    # --- moves --------------------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """A place given at once is a move too."""
        archives = super().create(vals_list)
        placed = archives.filtered("location_id")
        if placed:
            placed._log_moves({})
        return archives

    def write(self, vals):
        """Places are given by the archivist, checked for room and logged."""
        if "location_id" not in vals:
            return super().write(vals)
        moved = self.filtered(
            lambda archive: archive.location_id.id != (vals["location_id"] or False)
        )
        if moved:
            moved._check_keeper()
        before = {archive: archive.location_id for archive in moved}
        result = super().write(vals)
        if moved:
            moved._log_moves(before)
        return result

    def _history_after(self):
        """EXTENDS history: a place given at once is a move too."""
        super()._history_after()
        if placed := self.filtered("location_id"):
            placed._log_moves({})

    def _check_keeper(self):
        if not self.env.su and not self.env.user.has_group(KEEPER):
            raise AccessError(self.env._("The location of a dossier is assigned by an archivist."))
        # sudo: only the state
        if any(archive.state == "disposed" for archive in self.sudo()):
            raise UserError(self.env._("A dossier that was disposed of has no location."))

    def _log_moves(self, before):
        """Check the room of the new places and enter the moves; `before` = {dossier: old place}."""
        if not before:
            self._check_keeper()
        self.location_id._check_room()
        reason = self.env.context.get(MOVE_REASON)
        # sudo: nobody may write the log; the right to move was checked
        self.env["customer.archive.move"].sudo().create(
            [
                {
                    "archive_id": archive.id,
                    "company_id": archive.company_id.id,
                    "from_location_id": before[archive].id if archive in before else False,
                    "to_location_id": archive.location_id.id,
                    "user_id": self.env.uid,
                    "reason": reason if isinstance(reason, str) else False,
                }
                for archive in self
            ]
        )

    # --- screens ------------------------------------------------------------------------------
    def action_relocate(self):
        """Open the dialog that gives the dossiers another place."""
        self.check_access("write")
        self._check_keeper()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move"),
            "res_model": "customer.archive.relocate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_archive_ids": self.ids},
        }

    def action_view_deeds(self):
        """Open the deeds of the dossier."""
        self.ensure_one()
        self.env["customer.archive.deed"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_archive_deed_action"
        )
        action["domain"] = [("archive_id", "=", self.id)]
        action["context"] = {"default_archive_id": self.id}
        return action

    def action_borrow(self):
        """Open a new loan of the dossiers."""
        self.check_access("read")
        self.env["customer.archive.loan"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Borrow"),
            "res_model": "customer.archive.loan",
            "view_mode": "form",
            "context": {
                "default_line_ids": [
                    (0, 0, {"kind": "archive", "archive_id": archive.id}) for archive in self
                ]
            },
        }

    # --- pages of the dossier that nobody has found, and what is really there
    @api.depends(
        "pages_missing",
        "document_ids.is_there",
        "document_ids.medium",
        "document_ids.page_count",
        "document_ids.pages_missing",
        "document_ids.paper_state",
    )
    def _compute_gaps(self):
        for archive in self:
            papers = archive.document_ids.filtered(
                lambda paper: paper.is_there and paper.medium != "electronic"
            )
            lost = papers.filtered(lambda paper: paper.paper_state == "missing")
            kept = papers.filtered(lambda paper: paper.paper_state in ("in_place", "lent"))
            archive.lost_count = len(lost)
            archive.gap_count = archive.pages_missing + sum(kept.mapped("pages_missing"))
            archive.page_there = max(sum(kept.mapped("page_count")) - archive.gap_count, 0)

    def _lose_pages(self, pages):
        """Record that so many pages more are missing (negative: turned up) of the whole dossier."""
        self.ensure_one()
        # sudo, thawed: follows from what was counted at the desk, whose right was checked
        own = self.sudo()._thawed()
        missing = min(max(own.pages_missing + pages, 0), own.page_total)
        if missing != own.pages_missing:
            own.pages_missing = missing

    def _lost_papers(self):
        return self.document_ids.filtered(lambda paper: paper.paper_state == "missing")

    def _missing_now(self):
        """Return how many pages are missing that no document in its place stands for."""
        self.ensure_one()
        return self.pages_missing + sum(self._lost_papers().mapped("page_count"))

    def _turn_up(self, pages):
        """Record that pages were found; all of them: also the documents that were lost are back."""
        self.ensure_one()
        everything = pages == self._missing_now()
        self._lose_pages(-pages)
        if everything:
            self._lost_papers()._set_paper_state("in_place", ("missing",))

    def action_clear_up(self):
        """Open the dialog that clears up missing pages."""
        self.ensure_one()
        self.check_access("read")
        self._check_keeper()
        return self._clear_up_dialog(archive_id=self.id)

    @api.model
    def _clear_up_dialog(self, **values):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve Missing Pages"),
            "res_model": "customer.archive.clear.up",
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    # --- who waits for a dossier that is lent
    @api.depends_context("uid")
    @api.depends("waiting_ids.state")
    def _compute_waiting(self):
        # sudo: how many wait, and the own place
        entries = (
            self.env["customer.archive.waiting"]
            .sudo()
            .search([("archive_id", "in", self._origin.ids), ("state", "in", OPEN)])
            .grouped("archive_id")
        )
        for archive in self:
            own = entries.get(archive._origin.sudo(), ())
            archive.waiting_count = len(own)
            mine = [entry.position for entry in own if entry.user_id == self.env.user]
            archive.my_position = min(mine, default=0)

    def action_wait(self):
        """Join the waiting list of a dossier that is lent, wholly or in part."""
        self.ensure_one()
        self.check_access("read")
        Waiting = self.env["customer.archive.waiting"]
        Waiting.check_access("create")
        if not self.is_lent and not self.lent_document_count and not self.waiting_count:
            raise UserError(self.env._("“%s” is in place: borrow it directly.", self.display_name))
        entry = Waiting.create({"archive_id": self.id})
        Waiting._offer_back(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "You are number %s on the waiting list and will be notified when it is back.",
                    entry.position,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # --- labels of dossiers: for the back of the folder
    def _labels(self):
        """Return the labels of the dossiers; without a number there is nothing to scan yet."""
        return [
            Label(
                archive.name or archive.title,
                tuple(
                    filter(
                        None,
                        (
                            archive.name and archive.title,
                            archive.partner_id.name,
                            archive.class_id.name,
                        ),
                    )
                ),
                archive.name or "",
                archive.name and barcode_picture(archive.name),
            )
            for archive in self
        ]

    def _label_sheets(self):
        return sheets(self._labels())
