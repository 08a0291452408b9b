"""Who is assessed: everybody who owes or may owe."""

from odoo.tools import SQL

from .companies import family


def debtors(company_id: int) -> SQL:
    """Select the ids of customers with an open receivable, an approved limit or an order that is
    not wholly invoiced.
    """
    return SQL(
        """
        SELECT rp.commercial_partner_id
          FROM account_move_line l
          JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
          JOIN res_partner rp ON rp.id = l.partner_id
         WHERE l.company_id = ANY(%(family)s) AND l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE AND l.amount_residual != 0
               AND rp.commercial_partner_id IS NOT NULL
         UNION
        SELECT j.partner_id FROM customer_credit_limit j
         WHERE j.company_id = %(company)s AND j.state = 'approved'
         UNION
        SELECT ip.commercial_partner_id
          FROM sale_order o
          JOIN res_partner ip ON ip.id = o.partner_invoice_id
         WHERE o.company_id = ANY(%(family)s) AND o.state = 'sale'
               AND o.invoice_status IS DISTINCT FROM 'invoiced'
               AND ip.commercial_partner_id IS NOT NULL
        """,
        company=company_id,
        family=family(company_id),
    )
