"""Points of an indicator, score and coverage of a customer.

Numbers are ``Decimal``. They are rounded half away from zero where they are stored: values to 6
digits, points to 4, scores and coverage to 2, shares to 4. ``queries/reviews_score.py`` computes
the same numbers in SQL; a property test holds the two together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from .reasons import Reason

RANK = "rank"
PROPORTIONAL = "proportional"
RANGE = "range"
DEDUCTION = "deduction"
CHOICE = "choice"
METHODS = (RANK, PROPORTIONAL, RANGE, DEDUCTION, CHOICE)

VALUE_DIGITS = 6
POINT_DIGITS = 4
SCORE_DIGITS = 2
SHARE_DIGITS = 4

ZERO = Decimal(0)
HUNDRED = Decimal(100)
#: digits kept in a division before the result is rounded: far more than any stored number has, so
#: that rounding twice cannot move a half
DIVISION_PRECISION = 60


@dataclass(frozen=True)
class Range:
    """A row of a range table: ``low`` counts, ``high`` does not, except in the top row.

    ``None`` is an open end: no lower or no upper limit.
    """

    low: Decimal | None
    high: Decimal | None
    points: Decimal


@dataclass(frozen=True)
class Choice:
    """An option the reviewer picks; with ``segment`` it is picked by the customer's segment."""

    key: int
    points: Decimal
    segment: int | None = None


@dataclass(frozen=True)
class Rule:
    """How an indicator turns a value into points.

    ``step`` is lost for each lower place (rank) or each occurrence (deduction). ``target`` is the
    value that earns all points (proportional). ``higher_is_better`` says which end of the values
    gets the first place (rank). With ``zero_earns_nothing`` a value of 0 or less has the last place
    of a rank where higher is better, and no points: who bought nothing is nobody's runner-up.
    """

    method: str
    max_points: Decimal
    step: Decimal = ZERO
    target: Decimal = Decimal(1)
    ranges: tuple[Range, ...] = ()
    choices: tuple[Choice, ...] = ()
    higher_is_better: bool = True
    zero_earns_nothing: bool = False

    @property
    def has_floor(self) -> bool:
        """Whether values of 0 and less are last and earn nothing."""
        return self.method == RANK and self.higher_is_better and self.zero_earns_nothing


@dataclass(frozen=True)
class Marks:
    """Points of one indicator for one customer: what totals are made of."""

    max_points: Decimal
    points: Decimal = ZERO
    has_data: bool = True


def rounded(number: Decimal, digits: int) -> Decimal:
    """Round half away from zero, as PostgreSQL's ``round(numeric, int)`` does."""
    with localcontext() as context:
        context.prec = DIVISION_PRECISION
        return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def quotient(numerator: Decimal, denominator: Decimal, digits: int) -> Decimal:
    """Divide and round once, half away from zero."""
    with localcontext() as context:
        context.prec = DIVISION_PRECISION
        return (numerator / denominator).quantize(
            Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP
        )


def ranks(
    values: Sequence[Decimal], higher_is_better: bool = True, floor: bool = False
) -> list[int]:
    """Return the place of each value, 1 for the best; ties share the better place.

    :param floor: values of 0 and less share the last place instead
    """
    places: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(values, reverse=higher_is_better), start=1):
        places.setdefault(value, place)
    if floor:
        places |= {value: len(values) for value in places if value <= 0}
    return [places[value] for value in values]


def points_rank(rule: Rule, rank: int) -> tuple[Decimal, tuple[Reason, ...]]:
    """Points of a place: all for the first, ``step`` less for each lower one, never below 0."""
    points = max(ZERO, rule.max_points - rule.step * (rank - 1))
    points = rounded(points, POINT_DIGITS)
    return points, (
        Reason.of("rank", rank=rank, step=rule.step, max=rule.max_points, points=points),
    )


def points_proportional(rule: Rule, value: Decimal) -> tuple[Decimal, tuple[Reason, ...]]:
    """All points at ``target``, none at 0, in between in proportion."""
    if value <= 0 or rule.target <= 0:
        points = rounded(ZERO, POINT_DIGITS)
    elif value >= rule.target:
        points = rounded(rule.max_points, POINT_DIGITS)
    else:
        points = quotient(rule.max_points * value, rule.target, POINT_DIGITS)
    reason = Reason.of(
        "proportional", value=value, target=rule.target, max=rule.max_points, points=points
    )
    return points, (reason,)


