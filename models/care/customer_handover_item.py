from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.locks import wait_for_lock


class CustomerHandoverItem(models.Model):
    """One record that is to change hands, the answer to it, and what became of it.

    Written by code only. Names are copied: the list says later what was handed over, also of records
    that are gone, or that its reader may not open.
    """

    _name = "customer.handover.item"
    _inherit = ["customer.guard.mixin"]
    _description = "Item of a Handover"
    _order = "handover_id DESC, id"

    handover_id = fields.Many2one(
        "customer.handover", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="handover_id.company_id", store=True, index=True, precompute=True
    )
    key = fields.Selection("_selection_key", "Kind", required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="model", required=True, readonly=True, aggregator=None
    )
    name = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    receiver_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("left", "Not Handed Over"),
            ("gone", "No Longer Held"),
            ("moved", "Handed Over"),
            ("returned", "Returned"),
            ("kept", "Not Returned"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="waiting",
        help="No longer held: finished, or given to someone else before the handover. Not "
        "returned: finished, or no longer with the receiver at the end.",
    )
    reason = fields.Char("Reason", readonly=True, help="Why it was refused.")
    is_blocked = fields.Boolean(
        "Not Possible", readonly=True, help="The receiver cannot have it, whatever they answer."
    )
    decision = fields.Char("Decision", readonly=True, help="What the leader decided, and why.")
    later = fields.Boolean(
        "Since the Count", readonly=True, help="It came in after the receiver had answered."
    )
    added = fields.Boolean(readonly=True, export_string_translation=False)
    followed = fields.Boolean(readonly=True, export_string_translation=False)
    can_answer = fields.Boolean(compute="_compute_can_answer")

    _record_uniq = models.UniqueIndex("(handover_id, key, res_id)")
    _state_idx = models.Index("(handover_id, state, key)")

    @api.model
    def _selection_key(self):
        return list(self.env["customer.handover"]._kind_names().items())

    @api.depends("name", "key", "res_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = self.env["customer.handover"]._kind_names()
        for item in self:
            item.display_name = item.name or f"{kinds.get(item.key, item.key)} {item.res_id}"

    @api.depends("state", "receiver_id", "handover_id.state")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for item in self:
            item.can_answer = (
                item.state == "waiting"
                and item.receiver_id == self.env.user
                and item.handover_id.state == "proposed"
            )

    # --- the receiver answers -----------------------------------------------------------------

    def _check_mine(self):
        """Refuse answers of others, and answers nobody waits for."""
        self.check_access("read")
        if any(item.receiver_id != self.env.user for item in self):
            raise AccessError(self.env._("Only the receiver answers these items."))
        wait_for_lock(self.handover_id)
        self.invalidate_recordset(["state", "can_answer"])
        open_ones = self.filtered("can_answer")
        if not open_ones:
            raise UserError(self.env._("None of these items waits for an answer."))
        return open_ones

    def action_accept(self):
        """Accept the items that wait for the caller's answer."""
        # sudo: the receiver answers, and nothing else of the handover is his to write
        items = self._check_mine().sudo()
        items.write({"state": "accepted", "reason": False})
        items.handover_id._settle_answers()
        return True

    def action_refuse(self):
        """Ask the receiver why he refuses the items."""
        items = self._check_mine()
        return self.env["customer.handover.refuse"]._open({"default_item_ids": items.ids})

    def _refuse(self, reason):
        """Refuse the items for a reason; called by the dialog."""
        items = self._check_mine().sudo()  # sudo: as for accepting
        items.write({"state": "refused", "reason": reason})
        items.handover_id._settle_answers()

    # --- the leader decides -------------------------------------------------------------------

    def action_decide(self):
        """Ask the leader what becomes of refused items, or of those nobody answers."""
        self._check_decidable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide"),
            "res_model": "customer.handover.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_item_ids": self.ids},
        }

    def _check_decidable(self):
        """Refuse others than the leader, and items that are settled."""
        self.check_access("read")
        self.handover_id._check_leads()
        if self.filtered(
            lambda item: (
                item.state not in ("waiting", "refused")
                or item.handover_id.state not in ("proposed", "disputed")
            )
        ):
            raise UserError(
                self.env._("Only items that wait for an answer, or were refused, are decided.")
            )

    def _decide(self, decision, receiver, note):
        """Carry out what the leader decided.

        :param decision: ``leave`` with the giver; ``insist`` on the receiver; ``other`` receiver, who is
            asked
        """
        self._check_decidable()
        words = dict(
            self.env["customer.handover.decide"]
            ._fields["decision"]
            ._description_selection(self.env)
        )
        text = ": ".join(filter(None, (words[decision], note)))
        items = self.sudo()  # sudo: the leader decides; items are written by code only
        if decision == "insist":
            if blocked := items.filtered("is_blocked")[:1]:
                raise UserError(
                    self.env._(
                        "“%(item)s” cannot go to this receiver: %(reason)s",
                        item=blocked.display_name,
                        reason=blocked.reason,
                    )
                )
            items.write({"state": "accepted", "decision": text})
        elif decision == "leave":
            items.write({"state": "left", "decision": text})
        else:
            items._give_to(receiver, text)
        items.handover_id._settle_answers()

    def _give_to(self, receiver, text):
        Handover = self.env["customer.handover"]
        for handover, items in self.grouped("handover_id").items():
            if receiver not in handover.receiver_ids.user_id:
                self.env["customer.handover.receiver"].create(
                    {"handover_id": handover.id, "user_id": receiver.id, "sequence": 1000}
                )
            if reasons := handover._receiver_reasons():
                raise UserError("\n".join(reasons))
            holdings = Handover._holdings()
            for key, some in items.grouped("key").items():
                reasons = handover._blocked(holdings[key], receiver, some.mapped("res_id"))
                if reasons:
                    raise UserError("\n".join(sorted(set(reasons.values()))))
            items.write(
                {
                    "receiver_id": receiver.id,
                    "state": "waiting",
                    "reason": False,
                    "is_blocked": False,
                    "decision": text,
                }
            )
            if handover.state == "proposed":
                handover._ask_next("proposed")

    def action_open_record(self):
        """Open the record, as far as the caller may read it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
