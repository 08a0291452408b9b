"""What customers owe and may still owe: one statement for one customer or for all of them.

Buckets (company currency, each document at its own rate):

* ``not_due``, ``overdue_1`` .. ``overdue_4``: open receivable items by the day they are due
* ``credits``: what the customer paid in advance or has to its credit, negative
* ``drafts``: customer invoices that are not posted yet (credit notes count once posted)
* ``orders``: confirmed orders not yet invoiced: the ordered quantity, or the delivered one where
  that is larger, less what is on an invoice that is not cancelled; the price with tax is that of
  the line, where nothing was ordered (its total is 0) the unit price with its percentage taxes
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from .companies import in_family


@dataclass(frozen=True)
class ExposureContext:
    """For which company and day; documents that are judged themselves are left out.

    ``native`` says whether Odoo's own credit limits are switched on in the company: then
    ``credit_limit`` (or ``default_limit``) counts for customers without an entry in the journal.
    """

    company_id: int
    today: date
    aging_days: int = 30
    native: bool = False
    default_limit: float | SQL = 0.0
    skip_orders: tuple[int, ...] = ()
    skip_moves: tuple[int, ...] = ()


class Exposure(NamedTuple):
    """A row of :func:`exposures`, in the order of its columns."""

    partner_id: int
    not_due: float
    overdue_1: float
    overdue_2: float
    overdue_3: float
    overdue_4: float
    overdue_days: int
    credits: float
    drafts: float
    orders: float
    limit_amount: float | None
    unlimited: bool
    limit_id: int | None
    grade_id: int | None
    valid_until: date | None
    is_blocked: bool
    action: str | None
    grace_days: int | None
    prepayment_only: bool | None
    limit_origin: str | None

    @property
    def overdue(self):
        """Sum of what is overdue."""
        return self.overdue_1 + self.overdue_2 + self.overdue_3 + self.overdue_4

    @property
    def used(self):
        """What counts against the limit."""
        return self.not_due + self.overdue + self.credits + self.drafts + self.orders


def exposures(ctx: ExposureContext, ids: Collection[int] | SQL | None = None) -> SQL:
    """Select :class:`Exposure` of commercial partners.

    :param ids: commercial partners, or a subselect of their ids; None for all
    """
    # The customers with their contacts are looked up once, all parts join this small table. The
    # planner knows the length of the array: it takes indexes for a few and hashes for many.
    people = SQL.identifier("res_partner" if ids is None else "asked")
    return SQL(
        """
        WITH asked AS MATERIALIZED (
                 SELECT rp.id, rp.commercial_partner_id, rp.customer_credit_grade_id,
                        rp.customer_credit_valid_until, rp.customer_credit_hold, rp.credit_limit
                   FROM %(given)s AS given(id)
                   JOIN res_partner rp ON rp.commercial_partner_id = given.id),
             ledger AS (%(ledger)s), drafts AS (%(drafts)s), orders AS (%(orders)s),
             limits AS (%(limits)s)
        SELECT p.id, COALESCE(l.not_due, 0), COALESCE(l.overdue_1, 0), COALESCE(l.overdue_2, 0),
               COALESCE(l.overdue_3, 0), COALESCE(l.overdue_4, 0), COALESCE(l.overdue_days, 0),
               COALESCE(l.credits, 0), COALESCE(d.amount, 0), COALESCE(o.amount, 0),
               CASE WHEN c.id IS NOT NULL THEN c.amount ELSE %(native)s END,
               COALESCE(c.unlimited, FALSE), c.id,
               (p.customer_credit_grade_id ->> %(key)s)::int,
               (p.customer_credit_valid_until ->> %(key)s)::date,
               COALESCE((p.customer_credit_hold ->> %(key)s)::boolean, FALSE),
               g.action, g.grace_days, g.prepayment_only, c.origin
          FROM %(people)s p
     LEFT JOIN customer_credit_grade g
            ON g.id = (p.customer_credit_grade_id ->> %(key)s)::int
     LEFT JOIN ledger l ON l.partner_id = p.id
     LEFT JOIN drafts d ON d.partner_id = p.id
     LEFT JOIN orders o ON o.partner_id = p.id
     LEFT JOIN limits c ON c.partner_id = p.id
         WHERE p.commercial_partner_id = p.id
        """,
        given=SQL("(SELECT DISTINCT x.id FROM (%s) AS x(id))", ids)
        if isinstance(ids, SQL)
        else SQL("unnest(%s::int[])", list(ids or ())),
        people=people,
        ledger=_ledger(ctx, people),
        drafts=_drafts(ctx, people),
        orders=_orders(ctx, people),
        limits=limits_in_force(
            ctx.company_id, ctx.today, None if ids is None else SQL("SELECT id FROM asked")
        ),
        native=_native_limit(ctx),
        key=str(ctx.company_id),
    )


def _skip(ids: tuple[int, ...], table: str, column: str) -> SQL:
    if not ids:
        return SQL("TRUE")
    return SQL("%s NOT IN %s", SQL.identifier(table, column), ids)


def _native_limit(ctx: ExposureContext) -> SQL:
    """Odoo's own limit, where it is switched on; its 0 means that there is none."""
    if not ctx.native:
        return SQL("NULL::numeric")
    return SQL(
        "NULLIF(COALESCE((p.credit_limit ->> %s)::numeric, %s::numeric), 0)",
        str(ctx.company_id),
        ctx.default_limit,
    )


