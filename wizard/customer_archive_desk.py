from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

LINE = "customer.archive.loan.line"


class CustomerArchiveDesk(models.TransientModel):
    """The desk of the archive: scan a slip, a dossier, a document or a deed, count, sign.

    What is out comes back, what is approved goes out: the desk finds out which by itself.
    """

    _name = "customer.archive.desk"
    _description = "Issue and Return Desk"

    kind = fields.Selection(
        [("papers", "Dossiers and documents"), ("deeds", "Deeds")],
        "Desk",
        required=True,
        default=lambda self: self._default_kind(),
    )
    scan = fields.Char("Scan or Type a Number", help="Of a slip, a dossier, a document or a deed.")
    message = fields.Char(readonly=True)
    line_ids = fields.One2many("customer.archive.desk.line", "desk_id", "Items")
    issue_count = fields.Integer("Goes Out", compute="_compute_counts")
    return_count = fields.Integer("Comes Back", compute="_compute_counts")
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
        for desk in self:
            ways = desk.line_ids.mapped("way")
            desk.issue_count = ways.count("issue")
            desk.return_count = ways.count("return")
            desk.person_id = desk.line_ids.borrower_id[:1]

    def _check_desk(self):
        """Only who keeps the papers works here."""
        self.ensure_one()
        if not self.env["customer.archive.loan"]._is_keeper(self.kind):
            raise AccessError(self.env._("The desk is for those who keep the papers."))

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
            domain &= Domain("archive_id.name", "=", code) | Domain("document_id.number", "=", code)
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
                "“%s” is neither out nor approved to go out. Look for its slip.", code
            )
            return
        self.message = False
        known = {line.loan_line_id.id: line for line in self.line_ids}
        for line in found:
            if line.id in known:
                known[line.id].is_counted = True
            else:
                self.line_ids += self.env["customer.archive.desk.line"].new(self._desk_vals(line))

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
            "name": self.env._("Desk"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_book(self):
        """Hand out and take back what lies on the desk, all or nothing."""
        self._check_desk()
        if not self.line_ids:
            raise UserError(self.env._("Scan a slip or a paper first."))
        uncounted = self.line_ids.filtered(lambda line: not line.is_counted)
        if uncounted:
            raise UserError(
                self.env._("Count the pages first: %s", ", ".join(uncounted.mapped("name")))
            )
        self._book_out()
        self._book_back()
        done = self.env._(
            "Handed out: %(out)s. Taken back: %(back)s.",
            out=self.issue_count,
            back=self.return_count,
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
                        "Slip %(slip)s goes out as a whole. Still to scan: %(items)s",
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
