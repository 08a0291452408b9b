"""A domain of customer governance that a company switches on, and what its set-up page says."""

from typing import Any, NamedTuple


class CustomerDomain(NamedTuple):
    """How a company says that it uses a domain, and who sees it then."""

    name: Any  # translated when shown
    field: str  # of res.company
    group: str  # feature group (XML id): every internal user has it while a company uses the domain
    icon: str
    on: Any = True  # written by "Switch On"
    off: Any = False
    mails: Any = (
        None  # the value with which e-mails go out as well, where that is a second decision
    )
    user_field: str | None = None  # of res.company: the person the set-up page asks for


class SetupLine(NamedTuple):
    """A line of a set-up page: something to fill in first, or a figure of whom it concerns today."""

    key: str
    text: str
    action: dict | None = None
    done: bool | None = None  # None: a figure
    count: int = 0


class Setup(NamedTuple):
    """The set-up page of a domain in a company."""

    what: list[str]  # what the domain will do, one sentence each
    fill: list[SetupLine]
    today: list[SetupLine]