def _ledger(ctx: ExposureContext, people: SQL) -> SQL:
    """Open receivable items by age; an item without a due date is due on its date."""
    due = SQL("COALESCE(l.date_maturity, l.date)")
    late = SQL("(%s::date - %s)", ctx.today, due)

    def overdue(low: int, high: int | None) -> SQL:
        upper = SQL("TRUE") if high is None else SQL("%s <= %s", late, high)
        return SQL(
            "sum(l.amount_residual) FILTER (WHERE l.amount_residual > 0 AND %s > %s AND %s)",
            late,
            low,
            upper,
        )

    days = ctx.aging_days
    return SQL(
        """
        SELECT rp.commercial_partner_id AS partner_id,
               sum(l.amount_residual) FILTER (WHERE l.amount_residual > 0 AND %(late)s <= 0)
                   AS not_due,
               %(first)s AS overdue_1, %(second)s AS overdue_2, %(third)s AS overdue_3,
               %(rest)s AS overdue_4,
               max(%(late)s) FILTER (WHERE l.amount_residual > 0 AND %(late)s > 0)
                   AS overdue_days,
               sum(l.amount_residual) FILTER (WHERE l.amount_residual < 0) AS credits
          FROM account_move_line l
          JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
          JOIN %(people)s rp ON rp.id = l.partner_id
         WHERE %(company)s AND l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE AND l.amount_residual != 0
               AND %(skip)s
      GROUP BY rp.commercial_partner_id
        """,
        people=people,
        late=late,
        first=overdue(0, days),
        second=overdue(days, 2 * days),
        third=overdue(2 * days, 3 * days),
        rest=overdue(3 * days, None),
        company=in_family(SQL("l.company_id"), ctx.company_id),
        skip=_skip(ctx.skip_moves, "l", "move_id"),
    )


def _drafts(ctx: ExposureContext, people: SQL) -> SQL:
    return SQL(
        """
        SELECT rp.commercial_partner_id AS partner_id, sum(m.amount_total_signed) AS amount
          FROM account_move m
          JOIN %(people)s rp ON rp.id = m.partner_id
         WHERE %(company)s AND m.state = 'draft'
               AND m.move_type IN ('out_invoice', 'out_receipt')
               AND %(skip)s
      GROUP BY rp.commercial_partner_id
        """,
        people=people,
        company=in_family(SQL("m.company_id"), ctx.company_id),
        skip=_skip(ctx.skip_moves, "m", "id"),
    )


