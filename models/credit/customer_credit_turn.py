from odoo import fields, models


class CustomerCreditTurn(models.Model):
    """A row for each customer that a credit check writes, so that two checks at once conflict.

    Reading alone would let two orders pass that exceed the limit only together
    (`queries.credit_exposure.take_turn`).
    """

    _name = "customer.credit.turn"
    _description = "Credit Check Queue"
    _rec_name = "partner_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    number = fields.Integer(required=True, default=0)

    _partner_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id)", "A customer can have only one queue entry per company."
    )

    def _merge_partners(self, column, sources, target):
        """Customers become one: the row only counts checks, the next one makes it anew."""
        self.search([(column, "in", sources.ids)]).unlink()
