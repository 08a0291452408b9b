"""Figures of customers in SQL: parts that each yield some columns, and the upsert that joins them.

A part selects ``partner_id`` (a commercial partner) and its columns; a partner that it does not
return has no such figure: NULL, or zero for the columns in ``zero`` (counts and sums, where zero is
the truth). Higher domains add parts through ``customer.metrics._metrics_parts``.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.tools import SQL

from ..engine.windows import Window
from .companies import family
from .customers import customers


@dataclass(frozen=True)
class Part:
    """Some columns of ``customer_metrics`` and the select that yields them with ``partner_id``."""

    columns: tuple[str, ...]
    select: SQL
    zero: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MetricsContext:
    """What a part may depend on; dates are of the company's time zone, ``now`` is naive UTC.

    ``partners`` is a subselect of commercial partner ids, None for all customers.
    """

    company_id: int
    company_path: tuple[int, ...]
    currency_id: int
    today: date
    now: datetime
    tz: str
    year: Window
    quarter: Window
    previous_quarter: Window
    partners: SQL | None = None
    # contacts only of what happened since: an instant, and the last message there was then
    since: datetime | None = None
    after_message: int = 0

    def only(self, column: SQL) -> SQL:
        """Return ``AND column IN (partners)``, empty for all customers."""
        return SQL() if self.partners is None else SQL("AND %s IN (%s)", column, self.partners)

    def local_date(self, column: SQL) -> SQL:
        """Return the company's date of a column that holds naive UTC."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", column, self.tz)

    def utc(self, day: date) -> datetime:
        """Return the naive UTC moment at which ``day`` begins in the company's time zone."""
        start = datetime.combine(day, time.min, tzinfo=ZoneInfo(self.tz))
        return start.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def utc_range(self, window: Window) -> tuple[datetime, datetime]:
        """Return the naive UTC borders of a window, the upper one excluded."""
        return self.utc(window.date_from), self.utc(window.date_to + timedelta(days=1))


PARTNER = SQL("p.commercial_partner_id")


def orders(ctx: MetricsContext) -> Part:
    """First and last order, and confirmed orders of the last 12 months and the quarters, up to
    today.
    """
    windows = [ctx.utc_range(window) for window in (ctx.year, ctx.quarter, ctx.previous_quarter)]
    counts = [
        SQL(
            "COUNT(*) FILTER (WHERE o.date_order >= %s AND o.date_order < %s) AS %s",
            low,
            high,
            SQL.identifier(name),
        )
        for (low, high), name in zip(
            windows,
            ("order_count_12m", "order_count_quarter", "order_count_previous_quarter"),
            strict=True,
        )
    ]
    select = SQL(
        """
        SELECT %(partner)s AS partner_id,
               %(first)s AS first_order_date,
               %(last)s AS last_order_date,
               %(counts)s
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
         WHERE o.state = 'sale'
           AND o.company_id = ANY(%(company)s)
           AND o.date_order < %(end)s
           %(only)s
         GROUP BY %(partner)s
        """,
        partner=PARTNER,
        first=ctx.local_date(SQL("MIN(o.date_order)")),
        last=ctx.local_date(SQL("MAX(o.date_order)")),
        counts=SQL(", ").join(counts),
        company=family(ctx.company_id),
        end=ctx.utc(ctx.today + timedelta(days=1)),
        only=ctx.only(PARTNER),
    )
    columns = (
        "first_order_date",
        "last_order_date",
        "order_count_12m",
        "order_count_quarter",
        "order_count_previous_quarter",
    )
    return Part(columns, select, frozenset(columns[2:]))