def order_amounts(condition: SQL, skipped: SQL | None = None, people: SQL | None = None) -> SQL:
    """Select (order_id, partner_id, amount): what orders will still bring on invoices.

    In company currency at the rate of the order, never below zero. What was invoiced once is not
    open any more, also when it was credited: an invoice in its place is judged by itself, and is
    not taken off beside the credit note that it makes up for. Down payments on an invoice are part
    of the receivable already and are taken off; what is on ``skipped`` invoices counts as not
    invoiced.

    :param skipped: condition on the invoices ``m``, None for none
    :param people: table of (id, commercial_partner_id) that limits the customers, None for all
    """
    return SQL(
        """
        SELECT o.id AS order_id, min(ip.commercial_partner_id) AS partner_id,
               greatest(sum(CASE
                   WHEN l.is_downpayment THEN -COALESCE(v.amount, 0)
                   WHEN COALESCE(l.product_uom_qty, 0) = 0
                   THEN CASE WHEN l.qty_delivered > 0 THEN (%(unit_price)s) ELSE 0 END
                        * greatest(l.qty_delivered - COALESCE(l.qty_invoiced, 0)
                                   - COALESCE(%(credited)s, 0)
                                   + COALESCE(v.quantity, 0), 0)
                   WHEN l.product_uom_qty > 0
                   THEN l.price_total / l.product_uom_qty
                        * greatest(greatest(l.product_uom_qty, COALESCE(l.qty_delivered, 0))
                                   - COALESCE(l.qty_invoiced, 0)
                                   - COALESCE(%(credited)s, 0)
                                   + COALESCE(v.quantity, 0), 0)
                   ELSE l.price_total / l.product_uom_qty
                        * least(l.product_uom_qty - COALESCE(l.qty_invoiced, 0)
                                + COALESCE(v.quantity, 0), 0)
                   END), 0) / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
          FROM sale_order o
          JOIN %(people)s ip ON ip.id = o.partner_invoice_id
          JOIN sale_order_line l ON l.order_id = o.id AND l.display_type IS NULL
     LEFT JOIN LATERAL (%(invoiced)s) v ON TRUE
         WHERE %(condition)s
      GROUP BY o.id
        """,
        invoiced=SQL(
            """
            SELECT sum(s.sign * ml.price_total)
                       FILTER (WHERE m.state != 'cancel' AND NOT (%(skipped)s)) AS amount,
                   sum(s.sign * ml.quantity * COALESCE(mu.factor / NULLIF(lu.factor, 0), 1))
                       FILTER (WHERE m.state != 'cancel' AND %(skipped)s
                                     AND (s.sign > 0 OR ml.quantity < 0
                                          OR l.product_uom_qty < 0)) AS quantity
              FROM sale_order_line_invoice_rel r
              JOIN account_move_line ml ON ml.id = r.invoice_line_id
              JOIN account_move m ON m.id = ml.move_id
             CROSS JOIN LATERAL (SELECT CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                                        AS sign) s
         LEFT JOIN uom_uom mu ON mu.id = ml.product_uom_id
         LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
             WHERE %(look)s AND r.order_line_id = l.id
            """,
            # only down payments need a look at their invoices, unless some invoices do not count;
            # inside the lateral join, where it spares the look and not only its result
            look=SQL("l.is_downpayment") if skipped is None else SQL("TRUE"),
            skipped=SQL("FALSE") if skipped is None else skipped,
        ),
        # without the skipped invoices the credit notes before them count again
        credited=SQL("l.customer_credited_quantity")
        if skipped is None
        else SQL("(%s)", _credited(SQL("l"), skipped)),
        unit_price=SQL(
            """
            SELECT l.price_unit * (1 - COALESCE(l.discount, 0) / 100)
                   * (1 + COALESCE(sum(t.amount), 0) / 100)
              FROM account_tax_sale_order_line_rel lt
              JOIN account_tax t ON t.id = lt.account_tax_id AND t.amount_type = 'percent'
              JOIN res_company tc ON tc.id = t.company_id
             WHERE lt.sale_order_line_id = l.id
                   AND COALESCE(t.price_include_override, tc.account_price_include)
                       = 'tax_excluded'
            """
        ),
        condition=condition,
        people=people or SQL.identifier("res_partner"),
    )


