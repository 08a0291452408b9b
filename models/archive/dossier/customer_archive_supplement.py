from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ....engine.transitions import Transition, TransitionTable
from ...common.guard import Facts, Kept
from .customer_archive import ARCHIVIST
from .customer_archive_document import MEDIA

_lt = LazyTranslate(__name__)

# What a supplement can say about a document.
VALUES = (
    "name",
    "section_id",
    "requirement_id",
    "is_original",
    "page_count",
    "page_from",
    "page_to",
    "is_signed",
    "date_from",
    "date_until",
    "medium",
    "note",
)


class CustomerArchiveSupplement(models.Model):
    """The one way to change a registered dossier: one document more, corrected or withdrawn.

    It says why, what was there before and who applied it, and stays.
    """

    _name = "customer.archive.supplement"
    _inherit = [
        "customer.confidential.mixin",
        "customer.archive.files.mixin",
        "customer.transition.mixin",
        "mail.thread",
    ]
    _description = "Dossier Amendment"
    _order = "id desc"
    _rec_name = "archive_id"
    _guards = (
        Facts(
            frozenset({"changes", "applied_by_id", "applied_on"}),
            _lt("The user and the changes applied are recorded by the button."),
        ),
        Kept(
            None,
            _lt("This amendment was applied or cancelled: create a new one."),
            but=frozenset({"state"}),
        ),
    )

    _transitions = TransitionTable(
        "draft",
        (
            Transition("apply", ("draft",), "applied", "_guard_apply", ARCHIVIST),
            Transition("cancel", ("draft",), "cancelled", "", ARCHIVIST),
        ),
    )

    archive_id = fields.Many2one(
        "customer.archive",
        "Dossier",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', '=', 'registered')]",
    )
    company_id = fields.Many2one(related="archive_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="archive_id.partner_id", string="Customer", store=True)
    class_id = fields.Many2one(related="archive_id.class_id")
    kind = fields.Selection(
        [
            ("add", "Add a document"),
            ("correct", "Correct a document"),
            ("withdraw", "Withdraw a document"),
        ],
        required=True,
        default="add",
    )
    document_id = fields.Many2one(
        "customer.archive.document",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('archive_id', '=', archive_id)]",
        help="The document to be corrected or withdrawn; for an addition, the new document once "
        "it has been added.",
    )
    reason = fields.Text(required=True, tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("applied", "Applied"), ("cancelled", "Cancelled")],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    name = fields.Char("Title")
    section_id = fields.Many2one(
        "customer.archive.section",
        index="btree_not_null",
        domain="[('class_id', '=', class_id)]",
        ondelete="restrict",
    )
    requirement_id = fields.Many2one(
        "customer.archive.requirement",
        "Checklist",
        index="btree_not_null",
        domain="[('class_id', '=', class_id)]",
        ondelete="restrict",
    )
    is_original = fields.Boolean("Original", default=True)
    page_count = fields.Integer("Pages", default=1)
    page_from = fields.Integer("From Page")
    page_to = fields.Integer("To Page")
    is_signed = fields.Boolean("Signed")
    date_from = fields.Date("Valid From")
    date_until = fields.Date("Valid Until")
    medium = fields.Selection(MEDIA, "Medium", default="paper")
    note = fields.Char()
    changes = fields.Text(readonly=True, copy=False, help="Values before and after the change.")
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    applied_on = fields.Datetime(readonly=True, copy=False)

    @api.onchange("document_id", "kind")
    def _onchange_document_id(self):
        """Corrections start from what is registered."""
        if self.kind == "correct" and self.document_id:
            self.update({name: self.document_id[name] for name in VALUES})

    @api.onchange("requirement_id")
    def _onchange_requirement_id(self):
        self.name = self.name or self.requirement_id.name
        self.section_id = self.requirement_id.section_id or self.section_id

    @api.constrains("document_id", "archive_id")
    def _check_document(self):
        for supplement in self:
            document = supplement.document_id
            if document and document.archive_id != supplement.archive_id:
                raise ValidationError(self.env._("The document belongs to another dossier."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if self.filtered(lambda one: one.state != "draft"):
            raise UserError(
                self.env._("Amendments are part of the dossier's history and cannot be deleted.")
            )

    def _guard_apply(self):
        """Return why the dossier cannot be changed."""
        self.ensure_one()
        reasons = []
        if self.archive_id.state != "registered":
            reasons.append(
                self.env._("the dossier has not been filed: change its documents directly")
            )
        if self.archive_id.hold and self.kind == "withdraw":
            reasons.append(self.env._("the dossier is on legal hold: nothing can be withdrawn"))
        if self.kind == "add" and not self.name:
            reasons.append(self.env._("the new document has no title"))
        if self.kind != "add" and not self.document_id:
            reasons.append(self.env._("choose the document"))
        return reasons

    def action_apply(self):
        """Change the dossier and write down what changed."""
        for supplement in self:
            supplement._transition("apply")
            supplement._change_dossier()
        return True

    def action_cancel(self):
        """Give the supplement up."""
        return self._transition("cancel")

    def _change_dossier(self):
        self.ensure_one()
        # sudo: the change was checked by the transition; the mark opens the frozen dossier
        supplement = self.sudo().with_env(self.sudo().archive_id._thawed().env)
        document = supplement.document_id
        before = supplement._words(document)
        vals = {name: supplement[name] for name in VALUES}
        for name in ("section_id", "requirement_id"):
            vals[name] = supplement[name].id
        if supplement.kind == "add":
            document = document.create({**vals, "archive_id": supplement.archive_id.id})
        elif supplement.kind == "correct":
            document.write(vals)
        else:
            document.active = False
        if supplement.attachment_ids:
            document.attachment_ids |= supplement.attachment_ids
            supplement.attachment_ids.write({"res_model": document._name, "res_id": document.id})
        document._give_numbers()
        document._keep_checksums()
        after = supplement._words(document)
        lines = [
            f"{label}: {before.get(label) or '-'} → {text or '-'}"
            for label, text in after.items()
            if text != before.get(label)
        ]
        supplement.write(
            {
                "document_id": document.id,
                "changes": "\n".join(lines),
                "applied_by_id": self.env.uid,
                "applied_on": fields.Datetime.now(),
            }
        )
        supplement.archive_id.message_post(
            body=Markup("<b>%s</b> %s<br/>%s")
            % (
                document.display_name,
                supplement.reason,
                Markup("<br/>").join(lines),
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _words(self, document):
        """Return {label: text} of what a document says."""
        if not document:
            return {}
        words = {}
        for name in (*VALUES, "active", "attachment_ids"):
            field = document._fields[name]
            value = document[name]
            if field.relational:
                value = ", ".join(value.mapped("display_name"))
            elif field.type == "selection":
                value = dict(field._description_selection(self.env)).get(value, value)
            elif field.type == "boolean":
                value = self.env._("yes") if value else self.env._("no")
            words[field._description_string(self.env)] = str(value or "")
        return words
