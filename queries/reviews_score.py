"""Statements that fill the lines and scores of a review; see :mod:`.reviews` for their order."""

from dataclasses import replace
from decimal import Decimal

from odoo.tools import SQL

from ..engine import scoring
from .measures import Measure
from .review_plan import IndicatorPlan, ReviewPlan


def ratio(numerator: SQL, denominator: SQL, digits: int) -> SQL:
    """Divide and round half away from zero, with enough digits in between for one rounding only."""
    return SQL("round((%s)::numeric(60, 30) / (%s), %s)", numerator, denominator, digits)


def delete_lines(plan: ReviewPlan) -> SQL:
    """Remove lines of customers that left the population, unless somebody entered something."""
    entered = SQL(" OR ").join(
        SQL("l.%s IS NOT NULL", SQL.identifier(column)) for column in plan.entered_columns
    )
    return SQL(
        """
        DELETE FROM customer_review_line l
         WHERE l.review_id = %(review)s
           AND l.partner_id NOT IN (%(members)s)
           AND NOT (%(entered)s)
           AND NOT EXISTS (SELECT 1
                             FROM customer_review_score s
                            WHERE s.line_id = l.id AND s.source = 'manual' AND s.has_data)
        """,
        review=plan.review_id,
        members=plan.members,
        entered=entered,
    )


def insert_lines(plan: ReviewPlan) -> SQL:
    """Add a line for each member; lines that are there get the present result as the previous one.

    A line whose present result is unchanged is not touched.
    """
    previous = SQL.identifier(plan.result.previous)
    return SQL(
        """
        INSERT INTO customer_review_line (
                   review_id, partner_id, company_id, %(previous)s %(columns)s)
        SELECT %(review)s, p.id, %(company)s, (p.%(present)s ->> %(company_key)s)::int %(values)s
          FROM res_partner p
         WHERE p.id IN (%(members)s)
            ON CONFLICT (review_id, partner_id) DO UPDATE
                   SET %(previous)s = EXCLUDED.%(previous)s
                 WHERE customer_review_line.%(previous)s IS DISTINCT FROM EXCLUDED.%(previous)s
        """,
        previous=previous,
        present=SQL.identifier(plan.result.partner),
        review=plan.review_id,
        company=plan.context.company_id,
        company_key=str(plan.context.company_id),
        columns=SQL().join(SQL(", %s", SQL.identifier(name)) for name, _ in plan.line_values),
        values=SQL().join(SQL(", %s", value) for _, value in plan.line_values),
        members=plan.members,
    )


def analyze_lines() -> SQL:
    """Tell the planner about the new lines.

    Without it PostgreSQL takes a review it has not seen for a handful of rows and joins 100,000
    lines with nested loops.
    """
    return SQL("ANALYZE customer_review_line (review_id, partner_id)")


def _measured(plan: ReviewPlan, indicator: IndicatorPlan, measure: Measure) -> SQL:
    """Select (partner_id, value) of the customers an indicator takes into account.

    Measures of the whole population are taken for all customers of the company and limited then:
    to look up the population for each document takes longer than to sum up some customers too
    many. The lines are the population; lines of customers that left it, kept because somebody
    entered something, are scored with the others. Out of turn only ranks need more than the
    customer itself.
    """
    context = plan.measure_context(indicator)
    if plan.members == plan.context.partners:
        population = SQL(
            "SELECT partner_id FROM customer_review_line WHERE review_id = %s", plan.review_id
        )
    elif indicator.rule.method == scoring.RANK:
        population = plan.context.partners
    else:
        return measure.select(replace(context, partners=plan.members))
    return SQL(
        "SELECT partner_id, value FROM (%s) s WHERE partner_id IN (%s)",
        measure.select(replace(context, partners=None)),
        population,
    )


def delete_scores(plan: ReviewPlan) -> SQL:
    """Remove scores of indicators the scorecard no longer has (a draft tried out in a what-if)."""
    return SQL(
        """
        DELETE FROM customer_review_score s
         USING customer_review_line l
         WHERE l.review_id = %s AND s.line_id = l.id AND s.indicator_id != ALL(%s)
        """,
        plan.review_id,
        [indicator.indicator_id for indicator in plan.indicators],
    )