def invoice_amounts(move_ids: Collection[int]) -> SQL:
    """Select (move_id, amount): what draft invoices add to the exposure, each on top of the others.

    The total less what the invoice takes from confirmed orders of the same customer, those before
    it in the list taken as made. In company currency.
    """
    ids = SQL("%s::int[]", list(move_ids))

    def open_orders(first: SQL) -> SQL:
        """Orders of the invoice while it and later ones count as not made, from a place on."""
        amounts = order_amounts(
            SQL(
                """o.company_id = d.company_id AND o.state = 'sale' AND o.id IN (
                       SELECT x.order_id
                         FROM account_move_line xl
                         JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = xl.id
                         JOIN sale_order_line x ON x.id = r.order_line_id
                        WHERE xl.move_id = d.id)"""
            ),
            SQL("m.id = ANY((%s)[%s:])", ids, first),
        )
        return SQL(
            "SELECT sum(y.amount) AS amount FROM (%s) y WHERE y.partner_id = d.owner_id", amounts
        )

    return SQL(
        """
        SELECT d.id, d.amount_total_signed - COALESCE(b.amount, 0) + COALESCE(a.amount, 0)
          FROM (SELECT g.number, m.id, m.company_id, m.amount_total_signed,
                       rp.commercial_partner_id AS owner_id
                  FROM unnest(%(ids)s) WITH ORDINALITY AS g(id, number)
                  JOIN account_move m ON m.id = g.id
                  JOIN res_partner rp ON rp.id = m.partner_id) d
     LEFT JOIN LATERAL (%(before)s) b ON TRUE
     LEFT JOIN LATERAL (%(after)s) a ON TRUE
        """,
        ids=ids,
        before=open_orders(SQL("d.number::int")),
        after=open_orders(SQL("d.number::int + 1")),
    )


def _orders(ctx: ExposureContext, people: SQL) -> SQL:
    return SQL(
        "SELECT x.partner_id, sum(x.amount) AS amount FROM (%s) x GROUP BY x.partner_id",
        order_amounts(
            SQL(
                "%s AND o.state = 'sale' AND (%s) AND %s",
                in_family(SQL("o.company_id"), ctx.company_id),
                # an invoice that is judged counts as not made: its order is open again
                SQL("TRUE")
                if ctx.skip_moves
                else SQL("o.invoice_status IS DISTINCT FROM 'invoiced'"),
                _skip(ctx.skip_orders, "o", "id"),
            ),
            SQL("m.id IN %s", ctx.skip_moves) if ctx.skip_moves else None,
            people,
        ),
    )


def limits_in_force(company_id: int, today: date, partners: SQL | None = None) -> SQL:
    """Select the entry of the journal that counts on a day: id, partner_id, amount, unlimited, ...

    The twin of ``engine.credit_limits.in_force``.

    :param partners: select of the ids of commercial partners, each once; None for all
    """
    return SQL(
        """
        SELECT DISTINCT ON (j.partner_id) j.id, j.partner_id, j.amount, j.unlimited, j.kind,
               j.origin
          FROM customer_credit_limit j
          %(chosen)s
         WHERE j.company_id = %(company)s AND j.state = 'approved'
               AND j.date_from <= %(today)s AND (j.date_to IS NULL OR j.date_to >= %(today)s)
      ORDER BY j.partner_id, (j.kind = 'temporary') DESC, j.date_from DESC, j.id DESC
        """,
        company=company_id,
        today=today,
        chosen=SQL()
        if partners is None
        else SQL("JOIN (%s) AS chosen(id) ON chosen.id = j.partner_id", partners),
    )


