"""Why a decision came out as it did: codes with parameters, put into words for each reader."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reason:
    """One step of a decision.

    ``code`` names the rule, ``params`` holds its inputs as sorted pairs (hashable, so a reason can
    be compared and kept in sets). The caller translates ``code`` and fills in the parameters.
    """

    code: str
    params: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, code: str, **params: Any) -> "Reason":
        """Build a reason from keyword parameters."""
        return cls(code, tuple(sorted(params.items())))

    def as_dict(self) -> dict[str, Any]:
        """Return ``{"code": …, **params}``, the shape in which a line keeps its explanation."""
        return {"code": self.code, **dict(self.params)}
