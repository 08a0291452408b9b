"""What the computation and the applying of a review need, as plain values and SQL pieces."""

from dataclasses import dataclass, replace
from datetime import date

from odoo.tools import SQL

from ..engine import scoring, tiering
from .measures import Measure, MeasureContext


@dataclass(frozen=True)
class Result:
    """What a scorecard decides: where the present result is kept, and its columns of a line.

    The defaults are customer tiers. Another usage (credit grades) names its own columns; they
    have to exist on ``customer_review_line`` and, company dependent (jsonb), on ``res_partner``.
    """

    partner: str = "customer_tier_id"
    previous: str = "previous_tier_id"
    computed: str = "computed_tier_id"
    proposed: str = "proposed_tier_id"
    decided: str = "decided_tier_id"
    # What the columns refer to: a table with `sequence`, the best result first.
    table: str = "customer_tier"


TIERS = Result()


@dataclass(frozen=True)
class IndicatorPlan:
    """An indicator of the scorecard: ``measure`` None means people enter it.

    ``rule.choices`` and ``rule.ranges`` are in their sequence; the key of a choice is its id.
    """

    indicator_id: int
    rule: scoring.Rule
    measure: Measure | None = None
    uom_id: int | None = None


@dataclass(frozen=True)
class VetoPlan:
    """A veto (its key is its id) and the measure it looks at."""

    veto: tiering.Veto
    measure: Measure


@dataclass(frozen=True)
class ReviewPlan:
    """Everything the computation of one review needs.

    ``context.partners`` is the subselect of the **whole population**: ranks are taken over it.
    ``members`` is the subselect of the customers that get a line; the population itself, or, out
    of turn, one customer of it. ``policy`` has the bands (key: id of the band) in sequence, the
    order of results (best first, all there are, archived ones too), coverage threshold and
    downgrade periods. ``history`` are the ids of the reviews of the periods just before, the
    latest first and without a gap, as many as ``downgrade_periods - 1``. ``previous_review_id`` is
    the review the trend compares with. ``rank_review_id`` is set out of turn: the review in whose
    lines the customer is placed by its score. ``entered_columns`` of a line keep it when its
    customer left the population (beside entered scores). ``line_values`` are (column, value) of
    new lines, for instance a first state. ``is_new`` promises that the review has no lines yet,
    which spares the search for what is there. ``share_uom_id`` is the unit of the quantities that
    shares are of; without one they are of amounts.
    """

    review_id: int
    context: MeasureContext
    members: SQL
    indicators: tuple[IndicatorPlan, ...]
    policy: tiering.Policy
    vetoes: tuple[VetoPlan, ...] = ()
    history: tuple[int, ...] = ()
    previous_review_id: int | None = None
    rank_review_id: int | None = None
    entered_columns: tuple[str, ...] = ("decided_by_id", "reason")
    line_values: tuple[tuple[str, object], ...] = ()
    is_new: bool = False
    result: Result = TIERS
    share_uom_id: int | None = None

    def measure_context(self, indicator: IndicatorPlan) -> MeasureContext:
        """Context of an indicator's measure: its unit, and the segments its options follow."""
        segments = (choice.segment for choice in indicator.rule.choices)
        return replace(
            self.context,
            uom_id=indicator.uom_id,
            segment_ids=tuple(segment for segment in segments if segment is not None),
        )


@dataclass(frozen=True)
class ApplyPlan:
    """Everything the applying of one review needs; ``today`` is the company's date.

    ``date_to`` ends the period of the review, ``is_year`` says that it is a yearly one. ``rule`` is
    how far shorter periods may move from the year (`engine.tiering.YEAR_RULES`) in ``order``, the
    results from the best on; ``bounded_reason`` says so in the history.
    """

    review_id: int
    company_id: int
    user_id: int
    today: date
    reason: str
    date_to: date = date.max
    is_year: bool = False
    rule: str = tiering.FREE
    order: tuple[int, ...] = ()
    bounded_reason: str = ""
