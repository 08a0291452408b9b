"""From score and sales to a result: bands, vetoes, hysteresis, and what is missing to the next one.

A *result* is an id of a tier (or grade); ``order`` lists the results, the best first. The SQL twin
is ``queries/reviews_result.py``; a property test holds the two together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .reasons import Reason
from .scoring import HUNDRED, SHARE_DIGITS, ZERO, quotient, rounded


@dataclass(frozen=True)
class Band:
    """A result and its conditions; None is "no condition", which is not the same as 0.

    ``max_cumulative``: the customer is one of the largest that together make this percentage of
    the sales. The one that crosses the border still belongs to them, so what counts is the share
    of all larger customers.
    """

    key: int
    result: int
    min_score: Decimal | None = None
    min_share: Decimal | None = None
    max_cumulative: Decimal | None = None


@dataclass(frozen=True)
class Veto:
    """Caps the result at ``cap`` when ``value operator threshold`` is true."""

    key: int
    operator: str
    threshold: Decimal
    cap: int


@dataclass(frozen=True)
class Sales:
    """Position of a customer in the company's sales of a period.

    ``share`` and ``cumulative`` (the customer and all larger ones) are percent; ``ahead`` is the
    percentage of all larger customers.
    """

    share: Decimal = ZERO
    cumulative: Decimal = HUNDRED
    ahead: Decimal = HUNDRED


NO_SALES = Sales()


@dataclass(frozen=True)
class Figures:
    """What a result is decided from. ``score`` is None without any data."""

    score: Decimal | None
    coverage: Decimal
    sales: Sales = NO_SALES


@dataclass(frozen=True)
class Policy:
    """The decision part of a scorecard."""

    bands: tuple[Band, ...]
    order: tuple[int, ...]
    coverage_threshold: Decimal = Decimal(60)
    downgrade_periods: int = 1


@dataclass(frozen=True)
class Decision:
    """``computed`` is the band's result, ``proposed`` the one after hysteresis and vetoes."""

    computed: int | None
    proposed: int | None


OPERATORS = {
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    "=": Decimal.__eq__,
}


#: how far the result of a shorter period may move from that of the year it lies in
FREE, NOT_BELOW, ONE_STEP = "free", "not_below", "one_step"
YEAR_RULES = (FREE, NOT_BELOW, ONE_STEP)


def within_year(rule: str, order: Sequence[int], result: int, year: int) -> int:
    """Return the result that governs a part of a year whose own result is ``year``.

    >>> order = (1, 2, 3, 4)
    >>> [within_year(rule, order, 4, 2) for rule in YEAR_RULES]
    [4, 2, 3]
    >>> [within_year(rule, order, 1, 3) for rule in YEAR_RULES]
    [1, 1, 2]
    """
    if rule == FREE or result not in order or year not in order:
        return result
    place, base = order.index(result), order.index(year)
    if rule == NOT_BELOW:
        return order[min(place, base)]
    return order[max(base - 1, min(place, base + 1))]


def sales_positions(amounts: Mapping[int, Decimal]) -> dict[int, Sales]:
    """Return the position of each customer, from the sales of **all** customers of the company.

    Customers with equal sales share a position. Where the company's sales are not above zero
    nobody has a share and nobody is among the first.
    """
    whole = sum(amounts.values(), ZERO)
    if whole <= 0:
        return {customer: NO_SALES for customer in amounts}
    by_amount: dict[Decimal, list[int]] = {}
    for customer, amount in amounts.items():
        by_amount.setdefault(amount, []).append(customer)
    result: dict[int, Sales] = {}
    running = ZERO
    for amount in sorted(by_amount, reverse=True):
        customers = by_amount[amount]
        ahead = quotient(HUNDRED * running, whole, SHARE_DIGITS)
        running += amount * len(customers)
        position = Sales(
            quotient(HUNDRED * amount, whole, SHARE_DIGITS),
            quotient(HUNDRED * running, whole, SHARE_DIGITS),
            ahead,
        )
        result.update(dict.fromkeys(customers, position))
    return result


def no_sales_position(amounts: Mapping[int, Decimal]) -> Sales:
    """Position of a customer that is not in ``amounts``: bought nothing in the period."""
    return sales_positions({**amounts, 0: amounts.get(0, ZERO)})[0]


