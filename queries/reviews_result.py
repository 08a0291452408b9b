"""The statement that turns scores into totals, ranks, shares and proposals of a review's lines."""

from dataclasses import replace

from odoo.tools import SQL

from ..engine import scoring, tiering
from . import measures_sales
from .measures import MeasureContext
from .review_plan import ReviewPlan
from .reviews_score import ratio

OPERATORS = {
    ">": SQL(">"),
    ">=": SQL(">="),
    "<": SQL("<"),
    "<=": SQL("<="),
    "=": SQL("="),
}


def decide_lines(plan: ReviewPlan) -> SQL:
    """Fill score, coverage, rank, sales, shares, trend, results and explanation of all lines.

    The twin of ``engine.scoring.total``, ``engine.tiering.sales_positions`` and
    ``engine.tiering.decide``. Decisions people made are left alone.
    """
    result = plan.result
    return SQL(
        """
        WITH marks AS (%(marks)s),
             sales AS (%(sales)s),
             whole AS (%(whole)s),
             figures AS (%(figures)s),
             banded AS (SELECT f.*, %(band)s AS band FROM figures f),
             computed AS (SELECT b.*, %(computed)s AS computed FROM banded b),
             placed AS (%(placed)s),
             judged AS (SELECT p.*, %(below)s AS below FROM placed p),
             settled AS (SELECT j.*, %(settled)s AS settled FROM judged j),
             final AS (SELECT t.*, (%(order)s)[t.settled] AS proposed FROM settled t)
        UPDATE customer_review_line l
           SET score = s.score, has_score = s.score IS NOT NULL, coverage = s.coverage,
               rank = s.rank, manual_missing = s.manual_missing, sales = s.sales,
               share = s.share, cumulative_share = s.cumulative, ahead_share = s.ahead,
               previous_score = s.previous_score, previous_rank = s.previous_rank,
               below_periods = s.below,
               movement = %(movement)s,
               %(computed_column)s = s.computed,
               %(proposed_column)s = s.proposed,
               %(decided_column)s = CASE WHEN l.decided_by_id IS NULL THEN s.proposed
                                         ELSE l.%(decided_column)s END,
               explanation = %(explanation)s
          FROM final s
         WHERE l.id = s.id
        """,
        marks=_marks(plan),
        sales=_sales(plan),
        whole=_whole(),
        figures=_figures(plan),
        band=_band(plan),
        computed=_computed(plan),
        placed=_placed(plan),
        below=_below(plan),
        settled=_settled(plan),
        computed_column=SQL.identifier(result.computed),
        proposed_column=SQL.identifier(result.proposed),
        decided_column=SQL.identifier(result.decided),
        movement=_movement(plan),
        order=_order(plan),
        explanation=_explanation(plan),
    )


def _marks(plan: ReviewPlan) -> SQL:
    """Points of each line: all indicators, those with data, earned."""
    return SQL(
        """
        SELECT s.line_id, sum(s.max_points) AS whole,
               COALESCE(sum(s.max_points) FILTER (WHERE s.has_data), 0) AS known,
               COALESCE(sum(s.points) FILTER (WHERE s.has_data), 0) AS earned,
               count(*) FILTER (WHERE s.source = 'manual' AND s.has_data IS NOT TRUE)
                   AS manual_missing
          FROM customer_review_score s
         WHERE s.line_id IN (SELECT id FROM customer_review_line WHERE review_id = %s)
      GROUP BY s.line_id
        """,
        plan.review_id,
    )


def _sales(plan: ReviewPlan) -> SQL:
    """What each customer of the company bought, with what it and all larger ones did together.

    In money, or in the unit of the scorecard; ``money`` is what the line shows.
    """
    return SQL(
        """
        SELECT partner_id, amount, money,
               sum(amount) OVER (ORDER BY amount DESC) AS running,
               sum(amount) OVER (ORDER BY amount DESC)
                   - amount * count(*) OVER (PARTITION BY amount) AS ahead
          FROM (%s) a
        """,
        _bought(plan),
    )


