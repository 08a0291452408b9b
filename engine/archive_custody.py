"""Rules of lending papers and keeping deeds. Amounts are Decimal in the company's currency."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .reasons import Reason

ZERO = Decimal(0)
DUE_SOON, DUE, OVERDUE = "soon", "due", "overdue"


# --- loans --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReminderPolicy:
    """When a borrower is reminded: days before the due date, then every so many days after it.

    ``every`` 0 reminds of a late loan once only; ``before`` 0 gives no notice in advance.
    """

    before: int = 3
    every: int = 7


def reminder(due: date, today: date, policy: ReminderPolicy) -> str | None:
    """Return the key of the reminder that is due today, None when there is none.

    The last day of a loan is in time. A run that comes late gives the reminder of its day, not
    all that were missed; the key holds the due date, so that a longer loan is reminded anew.
    """
    late = (today - due).days
    if late > 0:
        number = (late - 1) // policy.every if policy.every > 0 else 0
        return f"{OVERDUE}:{due.isoformat()}:{number}"
    if late == 0:
        return f"{DUE}:{due.isoformat()}"
    if late >= -policy.before:
        return f"{DUE_SOON}:{due.isoformat()}"
    return None


def remind_from(today: date, policy: ReminderPolicy) -> date:
    """Return the last due date of loans that a run of today has to look at."""
    return today + timedelta(days=max(policy.before, 0))


def check_count(expected: int, counted: int, is_damaged: bool, note: str | None):
    """Compare counted pages with those expected; return ``(agrees, reasons to refuse)``.

    A count that agrees needs no word, a difference or damage does.
    """
    agrees = expected == counted and not is_damaged
    if counted < 0:
        return False, (Reason.of("negative"),)
    if agrees or (note or "").strip():
        return agrees, ()
    if is_damaged:
        return False, (Reason.of("damage_needs_word"),)
    return False, (Reason.of("difference_needs_word", expected=expected, counted=counted),)


# --- deeds --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartyCount:
    """What one party of a handover found: do name and number agree, how many pieces."""

    agrees: bool
    quantity: int


def handover_agrees(quantity: int, checker: PartyCount, receiver: PartyCount):
    """Return ``(agreed, reasons)`` of the three-party check of one deed."""
    reasons = []
    for who, party in (("checker", checker), ("receiver", receiver)):
        if not party.agrees:
            reasons.append(Reason.of("name_differs", who=who))
        if party.quantity != quantity:
            reasons.append(
                Reason.of("quantity_differs", who=who, expected=quantity, found=party.quantity)
            )
    return not reasons, tuple(reasons)


def secured(value: Decimal, rate: Decimal, quantum: Decimal = Decimal("0.01")) -> Decimal:
    """Return what a deed secures: its valuation at ``rate`` percent, rounded down."""
    return (value * rate / 100 // quantum) * quantum


@dataclass(frozen=True)
class Exposure:
    """Where a customer stands when a deed shall be given back.

    :param used: what the customer owes, orders included; negative when paid in advance
    :param limit: None where nobody decided one, which grants nothing here
    :param securities: all deeds that are held, the one in question included
    """

    used: Decimal
    limit: Decimal | None
    unlimited: bool
    securities: Decimal
    is_blocked: bool = False


def may_return(standing: Exposure, secured_by_deed: Decimal):
    """May a deed go back to the customer: return ``(allowed, reasons)``.

    What the customer still owes has to be covered by the limit and the deeds that remain; exactly
    covered is covered. A customer who owes nothing gets the deed back whatever else is wrong.
    """
    if standing.used <= 0:
        return True, ()
    if standing.is_blocked:
        return False, (Reason.of("blocked", used=standing.used),)
    if standing.unlimited:
        return True, ()
    remaining = standing.securities - secured_by_deed
    covered = (standing.limit or ZERO) + remaining
    if standing.used <= covered:
        return True, ()
    reason = Reason.of(
        "not_covered",
        used=standing.used,
        limit=standing.limit or ZERO,
        remaining=remaining,
        missing=standing.used - covered,
    )
    return False, (reason,)