def band_misses(band: Band, figures: Figures) -> tuple[Reason, ...]:
    """Return the conditions of a band that the figures miss, with what is missing."""
    missing = []
    if band.min_score is not None:
        score = figures.score if figures.score is not None else ZERO
        if figures.score is None or score < band.min_score:
            missing.append(
                Reason.of("score", needed=band.min_score, actual=score, gap=band.min_score - score)
            )
    share = figures.sales.share
    if band.min_share is not None and share < band.min_share:
        missing.append(
            Reason.of("share", needed=band.min_share, actual=share, gap=band.min_share - share)
        )
    ahead = figures.sales.ahead
    if band.max_cumulative is not None and ahead >= band.max_cumulative:
        missing.append(
            Reason.of(
                "cumulative",
                needed=band.max_cumulative,
                actual=ahead,
                gap=rounded(ahead - band.max_cumulative, SHARE_DIGITS),
            )
        )
    return tuple(missing)


def find_band(bands: Iterable[Band], figures: Figures) -> Band | None:
    """Return the first band in sequence whose conditions all hold."""
    return next((band for band in bands if not band_misses(band, figures)), None)


def is_vetoed(veto: Veto, value: Decimal | None) -> bool:
    """Whether a veto applies; without data it does not."""
    return value is not None and OPERATORS[veto.operator](value, veto.threshold)


def periods_below(
    order: Sequence[int], previous: int | None, computed: int, history: Sequence[int | None]
) -> int:
    """Return in how many periods in a row, this one included, the result was below ``previous``.

    :param history: results of the bands in the periods before, the latest first; None where a
        period had no judgement, which ends the row
    """
    if previous is None or _is_at_least(order, computed, previous):
        return 0
    count = 1
    for result in history:
        if result is None or _is_at_least(order, result, previous):
            break
        count += 1
    return count


def decide(
    policy: Policy,
    figures: Figures,
    previous: int | None = None,
    history: Sequence[int | None] = (),
    vetoes: Iterable[tuple[Veto, Decimal | None]] = (),
) -> tuple[Decision, tuple[Reason, ...]]:
    """Decide the result of a customer.

    The first band that matches gives the computed result. Below the coverage threshold, or without
    a band, nothing is proposed. A downgrade waits until the result was below the present one for
    ``downgrade_periods`` periods in a row. A veto caps the proposal at once.

    :param previous: the present result, or None
    :param history: see :func:`periods_below`
    :param vetoes: each veto with the customer's value, in sequence
    """
    reasons: list[Reason] = []
    band = None if figures.score is None else find_band(policy.bands, figures)
    computed = band.result if band else None
    if figures.score is None or figures.coverage < policy.coverage_threshold:
        return Decision(computed, None), (
            Reason.of(
                "low_coverage", coverage=figures.coverage, threshold=policy.coverage_threshold
            ),
        )
    if band is None or computed is None:
        return Decision(None, None), (Reason.of("no_band"),)
    reasons.append(Reason.of("band", band=band.key, result=computed))
    proposed = computed
    below = periods_below(policy.order, previous, computed, history)
    if previous is not None and 0 < below < policy.downgrade_periods:
        proposed = previous
        reasons.append(
            Reason.of("hysteresis", kept=previous, below=below, needed=policy.downgrade_periods)
        )
    for veto, value in vetoes:
        if is_vetoed(veto, value):
            if not _is_at_least(policy.order, veto.cap, proposed):
                proposed = veto.cap
            reasons.append(Reason.of("veto", veto=veto.key, value=value, cap=veto.cap))
    return Decision(computed, proposed), tuple(reasons)


def missing_to_next(policy: Policy, figures: Figures) -> tuple[int | None, tuple[Reason, ...]]:
    """Return the next better result and what is missing to it; None at the top.

    The nearest better band is the last one in sequence before the one that matches whose result
    is better.
    """
    reached = None if figures.score is None else find_band(policy.bands, figures)
    better = None
    for band in policy.bands:
        if reached is not None and band.key == reached.key:
            break
        if reached is None or not _is_at_least(policy.order, reached.result, band.result):
            better = band
    if better is None:
        return None, ()
    misses = band_misses(better, figures)
    if figures.coverage < policy.coverage_threshold:
        gap = policy.coverage_threshold - figures.coverage
        misses += (
            Reason.of(
                "coverage", needed=policy.coverage_threshold, actual=figures.coverage, gap=gap
            ),
        )
    return better.result, misses


def _is_at_least(order: Sequence[int], result: int, other: int) -> bool:
    """Whether ``result`` is as good as ``other`` or better; an unlisted one is below all."""
    return _place(order, result) <= _place(order, other)


def _place(order: Sequence[int], result: int) -> int:
    return order.index(result) if result in order else len(order)