def _bought(plan: ReviewPlan) -> SQL:
    """Select (partner_id, amount, money): what shares are of, and the sales."""
    money = measures_sales.sales_amounts(plan.context)
    if plan.share_uom_id is None:
        return SQL("SELECT partner_id, amount, amount AS money FROM (%s) m", money)
    context = replace(plan.context, partners=None, uom_id=plan.share_uom_id)
    return SQL(
        """
        SELECT partner_id, COALESCE(q.value, 0) AS amount, COALESCE(m.amount, 0) AS money
          FROM (%(money)s) m
          FULL JOIN (%(quantity)s) q USING (partner_id)
        """,
        money=money,
        quantity=measures_sales.purchase_quantity(context),
    )


def _whole() -> SQL:
    """Sales of the company, and of the customers ahead of one that bought nothing."""
    return SQL(
        """
        SELECT COALESCE(sum(amount), 0) AS total,
               COALESCE(sum(amount) FILTER (WHERE amount > 0), 0) AS positive
          FROM sales
        """
    )


def _figures(plan: ReviewPlan) -> SQL:
    """Stored figures of each line, and what the decision needs beside them."""
    hundred = scoring.HUNDRED
    digits = scoring.SHARE_DIGITS
    total = SQL("w.total")
    score = ratio(SQL("%s * m.earned", hundred), SQL("m.known"), scoring.SCORE_DIGITS)
    coverage = ratio(SQL("%s * m.known", hundred), SQL("m.whole"), scoring.SCORE_DIGITS)
    return SQL(
        """
        SELECT c.*, %(rank)s AS rank, c.coverage >= %(threshold)s AND c.score IS NOT NULL
                    AS judgeable,
               before.score AS previous_score, before.rank AS previous_rank
          FROM (SELECT l.id, l.partner_id, l.%(previous)s AS previous,
                       COALESCE(m.manual_missing, 0) AS manual_missing,
                       CASE WHEN m.known > 0 THEN %(score)s END AS score,
                       CASE WHEN m.whole > 0 THEN %(coverage)s ELSE 0.00 END AS coverage,
                       COALESCE(s.money, 0) AS sales,
                       CASE WHEN w.total > 0 THEN %(share)s ELSE 0.0000 END AS share,
                       CASE WHEN w.total > 0 THEN %(cumulative)s ELSE 100.0000 END AS cumulative,
                       CASE WHEN w.total > 0 THEN %(ahead)s ELSE 100.0000 END AS ahead
                  FROM customer_review_line l
             LEFT JOIN marks m ON m.line_id = l.id
             LEFT JOIN sales s ON s.partner_id = l.partner_id
            CROSS JOIN whole w
                 WHERE l.review_id = %(review)s) c
     LEFT JOIN customer_review_line before
            ON before.review_id = %(before)s AND before.partner_id = c.partner_id
        """,
        rank=_rank(plan),
        threshold=plan.policy.coverage_threshold,
        previous=SQL.identifier(plan.result.previous),
        score=score,
        coverage=coverage,
        share=ratio(SQL("%s * COALESCE(s.amount, 0)", hundred), total, digits),
        cumulative=ratio(SQL("%s * COALESCE(s.running, w.positive)", hundred), total, digits),
        ahead=ratio(SQL("%s * COALESCE(s.ahead, w.positive)", hundred), total, digits),
        review=plan.review_id,
        before=plan.previous_review_id,
    )


def _rank(plan: ReviewPlan) -> SQL:
    """Place by score among those of whom enough is known; the others have none.

    Out of turn it is the place the customer would have had in another review.
    """
    judgeable = SQL("(c.score IS NOT NULL AND c.coverage >= %s)", plan.policy.coverage_threshold)
    if plan.rank_review_id is None:
        return SQL(
            "CASE WHEN %(judgeable)s THEN"
            " (rank() OVER (PARTITION BY %(judgeable)s ORDER BY c.score DESC))::int END",
            judgeable=judgeable,
        )
    return SQL(
        """
        CASE WHEN %(judgeable)s THEN (
            SELECT count(*)::int + 1
              FROM customer_review_line o
             WHERE o.review_id = %(review)s AND o.partner_id != c.partner_id
               AND o.rank IS NOT NULL AND o.score > c.score) END
        """,
        judgeable=judgeable,
        review=plan.rank_review_id,
    )


