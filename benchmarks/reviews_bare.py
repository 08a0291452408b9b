"""The same figures as a review, its applying and the metrics by plain SQL, written by hand.

What somebody would write who needs these figures once, for the scorecard of the benchmark only,
into tables of the same shape, indexes and foreign keys. The benchmark compares the addon with it,
in time and row by row.
"""

from odoo.tools import SQL

#: column of bare_line, of what, and of the score rows that must be equal
LINE_COLUMNS = (
    "score",
    "coverage",
    "rank",
    "sales",
    "share",
    "cumulative_share",
    "computed_tier_id",
    "proposed_tier_id",
)
SCORE_COLUMNS = ("has_data", "value", "rank", "points", "max_points", "choice_id")


def copy_table(env, table, copy):
    """Make an empty table of the same shape, indexes and foreign keys."""
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s CASCADE", SQL.identifier(copy)))
    env.cr.execute(
        SQL("CREATE TABLE %s (LIKE %s INCLUDING ALL)", SQL.identifier(copy), SQL.identifier(table))
    )
    env.cr.execute(
        """
        SELECT pg_get_constraintdef(oid) FROM pg_constraint
         WHERE conrelid = %s::regclass AND contype = 'f'
        """,
        [table],
    )
    for [definition] in env.cr.fetchall():
        definition = definition.replace("customer_review_line(", "bare_line(")
        env.cr.execute(SQL("ALTER TABLE %s ADD " + definition, SQL.identifier(copy)))


_SCORE = """
    INSERT INTO bare_score (line_id, indicator_id, sequence, source, has_data, value, rank, points,
                            max_points, choice_id)
    SELECT l.id, %(indicator)s, %(sequence)s, 'automatic', v.value IS NOT NULL, v.value, {rank},
           {points}, %(maximum)s, {choice}
      FROM bare_line l LEFT JOIN ({select}) v ON v.partner_id = l.partner_id
"""
_POSTED = """m.company_id = %(company)s AND m.state = 'posted'
             AND m.move_type IN ('out_invoice', 'out_refund')"""

_DUE = """
    SELECT m.commercial_partner_id AS partner_id, m.id,
           max(CASE WHEN x.paid <= l.date_maturity THEN 0
                    ELSE least(coalesce(x.paid, %(end)s), %(end)s) - l.date_maturity END) AS late
      FROM account_move m
      JOIN account_move_line l ON l.move_id = m.id AND l.balance > 0
      JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
 LEFT JOIN (SELECT debit_move_id, max(max_date) AS paid
              FROM account_partial_reconcile GROUP BY 1) r ON r.debit_move_id = l.id
CROSS JOIN LATERAL (SELECT CASE WHEN l.reconciled THEN r.paid END AS paid) x
     WHERE m.company_id = %(company)s AND m.state = 'posted' AND m.move_type = 'out_invoice'
       AND l.date_maturity <= %(end)s
       AND (l.date_maturity >= %(start)s OR x.paid IS NULL OR x.paid >= %(start)s)
  GROUP BY 1, 2
"""