def find_range(ranges: Iterable[Range], value: Decimal) -> Range | None:
    """Return the row that holds the value; the upper limit of the top row belongs to it."""
    rows = sort_ranges(ranges)
    for index, row in enumerate(rows):
        above = row.low is None or value >= row.low
        top = index == len(rows) - 1
        below = row.high is None or value < row.high or (top and value == row.high)
        if above and below:
            return row
    return None


def points_range(rule: Rule, value: Decimal) -> tuple[Decimal, tuple[Reason, ...]]:
    """Points of the row that holds the value; a value outside the whole table earns nothing."""
    row = find_range(rule.ranges, value)
    if row is None:
        points = rounded(ZERO, POINT_DIGITS)
        return points, (Reason.of("outside_ranges", value=value, points=points),)
    points = rounded(row.points, POINT_DIGITS)
    return points, (Reason.of("range", value=value, low=row.low, high=row.high, points=points),)


def points_deduction(rule: Rule, value: Decimal) -> tuple[Decimal, tuple[Reason, ...]]:
    """All points less ``step`` for each occurrence, never below 0 nor above the maximum."""
    points = max(ZERO, rule.max_points - rule.step * max(value, ZERO))
    points = rounded(points, POINT_DIGITS)
    return points, (
        Reason.of("deduction", value=value, step=rule.step, max=rule.max_points, points=points),
    )


def find_choice(
    choices: Iterable[Choice], key: int | None = None, segment: int | None = None
) -> Choice | None:
    """Return the option picked by the reviewer, or else the one that follows the segment."""
    for choice in choices:
        if key is not None and choice.key == key:
            return choice
        if key is None and segment is not None and choice.segment == segment:
            return choice
    return None


def points_choice(choice: Choice) -> tuple[Decimal, tuple[Reason, ...]]:
    """Points of the picked option."""
    points = rounded(choice.points, POINT_DIGITS)
    return points, (Reason.of("choice", choice=choice.key, points=points),)


def points(
    rule: Rule,
    value: Decimal | None = None,
    rank: int | None = None,
    choice: int | None = None,
) -> tuple[Decimal | None, tuple[Reason, ...]]:
    """Points of an indicator, or ``None`` where there is no data.

    :param value: the measured or entered value; for a choice that follows a segment, the segment
    :param rank: the place of the value in the population, needed by the method *rank*
    :param choice: key of the option a reviewer picked, needed by the method *choice*
    """
    if rule.method == CHOICE:
        picked = find_choice(rule.choices, choice, None if value is None else int(value))
        if picked is None:
            return None, (Reason.of("no_data"),)
        return points_choice(picked)
    if value is None or (rule.method == RANK and rank is None):
        return None, (Reason.of("no_data"),)
    if rule.method == RANK:
        if rule.has_floor and value <= 0:
            points = rounded(ZERO, POINT_DIGITS)
            return points, (Reason.of("rank_nothing", rank=rank, value=value, points=points),)
        return points_rank(rule, rank or 1)
    by_value = {
        PROPORTIONAL: points_proportional,
        RANGE: points_range,
        DEDUCTION: points_deduction,
    }
    return by_value[rule.method](rule, value)


def total(marks: Iterable[Marks]) -> tuple[Decimal | None, Decimal, tuple[Reason, ...]]:
    """Return score (0..100), coverage (0..100) and reasons.

    An indicator without data is left out and the weights are re-based, so it neither helps nor
    hurts the score; it lowers the coverage. Without any data there is no score at all.
    """
    marks = tuple(marks)
    whole = sum((mark.max_points for mark in marks), ZERO)
    known = sum((mark.max_points for mark in marks if mark.has_data), ZERO)
    earned = sum((mark.points for mark in marks if mark.has_data), ZERO)
    coverage = quotient(HUNDRED * known, whole, SCORE_DIGITS) if whole else ZERO
    coverage = rounded(coverage, SCORE_DIGITS)
    score = quotient(HUNDRED * earned, known, SCORE_DIGITS) if known else None
    missing = sum(1 for mark in marks if not mark.has_data)
    reason = Reason.of("total", points=earned, known=known, maximum=whole, missing=missing)
    return score, coverage, (reason,)


