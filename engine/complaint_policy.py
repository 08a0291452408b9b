"""What policies for the deadlines of complaints look at."""

from dataclasses import dataclass

from . import sla_policy

#: kinds that a policy has to name: an empty condition does not mean them
NAMED_KINDS = ("anomaly",)


@dataclass(frozen=True)
class Case(sla_policy.Subject):
    """A case; `categories` is the category and all above it, the most exact first."""

    kind: str = ""
    severity: str = ""
    categories: tuple[int, ...] = ()
    tier_id: int = 0
    channel_id: int = 0


@dataclass(frozen=True)
class Policy(sla_policy.Policy):
    """A published policy for cases; a condition that is empty fits every case.

    >>> from .sla_clock import Spec
    >>> from .sla_policy import Promise, resolve
    >>> base = Policy(1, 10, (Promise("acknowledge", 1, Spec(0)), Promise("close", 1, Spec(15))))
    >>> general = Policy(2, 10, (Promise("close", 2, Spec(7)),), severity="general")
    >>> for severity in ("general", "major"):
    ...     found = resolve([base, general], Case(1, "complaint", severity))
    ...     print([(promise.milestone, promise.spec.target) for promise in found])
    [('acknowledge', 0), ('close', 7)]
    [('acknowledge', 0), ('close', 15)]
    """

    kind: str = ""
    severity: str = ""
    category_id: int = 0
    category_depth: int = 0
    tier_id: int = 0
    channel_id: int = 0

    def fits(self, case: Case) -> bool:
        """Tell whether the policy applies to a case."""
        return (
            super().fits(case)
            and (self.kind == case.kind or (not self.kind and case.kind not in NAMED_KINDS))
            and (not self.severity or self.severity == case.severity)
            and (not self.category_id or self.category_id in case.categories)
            and (not self.tier_id or self.tier_id == case.tier_id)
            and (not self.channel_id or self.channel_id == case.channel_id)
        )

    @property
    def conditions(self) -> tuple:
        """The values that make the policy more specific where they are given."""
        return (
            *super().conditions,
            self.kind,
            self.severity,
            self.category_id,
            self.tier_id,
            self.channel_id,
        )

    @property
    def depth(self) -> int:
        """Of two categories the deeper one."""
        return self.category_depth
