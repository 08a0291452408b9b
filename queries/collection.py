"""Open receivables for collection: a fixed number of statements for any number of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from odoo.tools import SQL

# id of a row of the ageing list: company * PARTNERS + partner
PARTNERS = 100_000_000


@dataclass(frozen=True)
class AgeingContext:
    """Day, length of a period and collector of one company."""

    company_id: int
    today: date
    days: int
    collector_id: int | None = None


def overdue(contexts: Sequence[AgeingContext]) -> SQL:
    """Select the ageing list of companies: one row a customer with something overdue now.

    ``level_id`` is the highest level of the open episode that was reached (left out or done),
    ``step_id`` the highest one that waits.
    """
    return SQL(" UNION ALL ").join(_overdue(ctx) for ctx in contexts)


def _overdue(ctx: AgeingContext) -> SQL:
    late = SQL("(%s::date - COALESCE(l.date_maturity, l.date))", ctx.today)

    def period(number: int) -> SQL:
        upper = SQL("TRUE") if number == 4 else SQL("%s <= %s", late, number * ctx.days)
        return SQL(
            "COALESCE(sum(l.amount_residual) FILTER (WHERE l.amount_residual > 0 AND %s > %s"
            " AND %s), 0)",
            late,
            (number - 1) * ctx.days,
            upper,
        )

    return SQL(
        """
        SELECT (%(company)s::bigint * %(partners)s + o.partner_id) AS id, o.partner_id,
               %(company)s AS company_id, o.amount, o.amount_1, o.amount_2, o.amount_3, o.amount_4,
               o.days, o.disputed, o.promised, o.promise_date, o.credits,
               reached.level_id, todo.id AS step_id, e.next_date,
               COALESCE(todo.user_id, %(collector)s::int, c.user_id) AS user_id
          FROM (
            SELECT p.commercial_partner_id AS partner_id,
                   COALESCE(sum(l.amount_residual) FILTER (WHERE l.amount_residual > 0
                                                             AND %(late)s > 0), 0) AS amount,
                   %(one)s AS amount_1, %(two)s AS amount_2, %(three)s AS amount_3,
                   %(rest)s AS amount_4,
                   max(%(late)s) FILTER (WHERE l.amount_residual > 0) AS days,
                   COALESCE(sum(l.amount_residual) FILTER (WHERE l.amount_residual > 0
                       AND %(late)s > 0 AND d.move_id IS NOT NULL), 0) AS disputed,
                   COALESCE(sum(l.amount_residual) FILTER (WHERE l.amount_residual > 0
                       AND %(late)s > 0 AND d.move_id IS NULL
                       AND r.promised_until >= %(today)s), 0) AS promised,
                   max(r.promised_until) FILTER (WHERE l.amount_residual > 0
                       AND r.promised_until >= %(today)s) AS promise_date,
                   COALESCE(sum(l.amount_residual) FILTER (WHERE l.amount_residual < 0
                       AND l.date <= %(today)s), 0) AS credits
              FROM account_move_line l
              JOIN account_account a ON a.id = l.account_id
              JOIN res_partner p ON p.id = l.partner_id
         LEFT JOIN (SELECT DISTINCT move_id FROM customer_collection_dispute
                     WHERE date_to IS NULL) d ON d.move_id = l.move_id
         LEFT JOIN (SELECT x.move_id, max(o.date) AS promised_until
                      FROM customer_collection_promise o
                      JOIN customer_collection_promise_move_rel x ON x.promise_id = o.id
                     WHERE o.state = 'open' AND o.company_id = %(company)s
                     GROUP BY x.move_id) r ON r.move_id = l.move_id
             WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE AND l.amount_residual != 0
               AND l.company_id = %(company)s
             GROUP BY p.commercial_partner_id
            HAVING bool_or(l.amount_residual > 0 AND %(late)s > 0)
          ) o
          JOIN res_partner c ON c.id = o.partner_id
     LEFT JOIN customer_collection_episode e
            ON e.partner_id = o.partner_id AND e.company_id = %(company)s AND e.date_to IS NULL
     LEFT JOIN LATERAL (SELECT s.level_id FROM customer_collection_step s
                         WHERE s.episode_id = e.id AND s.state IN ('done', 'skipped')
                         ORDER BY s.level_days DESC, s.id DESC LIMIT 1) reached ON TRUE
     LEFT JOIN LATERAL (SELECT s.id, s.user_id FROM customer_collection_step s
                         WHERE s.episode_id = e.id AND s.state = 'planned'
                         ORDER BY s.level_days DESC, s.id DESC LIMIT 1) todo ON TRUE
        """,
        company=ctx.company_id,
        partners=PARTNERS,
        collector=ctx.collector_id,
        today=ctx.today,
        late=late,
        one=period(1),
        two=period(2),
        three=period(3),
        rest=period(4),
    )


def candidates(company_id: int, today: date, after: int = 0, limit: int | None = None) -> SQL:
    """Select ``partner_id`` of customers with an overdue item or an open episode, in order.

    :param after: only customers with a higher id
    """
    return SQL(
        """
        SELECT partner_id FROM (
        SELECT p.commercial_partner_id AS partner_id
          FROM account_move_line l
          JOIN account_account a ON a.id = l.account_id
          JOIN res_partner p ON p.id = l.partner_id
         WHERE a.account_type = 'asset_receivable'
           AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE
           AND l.amount_residual > 0
           AND l.company_id = %(company)s
           AND COALESCE(l.date_maturity, l.date) < %(today)s
         UNION
        SELECT e.partner_id
          FROM customer_collection_episode e
         WHERE e.company_id = %(company)s AND e.date_to IS NULL
        ) candidate
         WHERE partner_id > %(after)s
         ORDER BY partner_id
         LIMIT %(limit)s
        """,
        company=company_id,
        today=today,
        after=after,
        limit=limit,
    )


def open_items(company_id: int, partner_ids: Sequence[int], today: date) -> SQL:
    """Select the open receivable entries of customers, credits included, oldest first.

    A credit dated in the future is not there yet. ``promised_until`` is the last day of an open
    promise on the document, ``complaint_id`` the oldest complaint that disputes it.
    """
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id,
               l.id AS line_id,
               l.move_id,
               m.name,
               m.ref,
               m.move_type,
               COALESCE(m.invoice_date, l.date) AS date,
               COALESCE(l.date_maturity, l.date) AS due,
               l.amount_residual AS residual,
               l.amount_residual_currency AS residual_currency,
               l.currency_id,
               d.complaint_id,
               d.complaint_name,
               r.promised_until
          FROM account_move_line l
          JOIN account_account a ON a.id = l.account_id
          JOIN account_move m ON m.id = l.move_id
          JOIN res_partner p ON p.id = l.partner_id
     LEFT JOIN (SELECT DISTINCT ON (move_id) move_id, complaint_id, complaint_name
                  FROM customer_collection_dispute
                 WHERE date_to IS NULL
                 ORDER BY move_id, id) d ON d.move_id = m.id
     LEFT JOIN (SELECT x.move_id, MAX(o.date) AS promised_until
                  FROM customer_collection_promise o
                  JOIN customer_collection_promise_move_rel x ON x.promise_id = o.id
                 WHERE o.state = 'open' AND o.company_id = %(company)s
                 GROUP BY x.move_id) r ON r.move_id = m.id
         WHERE a.account_type = 'asset_receivable'
           AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE
           AND l.amount_residual != 0
           AND l.company_id = %(company)s
           AND (l.amount_residual > 0 OR l.date <= %(today)s)
           AND p.commercial_partner_id = ANY(%(partners)s)
         ORDER BY due, l.id
        """,
        company=company_id,
        today=today,
        partners=list(partner_ids),
    )


