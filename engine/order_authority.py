"""Authority by size: which level of the house has to approve an order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .reasons import Reason


@dataclass(frozen=True)
class AuthorityRule:
    """``level`` approves orders of these tiers and categories from ``over`` on.

    :param level: rank of the level, higher is higher; ties go to the first rule
    :param basis: key of what is summed over the lines (``amount`` or a unit of measure)
    :param over: the level is needed **above** this figure; None: for any order that meets the rest
    :param include: exactly ``over`` needs the level as well
    :param tiers: ids of customer tiers, empty for any
    :param categories: ids of product categories with all below them, empty for any
    """

    key: int
    level: int
    basis: str = "amount"
    over: Decimal | None = None
    include: bool = False
    tiers: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()


@dataclass(frozen=True)
class OrderLine:
    """A line: its category and its figure in each basis (a unit it cannot be turned into lacks)."""

    category: int
    figures: Mapping[str, Decimal]


def needed_rule(
    rules: Iterable[AuthorityRule],
    tier: int | None,
    lines: Iterable[OrderLine],
    contract: Iterable[OrderLine] = (),
) -> tuple[AuthorityRule | None, tuple[Reason, ...]]:
    """Return the rule of the highest level that the order meets, with the figure it met.

    :param contract: lines of the other orders of the same contract: they are added to what the
        order has of a category, an order without any of it is no part of that sum
    """
    lines, contract = list(lines), list(contract)
    best, best_reason = None, ()
    for rule in rules:
        if rule.tiers and tier not in rule.tiers:
            continue
        meant = [x for x in lines if not rule.categories or x.category in rule.categories]
        if rule.categories and not meant:
            continue
        if meant:
            meant += [x for x in contract if not rule.categories or x.category in rule.categories]
        total = sum((x.figures.get(rule.basis, Decimal(0)) for x in meant), Decimal(0))
        if rule.over is not None and not (
            total > rule.over or (rule.include and total == rule.over)
        ):
            continue
        if best is None or rule.level > best.level:
            best, best_reason = rule, (Reason.of("authority", rule=rule.key, total=total),)
    return best, best_reason
