from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.facts import without

FACTS = frozenset({"answered_on", "signature"})


class CustomerHandoverReceiver(models.Model):
    """Who receives: chosen customers, or a share of all the others."""

    _name = "customer.handover.receiver"
    _inherit = ["customer.guard.mixin"]
    _description = "Receiver of a Handover"
    _order = "handover_id, sequence, id"
    _rec_name = "user_id"

    handover_id = fields.Many2one(
        "customer.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        "Receiver",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "customer_handover_receiver_partner_rel",
        "receiver_id",
        "partner_id",
        "Customers",
        domain="[('parent_id', '=', False)]",
        help="Leave empty to share the other customers evenly; a customer stays with one receiver.",
    )
    item_count = fields.Integer("Items Received", compute="_compute_counts")
    waiting_count = fields.Integer("Not Answered", compute="_compute_counts")
    answered_on = fields.Datetime("Answered On", readonly=True, copy=False)
    signature = fields.Binary(attachment=False, copy=False)

    _user_uniq = models.UniqueIndex(
        "(handover_id, user_id)", "This receiver is already on the list."
    )

    @api.depends("handover_id.item_ids.state")
    def _compute_counts(self):
        counts = {}
        # sudo: how many; who reads the handover reads its list
        items = self.env["customer.handover.item"].sudo()
        for handover, receiver, state, count in items._read_group(
            [("handover_id", "in", self.handover_id.ids), ("state", "!=", "left")],
            ["handover_id", "receiver_id", "state"],
            ["__count"],
        ):
            counts.setdefault((handover.id, receiver.id), {})[state] = count
        for line in self:
            states = counts.get((line.handover_id.id, line.user_id.id), {})
            line.item_count = sum(states.values())
            line.waiting_count = states.get("waiting", 0)

    def _note_answers(self):
        """Note when each receiver had answered everything; who is asked again has not."""
        self.invalidate_recordset(["item_count", "waiting_count"], flush=False)
        now = fields.Datetime.now()
        for line in self.sudo():  # sudo: a fact that the answer leaves
            if line.waiting_count:
                line.answered_on = False
            elif line.item_count and not line.answered_on:
                line.answered_on = now

    @api.model_create_multi
    def create(self, vals_list):
        """Receivers are entered while the handover is a draft."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, FACTS)
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        """Receivers stay once they were asked."""
        if not self.env.su:
            if not FACTS.isdisjoint(vals):
                raise AccessError(self.env._("Answers and signatures are recorded by the buttons."))
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su and any(line.handover_id.state != "draft" for line in self):
            raise UserError(
                self.env._(
                    "The receivers have been asked and can no longer be changed. The leader can "
                    "give refused items to another receiver."
                )
            )
