from odoo import api, fields, models


class CustomerCollectionDispute(models.Model):
    """An invoice that a complaint holds: it is not chased until the complaint is over.

    Written by the system only: from products of a complaint, from a logged call, from the close
    and the reopening of the case.
    """

    _name = "customer.collection.dispute"
    _inherit = ["customer.company.mixin"]
    _description = "Disputed Invoice"
    _order = "date_from DESC, id DESC"
    _rec_name = "name"

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, index=True, ondelete="cascade", readonly=True
    )
    name = fields.Char("Number", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    complaint_id = fields.Many2one(
        "customer.complaint", required=True, index=True, ondelete="cascade", readonly=True
    )
    complaint_name = fields.Char("Complaint Number", readonly=True)
    reason = fields.Char(readonly=True)
    amount = fields.Monetary("Open Amount at the Time", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date_from = fields.Datetime("Since", required=True, readonly=True)
    date_to = fields.Datetime("Until", readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Entered By", readonly=True)

    amount_now = fields.Monetary("Current Open Amount", compute="_compute_now")
    days_now = fields.Integer("Days Overdue", compute="_compute_now")
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Account Manager")
    may_open_invoice = fields.Boolean(compute="_compute_may_open")
    may_open_complaint = fields.Boolean(compute="_compute_may_open")

    _open_uniq = models.UniqueIndex(
        "(move_id, complaint_id) WHERE date_to IS NULL",
        "This invoice is already disputed by the complaint.",
    )

    @api.depends("move_id", "date_to")
    def _compute_now(self):
        for dispute in self:
            # sudo: who may read the dispute may know what is open; the invoice stays closed
            move = dispute.sudo().move_id
            today = dispute.company_id._customer_today()
            due = move.invoice_date_due or move.date
            dispute.amount_now = move.amount_residual
            is_open = bool(move.amount_residual and due)
            dispute.days_now = max((today - due).days, 0) if is_open else 0

    @api.depends_context("uid")
    def _compute_may_open(self):
        moves = self.move_id._filtered_access("read")
        complaints = self.complaint_id._filtered_access("read")
        for dispute in self:
            dispute.may_open_invoice = dispute.move_id in moves
            dispute.may_open_complaint = dispute.complaint_id in complaints

    def action_open_invoice(self):
        """Open the invoice."""
        self.ensure_one()
        self.check_access("read")
        self.move_id.check_access("read")
        return self.move_id.get_formview_action()

    def action_open_complaint(self):
        """Open the complaint that holds the invoice."""
        self.ensure_one()
        self.check_access("read")
        self.complaint_id.check_access("read")
        return self.complaint_id.get_formview_action()

    @api.model
    def _hold(self, complaint, moves, reason=None):
        """Hold the posted invoices for a complaint that is open; those it holds already stay.

        :param moves: invoices of the complaint's customer
        """
        if complaint.kind != "complaint" or complaint.state not in complaint._open_states():
            return self.browse()
        # sudo: registering a complaint about an invoice is the right to dispute it
        disputes = self.sudo()
        held = disputes.search(
            [("complaint_id", "=", complaint.id), ("date_to", "=", False)]
        ).move_id
        customer = complaint.partner_id.commercial_partner_id
        moves = moves.sudo().filtered(
            lambda m: (
                m.move_type == "out_invoice"
                and m.commercial_partner_id == customer
                and m.company_id._customer_uses("collection")
            )
        )
        return disputes.create(
            [
                {
                    "move_id": move.id,
                    "name": move.name,
                    "company_id": move.company_id.id,
                    "partner_id": customer.id,
                    "complaint_id": complaint.id,
                    "complaint_name": complaint.name,
                    "reason": reason or complaint.subject,
                    "amount": move.amount_residual,
                    "currency_id": move.currency_id.id,
                    "date_from": fields.Datetime.now(),
                    "user_id": self.env.uid,
                }
                for move in moves - held
            ]
        )

    @api.model
    def _release(self, complaints):
        """End the disputes of complaints that are over: their invoices are chased again."""
        # sudo: whoever closes the case ends its disputes
        self.sudo().search([("complaint_id", "in", complaints.ids), ("date_to", "=", False)]).write(
            {"date_to": fields.Datetime.now()}
        )

    @api.model
    def _hold_again(self, complaints):
        """Hold the invoices of reopened complaints again; the earlier disputes stay on record."""
        for complaint in complaints:
            # sudo: whoever reopens the case disputes its invoices again
            before = self.sudo().search([("complaint_id", "=", complaint.id)])
            self._hold(complaint, before.move_id)
