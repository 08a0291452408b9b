from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ...common.guard import Only, SystemOnly

_lt = LazyTranslate(__name__)

STEPS = [("a_to_b", "A to B"), ("b_to_archive", "B to the archive")]

COUNTED = {"result", "pages_found", "note"}


class CustomerArchiveHandover(models.Model):
    """One step of the handover: what is expected is counted against what is found."""

    _name = "customer.archive.handover"
    _inherit = ["customer.guard.mixin"]
    _description = "Dossier Handover"
    _order = "id desc"
    _rec_name = "archive_id"

    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="archive_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="archive_id.partner_id", string="Customer", store=True)
    step = fields.Selection(STEPS, "Handover Step", required=True, readonly=True)
    state = fields.Selection(
        [
            ("open", "Counting"),
            ("done", "Received"),
            ("returned", "Sent back"),
            ("withdrawn", "Taken back"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    giver_id = fields.Many2one("res.users", "Handed Over By", readonly=True)
    given_on = fields.Datetime(readonly=True)
    receiver_id = fields.Many2one("res.users", "Received By", readonly=True)
    received_on = fields.Datetime(readonly=True)
    due_on = fields.Date(
        "Deadline",
        readonly=True,
        help="The deadline of the person handing over at the time of the handover.",
    )
    line_ids = fields.One2many("customer.archive.handover.line", "handover_id", "Expected")
    expected_count = fields.Integer("Expected Documents", compute="_compute_counts", store=True)
    found_count = fields.Integer("Documents Found", compute="_compute_counts", store=True)
    open_count = fields.Integer("Not Counted Yet", compute="_compute_counts", store=True)
    pages_expected = fields.Integer(compute="_compute_counts", store=True)
    pages_found = fields.Integer(compute="_compute_counts", store=True)
    can_count = fields.Boolean(compute="_compute_can_count")
    scan_code = fields.Char(
        "Scan", store=False, help="Scan the barcode of a document on the contents list to tick it."
    )

    _open_uniq = models.UniqueIndex(
        "(archive_id) WHERE state = 'open'",
        "There is already a handover of this dossier in progress.",
    )

    @api.depends(
        "line_ids.result", "line_ids.pages_expected", "line_ids.pages_found", "line_ids.note"
    )
    def _compute_counts(self):
        for handover in self:
            lines = handover.line_ids
            handover.expected_count = len(lines)
            handover.found_count = len(lines.filtered(lambda line: line.result == "found"))
            handover.open_count = len(lines.filtered(lambda line: not line._is_counted()))
            handover.pages_expected = sum(lines.mapped("pages_expected"))
            handover.pages_found = sum(
                lines.filtered(lambda line: line.result != "open").mapped("pages_found")
            )

    @api.depends("state", "step", "archive_id")
    @api.depends_context("uid")
    def _compute_can_count(self):
        for handover in self:
            handover.can_count = handover.state == "open" and handover._is_receiver()

    def _is_receiver(self):
        """Tell whether the user receives the dossier in this step."""
        self.ensure_one()
        # sudo: the two people of the dossier
        archive = self.sudo().archive_id
        if archive.with_env(self.env)._is_system():
            return True
        if self.step == "a_to_b":
            return self.env.user == archive.role_b_id
        return (
            self.env.user.has_group("customer_governance.group_archivist")
            and self.env.user not in archive.role_a_id | archive.role_b_id
        )

    def _check_counting(self):
        """Only the receiver counts, as long as the step is open.

        :raises AccessError: for others
        :raises UserError: afterwards
        """
        for handover in self:
            if handover.state != "open":
                raise UserError(
                    self.env._("This handover is completed: the count can no longer be changed.")
                )
            if not handover._is_receiver():
                raise AccessError(self.env._("Only the recipient of the dossier can count it."))

    @api.onchange("scan_code")
    def _onchange_scan_code(self):
        """Tick the document whose barcode was scanned."""
        code = (self.scan_code or "").strip().upper()
        self.scan_code = False
        if not code:
            return None
        line = self.line_ids.filtered(lambda line: line.barcode == code)
        if not line:
            return {
                "warning": {
                    "title": self.env._("Not in this dossier"),
                    "message": self.env._("No document on the contents list has barcode %s.", code),
                }
            }
        line.result = "found"
        line.pages_found = line.pages_expected
        return None

    def action_open_archive(self):
        """Open the dossier that is handed over."""
        self.ensure_one()
        self.check_access("read")
        return self.archive_id._action_open()

    def write(self, vals):
        """People count; steps and times are recorded by the buttons of the dossier."""
        if not self.env.su:
            if vals.keys() - {"line_ids", "scan_code"}:
                raise AccessError(self.env._("Steps are recorded by the buttons of the dossier."))
            self._check_counting()
        return super().write(vals)

    def _begin(self, archive, step):
        """Open a step with a line for each document; returns the handover."""
        return self.create(
            {
                "archive_id": archive.id,
                "step": step,
                "giver_id": self.env.uid,
                "given_on": fields.Datetime.now(),
                "due_on": archive.due_a_on if step == "a_to_b" else archive.due_b_on,
                "line_ids": [(0, 0, vals) for vals in archive._handover_expected()],
            }
        )

    def _finish(self, state):
        self.write(
            {"state": state, "receiver_id": self.env.uid, "received_on": fields.Datetime.now()}
        )
        # the unique index of open steps must not see the next one before this one ends
        self.flush_recordset(["state"])


class CustomerArchiveHandoverLine(models.Model):
    """What one document looked like when it was handed over."""

    _name = "customer.archive.handover.line"
    _inherit = ["customer.guard.mixin"]
    _description = "Counted Document"
    _order = "handover_id, sequence, id"
    _guards = (
        SystemOnly(_lt("Expected values come from the dossier.")),
        Only(frozenset(COUNTED | {"is_found"}), _lt("Expected values come from the dossier.")),
    )

    handover_id = fields.Many2one(
        "customer.archive.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    document_id = fields.Many2one(
        "customer.archive.document", index="btree_not_null", ondelete="set null", readonly=True
    )
    barcode = fields.Char(readonly=True)
    name = fields.Char("Title", required=True, readonly=True)
    section = fields.Char(readonly=True)
    sequence = fields.Integer(readonly=True)
    is_original = fields.Boolean("Original", readonly=True)
    pages_expected = fields.Integer("Expected Pages", readonly=True)
    pages_found = fields.Integer("Pages Found")
    result = fields.Selection(
        [
            ("open", "Not counted"),
            ("found", "Found"),
            ("missing", "Not available"),
            ("unsigned", "Signature missing"),
        ],
        required=True,
        default="open",
    )
    is_found = fields.Boolean("Present", compute="_compute_is_found", inverse="_inverse_is_found")
    is_different = fields.Boolean("Differs", compute="_compute_is_different", store=True)
    note = fields.Char("Note", help="A difference requires a note.")

    @api.depends("result")
    def _compute_is_found(self):
        for line in self:
            line.is_found = line.result == "found"

    @api.onchange("is_found")
    def _inverse_is_found(self):
        """Ticking finds all pages; who finds fewer says how many."""
        for line in self:
            if line.is_found and line.result != "found":
                line.update(
                    {"result": "found", "pages_found": line.pages_found or line.pages_expected}
                )
            elif not line.is_found and line.result == "found":
                line.update({"result": "open", "pages_found": 0})

    @api.depends("result", "pages_expected", "pages_found")
    def _compute_is_different(self):
        for line in self:
            line.is_different = line.result != "open" and (
                line.result != "found" or line.pages_found != line.pages_expected
            )

    def _is_counted(self):
        """Whether the line was looked at, and a difference has its word."""
        self.ensure_one()
        return self.result != "open" and (not self.is_different or bool((self.note or "").strip()))

    def write(self, vals):
        """Only what the receiver counts."""
        if not self.env.su:
            self.handover_id._check_counting()
        result = super().write(vals)
        if vals.get("result") == "found" and "pages_found" not in vals:
            for line in self.filtered(lambda line: not line.pages_found and line.pages_expected):
                line.pages_found = line.pages_expected
        elif vals.get("result") == "missing" and "pages_found" not in vals:
            self.filtered("pages_found").pages_found = 0
        return result

    @api.onchange("result")
    def _onchange_result(self):
        if self.result == "found":
            self.pages_found = self.pages_found or self.pages_expected
        elif self.result in ("open", "missing"):
            self.pages_found = 0
