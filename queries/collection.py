"""Open receivables for collection: a fixed number of statements for any number of customers."""

from collections.abc import Sequence
from datetime import date

from odoo.tools import SQL


def candidates(company_id: int, today: date) -> SQL:
    """Select ``partner_id`` of customers with an overdue item or an open episode, in order."""
    return SQL(
        """
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
         ORDER BY partner_id
        """,
        company=company_id,
        today=today,
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