# measure -> (select, rank, points, choice)
SCORES = {
    "purchase_quantity": (
        f"""
        SELECT m.commercial_partner_id AS partner_id,
               round(coalesce(sum(CASE m.move_type WHEN 'out_refund' THEN -l.quantity
                                       ELSE l.quantity END * u.factor / tu.factor)
                   FILTER (WHERE m.invoice_date >= %(start)s), 0), 6) AS value
          FROM account_move m
          JOIN account_move_line l ON l.move_id = m.id
          JOIN product_product pp ON pp.id = l.product_id
          JOIN product_template t ON t.id = pp.product_tmpl_id
          JOIN uom_uom u ON u.id = l.product_uom_id
          JOIN uom_uom tu ON tu.id = t.uom_id
         WHERE {_POSTED} AND m.invoice_date <= %(end)s AND l.display_type = 'product'
           AND l.is_downpayment IS NOT TRUE
           AND split_part(u.parent_path, '/', 1) = split_part(tu.parent_path, '/', 1)
      GROUP BY 1""",
        "CASE WHEN v.value IS NOT NULL THEN rank() OVER (ORDER BY v.value DESC NULLS LAST) END",
        """CASE WHEN v.value IS NOT NULL THEN round(greatest(0, 45 - 1.5 * (rank()
               OVER (ORDER BY v.value DESC NULLS LAST) - 1)), 4) END""",
        "NULL::int",
    ),
    "fulfilment": (
        """
        SELECT p.commercial_partner_id AS partner_id,
               round(sum(greatest(l.qty_invoiced, l.qty_delivered) * u.factor / tu.factor)
                     / sum(l.product_uom_qty * u.factor / tu.factor), 6) AS value
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
          JOIN sale_order_line l ON l.order_id = o.id
          JOIN product_product pp ON pp.id = l.product_id
          JOIN product_template t ON t.id = pp.product_tmpl_id
          JOIN uom_uom u ON u.id = l.product_uom_id
          JOIN uom_uom tu ON tu.id = t.uom_id
         WHERE o.company_id = %(company)s AND o.state = 'sale' AND l.product_uom_qty > 0
           AND o.date_order >= %(start)s AND o.date_order < %(end)s::date + 1
      GROUP BY 1""",
        "NULL::int",
        "CASE WHEN v.value >= 0 THEN round(10 * least(1, v.value), 4) END",
        "NULL::int",
    ),
    "nature": (
        """
        SELECT s.partner_id, s.segment_id::numeric AS value
          FROM customer_segment_assignment s
         WHERE s.company_id = %(company)s AND s.segment_id IN (%(producer)s, %(dealer)s)""",
        "NULL::int",
        "CASE v.value::int WHEN %(producer)s THEN 15.0000 WHEN %(dealer)s THEN 5.0000 END",
        "CASE v.value::int WHEN %(producer)s THEN %(choice1)s WHEN %(dealer)s THEN %(choice2)s END",
    ),
    "cooperation_months": (
        f"""
        SELECT partner_id, (extract(year FROM a) * 12 + extract(month FROM a))::numeric AS value
          FROM (SELECT partner_id, age(%(end)s::date + 1, min(first) + 1) AS a
                  FROM (SELECT m.commercial_partner_id AS partner_id, m.invoice_date AS first
                          FROM account_move m
                         WHERE {_POSTED} AND m.move_type = 'out_invoice'
                           AND m.invoice_date <= %(end)s
                     UNION ALL
                        SELECT p.commercial_partner_id, o.date_order::date
                          FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                         WHERE o.company_id = %(company)s AND o.state = 'sale'
                           AND o.date_order < %(end)s::date + 1) f
              GROUP BY partner_id) x""",
        "NULL::int",
        """CASE WHEN v.value >= 18 THEN 10.0000 WHEN v.value >= 12 THEN 5.0000
                WHEN v.value >= 6 THEN 3.0000 WHEN v.value IS NOT NULL THEN 1.0000 END""",
        "NULL::int",
    ),
    "idle_months": (
        f"""
        SELECT m.commercial_partner_id AS partner_id,
               (3 - count(DISTINCT extract(month FROM m.invoice_date))
                    FILTER (WHERE m.invoice_date >= %(start)s
                                  AND m.amount_untaxed_signed > 0))::numeric AS value
          FROM account_move m
         WHERE {_POSTED} AND m.move_type = 'out_invoice' AND m.invoice_date <= %(end)s
      GROUP BY 1""",
        "NULL::int",
        "round(10 - v.value, 4)",
        "NULL::int",
    ),
    "arrears_count": (
        f"""
        SELECT partner_id, (count(*) FILTER (WHERE late > 0))::numeric AS value
          FROM ({_DUE}) d GROUP BY 1""",
        "NULL::int",
        "CASE WHEN v.value >= 0 THEN round(greatest(0, 2 - v.value), 4) END",
        "NULL::int",
    ),
    "growth_previous": (
        f"""
        SELECT partner_id, round((present - base) / base, 6) AS value
          FROM (SELECT m.commercial_partner_id AS partner_id,
                       coalesce(sum(m.amount_untaxed_signed)
                           FILTER (WHERE m.invoice_date >= %(start)s), 0) AS present,
                       sum(m.amount_untaxed_signed)
                           FILTER (WHERE m.invoice_date < %(start)s) AS base
                  FROM account_move m
                 WHERE {_POSTED} AND m.invoice_date BETWEEN %(before)s AND %(end)s
              GROUP BY 1) g
         WHERE base > 0""",
        "NULL::int",
        """CASE WHEN v.value > 0 THEN 2.0000 WHEN v.value = 0 THEN 1.0000
                WHEN v.value < 0 THEN 0.0000 END""",
        "NULL::int",
    ),
    "days_late": (
        f"SELECT partner_id, round(avg(late), 6) AS value FROM ({_DUE}) d GROUP BY 1",
        "NULL::int",
        """CASE WHEN v.value < 5 THEN 5.0000 WHEN v.value < 30 THEN 2.0000
                WHEN v.value IS NOT NULL THEN 0.0000 END""",
        "NULL::int",
    ),
    "manual": ("SELECT NULL::int AS partner_id, NULL::numeric AS value WHERE FALSE",)
    + ("NULL::int", "NULL::numeric", "NULL::int"),
}

INSERT_LINES = """
    INSERT INTO bare_line (review_id, partner_id, company_id, previous_tier_id)
    SELECT %(review)s, p.id, %(company)s, (p.customer_tier_id ->> %(company)s::text)::int
      FROM res_partner p
     WHERE p.company_id = %(company)s AND p.customer_rank > 0 AND p.active
           AND p.commercial_partner_id = p.id
"""

