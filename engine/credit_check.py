"""May a document raise what a customer owes: one rule for orders, changes of orders and invoices.

All amounts are in the currency of the company. A decision gives its reasons and the ways out as
codes with figures; the caller puts them into words. `None` is "nothing was decided", which is
neither zero nor unlimited.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .reasons import Reason

ALLOWED, WARNED, HELD = "allowed", "warned", "held"
WARN, APPROVAL, BLOCK = "warn", "approval", "block"
ZERO = Decimal(0)


@dataclass(frozen=True)
class Grade:
    """What a credit grade grants: what happens past the limit, and how late is late."""

    action: str = APPROVAL
    grace_days: int = 0
    prepayment_only: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a customer stands, the document in question left out.

    :param used: receivables less credits, draft invoices, orders to invoice; negative when the
        customer has paid in advance
    :param open_invoices: the part of it that can be paid now: receivables less credits
    :param limit: None where nobody decided one; 0 grants nothing
    :param grade: None for a customer without assessment: only a limit is looked at then
    :param overdue_days: age of the oldest overdue item, 0 for none
    :param valid_until: last day of the assessment, None where it does not end
    """

    used: Decimal = ZERO
    open_invoices: Decimal = ZERO
    limit: Decimal | None = None
    unlimited: bool = False
    secured: Decimal = ZERO
    overdue_amount: Decimal = ZERO
    overdue_days: int = 0
    valid_until: date | None = None
    is_blocked: bool = False
    grade: Grade | None = None
    default_action: str = WARN

    @property
    def action(self) -> str:
        """What happens when something is wrong."""
        return self.grade.action if self.grade else self.default_action

    @property
    def available(self) -> Decimal | None:
        """What may still be used; None without a limit, negative past it."""
        if self.unlimited or self.limit is None:
            return None
        return self.limit + self.secured - self.used

    @property
    def use(self) -> Decimal | None:
        """Percentage of limit and security that is used; None where there is none to use."""
        if self.unlimited or self.limit is None:
            return None
        whole = self.limit + self.secured
        if whole > 0:
            return max(self.used, ZERO) * 100 / whole
        return ZERO if self.used <= 0 else None


def paying_for(payer: Standing, buyer: Standing) -> Standing:
    """Where the payer stands with an order of another customer.

    A hold of the buyer holds, whoever pays. A buyer who has to prepay does so through a payer
    without a grade as well; a payer with a grade of its own is trusted by that.
    """
    grade = payer.grade
    if grade is None and buyer.grade and buyer.grade.prepayment_only:
        grade = buyer.grade
    return replace(payer, grade=grade, is_blocked=payer.is_blocked or buyer.is_blocked)


@dataclass(frozen=True)
class Demand:
    """What a document adds (``amount``), its ``total``, and what was ``paid`` for it beforehand.

    ``paid`` counts only money that is not in the ledger yet (a card payment at the order).
    """

    amount: Decimal
    total: Decimal | None = None
    paid: Decimal = ZERO


@dataclass(frozen=True)
class Release:
    """Permission for one document: up to ``ceiling`` of its total, until a day."""

    ceiling: Decimal
    valid_until: date


@dataclass(frozen=True)
class Decision:
    """``result`` with what led to it and, unless it is plainly allowed, the ways out.

    Each way alone frees the document; a way is a row of steps that are needed together.
    """

    result: str
    reasons: tuple[Reason, ...] = ()
    ways: tuple[tuple[Reason, ...], ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the reasons, for tests and logs."""
        return tuple(reason.code for reason in self.reasons)


def decide(
    standing: Standing, demand: Demand, today: date, release: Release | None = None
) -> Decision:
    """Decide about one document.

    A document that adds nothing (a credit note, a smaller quantity, the invoice of an order that
    counts already) is always allowed. A hold of the customer is beyond every release. Anything
    else that is wrong warns, or holds unless a release covers the document.
    """
    added = demand.amount - demand.paid
    if added <= 0:
        return Decision(ALLOWED)
    missing, findings = _findings(standing, added, today)
    warns = standing.action == WARN
    if standing.is_blocked:
        lift = Reason.of("ask_lift")
        if not findings or warns:
            return Decision(HELD, (Reason.of("blocked"),), ((lift,),))
        ways = (*_own_ways(standing, demand, missing, findings), (Reason.of("ask_release"),))
        return Decision(
            HELD, (Reason.of("blocked"), *findings), tuple((lift, *way) for way in ways)
        )
    if not findings:
        return Decision(ALLOWED)
    ways = _own_ways(standing, demand, missing, findings)
    if warns:
        return Decision(WARNED, findings, ways)
    reasons = findings
    if release is not None:
        total = demand.amount if demand.total is None else demand.total
        if today > release.valid_until:
            reasons += (Reason.of("release_expired", until=release.valid_until),)
        elif total > release.ceiling:
            reasons += (Reason.of("over_ceiling", ceiling=release.ceiling, total=total),)
        else:
            return Decision(ALLOWED, (*reasons, Reason.of("released", ceiling=release.ceiling)), ())
    return Decision(HELD, reasons, (*ways, (Reason.of("ask_release"),)))


def _findings(standing, added, today):
    """Return (how much is too much, reasons of all that is wrong)."""
    missing, findings = ZERO, []
    if standing.grade and standing.grade.prepayment_only:
        missing = max(standing.used + added - standing.secured, ZERO)
        if missing:
            findings.append(Reason.of("prepayment", missing=missing))
    elif standing.available is not None and added > standing.available:
        missing = added - standing.available
        findings.append(Reason.of("over_limit", over=missing))
    if _is_late(standing):
        findings.append(
            Reason.of(
                "overdue",
                amount=standing.overdue_amount,
                days=standing.overdue_days,
                grace=standing.grade.grace_days,
            )
        )
    if standing.valid_until is not None and today > standing.valid_until:
        findings.append(Reason.of("expired", until=standing.valid_until))
    return missing, tuple(findings)


def _is_late(standing):
    grade = standing.grade
    return bool(grade and standing.overdue_amount > 0 and standing.overdue_days > grade.grace_days)


def _own_ways(standing, demand, missing, findings):
    """Return what customer and salesperson can do themselves, each way enough by itself."""
    steps = []
    open_invoices = max(standing.open_invoices, ZERO)
    if _is_late(standing):
        # needed in any case, and it makes room
        steps.append(Reason.of("pay_overdue", amount=standing.overdue_amount))
        missing = max(missing - standing.overdue_amount, ZERO)
        open_invoices = max(open_invoices - standing.overdue_amount, ZERO)
    if any(finding.code == "expired" for finding in findings):
        steps.append(Reason.of("assess"))
    if not missing:
        return (tuple(steps),)
    payment = []
    if paid := min(missing, open_invoices):
        payment.append(Reason.of("pay", amount=paid))
    if missing > paid:
        payment.append(Reason.of("prepay", amount=missing - paid))
    ways = [(*steps, *payment)]
    if missing < demand.amount:
        # by how much: of a document that is invoiced in part the rest is what counts, not its total
        ways.append((*steps, Reason.of("reduce", amount=demand.amount - missing, by=missing)))
    return tuple(ways)