def revenue(ctx: MetricsContext) -> Part:
    """Untaxed posted invoices less credit notes in company currency, and the share of the company's
    total.

    ``amount_untaxed_signed`` was converted at the document's date when it was posted. The share is
    in percent and empty when the company's revenue of the 12 months is not positive: a share of
    nothing has no meaning.
    """
    columns = ("revenue_12m", "revenue_quarter", "revenue_previous_quarter")
    sums = [
        SQL(
            "COALESCE(SUM(m.amount_untaxed_signed)"
            " FILTER (WHERE m.invoice_date BETWEEN %s AND %s), 0) AS %s",
            window.date_from,
            window.date_to,
            SQL.identifier(name),
        )
        for window, name in zip((ctx.year, ctx.quarter, ctx.previous_quarter), columns, strict=True)
    ]
    low = min(ctx.year.date_from, ctx.previous_quarter.date_from)
    select = SQL(
        """
        SELECT r.*, ROUND(100 * r.revenue_12m / NULLIF(GREATEST(t.total, 0), 0), 4) AS revenue_share
          FROM (
            SELECT m.commercial_partner_id AS partner_id, %(sums)s
              FROM account_move m
             WHERE %(posted)s
               AND m.invoice_date BETWEEN %(low)s AND %(today)s
               %(only)s
             GROUP BY m.commercial_partner_id
          ) r
         CROSS JOIN (
            SELECT SUM(m.amount_untaxed_signed) AS total
              FROM account_move m
             WHERE %(posted)s
               AND m.invoice_date BETWEEN %(year_from)s AND %(today)s
          ) t
        """,
        sums=SQL(", ").join(sums),
        posted=SQL(
            "m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')"
            " AND m.company_id = ANY(%s)",
            family(ctx.company_id),
        ),
        low=low,
        today=ctx.today,
        year_from=ctx.year.date_from,
        only=ctx.only(SQL("m.commercial_partner_id")),
    )
    return Part((*columns, "revenue_share"), select, frozenset((*columns, "revenue_share")))


def payments(ctx: MetricsContext) -> Part:
    """Average days from invoice date to full payment, over the invoices fully paid in the last 12
    months.

    The day of payment is that of the last reconciled entry; an invoice settled by credit notes
    alone was not paid. A payment before the invoice counts as zero days.
    """
    select = SQL(
        """
        SELECT paid.partner_id,
               ROUND(AVG(GREATEST(paid.paid_on - paid.invoice_date, 0)), 2) AS days_to_pay,
               COUNT(*) AS paid_invoice_count_12m
          FROM (
            SELECT m.commercial_partner_id AS partner_id, m.invoice_date,
                   MAX(pr.max_date) AS paid_on
              FROM account_partial_reconcile pr
              JOIN account_move_line l ON l.id = pr.debit_move_id
              JOIN account_move m ON m.id = l.move_id
             WHERE pr.max_date BETWEEN %(low)s AND %(today)s
               AND m.company_id = ANY(%(company)s)
               AND m.state = 'posted'
               AND m.move_type = 'out_invoice'
               AND m.payment_state IN ('paid', 'in_payment')
               %(only)s
             GROUP BY m.id
          ) paid
         GROUP BY paid.partner_id
        """,
        low=ctx.year.date_from,
        today=ctx.today,
        company=family(ctx.company_id),
        only=ctx.only(SQL("m.commercial_partner_id")),
    )
    return Part(
        ("days_to_pay", "paid_invoice_count_12m"), select, frozenset(("paid_invoice_count_12m",))
    )


def overdue(ctx: MetricsContext) -> Part:
    """Open receivables past their due date, less unallocated payments and credit notes, never below
    zero.

    Due today is not yet overdue. The oldest overdue days are those of the oldest open invoice, zero
    when the customer's credits cover everything that is overdue.
    """
    select = SQL(
        """
        SELECT o.partner_id,
               GREATEST(o.amount, 0) AS overdue_amount,
               CASE WHEN o.amount > 0 THEN %(today)s::date - o.oldest ELSE 0 END AS overdue_days
          FROM (
            SELECT %(partner)s AS partner_id,
                   SUM(l.amount_residual) AS amount,
                   MIN(l.date_maturity) FILTER (WHERE l.amount_residual > 0) AS oldest
              FROM account_move_line l
              JOIN account_account a ON a.id = l.account_id
              JOIN res_partner p ON p.id = l.partner_id
             WHERE a.account_type = 'asset_receivable'
               AND l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE
               AND l.company_id = ANY(%(company)s)
               AND (
                    (l.amount_residual > 0 AND l.date_maturity < %(today)s)
                    OR (l.amount_residual < 0 AND l.date <= %(today)s)
               )
               %(only)s
             GROUP BY %(partner)s
          ) o
         WHERE o.oldest IS NOT NULL
        """,
        partner=PARTNER,
        today=ctx.today,
        company=family(ctx.company_id),
        only=ctx.only(PARTNER),
    )
    return Part(
        ("overdue_amount", "overdue_days"), select, frozenset(("overdue_amount", "overdue_days"))
    )


