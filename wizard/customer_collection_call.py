from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.common.digest import in_house
from ..models.credit.customer_collection_step import CALL_RESULTS


class CustomerCollectionCall(models.TransientModel):
    """The log of a call: what the customer said becomes a promise, a dispute or the result."""

    _name = "customer.collection.call"
    _inherit = ["customer.named.mixin"]
    _description = "Log a Collection Call"

    step_id = fields.Many2one(
        "customer.collection.step",
        "Collection Step",
        ondelete="cascade",
        readonly=True,
        help="Empty if the customer called or no step is due yet.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_customer",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_customer", store=True, readonly=False, precompute=True
    )
    script = fields.Text(related="step_id.script")
    result = fields.Selection(CALL_RESULTS, required=True, default="promise")
    spoke_with = fields.Char()
    note = fields.Text()
    line_ids = fields.One2many(
        "customer.collection.call.line",
        "call_id",
        "Invoices",
        compute="_compute_lines",
        store=True,
        readonly=False,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True)
    promise_date = fields.Date("Payment Date")
    promise_amount = fields.Monetary(
        "Promised", compute="_compute_amount", store=True, readonly=False
    )
    subject = fields.Char("Complaint", help="What the customer objects to.")
    category_id = fields.Many2one("customer.complaint.category")

    @api.depends("step_id")
    def _compute_customer(self):
        for call in self:
            if call.step_id:
                call.partner_id = call.step_id.partner_id
                call.company_id = call.step_id.company_id
            else:
                call.partner_id, call.company_id = call.partner_id, call.company_id

    @api.model_create_multi
    def create(self, vals_list):
        """What is owed is for who collects from the customer.

        Asked here as well: stored fields may be computed later, in the name of somebody else.
        """
        calls = super().create(vals_list)
        for call in calls:
            call._check_collects()
        return calls

    def _check_collects(self):
        """Raise unless the caller collects from the customer."""
        self.ensure_one()
        if self.step_id:
            self.step_id.check_access("read")
        elif self.partner_id and self.company_id:
            overdue = self.env["customer.collection.overdue"]
            overdue._check_collects(self.partner_id, self.company_id)

    def _live_items(self):
        """Return {key: item} of what is overdue now, of a customer the caller collects from."""
        self.ensure_one()
        if not self.partner_id or not self.company_id:
            return {}
        # stored fields are computed as superuser: whether they may be seen is asked as the caller
        self.sudo(False)._check_collects()
        overdue = self.sudo(False).env["customer.collection.overdue"]
        items = overdue._live_items(self.partner_id, self.company_id)
        return {item["line_id"]: item for item in items if item["move_id"]}

    @api.depends("partner_id", "company_id")
    def _compute_lines(self):
        for call in self:
            items = call._live_items().values()
            free = any(item["mark"] == "chased" for item in items)
            call.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {
                            "item_key": item["line_id"],
                            "chosen": item["mark"] == "chased" or not free,
                            "name": item["name"],
                            "date_due": item["due"],
                            "days": item["days"],
                            "residual": item["residual_currency"],
                            "currency_id": item["currency_id"],
                            "residual_company": item["residual"],
                            "mark": item["mark"],
                        }
                    )
                    for item in items
                ),
            ]

    @api.depends("line_ids.chosen", "company_id")
    def _compute_currency_id(self):
        """Set the currency of the chosen items, of several that of the company.

        Not by `_compute_amount`: a promised amount that somebody enters is kept, its currency is not.
        The saved lines are keys only, so what they are worth is looked up.
        """
        for call in self:
            items = call._live_items()
            keys = call.line_ids.filtered("chosen").mapped("item_key")
            found = {items[key]["currency_id"] for key in keys if key in items}
            call.currency_id = found.pop() if len(found) == 1 else call.company_id.currency_id

    @api.depends("line_ids.chosen", "company_id")
    def _compute_amount(self):
        for call in self:
            lines = call.line_ids.filtered("chosen")
            amount = "residual" if len(lines.currency_id) == 1 else "residual_company"
            call.promise_amount = sum(lines.mapped(amount))

    def action_save(self):
        """Log the call and do what follows from its result."""
        self.ensure_one()
        step = self.step_id
        if step:
            step.check_access("write")
            if step.state != "planned":
                raise UserError(self.env._("This step has already been completed."))
        else:
            self.env["customer.collection.overdue"]._check_collects(
                self.partner_id, self.company_id
            )
        follow = {"promise": self._take_promise, "dispute": self._take_dispute}.get(self.result)
        if follow:
            follow()
        if step:
            self._log_on_step()
        else:
            # sudo: a note; who collects need not be able to edit the customer
            self.partner_id.sudo().message_post(body=self._summary())
        return {"type": "ir.actions.act_window_close"}

    def _log_on_step(self):
        """What was said belongs to the step, which is done by it unless nobody answered, or the
        promise or dispute is about a part of what is overdue: the rest is still to be collected.
        """
        step = self.step_id
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
        if self.result == "no_answer" or (
            self.result in ("promise", "dispute") and step._has_rest()
        ):
            step._call_again()
        else:
            step.action_done()

    def _summary(self):
        """Return the result of the call for the log of the step."""
        house = in_house(self)
        label = dict(self._fields["result"]._description_selection(house.env))[self.result]
        parts = (label, self.spoke_with, self.note or self.subject)
        return " – ".join(part for part in parts if part)

    def _chosen_moves(self):
        """Return the documents that were chosen, for `sudo` use.

        Only the keys of the lines come from the form; what they stand for is looked up.
        """
        items = self._live_items()
        keys = self.line_ids.filtered("chosen").mapped("item_key")
        if not keys or any(key not in items for key in keys):
            raise ValidationError(self.env._("Choose invoices that are currently overdue."))
        # sudo: documents of the customer are named only
        return self.env["account.move"].sudo().browse({items[key]["move_id"] for key in keys})

    def _take_promise(self):
        if not self.promise_date:
            raise ValidationError(self.env._("When will the customer pay?"))
        moves = self._chosen_moves()
        # sudo: links documents that collectors need not be able to open; who collects may
        # take a promise
        self.env["customer.collection.promise"].check_access("create")
        return (
            self.env["customer.collection.promise"]
            .sudo()
            .create(
                {
                    "step_id": self.step_id.id,
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "date": self.promise_date,
                    "promised_on": self.company_id._customer_today(),
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
            raise ValidationError(self.env._("State what the customer objects to."))
        moves = self._chosen_moves()
        # sudo: who collects may pass on what the customer objects to; the values are fixed
        complaint = (
            self.env["customer.complaint"]
            .sudo()
            .create(
                {
                    "subject": self.subject,
                    "description": self.note,
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "category_id": self.category_id.id,
                    "registered_by_id": self.env.uid,
                }
            )
        )
        self.env["customer.collection.dispute"]._hold(complaint, moves, self.subject)
        return complaint