def settled(promise_ids: Sequence[int]) -> SQL:
    """Select (promise_id, settled, settled_currency) of promises: what was settled of their
    documents up to the day of the promise, in company currency and in that of the documents.
    """
    return SQL(
        """
        SELECT o.id AS promise_id,
               COALESCE(SUM(pr.amount), 0) AS settled,
               COALESCE(SUM(pr.debit_amount_currency), 0) AS settled_currency
          FROM customer_collection_promise o
          JOIN customer_collection_promise_move_rel x ON x.promise_id = o.id
          JOIN account_move_line l ON l.move_id = x.move_id
          JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
          JOIN account_partial_reconcile pr ON pr.debit_move_id = l.id AND pr.max_date <= o.date
         WHERE o.id = ANY(%s)
         GROUP BY o.id
        """,
        list(promise_ids),
    )


def settled_so_far(move_ids: Sequence[int]) -> SQL:
    """Select (settled, settled_currency) of documents until now, whatever the day."""
    return SQL(
        """
        SELECT COALESCE(SUM(pr.amount), 0), COALESCE(SUM(pr.debit_amount_currency), 0)
          FROM account_move_line l
          JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
          JOIN account_partial_reconcile pr ON pr.debit_move_id = l.id
         WHERE l.move_id = ANY(%s)
        """,
        list(move_ids),
    )


def lock_company(company_id: int) -> SQL:
    """Try to take the company's collection until the end of the transaction; yields one boolean."""
    return SQL("SELECT pg_try_advisory_xact_lock(hashtext('customer_collection'), %s)", company_id)
