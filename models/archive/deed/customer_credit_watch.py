from odoo import models


class CustomerCreditWatch(models.Model):
    """Deeds secure what the watch list compares: changes of them are written before it is asked."""

    _inherit = "customer.credit.watch"
    _depends = {
        "customer.archive.deed": [
            "partner_id",
            "company_id",
            "state",
            "active",
            "date_until",
            "secured_company_amount",
        ],
    }