DECIDE = f"""
    UPDATE bare_line l
       SET score = f.score, has_score = f.score IS NOT NULL, coverage = f.coverage, rank = f.rank,
           sales = f.sales, share = f.share, cumulative_share = f.cumulative,
           ahead_share = f.ahead, manual_missing = f.missing, computed_tier_id = f.tier,
           proposed_tier_id = CASE WHEN f.coverage >= 60 THEN f.tier END,
           decided_tier_id = CASE WHEN f.coverage >= 60 THEN f.tier END
      FROM (SELECT x.*, CASE WHEN score IS NOT NULL
                             THEN rank() OVER (ORDER BY score DESC NULLS LAST) END AS rank,
                   CASE WHEN score IS NULL THEN NULL WHEN share >= 27 THEN %(strategic)s
                        WHEN share >= 16 THEN %(key)s ELSE %(standard)s END AS tier
              FROM (SELECT l.id, round(100 * s.earned / nullif(s.known, 0), 2) AS score,
                           round(100 * coalesce(s.known, 0) / s.whole, 2) AS coverage,
                           s.missing,
                           coalesce(a.amount, 0) AS sales,
                           round(100 * coalesce(a.amount, 0) / w.total, 4) AS share,
                           round(100 * coalesce(a.running, w.positive) / w.total, 4) AS cumulative,
                           round(100 * coalesce(a.ahead, w.positive) / w.total, 4) AS ahead
                      FROM bare_line l
                      JOIN (SELECT line_id, sum(max_points) AS whole,
                                   sum(max_points) FILTER (WHERE has_data) AS known,
                                   sum(points) FILTER (WHERE has_data) AS earned,
                                   count(*) FILTER (WHERE source = 'manual') AS missing
                              FROM bare_score GROUP BY 1) s ON s.line_id = l.id
                 LEFT JOIN (SELECT m.commercial_partner_id AS partner_id,
                                   sum(m.amount_untaxed_signed) AS amount,
                                   sum(sum(m.amount_untaxed_signed)) OVER w AS running,
                                   sum(sum(m.amount_untaxed_signed)) OVER w
                                       - sum(m.amount_untaxed_signed) AS ahead
                              FROM account_move m
                             WHERE {_POSTED} AND m.invoice_date BETWEEN %(start)s AND %(end)s
                          GROUP BY 1
                            WINDOW w AS (ORDER BY sum(m.amount_untaxed_signed) DESC)) a
                           ON a.partner_id = l.partner_id
                CROSS JOIN (SELECT sum(amount) AS total,
                                   sum(amount) FILTER (WHERE amount > 0) AS positive
                              FROM (SELECT sum(m.amount_untaxed_signed) AS amount
                                      FROM account_move m
                                     WHERE {_POSTED}
                                       AND m.invoice_date BETWEEN %(start)s AND %(end)s
                                  GROUP BY m.commercial_partner_id) t) w) x) f
     WHERE f.id = l.id
"""

APPLY_HISTORY = """
    INSERT INTO customer_tier_history (
        partner_id, company_id, old_tier_id, new_tier_id, date, reason, origin, user_id,
        review_line_id, create_uid, create_date, write_uid, write_date)
    SELECT l.partner_id, l.company_id, (p.customer_tier_id ->> %(company)s::text)::int,
           l.decided_tier_id, %(end)s, 'Review', 'review', 1, l.id, 1, now(), 1, now()
      FROM customer_review_line l JOIN res_partner p ON p.id = l.partner_id
     WHERE l.review_id = %(review)s AND l.decided_tier_id IS NOT NULL
"""
APPLY_TIERS = """
    UPDATE res_partner p
       SET customer_tier_id = coalesce(p.customer_tier_id, '{}')
               || jsonb_build_object(%(company)s::text, l.decided_tier_id),
           customer_tier_since = coalesce(p.customer_tier_since, '{}')
               || jsonb_build_object(%(company)s::text, %(end)s::text),
           customer_tier_origin = coalesce(p.customer_tier_origin, '{}')
               || jsonb_build_object(%(company)s::text, 'review'),
           write_uid = 1, write_date = now()
      FROM customer_review_line l
     WHERE l.review_id = %(review)s AND l.decided_tier_id IS NOT NULL
           AND p.commercial_partner_id = l.partner_id
"""


def score(measure, **values):
    """Statement that writes the scores of one indicator."""
    select, rank, points, choice = SCORES[measure]
    code = _SCORE.format(select=select, rank=rank, points=points, choice=choice)
    if measure == "manual":
        code = code.replace("'automatic'", "'manual'")
    return SQL(code, **values)


def different_rows(table, bare, columns, key, where):
    """Count rows of which a column differs between the addon's table and the bare one."""
    pairs = SQL(" OR ").join(
        SQL("a.%s IS DISTINCT FROM b.%s", SQL.identifier(column), SQL.identifier(column))
        for column in columns
    )
    return SQL(
        "SELECT count(*) FROM (%s) a FULL JOIN (%s) b USING (%s) WHERE %s",
        SQL(table, **where),
        SQL(bare, **where),
        SQL(key),
        pairs,
    )
