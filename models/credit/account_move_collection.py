from odoo import api, fields, models
from odoo.fields import Domain

GROUPS = "customer_governance.group_sales,customer_governance.group_credit,customer_governance.group_auditor"


class AccountMove(models.Model):
    """Disputes and promises of an invoice."""

    _inherit = "account.move"

    collection_dispute_ids = fields.One2many(
        "customer.collection.dispute", "move_id", "Disputes", groups=GROUPS
    )
    is_collection_disputed = fields.Boolean(
        "Disputed",
        compute="_compute_is_collection_disputed",
        search="_search_is_collection_disputed",
        help="A complaint holds the invoice: it is not chased until the complaint is over.",
    )
    collection_dispute_text = fields.Char("Disputed By", compute="_compute_is_collection_disputed")
    collection_promise_date = fields.Date(
        "Promised Until", compute="_compute_collection_promise_date", groups=GROUPS
    )
    collection_item_count = fields.Integer(
        "Collection Steps", compute="_compute_collection_item_count", groups=GROUPS
    )

    @api.depends("collection_dispute_ids.date_to", "collection_dispute_ids.complaint_name")
    def _compute_is_collection_disputed(self):
        # sudo: that and by which case an invoice is disputed is told to all who see the invoice
        disputes = (
            self.env["customer.collection.dispute"]
            .sudo()
            .search([("move_id", "in", self.ids), ("date_to", "=", False)])
        )
        found = disputes.grouped("move_id")
        for move in self:
            held = found.get(move._origin or move, disputes.browse())
            move.is_collection_disputed = bool(held)
            move.collection_dispute_text = ", ".join(held.mapped("complaint_name")) or False

    def _search_is_collection_disputed(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as in the compute
        disputes = self.env["customer.collection.dispute"].sudo()
        held = Domain("id", "in", disputes._search([("date_to", "=", False)]).subselect("move_id"))
        return Domain.OR([held if wanted else ~held for wanted in set(value)])

    def _compute_collection_promise_date(self):
        groups = self.env["customer.collection.promise"]._read_group(
            [("move_ids", "in", self.ids), ("state", "=", "open")], ["move_ids"], ["date:max"]
        )
        dates = {move.id: day for move, day in groups}
        for move in self:
            move.collection_promise_date = dates.get(move._origin.id)

    def _compute_collection_item_count(self):
        counts = dict(
            self.env["customer.collection.item"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.collection_item_count = counts.get(move._origin, 0)

    @api.model
    def _collection_step_domain(self, moves):
        """Return the domain of the steps in which documents were asked for."""
        return Domain("item_ids.move_id", "in", moves.ids)

    def action_collection_steps(self):
        """Open the collection steps in which the invoice was asked for."""
        self.env["customer.collection.step"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_collection_step_action_all"
        )
        return {**action, "domain": list(self._collection_step_domain(self)), "context": {}}
