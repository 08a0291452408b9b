from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.archive_checklist import FULFILLED


class CustomerArchiveHandOver(models.TransientModel):
    """A hands a dossier over: its papers to B, and the deeds that belong to it, in one go.

    It asks for what is missing: who checks it, the signature. The deeds go their own way, from A to
    B and to the deed custodian; later ones of a dossier that was handed over start here too.
    """

    _name = "customer.archive.hand.over"
    _inherit = ["customer.named.mixin"]
    _description = "Hand Over"

    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="archive_id.company_id")
    with_papers = fields.Boolean(compute="_compute_papers", help="A still has the papers.")
    document_count = fields.Integer("Documents", compute="_compute_papers")
    page_total = fields.Integer("Pages", compute="_compute_papers")
    missing_names = fields.Char("Missing", compute="_compute_papers")
    weak_names = fields.Char("Not Compliant", compute="_compute_papers")
    unanswered = fields.Char("Waiting for Your Answer", compute="_compute_papers")
    needs_signature = fields.Boolean(compute="_compute_papers")
    gap_names = fields.Char("Missing at the Handover", compute="_compute_papers")
    missing_rule = fields.Selection(related="archive_id.class_id.missing_rule")
    missing_word = fields.Text(
        "Reason It Is Missing",
        compute="_compute_missing_word",
        store=True,
        precompute=True,
        readonly=False,
    )
    checker_id = fields.Many2one(
        "res.users",
        "B: Checker",
        compute="_compute_checker_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        domain="[('share', '=', False), ('id', '!=', uid)]",
        help="Checks the documents before they go to the archive, and the deeds.",
    )
    signature = fields.Binary("Your Signature", attachment=False)
    deed_ids = fields.One2many("customer.archive.hand.over.deed", "hand_over_id", "Deeds")

    @api.depends("archive_id")
    def _compute_papers(self):
        Requirement = self.env["customer.archive.requirement"]
        for dialog in self:
            archive = dialog.archive_id
            dialog.with_papers = archive.state == "draft"
            dialog.document_count = archive.document_count
            dialog.page_total = archive.page_total
            dialog.needs_signature = archive.company_id.archive_signature_required
            dialog.missing_names = dialog.weak_names = dialog.unanswered = False
            dialog.gap_names = False
            if dialog.with_papers:
                missing, weak = [], []
                for requirement_id, status, _document in archive._checklist():
                    if status == "missing":
                        missing.append(requirement_id)
                    elif status not in FULFILLED:
                        weak.append(requirement_id)
                dialog.missing_names = ", ".join(Requirement.browse(missing).mapped("name"))
                dialog.weak_names = ", ".join(Requirement.browse(weak).mapped("name"))
                dialog.gap_names = ", ".join(archive._gaps())
                dialog.unanswered = ", ".join(archive._unanswered().mapped("name"))

    @api.depends("archive_id")
    def _compute_missing_word(self):
        for dialog in self:
            dialog.missing_word = dialog.archive_id.missing_word

    @api.depends("archive_id")
    def _compute_checker_id(self):
        for dialog in self:
            dialog.checker_id = dialog.archive_id.role_b_id

    def action_hand_over(self):
        """Hand the papers to B, and give the deeds to the same checker."""
        self.ensure_one()
        archive = self.archive_id
        archive._check_hands_over()
        if self.with_papers:
            if archive.role_b_id != self.checker_id:
                archive.role_b_id = self.checker_id
            if self.gap_names and self.missing_word != archive.missing_word:
                archive.missing_word = self.missing_word
            if self.signature:
                archive.signature_a = self.signature
            archive.action_submit()
        elif not self.deed_ids:
            raise UserError(self.env._("List the deeds you are handing over."))
        if self.deed_ids:
            self.env["customer.archive.deed.handover"].create(
                {
                    "archive_id": archive.id,
                    "checker_id": self.checker_id.id,
                    "giver_signature": self.signature,
                    "line_ids": [fields.Command.create(deed._vals()) for deed in self.deed_ids],
                }
            ).action_give()
        return {"type": "ir.actions.act_window_close"}