def sort_ranges(ranges: Iterable[Range]) -> list[Range]:
    """Rows from the lowest to the highest, an open lower end first."""
    return sorted(ranges, key=lambda row: (row.low is not None, row.low or ZERO))


def check_ranges(ranges: Iterable[Range]) -> tuple[Reason, ...]:
    """Return what is wrong with a range table; nothing means it can be used.

    Codes: ``ranges_empty``, ``range_not_number``, ``range_reversed`` (upper limit not above the
    lower one), ``range_gap``, ``range_overlap``, ``range_two_open`` (a second row open at the same
    end). Rows may come in any order. Whether the ends are open is the author's choice.
    """
    rows = list(ranges)
    if not rows:
        return (Reason.of("ranges_empty"),)
    wrong = [row for row in rows if not _is_numeric(row)]
    if wrong:
        return tuple(Reason.of("range_not_number", low=row.low, high=row.high) for row in wrong)
    problems = [
        Reason.of("range_reversed", low=row.low, high=row.high)
        for row in rows
        if row.low is not None and row.high is not None and row.high <= row.low
    ]
    if problems:
        return tuple(problems)
    rows = sort_ranges(rows)
    for before, after in zip(rows, rows[1:], strict=False):
        if after.low is None:
            problems.append(Reason.of("range_two_open", end="low"))
        elif before.high is None:
            code = "range_two_open" if after.high is None else "range_overlap"
            problems.append(
                Reason.of(code, end="high")
                if code == "range_two_open"
                else Reason.of(code, low=after.low, high=before.high)
            )
        elif after.low > before.high:
            problems.append(Reason.of("range_gap", low=before.high, high=after.low))
        elif after.low < before.high:
            problems.append(Reason.of("range_overlap", low=after.low, high=before.high))
    return tuple(problems)


def _is_numeric(row: Range) -> bool:
    """Whether limits and points are finite decimals (or open ends)."""
    numbers = [row.points, *(end for end in (row.low, row.high) if end is not None)]
    return all(isinstance(number, Decimal) and number.is_finite() for number in numbers)


def check_rule(rule: Rule) -> tuple[Reason, ...]:
    """Return what is wrong with an indicator; nothing means it can be used.

    Codes beside those of :func:`check_ranges`: ``method_unknown``, ``max_points_not_positive``,
    ``step_not_positive``, ``target_not_positive``, ``choices_empty``, ``points_negative`` and
    ``points_over_max`` (a row or option that gives less than 0 or more than the maximum),
    ``max_points_unreachable`` (no row or option gives the maximum).
    """
    problems: list[Reason] = []
    if rule.method not in METHODS:
        return (Reason.of("method_unknown", method=rule.method),)
    if rule.max_points <= 0:
        problems.append(Reason.of("max_points_not_positive", max=rule.max_points))
    if rule.method in (RANK, DEDUCTION) and rule.step <= 0:
        problems.append(Reason.of("step_not_positive", step=rule.step))
    if rule.method == PROPORTIONAL and rule.target <= 0:
        problems.append(Reason.of("target_not_positive", target=rule.target))
    if rule.method == RANGE:
        problems.extend(check_ranges(rule.ranges))
    if rule.method == CHOICE and not rule.choices:
        problems.append(Reason.of("choices_empty"))
    rows = {RANGE: rule.ranges, CHOICE: rule.choices}.get(rule.method, ())
    if rows and not any(problem.code == "range_not_number" for problem in problems):
        problems.extend(_check_row_points(rule.max_points, [row.points for row in rows]))
    return tuple(problems)


def _check_row_points(maximum: Decimal, row_points: list[Decimal]) -> list[Reason]:
    """Compare the points of rows or options with the maximum of their indicator."""
    problems = [Reason.of("points_negative", points=number) for number in row_points if number < 0]
    problems += [
        Reason.of("points_over_max", points=number, max=maximum)
        for number in row_points
        if number > maximum
    ]
    if max(row_points) < maximum:
        problems.append(Reason.of("max_points_unreachable", max=maximum, best=max(row_points)))
    return problems
