"""What a grade grants, and which entry of the journal of limits counts on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class LimitRule:
    """A multiple of the average monthly sales, at most ``cap`` (None: no cap); or unlimited."""

    factor: Decimal = ZERO
    cap: Decimal | None = None
    unlimited: bool = False


@dataclass(frozen=True)
class Limit:
    """A limit: ``amount`` means nothing while it is unlimited."""

    amount: Decimal
    unlimited: bool = False


@dataclass(frozen=True)
class Entry:
    """An approved entry of the journal; both days are inclusive, ``date_to`` None does not end."""

    key: int
    limit: Limit
    date_from: date
    date_to: date | None = None
    is_temporary: bool = False

    def is_in_force(self, day: date) -> bool:
        """Whether the entry covers a day."""
        return self.date_from <= day and (self.date_to is None or day <= self.date_to)


def propose(rule: LimitRule, monthly_sales: Decimal, rounding: Decimal = Decimal("0.01")) -> Limit:
    """Return the limit that a rule gives for the average sales of a month.

    Sales below zero (more credit notes than invoices) grant nothing.
    """
    if rule.unlimited:
        return Limit(ZERO, True)
    amount = rule.factor * max(monthly_sales, ZERO)
    if rule.cap is not None:
        amount = min(amount, rule.cap)
    return Limit((amount / rounding).quantize(Decimal(1), ROUND_HALF_UP) * rounding)


def in_force(entries: Iterable[Entry], day: date) -> Entry | None:
    """Return the entry that counts on a day, or None.

    A temporary limit replaces the permanent one while it lasts; of two of a kind the one that
    began later counts, then the one entered later. When a temporary one is over the permanent one
    counts again, without anybody doing anything.
    """
    candidates = [entry for entry in entries if entry.is_in_force(day)]
    return max(
        candidates,
        key=lambda entry: (entry.is_temporary, entry.date_from, entry.key),
        default=None,
    )
