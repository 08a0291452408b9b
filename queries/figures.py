"""Figures of the registry `customer.figure`: what one is, and the statement that gives all values.

A source selects one row for each document: ``company_id, date, partner_id, team_id, user_id`` and
the columns that its figures add up (`figure_rows`). ``date`` is the local day that decides in which
period the document counts; of a source without a date everything counts as it stands today.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from odoo.tools import SQL

from .companies import family
from .measures import MeasureContext, partners_in

#: Parts of the id of a row of `table`.
MAX_FIGURES = 1000
MAX_SPANS = 10

#: What values can be divided by, beside company and span.
GROUPS = ("partner_id", "team_id", "user_id")


@dataclass(frozen=True)
class Source:
    """Documents that figures add up.

    :param model: of the documents
    :param rows: function that gives the select of the rows, see the module
    :param date: field (path) of the documents with their day, empty: as they stand today
    :param at_instant: the field is an instant in UTC, not a day
    :param of_head: documents belong to head companies only; else to the branch they are made in
    :param switch: key of the domain that a company must use, empty: always there
    """

    model: str
    rows: Callable[[], SQL]
    date: str = ""
    at_instant: bool = False
    of_head: bool = False
    switch: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure: what it adds up, how people read it, which documents are behind it.

    Its value is the sum of ``part``; with ``whole`` the percentage of the sums (``part`` less
    ``minus``, by ``whole``); with ``is_mean`` the mean of ``part`` over the documents that have one.

    :param unit: ``count``, ``percent`` or ``money`` (company currency)
    :param higher_is_better: None where neither is
    :param source: of the rows; figures of one source are read in one statement
    :param domain: of the documents behind it, beside company and period
    :param part_domain: of those in the part, where ``part`` is no field of the documents
    :param area: where it belongs, as people read it
    :param readers: groups that read all documents behind it
    :param empty_is_zero: nothing found is 0; else it is the lack of data
    """

    code: str
    label: str
    unit: str
    source: Source
    part: str
    area: str
    readers: tuple[str, ...]
    whole: str = ""
    minus: str = ""
    is_mean: bool = False
    domain: tuple[Any, ...] = ()
    part_domain: tuple[Any, ...] = ()
    higher_is_better: bool | None = True
    empty_is_zero: bool = True

    def value(self, scale: int = 100) -> SQL:
        """Return the value over rows ``r``, NULL without data; percent in parts of ``scale``."""
        part = SQL.identifier("r", self.part)
        if self.is_mean:
            return SQL("AVG(%s)::numeric", part)
        if self.minus:
            part = SQL("(%s - %s)", part, SQL.identifier("r", self.minus))
        total = SQL("SUM(%s)::numeric", part)
        if self.whole:
            whole = SQL("NULLIF(SUM(%s), 0)", SQL.identifier("r", self.whole))
            return SQL("%s * %s / %s", scale, total, whole)
        return SQL("COALESCE(%s, 0)", total) if self.empty_is_zero else total


@dataclass(frozen=True)
class Span:
    """Days of a company over which figures are taken, both included.

    ``members`` are the companies whose documents count. Without days it is today, for sources
    without a date.
    """

    key: str
    company_id: int
    members: tuple[int, ...]
    date_from: date | None = None
    date_to: date | None = None


