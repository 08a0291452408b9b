from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..models.archive.dossier.customer_archive_document import BARCODE

LINE = "customer.archive.loan.line"


class CustomerArchiveDesk(models.TransientModel):
    """The desk of the archive: scan a slip, a dossier, a document or a deed, count, sign.

    What is out comes back, what is approved goes out: the desk finds out which by itself.
    """

    _name = "customer.archive.desk"
    _inherit = ["customer.named.mixin"]
    _description = "Circulation Desk"

    kind = fields.Selection(
        [("papers", "Dossiers and documents"), ("deeds", "Deeds")],
        "Circulation Desk",
        required=True,
        default=lambda self: self._default_kind(),
    )
    scan = fields.Char("Scan or Type a Number", help="Of a loan slip, dossier, document or deed.")
    message = fields.Char(readonly=True)
    line_ids = fields.One2many("customer.archive.desk.line", "desk_id", "Items")
    issue_count = fields.Integer("Goes Out", compute="_compute_counts")
    return_count = fields.Integer("Comes Back", compute="_compute_counts")
    has_both = fields.Boolean(compute="_compute_counts", help="Handles both papers and deeds.")
    person_id = fields.Many2one("res.users", "Person", compute="_compute_counts")
    signature = fields.Image("Signature", max_width=1024, max_height=512)

    @api.model
    def _default_kind(self):
        user = self.env.user
        archivist = user.has_group("customer_governance.group_archivist")
        deed = user.has_group("customer_governance.group_deed")
        return "deeds" if deed and not archivist else "papers"

    def _compute_display_name(self):
        """A desk has no number: it is called what it is."""
        self.display_name = self.env["ir.model"]._get(self._name).name

    @api.depends("line_ids.way")
    def _compute_counts(self):
        both = all(
            self.env.user.has_group(f"customer_governance.group_{role}")
            for role in ("archivist", "deed")
        )
        for desk in self:
            desk.has_both = both
            ways = desk.line_ids.mapped("way")
            desk.issue_count = ways.count("issue")
            desk.return_count = ways.count("return")
            desk.person_id = desk.line_ids.borrower_id[:1]

    def _check_desk(self):
        """Only who keeps the papers works here."""
        self.ensure_one()
        if not self.env["customer.archive.loan"]._is_keeper(self.kind):
            raise AccessError(
                self.env._("The circulation desk is available only to custodians of the archive.")
            )

    def _find(self, code):
        """Return the lines that a code stands for: of a slip all, else what is out or to hand out."""
        lines = self.env[LINE]
        domain = Domain("loan_id.kind", "=", self.kind)
        # the last slips first, so that an old number does not hide a new one
        slip = self.env["customer.archive.loan"].search(
            [("name", "=", code), ("kind", "=", self.kind)], limit=1
        )
        if slip:
            return slip.line_ids.filtered(lambda line: line.state in ("requested", "issued"))
        if self.kind == "deeds":
            domain &= Domain("deed_id.number", "=", code)
        else:
            papers = Domain("archive_id.name", "=", code) | Domain("document_id.number", "=", code)
            if barcode := BARCODE.fullmatch(code.upper()):
                papers |= Domain("document_id", "=", int(barcode[1]))
            domain &= papers
        out = lines.search(domain & Domain("state", "=", "issued"), limit=1)
        return out or lines.search(
            domain & Domain("state", "=", "requested") & Domain("loan_id.state", "=", "approved"),
            order="id",
            limit=1,
        )

    @api.onchange("scan")
    def _onchange_scan(self):
        """Add what was scanned; a second scan of an item counts it as it went out."""
        code = (self.scan or "").strip()
        if not code:
            return
        self._check_desk()
        self.scan = False
        found = self._find(code)
        if not found:
            self.message = self.env._(
                "“%s” is neither on loan nor approved for loan. Find its loan slip.", code
            )
            return
        self.message = self._not_approved(found) or self._other_person(found)
        if self.message:
            return
        known = {line.loan_line_id.id: line for line in self.line_ids}
        for line in found:
            if line.id in known:
                known[line.id].is_counted = True
            else:
                self.line_ids += self.env["customer.archive.desk.line"].new(self._desk_vals(line))

    def _not_approved(self, found):
        """Return why what was scanned does not go out: nobody approved its slip; empty: it can."""
        slip = found.loan_id.filtered(lambda loan: loan.state not in ("approved", "issued"))[:1]
        if not slip:
            return ""
        states = dict(slip._fields["state"]._description_selection(self.env))
        return self.env._(
            "Nothing of loan slip %(slip)s can be handed out: it is not approved (%(state)s).",
            slip=slip.name,
            state=states[slip.state],
        )

    def _other_person(self, found):
        """Return why what was scanned cannot lie beside the papers of somebody else; empty: it can.

        One person signs for the own papers only: one booking, one person.
        """
        here, new = self.line_ids.borrower_id, found.borrower_id
        if not here or new == here:
            return ""
        return self.env._(
            "“%(items)s” is for %(new)s, but papers of %(here)s are on the desk. Process "
            "these first: everyone signs only for their own papers.",
            items=", ".join(found.mapped("name")),
            new=", ".join((new - here).mapped("name")),
            here=", ".join(here.mapped("name")),
        )

    def _desk_vals(self, line):
        way = "return" if line.state == "issued" else "issue"
        return {
            "loan_line_id": line.id,
            "way": way,
            "page_count": line.page_issued if way == "return" else line.page_expected,
        }

    def _add_loan(self, loan):
        """Put everything of a loan on the desk that can go out or come back."""
        lines = loan.line_ids.filtered(lambda line: line.state in ("requested", "issued"))
        self.line_ids = [fields.Command.create(self._desk_vals(line)) for line in lines]

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Circulation Desk"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "main",
        }

    def action_book(self):
        """Hand out and take back what lies on the desk, all or nothing."""
        self._check_desk()
        if not self.line_ids:
            raise UserError(self.env._("Scan a loan slip or document first."))
        people = self.line_ids.borrower_id
        if len(people) > 1:
            raise UserError(
                self.env._(
                    "There are papers of %s on the desk: process one person after the other.",
                    ", ".join(people.mapped("name")),
                )
            )
        uncounted = self.line_ids.filtered(lambda line: not line.is_counted)
        if uncounted:
            raise UserError(
                self.env._("Count the pages first: %s", ", ".join(uncounted.mapped("name")))
            )
        self._book_out()
        self._book_back()
        done = self.env._(
            "Handed out: %(out)s. Received back: %(back)s.",
            out=self.issue_count,
            back=self.return_count,
        )
        short = self.line_ids.filtered(
            lambda line: line.way == "return" and line.page_count < line.page_record
        )
        if short:
            done += " " + self.env._(
                "Returned incomplete: %s. You have a to-do to resolve it.",
                ", ".join(short.mapped("name")),
            )
        desk = self.create({"kind": self.kind, "message": done})
        return desk._reopen()

    def _book_out(self):
        """Hand out whole slips: what was not counted in full does not go out."""
        out = self.line_ids.filtered(lambda line: line.way == "issue")
        for loan, rows in out.grouped(lambda line: line.loan_line_id.loan_id).items():
            missing = loan.line_ids - rows.loan_line_id
            if missing:
                raise UserError(
                    self.env._(
                        "Loan slip %(slip)s must be handed out as a whole. Still to scan: "
                        "%(items)s",
                        slip=loan.name,
                        items=", ".join(missing.mapped("name")),
                    )
                )
            for row in rows:
                row.loan_line_id.page_issued = row.page_count
            if self.signature:
                loan.issue_signature = self.signature
            loan.action_issue()

    def _book_back(self):
        back = self.line_ids.filtered(lambda line: line.way == "return")
        for row in back:
            row.loan_line_id.write(
                {
                    "is_counted": True,
                    "page_returned": row.page_count,
                    "is_damaged": row.is_damaged,
                    "return_note": row.note,
                    "return_signature": self.signature,
                }
            )
        back.loan_line_id.action_return()
