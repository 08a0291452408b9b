from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ....engine.transitions import Transition, TransitionTable
from ...common.guard import Kept, Only
from ..dossier.ir_attachment import DOCUMENT

_lt = LazyTranslate(__name__)


class CustomerArchiveUploadLine(models.Model):
    """A document that a customer sent: somebody takes it into the dossier or refuses it."""

    _name = "customer.archive.upload.line"
    _inherit = [
        "customer.archive.files.mixin",
        "customer.transition.mixin",
        "customer.archive.logged.mixin",
    ]
    _description = "Document Sent by Customer"
    _order = "id desc"
    _guards = (
        Only(
            frozenset({"name", "requirement_id", "reason", "state"}),
            _lt("Documents sent by the customer cannot be changed."),
        ),
        Kept(
            None,
            _lt("This has already been decided."),
            states=("received",),
            but=frozenset({"state"}),
        ),
    )

    _transitions = TransitionTable(
        "received",
        (
            Transition("take", ("received",), "taken", "_guard_take"),
            Transition("refuse", ("received",), "refused", "_guard_refuse"),
        ),
    )

    upload_id = fields.Many2one(
        "customer.archive.upload",
        "Upload Link",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    archive_id = fields.Many2one(
        related="upload_id.archive_id", string="Dossier", store=True, index=True
    )
    archive_state = fields.Selection(related="archive_id.state", string="Dossier Status")
    company_id = fields.Many2one(related="upload_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="upload_id.partner_id", string="Customer", store=True, index=True
    )
    class_id = fields.Many2one(related="upload_id.class_id")
    requirement_id = fields.Many2one(
        "customer.archive.requirement",
        "Checklist",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('class_id', '=', class_id)]",
        help="The checklist entry fulfilled by the document.",
    )
    name = fields.Char("Document", required=True)
    note = fields.Text("Customer's Note", readonly=True)
    received_on = fields.Datetime("Received At", required=True, readonly=True)
    file_count = fields.Integer("Number of Files", readonly=True)
    size = fields.Integer("Bytes", readonly=True)
    file_names = fields.Char("File Names", readonly=True)
    state = fields.Selection(
        [("received", "To review"), ("taken", "Accepted"), ("refused", "Refused")],
        required=True,
        default="received",
        readonly=True,
        index=True,
    )
    reason = fields.Char("Reason for Refusal", help="The customer will read it.")
    decided_by_id = fields.Many2one(
        "res.users", "Accepted or Refused By", readonly=True, index=True
    )
    decided_on = fields.Datetime("Decided On", readonly=True)
    document_id = fields.Many2one(
        DOCUMENT, "In the Dossier", readonly=True, index="btree_not_null", ondelete="set null"
    )
    supplement_id = fields.Many2one(
        "customer.archive.supplement",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    # --- deciding -----------------------------------------------------------------------------

    def _guard_take(self):
        """Return why the document cannot come into the dossier now."""
        self.ensure_one()
        archive = self.archive_id
        if archive.state == "draft":
            return []
        if archive.state == "registered":
            if self.env.su or archive._is_archivist():
                return []
            return [
                self.env._("the dossier has been filed: an archivist must add it as an amendment")
            ]
        return [
            self.env._(
                "the dossier is %s: it must first be sent back to A",
                dict(archive._fields["state"]._description_selection(self.env))[archive.state],
            )
        ]

    def _guard_refuse(self):
        """Refusing needs a word for the customer."""
        if (self.reason or "").strip():
            return []
        return [self.env._("enter the reason: the customer will read it")]

    def action_take(self):
        """Put the documents into their dossier; into a registered one by a supplement.

        The files move: there is one copy of each.
        """
        self._transition("take")
        for line in self:
            values = {
                "name": line.name,
                "requirement_id": line.requirement_id.id,
                "section_id": line.requirement_id.section_id.id,
                "medium": "electronic",
                "is_original": False,
            }
            if line.archive_id.state == "draft":
                target = line.archive_id._fill_row(values)
                line._decided(document_id=target.id)
            else:
                target = self.env["customer.archive.supplement"].create(
                    {
                        **values,
                        "archive_id": line.archive_id.id,
                        "reason": self.env._("Sent by the customer: %s", line.name),
                    }
                )
                line._decided(supplement_id=target.id)
            line._move_files_to(target)
        self.upload_id._finish_look()
        if len(self) == 1 and self.supplement_id:
            # a filed dossier has it once the amendment is applied: nobody should have to look for it
            return self.action_open_result()
        return True

    def _move_files_to(self, target):
        # sudo: the right to the target was checked by its creation
        files = self.sudo().attachment_ids
        self.sudo().attachment_ids = [(5,)]
        files.write({"res_model": False, "res_id": False})
        target.sudo().attachment_ids = [(6, 0, files.ids)]

    def action_refuse(self):
        """Refuse documents: their files go, the customer reads the reason on the page."""
        # sudo: only whether there is a hold
        self.sudo().archive_id._check_not_held()
        self._transition("refuse")
        # sudo: files of what the caller just refused
        files = self.sudo().attachment_ids
        self._decided(file_count=0, size=0)
        files.unlink()
        self.upload_id._finish_look()
        return True

    def _decided(self, **values):
        # sudo: facts, recorded by the buttons only
        self.sudo().write(
            {**values, "decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}
        )

    def action_open_result(self):
        """Open the document or the supplement that came of it."""
        self.ensure_one()
        self.check_access("read")
        result = self.supplement_id or self.document_id
        return {
            "type": "ir.actions.act_window",
            "res_model": result._name,
            "res_id": result.id,
            "view_mode": "form",
        }
