"""Measures from invoices and orders: how much a customer buys, how steadily, and whether more.

A *purchase* is a posted customer invoice by its invoice date; a credit note is a negative one.
Amounts are untaxed, in company currency at the date of the document. Documents of contacts count
for their commercial partner.
"""

from odoo.tools import SQL

from ..engine.scoring import HUNDRED
from .companies import in_family
from .measures import MeasureContext, local_dates, partners_in, value_ratio

#: direction of a document: what it adds to purchases
SIGN = SQL("CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END")


def invoices(ctx: MeasureContext, alias: str = "m") -> SQL:
    """Condition: posted customer invoices and credit notes of the company (table ``alias``)."""
    table = SQL.identifier(alias)
    return SQL(
        "%(company)s AND %(m)s.state = 'posted'"
        " AND %(m)s.move_type IN ('out_invoice', 'out_refund')",
        m=table,
        company=in_family(SQL("%s.company_id", table), ctx.company_id),
    )


def invoice_domain(ctx: MeasureContext, partner_id: int, date_from=None) -> list:
    """Domain of a customer's purchases up to the end of the period, from ``date_from`` if given."""
    domain = [
        ("commercial_partner_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        ("state", "=", "posted"),
        ("move_type", "in", ("out_invoice", "out_refund")),
        ("invoice_date", "<=", ctx.date_to),
    ]
    return domain if date_from is None else [*domain, ("invoice_date", ">=", date_from)]


def sales_amounts(ctx: MeasureContext) -> SQL:
    """Purchases in the period of **all** customers of the company: (partner_id, amount)."""
    return SQL(
        """
        SELECT m.commercial_partner_id AS partner_id, sum(m.amount_untaxed_signed) AS amount
          FROM account_move m
         WHERE %(invoices)s AND m.invoice_date BETWEEN %(start)s AND %(end)s
               AND m.commercial_partner_id IS NOT NULL
      GROUP BY m.commercial_partner_id
        """,
        invoices=invoices(ctx),
        start=ctx.date_from,
        end=ctx.date_to,
    )


def purchase_amount(ctx: MeasureContext) -> SQL:
    """Purchases of the period in company currency.

    Data: customers with a purchase on or before the last day; 0 where it was before the period.
    """
    return SQL(
        """
        SELECT m.commercial_partner_id AS partner_id,
               COALESCE(sum(m.amount_untaxed_signed)
                        FILTER (WHERE m.invoice_date >= %(start)s), 0) AS value
          FROM account_move m
         WHERE %(invoices)s AND m.invoice_date <= %(end)s AND %(partners)s
      GROUP BY m.commercial_partner_id
        """,
        invoices=invoices(ctx),
        start=ctx.date_from,
        end=ctx.date_to,
        partners=partners_in(ctx, "m.commercial_partner_id"),
    )


def purchase_amount_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Invoices and credit notes of the period."""
    return "account.move", invoice_domain(ctx, partner_id, ctx.date_from)


def sales_share(ctx: MeasureContext) -> SQL:
    """Percentage of the company's sales of the period.

    Data: as :func:`purchase_amount`, and only where the company's sales are above zero.
    """
    return SQL(
        """
        SELECT a.partner_id, %(share)s AS value
          FROM (%(amounts)s) a
         CROSS JOIN (SELECT sum(amount) AS total FROM (%(all)s) s) w
         WHERE w.total > 0
        """,
        share=value_ratio(SQL("%s * a.value", HUNDRED), SQL("w.total")),
        amounts=purchase_amount(ctx),
        all=sales_amounts(ctx),
    )


def purchase_quantity(ctx: MeasureContext) -> SQL:
    """Quantity purchased in the period, in the chosen unit, or in each product's own unit.

    Lines whose unit cannot be converted (another family) and down payments are left out.
    Data: customers with a line that counts on or before the last day; 0 where it was before.
    """
    target = SQL("tu")
    join = SQL("JOIN uom_uom tu ON tu.id = t.uom_id")
    if ctx.uom_id:
        join = SQL("JOIN uom_uom tu ON tu.id = %s", ctx.uom_id)
    return SQL(
        """
        SELECT m.commercial_partner_id AS partner_id,
               round(COALESCE(sum(%(sign)s * l.quantity * u.factor / %(target)s.factor)
                              FILTER (WHERE m.invoice_date >= %(start)s), 0), 6) AS value
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
          JOIN product_product pp ON pp.id = l.product_id
          JOIN product_template t ON t.id = pp.product_tmpl_id
          JOIN uom_uom u ON u.id = l.product_uom_id
          %(join)s
         WHERE %(invoices)s AND m.invoice_date <= %(end)s AND %(partners)s
               AND l.display_type = 'product' AND l.is_downpayment IS NOT TRUE
               AND split_part(u.parent_path, '/', 1) = split_part(tu.parent_path, '/', 1)
      GROUP BY m.commercial_partner_id
        """,
        sign=SIGN,
        target=target,
        join=join,
        invoices=invoices(ctx),
        start=ctx.date_from,
        end=ctx.date_to,
        partners=partners_in(ctx, "m.commercial_partner_id"),
    )


def fulfilment(ctx: MeasureContext) -> SQL:
    """Fulfilled share of the quantities ordered in the period, 0..n.

    A line is fulfilled by what was invoiced, or delivered where that is more; quantities are
    taken in each product's own unit, as they are today. Lines with an ordered quantity of 0 or
    less (returns, expenses) and down payments are left out.
    Data: customers with an order of the period that has a line that counts.
    """
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id, %(ratio)s AS value
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
          JOIN sale_order_line l ON l.order_id = o.id
          JOIN product_product pp ON pp.id = l.product_id
          JOIN product_template t ON t.id = pp.product_tmpl_id
          JOIN uom_uom u ON u.id = l.product_uom_id
          JOIN uom_uom tu ON tu.id = t.uom_id
         WHERE %(company)s AND o.state = 'sale' AND %(dates)s AND %(partners)s
               AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
               AND l.product_uom_qty > 0
      GROUP BY p.commercial_partner_id
        """,
        ratio=value_ratio(
            SQL(
                "sum(greatest(COALESCE(l.qty_invoiced, 0), COALESCE(l.qty_delivered, 0))"
                " * u.factor / tu.factor)"
            ),
            SQL("sum(l.product_uom_qty * u.factor / tu.factor)"),
        ),
        company=in_family(SQL("o.company_id"), ctx.company_id),
        dates=local_dates(ctx, "o.date_order"),
        partners=partners_in(ctx, "p.commercial_partner_id"),
    )