def take_turn(company_id: int, partner_ids: tuple[int, ...]) -> SQL:
    """Make checks of the same customer wait for each other.

    Two transactions that raise the exposure of a customer at the same time both write its row; the
    second fails to serialise and is repeated by Odoo, and then sees what the first one used.
    """
    return SQL(
        """
        INSERT INTO customer_credit_turn (company_id, partner_id, number)
             SELECT %(company)s, id, 1 FROM unnest(%(ids)s) AS id ORDER BY id
        ON CONFLICT (company_id, partner_id) DO UPDATE
                SET number = customer_credit_turn.number + 1
        """,
        company=company_id,
        ids=sorted(partner_ids),
    )


def average_monthly_sales(company_id: int, date_from: date, date_to: date, ids: tuple) -> SQL:
    """Select (partner_id, amount): untaxed sales of the days, not divided yet."""
    return SQL(
        """
        SELECT rp.commercial_partner_id, sum(m.amount_untaxed_signed)
          FROM account_move m
          JOIN res_partner rp ON rp.id = m.partner_id
         WHERE %s AND m.state = 'posted'
               AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND m.invoice_date BETWEEN %s AND %s AND rp.commercial_partner_id IN %s
      GROUP BY rp.commercial_partner_id
        """,
        in_family(SQL("m.company_id"), company_id),
        date_from,
        date_to,
        ids or (0,),
    )


def _credited(line: SQL, skipped: SQL | None = None) -> SQL:
    """Select what was credited of an order line and not invoiced again.

    A credit note counts while no invoice of the line was made after it: such an invoice lowers what
    is open by itself. The twin of ``sale.order.line._compute_customer_credited_quantity``.

    :param line: alias of the order line
    :param skipped: condition on invoices ``m`` that count as not made
    """
    return SQL(
        """
        SELECT sum(cl.quantity * COALESCE(cu.factor / NULLIF(ou.factor, 0), 1))
          FROM sale_order_line_invoice_rel cr
          JOIN account_move_line cl ON cl.id = cr.invoice_line_id AND cl.quantity > 0
          JOIN account_move c ON c.id = cl.move_id AND c.move_type = 'out_refund'
                             AND c.state != 'cancel'
     LEFT JOIN uom_uom cu ON cu.id = cl.product_uom_id
     LEFT JOIN uom_uom ou ON ou.id = %(line)s.product_uom_id
         WHERE cr.order_line_id = %(line)s.id AND %(line)s.product_uom_qty >= 0
               AND NOT EXISTS (SELECT
                                 FROM sale_order_line_invoice_rel ir
                                 JOIN account_move_line il ON il.id = ir.invoice_line_id
                                                          AND il.quantity > 0
                                 JOIN account_move m ON m.id = il.move_id
                                                    AND m.move_type = 'out_invoice'
                                                    AND m.state != 'cancel' AND m.id > c.id
                                WHERE ir.order_line_id = %(line)s.id AND NOT (%(skipped)s))
        """,
        line=line,
        skipped=SQL("FALSE") if skipped is None else skipped,
    )


def add_credited_column() -> SQL:
    """Add the column of what was credited, before the ORM would compute it row by row."""
    return SQL(
        """
        ALTER TABLE sale_order_line ADD COLUMN customer_credited_quantity numeric
        """
    )


def fill_credited() -> SQL:
    """Fill it for the lines that have a credit note."""
    return SQL(
        """
        UPDATE sale_order_line l SET customer_credited_quantity = (%(credited)s)
         WHERE l.id IN (SELECT r.order_line_id
                          FROM sale_order_line_invoice_rel r
                          JOIN account_move_line ml ON ml.id = r.invoice_line_id
                          JOIN account_move m ON m.id = ml.move_id AND m.move_type = 'out_refund')
        """,
        credited=_credited(SQL("l")),
    )
