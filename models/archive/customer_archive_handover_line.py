from odoo import api, fields, models
from odoo.exceptions import AccessError

COUNTED = {"result", "pages_found", "note"}


class CustomerArchiveHandoverLine(models.Model):
    """What one document looked like when it was handed over."""

    _name = "customer.archive.handover.line"
    _description = "Counted Document"
    _order = "handover_id, sequence, id"

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
    pages_expected = fields.Integer("Pages Expected", readonly=True)
    pages_found = fields.Integer("Pages Found")
    result = fields.Selection(
        [
            ("open", "Not counted"),
            ("found", "Found"),
            ("missing", "Not there"),
            ("unsigned", "Signature missing"),
        ],
        required=True,
        default="open",
    )
    is_found = fields.Boolean("There", compute="_compute_is_found", inverse="_inverse_is_found")
    is_different = fields.Boolean("Differs", compute="_compute_is_different", store=True)
    note = fields.Char("Word", help="A difference needs a word.")

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

    @api.model_create_multi
    def create(self, vals_list):
        """What is expected comes from the dossier."""
        if not self.env.su:
            raise AccessError(self.env._("What is expected comes from the dossier."))
        return super().create(vals_list)

    def write(self, vals):
        """Only what the receiver counts."""
        if not self.env.su:
            if vals.keys() - COUNTED - {"is_found"}:
                raise AccessError(self.env._("What is expected comes from the dossier."))
            self.handover_id._check_counting()
        result = super().write(vals)
        if vals.get("result") == "found" and "pages_found" not in vals:
            for line in self.filtered(lambda line: not line.pages_found and line.pages_expected):
                line.pages_found = line.pages_expected
        return result

    @api.onchange("result")
    def _onchange_result(self):
        if self.result == "found":
            self.pages_found = self.pages_found or self.pages_expected
