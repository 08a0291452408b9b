from odoo import api, models


class CustomerCreditSource(models.AbstractModel):
    """Documents the exposure is read from: after a change the figures are read again.

    No dependency says so: an order counts for the commercial partner of its invoice address.
    """

    _name = "customer.credit.source"
    _description = "Exposure Source"

    @api.model_create_multi
    def create(self, vals_list):
        """Figures read before are old."""
        records = super().create(vals_list)
        self.env["res.partner"]._forget_credit_exposure()
        return records

    def write(self, vals):
        """The same."""
        result = super().write(vals)
        self.env["res.partner"]._forget_credit_exposure()
        return result

    def unlink(self):
        """The same."""
        result = super().unlink()
        self.env["res.partner"]._forget_credit_exposure()
        return result