SCORE_COLUMNS = (
    "sequence",
    "source",
    "has_data",
    "value",
    "rank",
    "points",
    "max_points",
    "choice_id",
)


def score_indicator(plan: ReviewPlan, indicator: IndicatorPlan) -> SQL:
    """Insert or refresh the scores of one indicator for all lines.

    What people entered (source *manual* with data) takes the place of the measured value; ranks
    are taken over the whole population with those values. Lines without data get a row without
    value and points. Rows that stay the same are not written.
    """
    rule = indicator.rule
    return SQL(
        """
        WITH known AS (%(known)s)
        INSERT INTO customer_review_score (line_id, indicator_id, %(columns)s)
        SELECT l.id, %(indicator)s, %(sequence)s, COALESCE(k.source, %(source)s),
               k.points IS NOT NULL, k.value, k.rank, k.points, %(max_points)s, k.choice_id
          FROM customer_review_line l
     LEFT JOIN (SELECT partner_id, source, value, rank, choice_id, %(points)s AS points
                  FROM known) k ON k.partner_id = l.partner_id
         WHERE l.review_id = %(review)s
         %(refresh)s
        """,
        known=_known(plan, indicator),
        columns=SQL(", ").join(SQL.identifier(column) for column in SCORE_COLUMNS),
        review=plan.review_id,
        indicator=indicator.indicator_id,
        sequence=plan.indicators.index(indicator) + 1,
        source="automatic" if indicator.measure else "manual",
        max_points=scoring.rounded(rule.max_points, scoring.POINT_DIGITS),
        points=points(rule),
        refresh=SQL() if plan.is_new else _refresh_scores(),
    )


def _refresh_scores() -> SQL:
    """Clause that overwrites a row that is there and differs."""
    old = [SQL.identifier("customer_review_score", column) for column in SCORE_COLUMNS]
    new = [SQL("EXCLUDED.%s", SQL.identifier(column)) for column in SCORE_COLUMNS]
    return SQL(
        "ON CONFLICT (line_id, indicator_id) DO UPDATE SET %s WHERE (%s) IS DISTINCT FROM (%s)",
        SQL(", ").join(
            SQL("%s = %s", SQL.identifier(column), value)
            for column, value in zip(SCORE_COLUMNS, new, strict=True)
        ),
        SQL(", ").join(old),
        SQL(", ").join(new),
    )


def _entered(plan: ReviewPlan, indicator: IndicatorPlan) -> SQL:
    """Select (partner_id, value, choice_id) of what people entered."""
    return SQL(
        """
        SELECT l.partner_id, s.value, s.choice_id
          FROM customer_review_score s
          JOIN customer_review_line l ON l.id = s.line_id AND l.review_id = %s
         WHERE s.indicator_id = %s AND s.source = 'manual' AND s.has_data
        """,
        plan.review_id,
        indicator.indicator_id,
    )


NOTHING_ENTERED = SQL(
    "SELECT NULL::int AS partner_id, NULL::numeric AS value, NULL::int AS choice_id WHERE FALSE"
)


def _known(plan: ReviewPlan, indicator: IndicatorPlan) -> SQL:
    """Select (partner_id, source, value, choice_id, rank) of all customers that have data."""
    rule = indicator.rule
    rank = SQL("NULL::int")
    if rule.method == scoring.RANK:
        direction = SQL("DESC") if rule.higher_is_better else SQL("ASC")
        rank = SQL("(rank() OVER (ORDER BY value %s))::int", direction)
        if rule.has_floor:
            rank = SQL("CASE WHEN value <= 0 THEN (count(*) OVER ())::int ELSE %s END", rank)
    entered = NOTHING_ENTERED if plan.is_new else _entered(plan, indicator)
    rows = SQL("SELECT partner_id, 'manual' AS source, value, choice_id FROM (%s) e", entered)
    if indicator.measure:
        measured = SQL(
            "SELECT m.partner_id, 'automatic' AS source, round(m.value::numeric, %s) AS value,"
            " %s AS choice_id FROM (%s) m",
            scoring.VALUE_DIGITS,
            _choice_of_segment(rule),
            _measured(plan, indicator, indicator.measure),
        )
        rows = (
            measured
            if plan.is_new
            else SQL(
                "%s UNION ALL %s WHERE NOT EXISTS"
                " (SELECT 1 FROM (%s) e WHERE e.partner_id = m.partner_id)",
                rows,
                measured,
                entered,
            )
        )
    return SQL("SELECT partner_id, source, value, choice_id, %s AS rank FROM (%s) v", rank, rows)


