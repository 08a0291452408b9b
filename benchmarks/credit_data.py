"""Customers with open items, drafts, orders, limits and grades, written with SQL.

Not all are alike: every tenth buys through a contact, others have credits, orders in a foreign
currency, discounts, down payments, temporary and former limits.
"""

from odoo.tools import SQL

NAME = "Credit benchmark"


def fill(env, company, count):
    """Insert `count` customers with six documents each; return the id of the first one."""
    env.flush_all()
    [(last,)] = env.execute_query(SQL("SELECT max(id) FROM res_partner"))
    names = (
        "company", "currency", "journal", "account", "income", "product", "uom", "count", "name", "grade",
    )  # fmt: skip
    values = (
        company.id,
        company.currency_id.id,
        env["account.journal"]
        .search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
        .id,
        env["account.account"].search([("account_type", "=", "asset_receivable")], limit=1).id,
        env["account.account"].search([("account_type", "=", "income")], limit=1).id,
        env["product.product"].create({"name": NAME, "type": "service"}).id,
        env.ref("uom.product_uom_unit").id,
        count,
        NAME,
        env.ref("customer_governance.grade_b").id,
    )
    env.flush_all()
    for statement in STATEMENTS:
        keys = dict(zip(names, values, strict=True))
        env.cr.execute(SQL(statement, last=last, key=str(company.id), **keys))
    for table in (
        "res_partner", "account_move", "account_move_line", "sale_order", "sale_order_line",
        "sale_order_line_invoice_rel", "customer_credit_limit",
    ):  # fmt: skip
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
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
    """
    INSERT INTO res_partner (id, name, complete_name, is_company, active, autopost_bills,
                             parent_id, commercial_partner_id, type)
    SELECT %(last)s + %(count)s + n, %(name)s || ' contact ' || n, %(name)s || ' contact ' || n,
           FALSE, TRUE, 'ask', %(last)s + n, %(last)s + n, 'invoice'
      FROM generate_series(10, %(count)s, 10) n
    """,
    "SELECT setval('res_partner_id_seq', %(last)s + 2 * %(count)s)",
    # four invoices, one of them a draft of the contact; every eighth has an advance payment
    """
    INSERT INTO account_move (name, state, move_type, auto_post, date, invoice_date, journal_id,
                              currency_id, company_id, partner_id, commercial_partner_id,
                              amount_total_signed)
    SELECT %(name)s || ' ' || n || '-' || k, CASE WHEN k = 4 THEN 'draft' ELSE 'posted' END,
           CASE WHEN k = 5 THEN 'entry' ELSE 'out_invoice' END, 'no', current_date - 20 * k,
           current_date - 20 * k, %(journal)s, %(currency)s, %(company)s,
           %(last)s + n + CASE WHEN k = 4 AND n %% 10 = 0 THEN %(count)s ELSE 0 END, %(last)s + n,
           CASE WHEN k = 5 THEN -50 ELSE 100 * k + n %% 97 END
      FROM generate_series(1, %(count)s) n, generate_series(1, 5) k WHERE k < 5 OR n %% 8 = 0
    """,
    """
    INSERT INTO account_move_line (move_id, currency_id, display_type, company_id, account_id,
                                   partner_id, parent_state, date, date_maturity, balance,
                                   amount_residual, amount_residual_currency, reconciled)
    SELECT m.id, m.currency_id, 'payment_term', m.company_id, %(account)s,
           m.commercial_partner_id, m.state, m.date, m.date + 30, m.amount_total_signed,
           m.amount_total_signed, m.amount_total_signed, FALSE
      FROM account_move m WHERE m.partner_id > %(last)s
    """,
    # every sixth order in a currency of half the value
    """
    INSERT INTO sale_order (name, state, company_id, partner_id, partner_invoice_id,
                            partner_shipping_id, date_order, currency_id, currency_rate,
                            invoice_status, amount_total)
    SELECT %(name)s || ' ' || n, 'sale', %(company)s, %(last)s + n,
           %(last)s + n + CASE WHEN n %% 10 = 0 THEN %(count)s ELSE 0 END, %(last)s + n,
           now() AT TIME ZONE 'UTC', %(currency)s, CASE WHEN n %% 6 = 0 THEN 0.5 ELSE 1 END,
           'to invoice', 200
      FROM generate_series(1, %(count)s) n
    """,
    # two lines, partly invoiced; here and there a discount, a note, a down payment and a delivery
    # that nobody ordered (without tax, which makes the bare SQL simple)
    """
    INSERT INTO sale_order_line (order_id, name, product_id, product_uom_qty, price_unit,
                                 customer_lead, company_id, price_total, qty_delivered,
                                 qty_invoiced, state, is_downpayment, display_type,
                                 product_uom_id)
    SELECT o.id, %(name)s, CASE WHEN k != 5 THEN %(product)s END,
           CASE WHEN k < 3 THEN 10 WHEN k = 3 THEN -1 ELSE 0 END, CASE WHEN k != 5 THEN 10 ELSE 0 END, 0, o.company_id,
           CASE WHEN k < 3 THEN 100 WHEN k = 3 THEN -15 ELSE 0 END,
           CASE k WHEN 2 THEN 12 WHEN 6 THEN 1 ELSE 0 END, CASE WHEN k < 3 THEN k ELSE 0 END, 'sale', k = 4,
           CASE WHEN k = 5 THEN 'line_note' END, CASE WHEN k != 5 THEN %(uom)s END
      FROM sale_order o, generate_series(1, 6) k
     WHERE o.partner_id > %(last)s
           AND (k < 3 OR k = 3 AND o.partner_id %% 12 = 0 OR k = 4 AND o.partner_id %% 7 = 0
                OR k = 5 AND o.partner_id %% 3 = 0 OR k = 6 AND o.partner_id %% 20 = 0)
    """,
    """
    WITH lines AS (
        INSERT INTO account_move_line (move_id, currency_id, display_type, company_id, account_id,
                                       partner_id, parent_state, date, price_total, quantity,
                                       balance, amount_residual, reconciled)
        SELECT m.id, m.currency_id, 'product', m.company_id, %(income)s, m.commercial_partner_id,
               m.state, m.date, 30, 1, -30, 0, FALSE
          FROM account_move m
         WHERE m.partner_id > %(last)s AND m.state = 'posted' AND m.date = current_date - 20
               AND m.commercial_partner_id %% 7 = 0
     RETURNING id, partner_id)
    INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id)
    SELECT i.id, l.id
      FROM lines i
      JOIN sale_order o ON o.partner_id = i.partner_id
      JOIN sale_order_line l ON l.order_id = o.id AND l.is_downpayment
    """,
    """
    INSERT INTO customer_credit_limit (company_id, partner_id, kind, origin, state, date_from,
                                       date_to, reason, amount, unlimited)
    SELECT %(company)s, %(last)s + n, CASE WHEN k = 1 THEN 'permanent' ELSE 'temporary' END,
           'manual', 'approved', current_date - 9 - k,
           CASE k WHEN 2 THEN current_date WHEN 3 THEN current_date - 1 END, %(name)s, 1000 * k,
           FALSE
      FROM generate_series(1, %(count)s) n, generate_series(1, 3) k
     WHERE k = 1 OR k = 2 AND n %% 9 = 0 OR k = 3 AND n %% 4 = 0
    """,
)