def cooperation_months(ctx: MeasureContext) -> SQL:
    """Full months from the first confirmed order or invoice to the last day of the period.

    The last day of a month completes a month that began on a day it lacks
    (``engine.periods.full_months``). Data: customers with either on or before the last day.
    """
    return SQL(
        """
        SELECT f.partner_id,
               ((EXTRACT(year FROM %(end)s::date) - EXTRACT(year FROM f.first)) * 12
                + EXTRACT(month FROM %(end)s::date) - EXTRACT(month FROM f.first)
                - CASE WHEN EXTRACT(day FROM %(end)s::date) < EXTRACT(day FROM f.first)
                            AND EXTRACT(month FROM %(end)s::date)
                                = EXTRACT(month FROM %(end)s::date + 1)
                       THEN 1 ELSE 0 END)::numeric AS value
          FROM (SELECT partner_id, min(first) AS first
                  FROM (SELECT m.commercial_partner_id AS partner_id, min(m.invoice_date) AS first
                          FROM account_move m
                         WHERE %(invoices)s AND m.move_type = 'out_invoice'
                               AND m.invoice_date <= %(end)s AND %(partners)s
                      GROUP BY m.commercial_partner_id
                     UNION ALL
                        SELECT p.commercial_partner_id, min(%(order_day)s)
                          FROM sale_order o
                          JOIN res_partner p ON p.id = o.partner_id
                         WHERE %(company)s AND o.state = 'sale' AND %(until)s
                               AND %(order_partners)s
                      GROUP BY p.commercial_partner_id) d
              GROUP BY partner_id) f
        """,
        end=ctx.date_to,
        invoices=invoices(ctx),
        partners=partners_in(ctx, "m.commercial_partner_id"),
        order_day=SQL("(o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", ctx.tz),
        company=in_family(SQL("o.company_id"), ctx.company_id),
        until=local_dates(ctx, "o.date_order", open_start=True),
        order_partners=partners_in(ctx, "p.commercial_partner_id"),
    )


