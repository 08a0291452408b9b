"""State machines as data: one table drives buttons, write guard and documentation."""

from dataclasses import dataclass, field


class UnknownTransition(KeyError):
    """The table has no transition of that name."""


@dataclass(frozen=True)
class Transition:
    """One edge of a state machine.

    :param name: name of the transition, the part of the button's method behind ``action_``
    :param sources: states it may start from
    :param target: state it leads to
    :param guard: name of a model method that returns the reasons why a record may not
        make the transition now (an empty list allows it); empty for no guard
    :param groups: xml ids of the groups that may make it (without module: this addon);
        empty for everybody who may write the record
    """

    name: str
    sources: tuple[str, ...]
    target: str
    guard: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class TransitionTable:
    """All transitions of one model; the first state is the one records are born in.

    >>> table = TransitionTable("draft", (Transition("submit", ("draft",), "open"),))
    >>> table.allowed("draft")
    ('submit',)
    >>> table.allowed("open")
    ()
    """

    initial: str
    transitions: tuple[Transition, ...]
    _by_name: dict = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self):
        """Index by name; a name may stand only once."""
        by_name = {transition.name: transition for transition in self.transitions}
        if len(by_name) != len(self.transitions):
            raise ValueError("a transition stands twice in the table")
        object.__setattr__(self, "_by_name", by_name)

    def get(self, name):
        """Return the transition called `name`; :raises UnknownTransition: when there is none."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownTransition(name) from None

    def allowed(self, state):
        """Return the names of the transitions that start in `state`, in table order."""
        return tuple(t.name for t in self.transitions if state in t.sources)

    def states(self):
        """Return all states of the table in order of first mention, the initial one first."""
        seen = {self.initial: None}
        for transition in self.transitions:
            seen.update(dict.fromkeys((*transition.sources, transition.target)))
        return tuple(seen)