def _choice_of_segment(rule: scoring.Rule) -> SQL:
    """Expression of the option that follows the measured segment ``m.value``."""
    followed = [choice for choice in rule.choices if choice.segment is not None]
    if rule.method != scoring.CHOICE or not followed:
        return SQL("NULL::int")
    cases = SQL(" ").join(SQL("WHEN %s THEN %s", c.segment, c.key) for c in followed)
    return SQL("CASE m.value::int %s END", cases)


def points(rule: scoring.Rule) -> SQL:
    """Expression of the points from the columns ``value``, ``rank`` and ``choice_id``.

    The twin of ``engine.scoring.points``. It is NULL where there is no data, for instance for an
    option that was deleted.
    """
    if rule.method == scoring.CHOICE:
        if not rule.choices:
            return SQL("NULL::numeric")
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", choice.key, _stored(choice.points)) for choice in rule.choices
        )
        return SQL("CASE choice_id %s END", cases)
    by_method = {
        scoring.RANK: _points_rank,
        scoring.PROPORTIONAL: _points_proportional,
        scoring.RANGE: _points_range,
        scoring.DEDUCTION: _points_deduction,
    }
    return by_method[rule.method](rule)


def _stored(number: Decimal) -> Decimal:
    return scoring.rounded(number, scoring.POINT_DIGITS)


def _points_rank(rule: scoring.Rule) -> SQL:
    earned = SQL(
        "round(greatest(0, %s - %s * (rank - 1)), %s)",
        rule.max_points,
        rule.step,
        scoring.POINT_DIGITS,
    )
    return SQL("CASE WHEN value <= 0 THEN 0.0000 ELSE %s END", earned) if rule.has_floor else earned


def _points_deduction(rule: scoring.Rule) -> SQL:
    return SQL(
        "CASE WHEN value IS NOT NULL THEN round(greatest(0, %s - %s * greatest(value, 0)), %s) END",
        rule.max_points,
        rule.step,
        scoring.POINT_DIGITS,
    )


def _points_proportional(rule: scoring.Rule) -> SQL:
    if rule.target <= 0:
        return SQL("CASE WHEN value IS NOT NULL THEN 0.0000 END")
    return SQL(
        "CASE WHEN value <= 0 THEN 0.0000 WHEN value >= %s THEN %s WHEN value > 0 THEN %s END",
        rule.target,
        _stored(rule.max_points),
        ratio(SQL("%s * value", rule.max_points), SQL("%s", rule.target), scoring.POINT_DIGITS),
    )


def _points_range(rule: scoring.Rule) -> SQL:
    rows = scoring.sort_ranges(rule.ranges)
    if not rows:
        return SQL("CASE WHEN value IS NOT NULL THEN 0.0000 END")
    cases = []
    for index, row in enumerate(rows):
        conditions = []
        if row.low is not None:
            conditions.append(SQL("value >= %s", row.low))
        if row.high is not None:
            top = index == len(rows) - 1
            conditions.append(SQL("value <= %s", row.high) if top else SQL("value < %s", row.high))
        condition = SQL(" AND ").join(conditions) if conditions else SQL("value IS NOT NULL")
        cases.append(SQL("WHEN %s THEN %s", condition, _stored(row.points)))
    return SQL("CASE %s WHEN value IS NOT NULL THEN 0.0000 END", SQL(" ").join(cases))
