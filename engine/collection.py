"""Collection of overdue items: what may be chased, which step is due, whether a promise was kept.

Every condition is "at least", never "equal": a run that is a week late finds what the runs before it
would have found. A decision carries its reasons.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .reasons import Reason

SETTLED, HOLD, WAIT, STEP = "settled", "hold", "wait", "step"
OPEN, KEPT, BROKEN = "open", "kept", "broken"

PLACEHOLDERS = (
    "customer",
    "company",
    "amount",
    "days",
    "oldest",
    "today",
    "responsible",
    "reminders",
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Item:
    """An open receivable in company currency; what the customer has to its credit is negative.

    :param promised_until: last day of a promise to pay that covers it
    """

    id: int
    due: date
    residual: Decimal
    promised_until: date | None = None
    disputed: bool = False


@dataclass(frozen=True)
class Level:
    """A step that is due when the oldest item is overdue for at least `days`."""

    id: int
    days: int


@dataclass(frozen=True)
class Last:
    """The last level of an episode: it comes again every `every` days (0: never).

    :param since: day of its latest step, None while that one still waits
    """

    every: int = 0
    since: date | None = None


@dataclass(frozen=True)
class Claim:
    """What may be asked for today.

    ``outcome`` is settled (nothing is overdue), hold (all of it is promised, disputed or covered by
    credits) or wait (there is something to ask for).
    """

    outcome: str
    amount: Decimal = Decimal()
    oldest: date | None = None
    days: int = 0
    item_ids: tuple[int, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What collection does with a customer today; ``passed`` are due levels that are left out."""

    outcome: str
    claim: Claim
    level_id: int | None = None
    passed: tuple[int, ...] = ()
    next_date: date | None = None
    reasons: tuple[Reason, ...] = ()


def days_overdue(due: date, today: date) -> int:
    """Return the days past the due date; an item is not overdue on the day itself.

    >>> days_overdue(date(2028, 2, 28), date(2028, 3, 1))
    2
    >>> days_overdue(date(2026, 1, 31), date(2026, 1, 31))
    0
    """
    return max((today - due).days, 0)


def claim(items: Iterable[Item], today: date) -> Claim:
    """Return what may be asked for: overdue, neither promised nor disputed, not covered by credits.

    A promise covers its items up to and including its day.
    """
    items = list(items)
    overdue = [i for i in items if i.residual > 0 and i.due < today]
    credits = sum((i.residual for i in items if i.residual < 0), Decimal())
    total = sum((i.residual for i in overdue), Decimal())
    if not overdue:
        return Claim(SETTLED, reasons=(Reason.of("nothing_overdue"),))
    if total + credits <= 0:
        covered = Reason.of("covered", credits=float(-credits), overdue=float(total))
        return Claim(SETTLED, reasons=(covered,))
    disputed = [i for i in overdue if i.disputed]
    promised = [
        i for i in overdue if not i.disputed and i.promised_until and i.promised_until >= today
    ]
    held = {i.id for i in (*disputed, *promised)}
    free = [i for i in overdue if i.id not in held]
    reasons = []
    if disputed:
        reasons.append(_held("disputed", disputed))
    if promised:
        until = max(i.promised_until for i in promised)
        reasons.append(_held("promised", promised, until=until.isoformat()))
    amount = sum((i.residual for i in free), Decimal()) + credits
    if credits:
        reasons.append(Reason.of("credits", credits=float(-credits)))
    if not free or amount <= 0:
        return Claim(HOLD, reasons=tuple(reasons))
    oldest = min(i.due for i in free)
    ids = tuple(i.id for i in sorted(free, key=lambda i: (i.due, i.id)))
    return Claim(WAIT, amount, oldest, days_overdue(oldest, today), ids, tuple(reasons))


def _held(code, items, **params):
    amount = sum((i.residual for i in items), Decimal())
    return Reason.of(code, count=len(items), amount=float(amount), **params)


