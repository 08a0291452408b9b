import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...common.facts import without
from .barcode_picture import barcode_picture

DEED_READERS = "customer_governance.group_deed,customer_governance.group_auditor"

# What is asked for; stays once the slip left the draft.
ASKED = frozenset({"loan_id", "kind", "archive_id", "document_id", "deed_id"})

# Entered at the desk when it goes out and when it comes back.
AT_ISSUE = frozenset({"page_issued"})

AT_RETURN = frozenset(
    {"page_returned", "is_counted", "is_damaged", "return_note", "return_signature"}
)


class ItemLent(UserError):
    """Somebody else has the paper."""


class CustomerArchiveLoanLine(models.Model):
    """One dossier, document or deed of a loan.

    The database itself refuses to lend a paper twice: a dossier covers a range of numbers, each of
    its documents one number of the range, and the ranges of what is out may not overlap. Two people
    at the same second are no exception: the second one's transaction waits for the first and fails.
    """

    _name = "customer.archive.loan.line"
    _inherit = "customer.guard.mixin"
    _description = "Loan Item"
    _order = "loan_id, id"
    _rec_name = "name"
    _check_company_auto = True

    loan_id = fields.Many2one(
        "customer.archive.loan", "Loan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="loan_id.company_id", store=True, index=True, precompute=True
    )
    loan_state = fields.Selection(related="loan_id.state", string="Loan Status")
    borrower_id = fields.Many2one(related="loan_id.borrower_id", store=True, index=True)
    date_due = fields.Date(related="loan_id.date_due", string="Due Back")
    kind = fields.Selection(
        [("archive", "Dossier"), ("document", "Document"), ("deed", "Deed")],
        "What",
        required=True,
        default="archive",
    )
    archive_id = fields.Many2one(
        "customer.archive",
        "Dossier",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'registered')]",
    )
    document_id = fields.Many2one(
        "customer.archive.document",
        "Document",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('archive_id.state', '=', 'registered'), ('medium', '!=', 'electronic')]",
    )
    deed_id = fields.Many2one(
        "customer.archive.deed",
        "Deed",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups=DEED_READERS,
        domain="[('state', '=', 'in_safe')]",
    )
    dossier_id = fields.Many2one(
        "customer.archive",
        "Part of Dossier",
        compute="_compute_item",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The dossier that is lent, or to which the lent document belongs; deeds are handled "
        "separately.",
    )
    name = fields.Char("Item", compute="_compute_item", store=True, precompute=True)
    page_expected = fields.Integer(
        "Pages on Record", compute="_compute_page_expected", store=True, precompute=True
    )
    page_issued = fields.Integer(
        "Pages Out",
        compute="_compute_page_issued",
        store=True,
        readonly=False,
        precompute=True,
        help="Counted when it is handed out; number of pieces for deeds.",
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("issued", "On Loan"),
            ("returned", "Returned to Archive"),
            ("lost", "Reported lost"),
        ],
        required=True,
        readonly=True,
        default="requested",
        index=True,
        copy=False,
    )
    is_counted = fields.Boolean("Counted", copy=False, help="The pages were counted on return.")
    page_returned = fields.Integer("Pages Returned", copy=False)
    is_damaged = fields.Boolean("Damaged", copy=False)
    return_note = fields.Char("Note on the Difference", copy=False)
    return_signature = fields.Image("Signature", max_width=1024, max_height=512, copy=False)
    has_difference = fields.Boolean(readonly=True, copy=False)
    returned_on = fields.Date("Returned On", readonly=True, copy=False)
    returned_to_id = fields.Many2one("res.users", "Received Back By", readonly=True, copy=False)
    days_late = fields.Integer("Overdue By (days)", compute="_compute_days_late", store=True)
    lost_on = fields.Date(readonly=True, copy=False)
    lost_by_id = fields.Many2one("res.users", "Reported By", readonly=True, copy=False)
    lost_story = fields.Text("What Happened", readonly=True, copy=False)
    lost_measures = fields.Text(
        "Measures", copy=False, help="Search, declared void, copy obtained, who pays."
    )
    lost_settled_on = fields.Date("Settled On", readonly=True, copy=False)

    # A dossier d covers [d * 2^32, (d + 1) * 2^32), its document n the one number d * 2^32 + n.
    _papers_once = models.Constraint(
        """EXCLUDE USING gist (int8range(
            (dossier_id::bigint << 32) + COALESCE(document_id, 0)::bigint,
            (dossier_id::bigint << 32)
                + CASE WHEN document_id IS NULL THEN 4294967296 ELSE document_id::bigint + 1 END
        ) WITH &&) WHERE (state = 'issued' AND kind <> 'deed')""",
        "The dossier, or one of its documents, is already on loan: wait until it is returned.",
    )
    _deed_once = models.UniqueIndex(
        "(deed_id) WHERE state = 'issued' AND deed_id IS NOT NULL", "The deed is already on loan."
    )
    _one_item = models.Constraint(
        """CHECK((kind = 'archive' AND archive_id IS NOT NULL AND document_id IS NULL AND deed_id IS NULL)
              OR (kind = 'document' AND document_id IS NOT NULL AND archive_id IS NULL AND deed_id IS NULL)
              OR (kind = 'deed' AND deed_id IS NOT NULL AND archive_id IS NULL AND document_id IS NULL))""",
        "An item must be exactly one dossier, document or deed.",
    )
    _pages_valid = models.Constraint(
        "CHECK(page_issued >= 0 AND page_returned >= 0)", "Pages cannot be negative."
    )
    _item_idx = models.Index("(dossier_id, state)")

    @api.depends("kind", "archive_id", "document_id", "deed_id")
    def _compute_item(self):
        for line in self:
            # sudo: name and pages of what is asked for are copied; the right to read it is checked
            # when the line is made
            own = line.sudo()
            item = own._item()
            line.dossier_id = own.archive_id or own.document_id.archive_id
            line.name = item.display_name if item else False

    @api.depends(
        "archive_id.page_there",
        "document_id.page_count",
        "document_id.pages_missing",
        "deed_id.quantity_there",
        "kind",
    )
    def _compute_page_expected(self):
        """What is really there is expected, until it was handed out."""
        for line in self:
            if line.state in (False, "requested"):
                line.page_expected = line._pages_there()
            else:
                line.page_expected = line.page_expected

    def _pages_there(self):
        """Return how many pages (of deeds: pieces) of the item are really there."""
        # sudo: the pages of what is asked for; the right to read it is checked when the line is made
        item = self.sudo()._item()
        if self.kind == "archive":
            return item.page_there
        if self.kind == "document":
            return max(item.page_count - item.pages_missing, 0)
        return item.quantity_there

    @api.depends("page_expected")
    def _compute_page_issued(self):
        for line in self:
            if line.state in (False, "requested"):
                line.page_issued = line.page_expected

    @api.depends("returned_on", "loan_id.date_due")
    def _compute_days_late(self):
        for line in self:
            due, back = line.loan_id.date_due, line.returned_on
            line.days_late = max((back - due).days, 0) if due and back else 0

    def _item(self):
        """Return the record that is lent."""
        self.ensure_one()
        return {"archive": self.archive_id, "document": self.document_id, "deed": self.deed_id}[
            self.kind or "archive"
        ]

    @api.constrains("archive_id", "document_id", "deed_id", "loan_id")
    def _check_item(self):
        for line in self.sudo():  # sudo: the rule holds for items the user cannot read
            item = line._item()
            if item.company_id != line.company_id:
                raise ValidationError(self.env._("“%s” belongs to another company.", line.name))
            dossier = line.dossier_id
            if dossier and dossier.state != "registered":
                raise ValidationError(
                    self.env._("“%s” is not in the archive and cannot be lent.", line.name)
                )
            if line.kind == "document" and item.medium == "electronic":
                raise ValidationError(
                    self.env._("“%s” is only a file: there is no paper to lend.", line.name)
                )

    # --- guard --------------------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """One asks for what one may read; counts and signatures come at the desk."""
        if not self.env.su:
            facts = {"state", "has_difference", "returned_on", "returned_to_id", "days_late"}
            facts |= {
                "lost_on",
                "lost_by_id",
                "lost_story",
                "lost_settled_on",
                "dossier_id",
                "name",
            }
            facts |= AT_RETURN | {"page_expected", "borrower_id", "company_id", "cleared_on"}
            self, vals_list = without(self, vals_list, facts)
        lines = super().create(vals_list)
        lines._check_may_ask()
        return lines

    def write(self, vals):
        """The slip stays as asked for; the desk enters what goes out and comes back."""
        if vals.get("return_signature") and len(self.borrower_id) > 1:
            raise UserError(self._one_person_text())
        if not self.env.su:
            facts = {"state", "returned_on", "has_difference", "lost_on", "cleared_on"}
            facts |= {"pages_short", "page_expected", "days_late"}
            if facts & vals.keys():
                raise AccessError(
                    self.env._("Use the buttons: the circulation desk records what happened.")
                )
            names = set(vals)
            for line in self:
                line._check_step(names)
        result = super().write(vals)
        if ASKED & vals.keys():
            self._check_may_ask()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if not self.env.su and any(line.loan_id.state != "draft" for line in self):
            raise UserError(
                self.env._("This loan slip is no longer a draft and its items cannot be changed.")
            )

    def _one_person_text(self):
        return self.env._(
            "These papers are for %s: everyone signs only for their own papers. Process one "
            "person after the other.",
            ", ".join(self.borrower_id.mapped("name")),
        )

    def _check_may_ask(self):
        if self.env.su:
            return
        for line in self:
            if line.loan_id.state != "draft":
                raise UserError(
                    self.env._("This loan slip is no longer a draft: create a new one.")
                )
            # sudo: to get at the item; its own rights are checked with the user's
            line.sudo()._item().with_env(self.env).check_access("read")

    def _check_step(self, names):
        """Refuse what is entered at another time or by other people."""
        self.ensure_one()
        keeper = self.loan_id._is_keeper(self.loan_id.kind)
        if names & AT_ISSUE and not (keeper and self.loan_id.state == "approved"):
            raise UserError(self.env._("Pages are counted when the loan is handed out."))
        if names & AT_RETURN and not (keeper and self.state == "issued"):
            raise UserError(self.env._("Pages are counted when the item comes back."))
        if "lost_measures" in names and not (keeper and self.state == "lost"):
            raise UserError(self.env._("Measures for lost items are entered by the archive."))
        if names & ASKED and self.loan_id.state != "draft":
            raise UserError(
                self.env._("This loan slip is no longer a draft and cannot be changed.")
            )

    # --- availability -------------------------------------------------------------------------
    def _out_now(self):
        """Return the lines of others that keep these items from being lent, in one query."""
        dossiers = self.dossier_id
        domain = fields.Domain("state", "=", "issued") & (
            fields.Domain("dossier_id", "in", dossiers.ids)
            | fields.Domain("deed_id", "in", self.sudo().deed_id.ids)
        )
        # sudo: whoever has it, it is out
        return self.sudo().search(domain) - self.sudo()

    def _clashes(self, other):
        """Whether the two items overlap: the same one, or a dossier and its document."""
        if self.kind == "deed" or other.kind == "deed":
            return self.deed_id == other.deed_id and self.kind == other.kind
        if self.dossier_id != other.dossier_id:
            return False
        return "archive" in (self.kind, other.kind) or self.document_id == other.document_id

    def _is_lost(self):
        """Whether no paper of the dossier is where it should be."""
        papers = self.dossier_id.document_ids.filtered(lambda paper: paper.medium != "electronic")
        return bool(papers) and all(paper.paper_state == "missing" for paper in papers)

    def _not_available(self):
        """Return why items cannot be lent now, in words for the borrower."""
        reasons = []
        lines = self.sudo()  # sudo: who has it is told to who asks for it
        out = lines._out_now()
        for position, line in enumerate(lines):
            clash = next((other for other in out if line._clashes(other)), None)
            if clash:
                reasons.append(
                    self.env._(
                        "“%(item)s” is on loan to %(who)s until %(day)s",
                        item=clash.name,
                        who=clash.borrower_id.name,
                        day=fields.Date.to_string(clash.date_due),
                    )
                )
            elif any(line._clashes(other) for other in lines[:position]):
                reasons.append(self.env._("“%s” is listed twice on the loan slip", line.name))
            elif line.kind == "document" and line.document_id.paper_state != "in_place":
                reasons.append(self.env._("the paper of “%s” is not in place", line.name))
            elif line.kind == "archive" and line._is_lost():
                reasons.append(self.env._("“%s” is reported lost", line.name))
            elif line.kind == "deed" and line.deed_id.state not in ("in_safe", "lent"):
                reasons.append(self.env._("“%s” is not in the safe", line.name))
            elif line.dossier_id and line.dossier_id.state != "registered":
                reasons.append(self.env._("“%s” is no longer in the archive", line.name))
        return reasons

    def _claim(self, vals):
        """Mark the lines as out; of two people at the same second one gets the paper.

        :raises ItemLent: somebody else has just got it
        """
        try:
            with self.env.cr.savepoint():
                self.sudo().write(vals)  # sudo: facts of the desk, whose right was checked
                self.env.flush_all()
        except (psycopg2.errors.ExclusionViolation, psycopg2.errors.UniqueViolation) as error:
            self.invalidate_recordset()
            raise ItemLent(
                self.env._(
                    "“%s” has just been handed out to someone else. Nothing on this loan "
                    "slip was handed out.",
                    ", ".join(self.mapped("name")),
                )
            ) from error

    # --- an item of a slip, as it is scanned
    def _item_code(self):
        """Return the number of the item that the desk reads."""
        self.ensure_one()
        # sudo: the number stands on the paper that is handed out
        item = self.sudo()._item()
        return (item.name if self.kind == "archive" else item.number) or ""

    def _item_barcode(self):
        """Return the barcode of the item, empty without a number."""
        code = self._item_code()
        return code and barcode_picture(code)
