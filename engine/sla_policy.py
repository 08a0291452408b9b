"""Which policy governs which milestone of a record: the most specific one that promises it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .sla_clock import Spec


@dataclass(frozen=True)
class Promise:
    """A milestone of a policy.

    :param start: event it is counted from; `received` is the beginning of the record itself
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
class Subject:
    """What policies look at; a domain adds its own conditions (`complaint_policy.Case`).

    :param res_model: model of the record that has deadlines
    """

    company_id: int
    res_model: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Policy:
    """Conditions and promises of a published policy; a condition that is empty fits everything."""

    id: int
    sequence: int
    promises: tuple[Promise, ...] = ()
    company_id: int = 0
    res_model: str = field(default="", kw_only=True)

    def fits(self, subject: Subject) -> bool:
        """Tell whether the policy applies to a record."""
        return self.res_model == subject.res_model and (
            not self.company_id or self.company_id == subject.company_id
        )

    @property
    def conditions(self) -> tuple:
        """The values that make the policy more specific where they are given."""
        return (self.company_id,)

    @property
    def depth(self) -> int:
        """How exact the conditions are, where as many are given."""
        return 0

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Sort key, the most specific policy first.

        More conditions win, then the deeper one, then the lower sequence, then the older policy.
        """
        return (-sum(map(bool, self.conditions)), -self.depth, self.sequence, self.id)


def resolve(policies: Iterable[Policy], subject: Subject) -> tuple[Promise, ...]:
    """Return the promises for a record, each milestone from the most specific policy that has it.

    >>> base = Policy(1, 10, (Promise("call", 1, Spec(0)), Promise("close", 1, Spec(15))))
    >>> ours = Policy(2, 10, (Promise("close", 2, Spec(7)),), company_id=5)
    >>> for company in (5, 6):
    ...     found = resolve([base, ours], Subject(company))
    ...     print([(promise.milestone, promise.spec.target) for promise in found])
    [('call', 0), ('close', 7)]
    [('call', 0), ('close', 15)]
    """
    chosen: dict[str, Promise] = {}
    for policy in sorted((p for p in policies if p.fits(subject)), key=lambda p: p.rank):
        for promise in policy.promises:
            chosen.setdefault(promise.milestone, promise)
    return tuple(chosen[name] for name in sorted(chosen))