def decide(
    items: Iterable[Item],
    levels: Iterable[Level],
    reached: int | None,
    today: date,
    last: Last = Last(),  # noqa: B008, frozen
    handed_over: bool = False,
) -> Decision:
    """Return the step that is due for a customer.

    :param levels: the levels in use
    :param reached: days of the highest level the episode already had, None for none
    :param last: when the last level comes again
    :param handed_over: somebody else collects (a lawyer): nothing is done until it is paid
    """
    found = claim(items, today)
    if found.outcome != WAIT:
        return Decision(found.outcome, found, reasons=found.reasons)
    if handed_over:
        return Decision(HOLD, found, reasons=(*found.reasons, Reason.of("handed_over")))
    rows = sorted(levels, key=lambda level: (level.days, level.id))
    ahead = [level for level in rows if reached is None or level.days > reached]
    if rows and not ahead and last.every > 0:
        return _again(found, rows[-1], last, today)
    due = [level for level in ahead if level.days <= found.days]
    if not due:
        next_date = found.oldest + timedelta(days=ahead[0].days) if ahead else None
        why = Reason.of("not_yet", days=found.days) if ahead else Reason.of("all_sent")
        return Decision(WAIT, found, next_date=next_date, reasons=(*found.reasons, why))
    highest, passed = due[-1], tuple(level.id for level in due[:-1])
    reasons = [Reason.of("level", days=found.days, level_days=highest.days)]
    if passed:
        reasons.append(Reason.of("passed", count=len(passed)))
    return Decision(STEP, found, highest.id, passed, None, (*reasons, *found.reasons))


def _again(found: Claim, level: Level, last: Last, today: date) -> Decision:
    """Whether the last level is due once more: nobody drops off the list while something is open."""
    if last.since is None:
        return Decision(WAIT, found, reasons=(*found.reasons, Reason.of("still_open")))
    day = last.since + timedelta(days=last.every)
    if today < day:
        why = Reason.of("again_on", until=day.isoformat())
        return Decision(WAIT, found, next_date=day, reasons=(*found.reasons, why))
    again = Reason.of("again", days=found.days, every=last.every)
    return Decision(STEP, found, level.id, reasons=(again, *found.reasons))


def choose_way(
    way: str, has_mail: bool, archived: bool, automatic: bool
) -> tuple[str, bool, tuple[Reason, ...]]:
    """Return (way, whether the job sends it, why otherwise than the level says).

    Nobody writes by machine to a customer that is archived or has no mail address: a person calls.
    """
    if way != "mail":
        return way, False, ()
    if archived:
        return "phone", False, (Reason.of("archived"),)
    if not has_mail:
        return "phone", False, (Reason.of("no_mail"),)
    if not automatic:
        return "mail", False, (Reason.of("by_hand"),)
    return "mail", True, ()


def promise_state(amount: Decimal, settled: Decimal, day: date, today: date) -> str:
    """Return the state of a promise from what was settled of its items up to its day.

    >>> promise_state(Decimal(100), Decimal(100), date(2026, 1, 31), date(2026, 1, 20))
    'kept'
    >>> promise_state(Decimal(100), Decimal("99.99"), date(2026, 1, 31), date(2026, 1, 31))
    'open'
    >>> promise_state(Decimal(100), Decimal("99.99"), date(2026, 1, 31), date(2026, 2, 1))
    'broken'
    """
    if settled >= amount:
        return KEPT
    return BROKEN if day < today else OPEN


def bucket(days: int, borders: Iterable[int]) -> int:
    """Return the number of the age bucket: 0 not overdue, 1 up to the first border, ...

    >>> [bucket(days, (30, 60)) for days in (0, 1, 30, 31, 60, 61)]
    [0, 1, 1, 2, 2, 3]
    """
    if days <= 0:
        return 0
    return 1 + sum(days > border for border in borders)


def parse_borders(text: str) -> tuple[int, ...]:
    """Return the borders of "30, 60, 90"; :raises ValueError: unless they are rising and above 0.

    >>> parse_borders("30, 60,90")
    (30, 60, 90)
    """
    borders = tuple(int(part) for part in (text or "").split(","))
    if any(low >= high for low, high in zip((0, *borders), borders, strict=False)):
        raise ValueError(text)
    return borders


def unknown_placeholders(text: str) -> list[str]:
    """Return the {names} in a text that nobody fills in.

    >>> unknown_placeholders("Dear {customer}, {amout}")
    ['amout']
    """
    return [name for name in _PLACEHOLDER.findall(text or "") if name not in PLACEHOLDERS]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its {names} filled in; unknown ones stay as they are.

    A paragraph about reminders is left out where none was sent.

    >>> fill("Dear {customer}, {x}", {"customer": "Lee"})
    'Dear Lee, {x}'
    >>> fill("Dear Lee\\n\\nWe wrote on {reminders}.\\n\\nPay", {"reminders": ""})
    'Dear Lee\\n\\nPay'
    """
    text = text or ""
    if not values.get("reminders", "x"):
        kept = [part for part in re.split(r"\n\s*\n", text) if "{reminders}" not in part]
        text = "\n\n".join(kept)
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)