def _band(plan: ReviewPlan) -> SQL:
    """Id of the first band whose conditions all hold, from the columns of ``figures f``."""
    if not plan.policy.bands:
        return SQL("NULL::int")
    cases = []
    for band in plan.policy.bands:
        conditions = [SQL("f.score IS NOT NULL")]
        if band.min_score is not None:
            conditions.append(SQL("f.score >= %s", band.min_score))
        if band.min_share is not None:
            conditions.append(SQL("f.share >= %s", band.min_share))
        if band.max_cumulative is not None:
            conditions.append(SQL("f.ahead < %s", band.max_cumulative))
        cases.append(SQL("WHEN %s THEN %s", SQL(" AND ").join(conditions), band.key))
    return SQL("CASE %s END", SQL(" ").join(cases))


def _computed(plan: ReviewPlan) -> SQL:
    """Result of the band."""
    if not plan.policy.bands:
        return SQL("NULL::int")
    cases = (SQL("WHEN %s THEN %s", band.key, band.result) for band in plan.policy.bands)
    return SQL("CASE b.band %s END", SQL(" ").join(cases))


def _order(plan: ReviewPlan) -> SQL:
    """Array of the results, the best first."""
    return SQL("%s::int[]", list(plan.policy.order))


def _place(plan: ReviewPlan, result: SQL) -> SQL:
    """Place of a result in the order (1 is the best); an unlisted one is below all."""
    return SQL(
        "COALESCE(array_position(%s, %s), %s)", _order(plan), result, len(plan.policy.order) + 1
    )


def _placed(plan: ReviewPlan) -> SQL:
    """Places of results: computed, present, of the periods before; values of the vetoes."""
    columns = [
        SQL("%s AS place", _place(plan, SQL("c.computed"))),
        SQL(
            "CASE WHEN c.previous IS NOT NULL THEN %s END AS present",
            _place(plan, SQL("c.previous")),
        ),
    ]
    joins = []
    result = plan.result
    for index, review_id in enumerate(plan.history):
        alias = SQL.identifier(f"h{index}")
        columns.append(
            SQL(
                "CASE WHEN %s.%s IS NOT NULL AND %s.%s IS NOT NULL THEN %s END AS %s",
                alias,
                SQL.identifier(result.computed),
                alias,
                SQL.identifier(result.proposed),
                _place(plan, SQL("%s.%s", alias, SQL.identifier(result.computed))),
                SQL.identifier(f"history{index}"),
            )
        )
        joins.append(
            SQL(
                "LEFT JOIN customer_review_line %(h)s"
                " ON %(h)s.review_id = %(review)s AND %(h)s.partner_id = c.partner_id",
                h=alias,
                review=review_id,
            )
        )
    for index, planned in enumerate(plan.vetoes):
        alias = SQL.identifier(f"v{index}")
        columns.append(SQL("%s.value AS %s", alias, SQL.identifier(f"veto{index}")))
        joins.append(
            SQL(
                """
                LEFT JOIN (SELECT partner_id, round(value::numeric, %(digits)s) AS value
                             FROM (%(select)s) m) %(v)s
                       ON %(v)s.partner_id = c.partner_id
                      AND %(v)s.value %(operator)s %(threshold)s
                """,
                digits=scoring.VALUE_DIGITS,
                select=planned.measure.select(_veto_context(plan)),
                v=alias,
                operator=OPERATORS[planned.veto.operator],
                threshold=planned.veto.threshold,
            )
        )
    return SQL("SELECT c.*, %s FROM computed c %s", SQL(", ").join(columns), SQL(" ").join(joins))


def _veto_context(plan: ReviewPlan) -> MeasureContext:
    """Context of a veto: out of turn the customer itself, else everybody, joined to lines."""
    whole = plan.members == plan.context.partners
    return replace(plan.context, partners=None if whole else plan.members)


