"""Computing a review: its plan, and the statements that carry it out, in their order.

A model builds a :class:`.review_plan.ReviewPlan` from its records and executes, after flushing,
each statement of :func:`compute_steps`. How many there are depends on the number of indicators
only.

Tables: ``customer_review_line`` (unique review_id, partner_id) and ``customer_review_score``
(unique line_id, indicator_id); no other uniqueness is assumed. ``engine.scoring`` and
``engine.tiering`` hold the same rules in Python.
"""

from collections.abc import Iterator

from odoo.tools import SQL

from .review_plan import ApplyPlan, IndicatorPlan, Result, ReviewPlan, VetoPlan
from .reviews_apply import apply_tiers
from .reviews_result import decide_lines
from .reviews_score import (
    analyze_lines,
    delete_lines,
    delete_scores,
    insert_lines,
    score_indicator,
)

__all__ = [
    "ApplyPlan",
    "IndicatorPlan",
    "Result",
    "ReviewPlan",
    "VetoPlan",
    "apply_tiers",
    "compute_steps",
]

Step = tuple[str, dict[str, object], SQL]


def compute_steps(plan: ReviewPlan) -> Iterator[Step]:
    """Yield ``(code, params, statement)`` in the order they have to be executed.

    Codes name the step for a progress message: ``lines``, ``indicator`` (params: indicator_id),
    ``result``. Running them again gives the same figures and keeps what people entered: scores
    with source *manual* and data, notes, decisions, reasons, appeals.
    """
    if not plan.is_new:
        yield "lines", {}, delete_lines(plan)
    yield "lines", {}, insert_lines(plan)
    yield "lines", {}, analyze_lines()
    if not plan.is_new:
        yield "lines", {}, delete_scores(plan)
    for indicator in plan.indicators:
        statement = score_indicator(plan, indicator)
        yield "indicator", {"indicator_id": indicator.indicator_id}, statement
    yield "result", {}, decide_lines(plan)