def values(source: Source, figures: Iterable[Figure], spans: Iterable[Span], by: str = "") -> SQL:
    """Select (key of the span, company_id, group, value of each figure) in one reading of the rows.

    :param by: one of `GROUPS`; without it the group is NULL
    """
    if by and by not in GROUPS:
        raise ValueError(f"Figures cannot be divided by {by}")
    members = [(span, member) for span in spans for member in span.members]
    in_span = SQL("AND r.date BETWEEN s.date_from AND s.date_to") if source.date else SQL()
    return SQL(
        """
        SELECT s.key, s.company_id, %(group)s AS group_id, %(values)s
          FROM unnest(%(keys)s::text[], %(companies)s::int[], %(members)s::int[], %(first)s::date[],
                      %(last)s::date[]) AS s (key, company_id, member_id, date_from, date_to)
          LEFT JOIN (%(rows)s) r ON r.company_id = s.member_id %(in_span)s
         GROUP BY 1, 2, 3
        """,
        group=SQL.identifier("r", by) if by else SQL("NULL::int"),
        values=SQL(", ").join(SQL("round(%s, 2)", figure.value()) for figure in figures),
        keys=[span.key for span, _member in members],
        companies=[span.company_id for span, _member in members],
        members=[member for _span, member in members],
        first=[span.date_from for span, _member in members],
        last=[span.date_to for span, _member in members],
        rows=source.rows(),
        in_span=in_span,
    )


def by_partner(
    figure: Figure, ctx: MeasureContext, scale: int = 100, open_start: bool = False
) -> SQL:
    """Select (partner_id, value) of a figure: what a measure of scorecards needs.

    :param scale: of percentages, 1 for 0..1
    :param open_start: every day up to the last one counts
    """
    value = figure.value(scale)
    return SQL(
        """
        SELECT r.partner_id, round(%(value)s, 6) AS value
          FROM (%(rows)s) r
         WHERE r.company_id = ANY(%(company)s) AND %(partners)s AND r.date <= %(last)s %(first)s
         GROUP BY r.partner_id
        HAVING %(value)s IS NOT NULL
        """,
        value=value,
        rows=figure.source.rows(),
        company=family(ctx.company_id),
        partners=partners_in(ctx, "r.partner_id"),
        last=ctx.date_to,
        first=SQL() if open_start else SQL("AND r.date >= %s", ctx.date_from),
    )


def table(parts) -> SQL:
    """Select the rows of `customer.figure.value`.

    :param parts: (select of `values`, figures in its order with their number, {key: number}) of
        each source; a figure is a dict of its constant columns
    """
    return SQL(" UNION ALL ").join(
        SQL(
            """
            SELECT (t.company_id::bigint * %(spans)s + k.place) * %(most)s + f.number AS id,
                   f.sequence, f.code, f.name, f.area, f.unit, f.direction,
                   t.company_id, t.key AS period, f.value, f.value IS NOT NULL AS has_value
              FROM (%(values)s) AS t (key, company_id, group_id, %(columns)s)
              JOIN (VALUES %(keys)s) AS k (key, place) ON k.key = t.key
             CROSS JOIN LATERAL (VALUES %(figures)s)
                   AS f (number, sequence, code, name, area, unit, direction, value)
            """,
            spans=MAX_SPANS,
            most=MAX_FIGURES,
            values=select,
            columns=SQL(", ").join(SQL.identifier(f"value_{n}") for n, _f in enumerate(figures)),
            keys=SQL(", ").join(SQL("(%s, %s)", key, place) for key, place in places.items()),
            figures=SQL(", ").join(
                SQL(
                    "(%s, %s, %s, %s, %s, %s, %s, %s)",
                    figure["number"],
                    figure["number"],
                    figure["code"],
                    figure["name"],
                    figure["area"],
                    figure["unit"],
                    figure["direction"],
                    SQL.identifier("t", f"value_{n}"),
                )
                for n, figure in enumerate(figures)
            ),
        )
        for select, figures, places in parts
    )


def no_rows() -> SQL:
    """Select nothing, with the columns of `table`."""
    return SQL(
        "SELECT NULL::bigint AS id, NULL::int AS sequence, NULL::varchar AS code,"
        " NULL::varchar AS name, NULL::varchar AS area, NULL::varchar AS unit,"
        " NULL::varchar AS direction, NULL::int AS company_id, NULL::varchar AS period,"
        " NULL::numeric AS value, FALSE AS has_value WHERE FALSE"
    )