# The same figures by hand: what an analyst writes for this data, with the same rules.
BARE = """
    SELECT p.id, COALESCE(l.not_due, 0), COALESCE(l.a, 0), COALESCE(l.b, 0), COALESCE(l.c, 0),
           COALESCE(l.d, 0), COALESCE(l.days, 0), COALESCE(l.credits, 0), COALESCE(m.amount, 0),
           COALESCE(o.amount, 0), j.amount, j.unlimited, j.id,
           (p.customer_credit_grade_id ->> %(key)s)::int,
           (p.customer_credit_valid_until ->> %(key)s)::date,
           COALESCE((p.customer_credit_hold ->> %(key)s)::boolean, FALSE), g.action,
           g.grace_days, g.prepayment_only, j.origin
      FROM res_partner p
 LEFT JOIN (SELECT rp.commercial_partner_id AS partner_id,
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
                   max(current_date - date_maturity) FILTER (WHERE amount_residual > 0
                       AND date_maturity < current_date) AS days,
                   sum(amount_residual) FILTER (WHERE amount_residual < 0) AS credits
              FROM account_move_line ml
              JOIN res_partner rp ON rp.id = ml.partner_id
             WHERE parent_state = 'posted' AND NOT reconciled AND ml.company_id = %(company)s
                   AND account_id IN (SELECT id FROM account_account
                                       WHERE account_type = 'asset_receivable')
          GROUP BY rp.commercial_partner_id) l ON l.partner_id = p.id
 LEFT JOIN (SELECT commercial_partner_id AS partner_id, sum(amount_total_signed) AS amount
              FROM account_move
             WHERE state = 'draft' AND move_type IN ('out_invoice', 'out_receipt')
                   AND company_id = %(company)s
          GROUP BY commercial_partner_id) m ON m.partner_id = p.id
 LEFT JOIN (SELECT rp.commercial_partner_id AS partner_id, sum(x.amount / x.rate) AS amount
              FROM (SELECT so.partner_invoice_id, so.currency_rate AS rate,
                           greatest(sum(CASE
                               WHEN sl.is_downpayment THEN -COALESCE(d.amount, 0)
                               WHEN sl.product_uom_qty = 0
                               THEN sl.price_unit * greatest(sl.qty_delivered - sl.qty_invoiced, 0)
                               WHEN sl.product_uom_qty > 0
                               THEN sl.price_total / sl.product_uom_qty
                                    * greatest(greatest(sl.product_uom_qty, sl.qty_delivered)
                                               - sl.qty_invoiced, 0)
                               ELSE sl.price_total / sl.product_uom_qty
                                    * least(sl.product_uom_qty - sl.qty_invoiced, 0)
                               END), 0) AS amount
                      FROM sale_order so
                      JOIN sale_order_line sl ON sl.order_id = so.id AND sl.display_type IS NULL
                 LEFT JOIN (SELECT r.order_line_id,
                                   sum(CASE i.move_type WHEN 'out_refund' THEN -il.price_total
                                       ELSE il.price_total END) AS amount
                              FROM sale_order_line_invoice_rel r
                              JOIN sale_order_line dl
                                ON dl.id = r.order_line_id AND dl.is_downpayment
                              JOIN account_move_line il ON il.id = r.invoice_line_id
                              JOIN account_move i ON i.id = il.move_id AND i.state != 'cancel'
                          GROUP BY r.order_line_id) d ON d.order_line_id = sl.id
                     WHERE so.state = 'sale' AND so.invoice_status != 'invoiced'
                           AND so.company_id = %(company)s
                  GROUP BY so.id) x
              JOIN res_partner rp ON rp.id = x.partner_invoice_id
          GROUP BY rp.commercial_partner_id) o ON o.partner_id = p.id
 LEFT JOIN (SELECT DISTINCT ON (partner_id) partner_id, id, amount, unlimited, origin
              FROM customer_credit_limit
             WHERE state = 'approved' AND company_id = %(company)s AND date_from <= current_date
                   AND (date_to IS NULL OR date_to >= current_date)
          ORDER BY partner_id, kind = 'temporary' DESC, date_from DESC, id DESC) j
        ON j.partner_id = p.id
 LEFT JOIN customer_credit_grade g ON g.id = (p.customer_credit_grade_id ->> %(key)s)::int
     WHERE p.id BETWEEN %(first)s AND %(last)s
"""
