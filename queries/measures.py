"""Measures of the reviews: what a measure is, and the pieces all of them share.

A measure is a select of ``(partner_id, value)``: the customers of a company that have data, with a
value of 6 digits. **A customer that is not in the result has no data**; each measure says in its
docstring when there is data. The selects are in ``measures_sales``, ``measures_payment`` and
``measures_customer``; the registry is the abstract model ``customer.measure``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from odoo.tools import SQL

from ..engine import periods
from ..engine.scoring import VALUE_DIGITS


@dataclass(frozen=True)
class MeasureContext:
    """For whom and when a measure is taken.

    ``date_from`` .. ``date_to`` are both inclusive, dates of the company's time zone ``tz`` (an
    Olson name). ``partners`` is a subselect of customer ids (commercial partners) or None for
    everybody. ``uom_id`` is the unit of quantities (None: each product's own unit).
    ``segment_ids`` are the segments the indicator's choices follow, the most important first.
    """

    company_id: int
    date_from: date
    date_to: date
    tz: str = "UTC"
    partners: SQL | None = None
    uom_id: int | None = None
    segment_ids: tuple[int, ...] = ()

    def previous(self) -> "MeasureContext":
        """Return the same context over the period just before."""
        period = periods.previous(periods.Period(self.date_from, self.date_to))
        return replace(self, date_from=period.date_from, date_to=period.date_to)

    def last_year(self) -> "MeasureContext":
        """Return the same context over the same period a year earlier."""
        period = periods.last_year(periods.Period(self.date_from, self.date_to))
        return replace(self, date_from=period.date_from, date_to=period.date_to)

    def utc_bounds(self) -> tuple[datetime, datetime]:
        """First moment of the period and first moment after it, in UTC without a zone."""
        zone = ZoneInfo(self.tz)
        start = datetime.combine(self.date_from, time.min, zone)
        end = datetime.combine(self.date_to + timedelta(days=1), time.min, zone)
        return (
            start.astimezone(timezone.utc).replace(tzinfo=None),
            end.astimezone(timezone.utc).replace(tzinfo=None),
        )


Domain = list[Any]


@dataclass(frozen=True)
class Measure:
    """A figure a scorecard can use.

    ``code`` is what an indicator stores, ``label`` what a user reads, ``unit`` one of ``money``,
    ``quantity``, ``percent``, ``ratio``, ``months``, ``days``, ``count``, ``rating``, ``segment``.
    ``select(ctx)`` gives the SQL of (partner_id, value). ``sources(ctx, partner_id)`` gives
    ``(model name, domain)`` of the documents a customer's value comes from; a list of them where
    they are of several models.
    ``higher_is_better`` decides which end gets the first place of the method *rank*.
    """

    code: str
    label: str
    unit: str
    select: Callable[[MeasureContext], SQL]
    sources: Callable[[MeasureContext, int], tuple[str, Domain] | list[tuple[str, Domain]]]
    higher_is_better: bool = True


def partners_in(ctx: MeasureContext, column: str) -> SQL:
    """Condition that a column (``"m.commercial_partner_id"``) is a customer of the context."""
    table, name = column.split(".")
    if ctx.partners is None:
        return SQL("%s IS NOT NULL", SQL.identifier(table, name))
    return SQL("%s IN (%s)", SQL.identifier(table, name), ctx.partners)


def local_dates(ctx: MeasureContext, column: str, open_start: bool = False) -> SQL:
    """Condition that a moment in UTC falls on a day of the period in the company's time zone.

    With ``open_start`` every day up to the last one counts. The bounds are turned into UTC, not
    the column, so that an index serves.
    """
    table, name = column.split(".")
    start, end = ctx.utc_bounds()
    until = SQL("%s < %s", SQL.identifier(table, name), end)
    if open_start:
        return until
    return SQL("%s >= %s AND %s", SQL.identifier(table, name), start, until)


def value_ratio(numerator: SQL, denominator: SQL) -> SQL:
    """Divide into a value: rounded once, half away from zero."""
    return SQL("round((%s)::numeric(60, 30) / (%s), %s)", numerator, denominator, VALUE_DIGITS)
