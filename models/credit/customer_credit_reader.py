from odoo import api, models

# Who reads the documents for the sake of credit, without the screens of Sales or Accounting.
READERS = "customer_governance.group_credit,customer_governance.group_auditor"
OFFICE = (
    "sales_team.group_sale_salesman,account.group_account_invoice,account.group_account_readonly"
)


class CustomerCreditReader(models.AbstractModel):
    """Orders and invoices on screens of our own for those who only read them.

    The screens of Sales and Accounting ask for journals, teams, price lists and more, which credit
    control and audit have no right to. The user gets ours by default, wherever the document is
    opened from: a list, a many2one, an address.
    """

    _name = "customer.credit.reader"
    _description = "Document Read by Credit Control"

    _reader_views = {}  # {type of view: xml id without module}

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """EXTENDS base: another default view, nothing else."""
        if not view_id and view_type in self._reader_views and self._credit_reads_only():
            view_id = self.env.ref(f"customer_governance.{self._reader_views[view_type]}").id
        return super().get_view(view_id, view_type, **options)

    @api.model
    def _credit_reads_only(self):
        """Whether the user reads the documents for credit and has no other screens for them."""
        user = self.env.user
        return not self.env.su and user.has_groups(READERS) and not user.has_groups(OFFICE)
