"""Which policy governs which milestone of a case: the most specific one that promises it."""

from collections.abc import Iterable
from dataclasses import dataclass

from .sla_clock import Spec

MILESTONES = (
    "acknowledge",
    "accept",
    "first_contact",
    "first_result",
    "plan",
    "report",
    "answer",
    "callback",
    "close",
)
#: kinds that a policy has to name: an empty condition does not mean them
NAMED_KINDS = ("anomaly",)
#: events a clock can start from, and the fact that is such an event
STARTS = ("received", "dispatched", "answered", "closed")
START_OF_FACT = {"dispatched": "dispatched", "answer": "answered", "close": "closed"}


@dataclass(frozen=True)
class Promise:
    """A milestone of a policy.

    :param warn_percent: share of the time after which to warn, 100 for no warning
    """

    milestone: str
    policy_id: int
    spec: Spec
    start: str = "received"
    warn_percent: float = 80
    pausable: bool = True

    @property
    def calendar_id(self) -> int:
        """Working hours to count with, 0 for the company's."""
        return self.spec.calendar_id


@dataclass(frozen=True)
class Case:
    """What policies look at; `categories` is the category and all above it, the most exact
    first.
    """

    company_id: int
    kind: str
    severity: str
    categories: tuple[int, ...] = ()
    tier_id: int = 0
    channel_id: int = 0


@dataclass(frozen=True)
class Policy:
    """Conditions and promises of a published policy; a condition that is empty fits every case."""

    id: int
    sequence: int
    promises: tuple[Promise, ...] = ()
    company_id: int = 0
    kind: str = ""
    severity: str = ""
    category_id: int = 0
    category_depth: int = 0
    tier_id: int = 0
    channel_id: int = 0

    def fits(self, case: Case) -> bool:
        """Tell whether the policy applies to a case."""
        return (
            (not self.company_id or self.company_id == case.company_id)
            and (self.kind == case.kind or (not self.kind and case.kind not in NAMED_KINDS))
            and (not self.severity or self.severity == case.severity)
            and (not self.category_id or self.category_id in case.categories)
            and (not self.tier_id or self.tier_id == case.tier_id)
            and (not self.channel_id or self.channel_id == case.channel_id)
        )

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Sort key, the most specific policy first.

        More conditions win, then the deeper category, then the lower sequence, then the older
        policy.
        """
        conditions = (
            self.company_id,
            self.kind,
            self.severity,
            self.category_id,
            self.tier_id,
            self.channel_id,
        )
        return (-sum(map(bool, conditions)), -self.category_depth, self.sequence, self.id)


def resolve(policies: Iterable[Policy], case: Case) -> tuple[Promise, ...]:
    """Return the promises for a case, each milestone from the most specific policy that has it.

    >>> base = Policy(1, 10, (Promise("acknowledge", 1, Spec(0)), Promise("close", 1, Spec(15))))
    >>> general = Policy(2, 10, (Promise("close", 2, Spec(7)),), severity="general")
    >>> for severity in ("general", "major"):
    ...     found = resolve([base, general], Case(1, "complaint", severity))
    ...     print([(promise.milestone, promise.spec.target) for promise in found])
    [('acknowledge', 0), ('close', 7)]
    [('acknowledge', 0), ('close', 15)]
    """
    chosen: dict[str, Promise] = {}
    for policy in sorted((p for p in policies if p.fits(case)), key=lambda p: p.rank):
        for promise in policy.promises:
            chosen.setdefault(promise.milestone, promise)
    return tuple(chosen[name] for name in MILESTONES if name in chosen)
