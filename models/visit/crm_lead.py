from odoo import fields, models


class CrmLead(models.Model):
    """An opportunity knows the visit it came from."""

    _inherit = "crm.lead"

    customer_visit_id = fields.Many2one(
        "customer.visit",
        "Found During Visit",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        groups="customer_governance.group_sales,customer_governance.group_service,"
        "customer_governance.group_auditor",
    )