def cooperation_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Invoices up to the end of the period: the first of them began the cooperation."""
    return "account.move", invoice_domain(ctx, partner_id)


def idle_months(ctx: MeasureContext) -> SQL:
    """Months of the period in which the customer was sent no invoice above zero.

    Months are counted from the first day of the period. Data: customers with an invoice on or
    before the last day.
    """
    return SQL(
        """
        SELECT i.partner_id, (%(months)s - count(DISTINCT i.month))::numeric AS value
          FROM (SELECT m.commercial_partner_id AS partner_id,
                       CASE WHEN m.invoice_date >= %(start)s AND m.amount_untaxed_signed > 0
                            THEN %(month)s END AS month
                  FROM account_move m
                 WHERE %(invoices)s AND m.move_type = 'out_invoice'
                       AND m.invoice_date <= %(end)s AND %(partners)s) i
      GROUP BY i.partner_id
        """,
        months=SQL("(%s + 1)", _month_of(ctx, SQL("%s::date", ctx.date_to))),
        start=ctx.date_from,
        end=ctx.date_to,
        month=_month_of(ctx, SQL("m.invoice_date")),
        invoices=invoices(ctx),
        partners=partners_in(ctx, "m.commercial_partner_id"),
    )


def _month_of(ctx: MeasureContext, day: SQL) -> SQL:
    """Number of the month of the period a day is in, 0 for the first; months begin on its day."""
    return SQL(
        """
        ((EXTRACT(year FROM %(day)s) - %(year)s) * 12 + EXTRACT(month FROM %(day)s) - %(month)s
         - CASE WHEN EXTRACT(day FROM %(day)s) < %(first)s THEN 1 ELSE 0 END)::int
        """,
        day=day,
        year=ctx.date_from.year,
        month=ctx.date_from.month,
        first=ctx.date_from.day,
    )


def _growth(ctx: MeasureContext, base: MeasureContext) -> SQL:
    """Change of the purchases against another period, as a ratio of that one: -1..n.

    Data: customers whose purchases in the other period were above zero; there is nothing to
    compare with otherwise. Who stopped buying has -1.
    """
    return SQL(
        """
        SELECT g.partner_id, %(ratio)s AS value
          FROM (SELECT m.commercial_partner_id AS partner_id,
                       COALESCE(sum(m.amount_untaxed_signed)
                                FILTER (WHERE m.invoice_date >= %(start)s
                                              AND m.invoice_date <= %(end)s), 0) AS present,
                       sum(m.amount_untaxed_signed)
                           FILTER (WHERE m.invoice_date BETWEEN %(base_start)s AND %(base_end)s)
                           AS base
                  FROM account_move m
                 WHERE %(invoices)s AND %(partners)s
                       AND (m.invoice_date BETWEEN %(start)s AND %(end)s
                            OR m.invoice_date BETWEEN %(base_start)s AND %(base_end)s)
              GROUP BY m.commercial_partner_id) g
         WHERE g.base > 0
        """,
        ratio=value_ratio(SQL("(g.present - g.base)"), SQL("g.base")),
        start=ctx.date_from,
        end=ctx.date_to,
        base_start=base.date_from,
        base_end=base.date_to,
        invoices=invoices(ctx),
        partners=partners_in(ctx, "m.commercial_partner_id"),
    )


def growth_previous(ctx: MeasureContext) -> SQL:
    """Growth of purchases against the period before, as a ratio; see :func:`_growth` for data."""
    return _growth(ctx, ctx.previous())


def growth_last_year(ctx: MeasureContext) -> SQL:
    """Growth against the same period a year earlier, as a ratio; see :func:`_growth` for data."""
    return _growth(ctx, ctx.last_year())


def growth_previous_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Purchases of both periods."""
    return "account.move", invoice_domain(ctx, partner_id, ctx.previous().date_from)


def growth_last_year_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Purchases of this period and of the same one a year earlier."""
    base = ctx.last_year()
    return "account.move", [
        *invoice_domain(ctx, partner_id, base.date_from),
        "|",
        ("invoice_date", "<=", base.date_to),
        ("invoice_date", ">=", ctx.date_from),
    ]


def order_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Confirmed orders of the period."""
    start, end = ctx.utc_bounds()
    return "sale.order", [
        ("partner_id.commercial_partner_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        ("state", "=", "sale"),
        ("date_order", ">=", start),
        ("date_order", "<", end),
    ]


def quantity_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Invoice lines of the period that carry a product."""
    return "account.move.line", [
        *(
            (f"move_id.{field}", operator, value)
            for field, operator, value in invoice_domain(ctx, partner_id, ctx.date_from)
        ),
        ("display_type", "=", "product"),
        ("product_id", "!=", False),
        ("is_downpayment", "=", False),
    ]
