from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine import archive_custody as engine
from ..common.facts import without
from .customer_archive_deed import KINDS

LISTED = frozenset({"name", "kind", "deed_number", "owner_name", "quantity", "deed_id", "sequence"})
CHECKER = frozenset({"checker_agrees", "checker_quantity"})
RECEIVER = frozenset({"receiver_agrees", "receiver_quantity"})


class CustomerArchiveDeedHandoverLine(models.Model):
    """One deed of a handover, as listed by the giver and found by the two others."""

    _name = "customer.archive.deed.handover.line"
    _description = "Deed of a Handover"
    _order = "handover_id, sequence, id"

    handover_id = fields.Many2one(
        "customer.archive.deed.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    handover_state = fields.Selection(related="handover_id.state", string="Handover Step")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True, default="ownership")
    deed_number = fields.Char("Number of the Authority")
    owner_name = fields.Char("Owner on the Deed")
    quantity = fields.Integer("Pieces", required=True, default=1)
    checker_agrees = fields.Boolean("B: Name and Number Agree", copy=False)
    checker_quantity = fields.Integer("B: Pieces", copy=False)
    receiver_agrees = fields.Boolean("Custodian: Name and Number Agree", copy=False)
    receiver_quantity = fields.Integer("Custodian: Pieces", copy=False)
    agrees = fields.Boolean("Agreed", compute="_compute_agrees", store=True)
    remark = fields.Char("Word on the Difference", copy=False)
    deed_id = fields.Many2one(
        "customer.archive.deed",
        "Deed",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="customer_governance.group_deed,customer_governance.group_auditor",
        help="Registered already; empty: it becomes a deed of the dossier when it is received.",
    )

    _quantity_valid = models.Constraint("CHECK(quantity > 0)", "A deed has at least one original.")

    @api.depends(
        "quantity", "checker_agrees", "checker_quantity", "receiver_agrees", "receiver_quantity"
    )
    def _compute_agrees(self):
        for line in self:
            line.agrees, _reasons = engine.handover_agrees(
                line.quantity,
                engine.PartyCount(line.checker_agrees, line.checker_quantity),
                engine.PartyCount(line.receiver_agrees, line.receiver_quantity),
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Lines are listed before the deeds are given; counts come later."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, CHECKER | RECEIVER)
        lines = super().create(vals_list)
        lines._check_step(LISTED)
        return lines

    def write(self, vals):
        """Each party writes its own columns, in its own step."""
        self._check_step(vals.keys())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        self._check_step(LISTED)

    def _check_step(self, names):
        """Refuse columns of another party and of another step."""
        if self.env.su:
            return
        user = self.env.user
        for handover in self.handover_id:
            if LISTED & set(names) and handover.state != "draft":
                raise UserError(self.env._("The deeds were given: the list stays as it is."))
            if CHECKER & set(names) and (handover.state != "given" or user != handover.checker_id):
                raise AccessError(self.env._("Only the checker enters what the checker found."))
            if RECEIVER & set(names) and (
                handover.state != "checked"
                or user in (handover.giver_id, handover.checker_id)
                or not user.has_group("customer_governance.group_deed")
            ):
                raise AccessError(self.env._("Only the deed custodian enters what arrived."))
            if "remark" in names and handover.state == "received":
                raise UserError(self.env._("The handover is closed."))

    def _missing_words(self, party):
        """Return a reason for each line whose difference has no word."""
        return [
            self.env._("“%s” differs: enter a word on the difference", line.name)
            for line in self
            if not (line.remark or "").strip()
            and (not line[f"{party}_agrees"] or line[f"{party}_quantity"] != line.quantity)
        ]

    def _clear_counts(self):
        self.write(
            {
                "checker_agrees": False,
                "receiver_agrees": False,
                "checker_quantity": 0,
                "receiver_quantity": 0,
            }
        )

    def _receive(self):
        """Make deeds of the lines that agree, pending until they are in the safe."""
        # sudo: deeds are created by the handover; the custodian has received them
        for line in self.sudo().filtered("agrees"):
            if not line.deed_id:
                line.deed_id = line.deed_id.create(
                    {
                        "archive_id": line.handover_id.archive_id.id,
                        "name": line.name,
                        "kind": line.kind,
                        "deed_number": line.deed_number,
                        "owner_name": line.owner_name,
                        "quantity": line.quantity,
                    }
                )
            line.deed_id.write(
                {"handover_id": line.handover_id.id, "received_on": line.handover_id.received_on}
            )
