"""Measure of the ABC class: how much of the sales larger customers make."""

from odoo.tools import SQL

from ..engine.scoring import HUNDRED
from .measures import MeasureContext, partners_in
from .measures_sales import sales_amounts


def abc_share(ctx: MeasureContext) -> SQL:
    """Percent of the company's sales of the period that larger customers make, 0 for the largest.

    Below 50 the customer is one of the first that together make half of the sales (class A of a 50
    / 80 analysis). Data: all customers; 100 for one that bought nothing (or less than nothing), 100
    for everybody
    where the company sold nothing.
    """
    return SQL(
        """
        SELECT p.id AS partner_id,
               CASE WHEN w.total > 0 AND a.amount > 0
                    THEN least(%(hundred)s, %(hundred)s * a.ahead / w.total)
                    ELSE %(hundred)s END AS value
          FROM res_partner p
     LEFT JOIN (SELECT partner_id, amount,
                       sum(amount) OVER (ORDER BY amount DESC)
                           - amount * count(*) OVER (PARTITION BY amount) AS ahead
                  FROM (%(sales)s) s) a ON a.partner_id = p.id
    CROSS JOIN (SELECT COALESCE(sum(amount), 0) AS total FROM (%(sales)s) s) w
         WHERE p.commercial_partner_id = p.id AND %(partners)s
        """,
        hundred=HUNDRED,
        sales=sales_amounts(ctx),
        partners=partners_in(ctx, "p.id"),
    )
