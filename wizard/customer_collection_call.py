from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.credit.customer_collection_step import CALL_RESULTS


class CustomerCollectionCall(models.TransientModel):
    """The log of a call: what the customer said becomes a promise, a dispute or the result."""

    _name = "customer.collection.call"
    _description = "Log a Collection Call"

    step_id = fields.Many2one(
        "customer.collection.step",
        "Collection Step",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    partner_id = fields.Many2one(related="step_id.partner_id")
    script = fields.Text(related="step_id.script")
    result = fields.Selection(CALL_RESULTS, required=True, default="promise")
    spoke_with = fields.Char()
    note = fields.Text()
    item_ids = fields.Many2many(
        "customer.collection.item",
        string="Invoices",
        compute="_compute_items",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('step_id', '=', step_id), ('move_id', '!=', False)]",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_amount", store=True, precompute=True
    )
    promise_date = fields.Date("Pays By")
    promise_amount = fields.Monetary(
        "Promised", compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    subject = fields.Char("Complaint", help="What the customer objects to.")
    category_id = fields.Many2one("customer.complaint.category")

    @api.depends("step_id")
    def _compute_items(self):
        for call in self:
            items = call.step_id.item_ids
            call.item_ids = items.filtered(lambda i: i.mark == "chased" and i.move_id) or items

    @api.depends("item_ids")
    def _compute_amount(self):
        for call in self:
            items = call.item_ids
            own = call.step_id.company_id.currency_id
            if len(items.currency_id) == 1:
                call.currency_id = items.currency_id
                call.promise_amount = sum(items.mapped("residual"))
            else:
                call.currency_id = own
                call.promise_amount = sum(items.mapped("residual_company"))

    def action_save(self):
        """Log the call and do what follows from its result."""
        self.ensure_one()
        step = self.step_id
        step.check_access("write")
        if step.state != "planned":
            raise UserError(self.env._("The step is done already."))
        follow = {"promise": self._take_promise, "dispute": self._take_dispute}.get(self.result)
        if follow:
            follow()
        step._write_facts(
            {
                "call_result": self.result,
                "call_count": step.call_count + 1,
                "called_at": fields.Datetime.now(),
                "call_note": "\n".join(
                    part for part in (step.call_note, self.spoke_with, self.note) if part
                ),
            }
        )
        step.message_post(body=self._summary())
        if self.result == "no_answer":
            step._call_again()
        else:
            step.action_done()
        return {"type": "ir.actions.act_window_close"}

    def _summary(self):
        """Return the result of the call for the log of the step."""
        label = dict(self._fields["result"]._description_selection(self.env))[self.result]
        parts = (label, self.spoke_with, self.note or self.subject)
        return " – ".join(part for part in parts if part)

    def _chosen_moves(self):
        """Return the documents that were chosen, for `sudo` use."""
        strange = self.item_ids.filtered(lambda item: item.step_id != self.step_id)
        # sudo: the items of the step were read with the user's rights, its documents are named only
        moves = self.item_ids.sudo().move_id
        if strange or not moves:
            raise ValidationError(self.env._("Choose invoices of the step."))
        return moves

    def _take_promise(self):
        if not self.promise_date:
            raise ValidationError(self.env._("By when does the customer pay?"))
        step = self.step_id
        moves = self._chosen_moves()
        # sudo: links documents that collectors need not be able to open; who may do the step may
        # take a promise on it
        step.env["customer.collection.promise"].check_access("create")
        return (
            self.env["customer.collection.promise"]
            .sudo()
            .create(
                {
                    "step_id": step.id,
                    "partner_id": step.partner_id.id,
                    "company_id": step.company_id.id,
                    "date": self.promise_date,
                    "promised_on": step.company_id._customer_today(),
                    "promised_by": self.spoke_with,
                    "amount": self.promise_amount,
                    "currency_id": self.currency_id.id,
                    "move_ids": [fields.Command.set(moves.ids)],
                    "note": self.note,
                    "user_id": self.env.uid,
                }
            )
        )

    def _take_dispute(self):
        """Register the objection as a complaint: it holds the invoices until it is over."""
        if not self.subject:
            raise ValidationError(self.env._("Say what the customer objects to."))
        step = self.step_id
        moves = self._chosen_moves()
        # sudo: who may do the step may pass on what the customer objects to; the values are fixed
        complaint = (
            self.env["customer.complaint"]
            .sudo()
            .create(
                {
                    "subject": self.subject,
                    "description": self.note,
                    "partner_id": step.partner_id.id,
                    "company_id": step.company_id.id,
                    "category_id": self.category_id.id,
                    "registered_by_id": self.env.uid,
                }
            )
        )
        self.env["customer.collection.dispute"]._hold(complaint, moves, self.subject)
        return complaint
