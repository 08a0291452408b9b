from odoo import api, fields, models

READERS = (
    "customer_governance.group_sales,customer_governance.group_credit,"
    "customer_governance.group_committee,customer_governance.group_auditor"
)


class CustomerCreditFacts(models.AbstractModel):
    """What one looks at before deciding about a customer's credit, on the form itself.

    Figures only: whoever may read the record and what customers owe sees them, without rights on
    orders, invoices or complaints.
    """

    _name = "customer.credit.facts"
    _description = "Basis for Decision"

    credit_facts = fields.Html(
        "Basis for Decision", compute="_compute_credit_facts", sanitize=False, groups=READERS
    )

    def _credit_facts_partner(self):
        """Return the customer it is about."""
        return self.partner_id.commercial_partner_id

    def _credit_facts_document(self):
        """Return the order or invoice it is about, if any, for `sudo` use."""
        return None

    @api.depends(lambda self: ("partner_id",) if "partner_id" in self._fields else ())
    @api.depends_context("lang", "uid")
    def _compute_credit_facts(self):
        for record in self:
            partner = record._credit_facts_partner()._origin
            company = record.company_id or self.env.company
            facts = None
            if partner:
                facts = partner._credit_facts(company, record._credit_facts_document())
            record.credit_facts = (
                self.env["ir.qweb"]._render("customer_governance.credit_facts", facts)
                if facts
                else False
            )
