"""Where a dossier is kept, who has it, which deeds belong to it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

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
        "Place",
        index=True,
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('is_safe', '=', False)]",
        help="Its home: it stays reserved while the dossier is lent.",
    )
    move_ids = fields.One2many("customer.archive.move", "archive_id", "Moves")
    deed_ids = fields.One2many(
        "customer.archive.deed", "archive_id", "Deeds", groups=DEED_READERS, copy=False
    )
    deed_count = fields.Integer(
        "Number of Deeds", compute="_compute_deed_count", groups=DEED_READERS
    )
    loan_line_ids = fields.One2many("customer.archive.loan.line", "dossier_id", "Loans", copy=False)
    is_lent = fields.Boolean(
        "Lent", compute="_compute_lent", search="_search_is_lent", help="The whole dossier is out."
    )
    lent_to_id = fields.Many2one("res.users", "Is With", compute="_compute_lent")
    lent_until = fields.Date("Back By", compute="_compute_lent")
    lent_document_count = fields.Integer("Documents Out", compute="_compute_lent")

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
                        "“%s” is a safe: it is for deeds. Choose another place for the dossier.",
                        archive.location_id.complete_name,
                    )
                )
            if archive.location_id and not archive.location_id.active:
                raise ValidationError(
                    self.env._(
                        "“%s” is not used any more. Choose another place.",
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

    def _check_keeper(self):
        if not self.env.su and not self.env.user.has_group(KEEPER):
            raise AccessError(self.env._("Dossiers get their place from an archivist."))
        # sudo: only the state
        if any(archive.state == "disposed" for archive in self.sudo()):
            raise UserError(self.env._("A dossier that was disposed of has no place."))

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

    def action_hand_over_deeds(self):
        """Open a new handover of deeds of the dossier."""
        self.ensure_one()
        self.check_access("read")
        self.env["customer.archive.deed.handover"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over Deeds"),
            "res_model": "customer.archive.deed.handover",
            "view_mode": "form",
            "context": {"default_archive_id": self.id, "default_checker_id": self.role_b_id.id},
        }