AGGREGATES = {"bool": "BOOL_OR", "jsonb": "JSONB_AGG"}  # all other types have MAX


def upsert(ctx: MetricsContext, parts: list[Part], types: dict[str, str]) -> SQL:
    """Write one row for each customer of ``ctx`` from the parts; a row that is there is
    overwritten.

    The parts are stacked and grouped, not joined: the planner cannot know how many customers there
    are (``commercial_partner_id = id`` looks like one in 200), and its nested loops over parts
    would take time with the square of the customers. Stacking takes one hash, whatever it expects.

    :param types: type in the database of each column
    """
    names = [name for part in parts for name in part.columns]
    zero = frozenset().union(*(part.zero for part in parts))
    columns = [SQL.identifier(name) for name in names]
    nulls = {name: SQL("NULL::%s", SQL.identifier(types[name])) for name in names}
    stacked = [
        SQL(
            "SELECT c.partner_id, TRUE AS is_customer, %s FROM (%s) c",
            SQL(", ").join(SQL("%s AS %s", nulls[name], SQL.identifier(name)) for name in names),
            customers(ctx.company_id, ctx.company_path, ctx.partners),
        )
    ]
    for part in parts:
        values = [
            SQL("q.%s::%s", SQL.identifier(name), SQL.identifier(types[name]))
            if name in part.columns
            else nulls[name]
            for name in names
        ]
        stacked.append(
            SQL("SELECT q.partner_id, FALSE, %s FROM (%s) q", SQL(", ").join(values), part.select)
        )
    results = []
    for name in names:
        value = SQL("%s(s.%s)", SQL(AGGREGATES.get(types[name], "MAX")), SQL.identifier(name))
        results.append(SQL("COALESCE(%s, 0)", value) if name in zero else value)
    return SQL(
        """
        INSERT INTO customer_metrics (partner_id, company_id, currency_id, computed_at, %(columns)s)
        SELECT s.partner_id, %(company)s, %(currency)s, %(now)s, %(results)s
          FROM (%(stacked)s) s
         GROUP BY s.partner_id
        HAVING BOOL_OR(s.is_customer)
         ORDER BY s.partner_id -- one order for everybody: two runs at once cannot deadlock
        ON CONFLICT (company_id, partner_id) DO UPDATE
           SET currency_id = EXCLUDED.currency_id, computed_at = EXCLUDED.computed_at, %(updates)s
        """,
        columns=SQL(", ").join(columns),
        company=ctx.company_id,
        currency=ctx.currency_id,
        now=ctx.now,
        results=SQL(", ").join(results),
        stacked=SQL(" UNION ALL ").join(stacked),
        updates=SQL(", ").join(SQL("%s = EXCLUDED.%s", column, column) for column in columns),
    )


def prune(ctx: MetricsContext) -> SQL:
    """Delete the rows of partners that are customers of the company no longer.

    They were archived, merged, or are suppliers now. EXCEPT hashes both sides, see `upsert`.
    """
    return SQL(
        """
        DELETE FROM customer_metrics
         WHERE company_id = %(company)s
           AND partner_id IN (
                SELECT m.partner_id FROM customer_metrics m
                 WHERE m.company_id = %(company)s %(only)s
                EXCEPT
                (%(customers)s)
           )
        """,
        company=ctx.company_id,
        customers=customers(ctx.company_id, ctx.company_path, ctx.partners),
        only=ctx.only(SQL("m.partner_id")),
    )


def lock_company(company_id: int) -> SQL:
    """Try to take the company's nightly job until the end of the transaction; yields one boolean.

    An advisory lock, because a lock on the company's row would hold up everybody who refers to the
    company.
    """
    return SQL("SELECT pg_try_advisory_xact_lock(hashtext('customer_metrics'), %s)", company_id)


def with_share(ids) -> SQL:
    """Ids of the rows that have a share of revenue: NULL is none, which is not 0."""
    return SQL(
        "SELECT id FROM customer_metrics WHERE id = ANY(%s) AND revenue_share IS NOT NULL",
        list(ids),
    )