def _below(plan: ReviewPlan) -> SQL:
    """Periods in a row, this one included, in which the result was below the present one."""
    count = SQL("1")
    for index in reversed(range(len(plan.history))):
        count = SQL(
            "1 + CASE WHEN p.%s > p.present THEN %s ELSE 0 END",
            SQL.identifier(f"history{index}"),
            count,
        )
    return SQL("CASE WHEN p.computed IS NOT NULL AND p.place > p.present THEN %s ELSE 0 END", count)


def _is_kept(plan: ReviewPlan) -> SQL:
    """Whether a downgrade waits for more periods below."""
    return SQL(
        "%(row)s.below > 0 AND %(row)s.below < %(needed)s",
        row=SQL("j"),
        needed=plan.policy.downgrade_periods,
    )


def _settled(plan: ReviewPlan) -> SQL:
    """Place of the proposal: of the band, or the present one while a downgrade waits; capped."""
    caps = [
        SQL(
            "CASE WHEN j.%s IS NOT NULL THEN %s END",
            SQL.identifier(f"veto{index}"),
            list_place(plan.policy, planned.veto.cap),
        )
        for index, planned in enumerate(plan.vetoes)
    ]
    base = SQL("CASE WHEN %s THEN j.present ELSE j.place END", _is_kept(plan))
    return SQL(
        "CASE WHEN j.judgeable AND j.computed IS NOT NULL THEN greatest(%s) END",
        SQL(", ").join([base, *caps]),
    )


def list_place(policy: tiering.Policy, result: int) -> int:
    """Place of a result in the order, 1 for the best.

    :raise ValueError: where the order lacks it, which would lose the result in SQL
    """
    return policy.order.index(result) + 1


def _movement(plan: ReviewPlan) -> SQL:
    """Compare the present result with what a person decided, else with the proposal."""
    decided = SQL("l.%s", SQL.identifier(plan.result.decided))
    return SQL(
        """
        CASE WHEN CASE WHEN l.decided_by_id IS NULL THEN s.proposed ELSE %(decided)s END IS NULL
             THEN 'none'
             WHEN s.present IS NULL THEN 'new'
             ELSE (ARRAY['up', 'same', 'down'])[2 + sign(
                      CASE WHEN l.decided_by_id IS NULL THEN s.settled ELSE %(place)s END
                      - s.present)::int] END
        """,
        decided=decided,
        place=_place(plan, decided),
    )


def _explanation(plan: ReviewPlan) -> SQL:
    """Reasons of the decision in the shape of ``engine.reasons.Reason.as_dict``, as an array."""
    order = _order(plan)
    parts = [
        SQL(
            "jsonb_build_array(jsonb_build_object("
            "'band', s.band, 'code', 'band', 'result', s.computed))"
        ),
        SQL(
            """CASE WHEN s.below > 0 AND s.below < %(needed)s THEN jsonb_build_array(
                   jsonb_build_object('below', s.below, 'code', 'hysteresis',
                                      'kept', (%(order)s)[s.present], 'needed', %(needed)s))
               ELSE '[]'::jsonb END""",
            needed=plan.policy.downgrade_periods,
            order=order,
        ),
    ]
    for index, planned in enumerate(plan.vetoes):
        parts.append(
            SQL(
                """CASE WHEN s.%(value)s IS NOT NULL THEN jsonb_build_array(
                       jsonb_build_object('cap', %(cap)s, 'code', 'veto', 'value', s.%(value)s,
                                          'veto', %(veto)s))
                   ELSE '[]'::jsonb END""",
                value=SQL.identifier(f"veto{index}"),
                cap=planned.veto.cap,
                veto=planned.veto.key,
            )
        )
    return SQL(
        """
        CASE WHEN NOT s.judgeable THEN jsonb_build_array(jsonb_build_object(
                 'code', 'low_coverage', 'coverage', s.coverage, 'threshold', %(threshold)s))
             WHEN s.computed IS NULL THEN '[{"code": "no_band"}]'::jsonb
             ELSE %(parts)s END
        """,
        threshold=plan.policy.coverage_threshold,
        parts=SQL(" || ").join(parts),
    )
