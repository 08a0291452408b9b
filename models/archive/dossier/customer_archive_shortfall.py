from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ...common.guard import Facts

_lt = LazyTranslate(__name__)

KINDS = [
    ("paper", "Paper missing"),
    ("signature", "Signature missing"),
    ("original", "Original missing"),
    ("pages", "Pages missing"),
    ("validity", "No longer valid"),
    ("end_date", "No end date"),
    ("other", "Other"),
]


class CustomerArchiveShortfall(models.Model):
    """An entry of the supplement list: what A has to bring before the dossier goes on."""

    _name = "customer.archive.shortfall"
    _inherit = ["customer.guard.mixin"]
    _description = "Missing Item"
    _order = "archive_id, is_settled, id"
    _guards = (
        Facts(
            frozenset({"asked_by_id", "asked_on", "settled_on", "archive_id"}),
            _lt("Requester and time are recorded automatically."),
            unborn=frozenset({"asked_by_id", "asked_on", "settled_on", "answer"}),
        ),
    )

    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="archive_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="archive_id.partner_id", string="Customer", store=True)
    role_a_id = fields.Many2one(related="archive_id.role_a_id", string="Addressed To")
    archive_state = fields.Selection(related="archive_id.state")
    document_id = fields.Many2one(
        "customer.archive.document",
        index="btree_not_null",
        ondelete="set null",
        domain="[('archive_id', '=', archive_id)]",
    )
    requirement_id = fields.Many2one(
        "customer.archive.requirement", "Checklist", index="btree_not_null", ondelete="set null"
    )
    name = fields.Char("What", required=True)
    kind = fields.Selection(KINDS, required=True, default="paper")
    asked_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user, copy=False
    )
    asked_on = fields.Datetime(readonly=True, default=fields.Datetime.now, copy=False)
    answer = fields.Char(help="What A did about it, or why it cannot be provided.")
    is_settled = fields.Boolean("Resolved", compute="_compute_is_settled", store=True)
    settled_on = fields.Datetime(readonly=True, copy=False)

    @api.depends("settled_on")
    def _compute_is_settled(self):
        for shortfall in self:
            shortfall.is_settled = bool(shortfall.settled_on)

    def _check_may_ask(self):
        for shortfall in self:
            # sudo: who has the dossier now
            archive = shortfall.sudo().archive_id.with_env(self.env)
            if not archive._may_send_back():
                raise AccessError(
                    self.env._(
                        "Only the person currently checking the dossier can add missing items."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """B writes the list while checking, the archivist while accepting."""
        shortfalls = super().create(vals_list)
        if not self.env.su:
            shortfalls._check_may_ask()
        return shortfalls

    def write(self, vals):
        """A answers; who asked changes the rest."""
        if not self.env.su:
            if set(vals) == {"answer"}:
                self._check_may_answer()
            else:
                self._check_may_ask()
        return super().write(vals)

    def _check_may_answer(self):
        for shortfall in self:
            archive = shortfall.sudo().archive_id  # sudo: A and state of the dossier
            if archive.role_a_id != self.env.user or archive.state != "draft":
                raise UserError(
                    self.env._("A answers the missing items while the dossier is with A.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        """What A was sent back for stays on record."""
        if not self.env.su:
            self._check_may_ask()
