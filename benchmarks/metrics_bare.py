"""The figures of customers by one plain statement, written by hand; see `reviews_bare`.

Only the completeness of the file is joined as the addon selects it: which fields are required is
data, so there is no plainer way to write it.
"""

from odoo.tools import SQL

COLUMNS = (
    "first_order_date",
    "last_order_date",
    "order_count_12m",
    "order_count_quarter",
    "order_count_previous_quarter",
    "revenue_12m",
    "revenue_quarter",
    "revenue_previous_quarter",
    "revenue_share",
    "days_to_pay",
    "paid_invoice_count_12m",
    "overdue_amount",
    "overdue_days",
    "last_contact_date",
    "last_satisfaction",
    "data_completeness",
)
_POSTED = """m.company_id = %(company)s AND m.state = 'posted'
             AND m.move_type IN ('out_invoice', 'out_refund')"""

INSERT = f"""
    INSERT INTO bare_metrics (
        partner_id, company_id, currency_id, computed_at, first_order_date, last_order_date,
        order_count_12m, order_count_quarter, order_count_previous_quarter, revenue_12m,
        revenue_quarter, revenue_previous_quarter, revenue_share, days_to_pay,
        paid_invoice_count_12m, overdue_amount, overdue_days, last_contact_date, last_satisfaction,
        data_completeness)
    SELECT p.id, %(company)s, %(currency)s, now(), o.first, o.last, coalesce(o.year, 0),
           coalesce(o.quarter, 0), coalesce(o.previous, 0), coalesce(r.year, 0),
           coalesce(r.quarter, 0), coalesce(r.previous, 0),
           coalesce(round(100 * r.year / t.total, 4), 0), d.days, coalesce(d.invoices, 0),
           greatest(coalesce(v.amount, 0), 0),
           CASE WHEN v.amount > 0 THEN %(today)s::date - v.oldest ELSE 0 END, c.last, s.rating,
           f.data_completeness
      FROM res_partner p
 LEFT JOIN (SELECT p.commercial_partner_id AS id, min(o.date_order)::date AS first,
                   max(o.date_order)::date AS last,
                   count(*) FILTER (WHERE o.date_order >= %(year)s) AS year,
                   count(*) FILTER (WHERE o.date_order >= %(quarter)s) AS quarter,
                   count(*) FILTER (WHERE o.date_order >= %(previous)s
                                          AND o.date_order < %(quarter)s) AS previous
              FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
             WHERE o.company_id = %(company)s AND o.state = 'sale'
                   AND o.date_order < %(today)s::date + 1
          GROUP BY 1) o ON o.id = p.id
 LEFT JOIN (SELECT m.commercial_partner_id AS id,
                   sum(m.amount_untaxed_signed) FILTER (WHERE m.invoice_date >= %(year)s) AS year,
                   sum(m.amount_untaxed_signed)
                       FILTER (WHERE m.invoice_date >= %(quarter)s) AS quarter,
                   sum(m.amount_untaxed_signed)
                       FILTER (WHERE m.invoice_date >= %(previous)s
                                     AND m.invoice_date < %(quarter)s) AS previous
              FROM account_move m
             WHERE {_POSTED}
                   AND m.invoice_date BETWEEN least(%(year)s, %(previous)s) AND %(today)s
          GROUP BY 1) r ON r.id = p.id
CROSS JOIN (SELECT sum(m.amount_untaxed_signed) AS total
              FROM account_move m
             WHERE {_POSTED} AND m.invoice_date BETWEEN %(year)s AND %(today)s) t
 LEFT JOIN (SELECT id, round(avg(days), 2) AS days, count(*) AS invoices
              FROM (SELECT m.commercial_partner_id AS id,
                           greatest(max(x.max_date) - m.invoice_date, 0) AS days
                      FROM account_partial_reconcile x
                      JOIN account_move_line l ON l.id = x.debit_move_id
                      JOIN account_move m ON m.id = l.move_id
                     WHERE {_POSTED} AND m.move_type = 'out_invoice'
                           AND m.payment_state IN ('paid', 'in_payment')
                           AND x.max_date BETWEEN %(year)s AND %(today)s
                  GROUP BY m.id) i
          GROUP BY 1) d ON d.id = p.id
 LEFT JOIN (SELECT l.partner_id AS id, sum(l.amount_residual) AS amount,
                   min(l.date_maturity) FILTER (WHERE l.amount_residual > 0) AS oldest
              FROM account_move_line l JOIN account_account a ON a.id = l.account_id
             WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
                   AND l.company_id = %(company)s AND l.reconciled IS NOT TRUE
                   AND (l.amount_residual > 0 AND l.date_maturity < %(today)s
                        OR l.amount_residual < 0 AND l.date <= %(today)s)
          GROUP BY 1 HAVING min(l.date_maturity) FILTER (WHERE l.amount_residual > 0) IS NOT NULL
           ) v ON v.id = p.id
 LEFT JOIN (SELECT res_id AS id, max(date)::date AS last
              FROM mail_message
             WHERE model = 'res.partner' AND message_type IN ('comment', 'email')
                   AND author_id IN (SELECT partner_id FROM res_users)
          GROUP BY 1) c ON c.id = p.id
 LEFT JOIN (SELECT DISTINCT ON (partner_id) partner_id AS id, rating
              FROM rating_rating WHERE consumed ORDER BY partner_id, rated_on DESC) s ON s.id = p.id
 LEFT JOIN (%(completeness)s) f ON f.partner_id = p.id
     WHERE p.company_id = %(company)s AND p.customer_rank > 0 AND p.active
           AND p.commercial_partner_id = p.id
"""


def insert(metrics, company):
    """Statement that writes the figures of a company's customers into `bare_metrics`."""
    context = metrics._metrics_context(company)
    [completeness] = [
        part.select
        for part in metrics._metrics_parts(context)
        if "data_completeness" in part.columns
    ]
    return SQL(
        INSERT,
        company=company.id,
        currency=company.currency_id.id,
        today=context.today,
        year=context.year.date_from,
        quarter=context.quarter.date_from,
        previous=context.previous_quarter.date_from,
        completeness=completeness,
    )
