"""Customers with open items, drafts, orders, limits and grades, written with SQL."""

from odoo.tools import SQL

NAME = "Credit benchmark"


def fill(env, company, count):
    """Insert `count` customers with five documents each; return the id of the first one."""
    env.flush_all()
    [(last,)] = env.execute_query(SQL("SELECT max(id) FROM res_partner"))
    names = ("company", "currency", "journal", "account", "product", "count", "name", "grade")
    values = (
        company.id,
        company.currency_id.id,
        env["account.journal"]
        .search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
        .id,
        env["account.account"].search([("account_type", "=", "asset_receivable")], limit=1).id,
        env["product.product"].create({"name": NAME, "type": "service"}).id,
        count,
        NAME,
        env.ref("customer_governance.grade_b").id,
    )
    env.flush_all()
    for statement in STATEMENTS:
        keys = dict(zip(names, values, strict=True))
        env.cr.execute(SQL(statement, last=last, key=str(company.id), **keys))
    for table in ("res_partner", "account_move", "account_move_line", "sale_order"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.execute(SQL("ANALYZE sale_order_line"))
    env.cr.execute(SQL("ANALYZE customer_credit_limit"))
    env.invalidate_all()
    return last + 1


STATEMENTS = (
    """
    INSERT INTO res_partner (id, name, complete_name, is_company, active, autopost_bills,
                             commercial_partner_id, customer_rank, customer_credit_grade_id)
    SELECT %(last)s + n, %(name)s || ' ' || n, %(name)s || ' ' || n, TRUE, TRUE, 'ask',
           %(last)s + n, 1, jsonb_build_object(%(key)s, %(grade)s)
      FROM generate_series(1, %(count)s) n
    """,
    "SELECT setval('res_partner_id_seq', %(last)s + %(count)s)",
    """
    INSERT INTO account_move (name, state, move_type, auto_post, date, invoice_date, journal_id,
                              currency_id, company_id, partner_id, commercial_partner_id,
                              amount_total_signed)
    SELECT %(name)s || ' ' || n || '-' || k, CASE WHEN k = 4 THEN 'draft' ELSE 'posted' END,
           'out_invoice', 'no', current_date - 20 * k, current_date - 20 * k, %(journal)s,
           %(currency)s, %(company)s, %(last)s + n, %(last)s + n, 100 * k + n %% 97
      FROM generate_series(1, %(count)s) n, generate_series(1, 4) k
    """,
    """
    INSERT INTO account_move_line (move_id, currency_id, display_type, company_id, account_id,
                                   partner_id, parent_state, date, date_maturity, balance,
                                   amount_residual, reconciled)
    SELECT m.id, m.currency_id, 'payment_term', m.company_id, %(account)s, m.partner_id, m.state,
           m.date, m.date + 30, m.amount_total_signed, m.amount_total_signed, FALSE
      FROM account_move m WHERE m.partner_id > %(last)s AND m.state = 'posted'
    """,
    """
    INSERT INTO sale_order (name, state, company_id, partner_id, partner_invoice_id,
                            partner_shipping_id, date_order, currency_id, currency_rate,
                            invoice_status, amount_total)
    SELECT %(name)s || ' ' || n, 'sale', %(company)s, %(last)s + n, %(last)s + n, %(last)s + n,
           now() AT TIME ZONE 'UTC', %(currency)s, 1, 'to invoice', 200
      FROM generate_series(1, %(count)s) n
    """,
    """
    INSERT INTO sale_order_line (order_id, name, product_id, product_uom_qty, price_unit,
                                 customer_lead, company_id, price_total, qty_delivered,
                                 qty_invoiced, state)
    SELECT o.id, %(name)s, %(product)s, 10, 10, 0, o.company_id, 100, 0, k, 'sale'
      FROM sale_order o, generate_series(1, 2) k WHERE o.partner_id > %(last)s
    """,
    """
    INSERT INTO customer_credit_limit (company_id, partner_id, kind, origin, state, date_from,
                                       reason, amount, unlimited)
    SELECT %(company)s, %(last)s + n, 'permanent', 'manual', 'approved', current_date - 9,
           %(name)s, 1000, FALSE
      FROM generate_series(1, %(count)s) n
    """,
)

# The same figures by hand: what an analyst would write for this data, without the house's rules.
BARE = """
    SELECT p.id, COALESCE(l.not_due, 0), COALESCE(l.a, 0), COALESCE(l.b, 0), COALESCE(l.c, 0),
           COALESCE(l.d, 0), COALESCE(l.days, 0), COALESCE(l.credits, 0), COALESCE(m.amount, 0),
           COALESCE(o.amount, 0), j.amount, j.unlimited, j.id,
           (p.customer_credit_grade_id ->> %(key)s)::int, NULL::date, FALSE, g.action,
           g.grace_days, g.prepayment_only
      FROM res_partner p
 LEFT JOIN (SELECT partner_id,
                   sum(amount_residual) FILTER (WHERE amount_residual > 0
                       AND current_date <= date_maturity) AS not_due,
                   sum(amount_residual) FILTER (WHERE amount_residual > 0
                       AND current_date - date_maturity BETWEEN 1 AND 30) AS a,
                   sum(amount_residual) FILTER (WHERE amount_residual > 0
                       AND current_date - date_maturity BETWEEN 31 AND 60) AS b,
                   sum(amount_residual) FILTER (WHERE amount_residual > 0
                       AND current_date - date_maturity BETWEEN 61 AND 90) AS c,
                   sum(amount_residual) FILTER (WHERE amount_residual > 0
                       AND current_date - date_maturity > 90) AS d,
                   max(current_date - date_maturity) FILTER (WHERE date_maturity < current_date)
                       AS days,
                   sum(amount_residual) FILTER (WHERE amount_residual < 0) AS credits
              FROM account_move_line
             WHERE parent_state = 'posted' AND NOT reconciled AND company_id = %(company)s
                   AND account_id IN (SELECT id FROM account_account
                                       WHERE account_type = 'asset_receivable')
          GROUP BY partner_id) l ON l.partner_id = p.id
 LEFT JOIN (SELECT partner_id, sum(amount_total_signed) AS amount
              FROM account_move
             WHERE state = 'draft' AND move_type = 'out_invoice' AND company_id = %(company)s
          GROUP BY partner_id) m ON m.partner_id = p.id
 LEFT JOIN (SELECT so.partner_invoice_id AS partner_id,
                   sum(sl.price_total / sl.product_uom_qty
                       * (greatest(sl.product_uom_qty, sl.qty_delivered) - sl.qty_invoiced)
                       / so.currency_rate) AS amount
              FROM sale_order so JOIN sale_order_line sl ON sl.order_id = so.id
             WHERE so.state = 'sale' AND so.company_id = %(company)s AND sl.product_uom_qty > 0
          GROUP BY so.partner_invoice_id) o ON o.partner_id = p.id
 LEFT JOIN (SELECT DISTINCT ON (partner_id) partner_id, id, amount, unlimited
              FROM customer_credit_limit
             WHERE state = 'approved' AND company_id = %(company)s AND date_from <= current_date
          ORDER BY partner_id, date_from DESC, id DESC) j ON j.partner_id = p.id
 LEFT JOIN customer_credit_grade g ON g.id = (p.customer_credit_grade_id ->> %(key)s)::int
     WHERE p.id >= %(first)s
"""
