"""Write protection as data: what people may not write in a model, and what they are told.

A model with `customer.guard.mixin` lists its rules in ``_guards``; `create` and `write` of the mixin read
those of all files of the model. The system (`sudo`) and transitions are free, but for `NeverWritten`.
Texts are lazy (``_lt``): they are told in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from .facts import by_hand, refuse_settled, without

_lt = LazyTranslate(__name__)

FACTS_TEXT = _lt("These facts are recorded automatically and cannot be entered manually.")


class Rule:
    """A rule that refuses nothing."""

    def on_create(self, records, vals_list):
        """Return (records, vals_list) that people may create, or raise."""
        return records, vals_list

    def on_write(self, records, vals):
        """Raise where people may not write the values."""


def _told(records, error, text):
    return error(text._translate(records.env.lang or "en_US"))


@dataclass(frozen=True, eq=False)
class Facts(Rule):
    """Fields that only code writes: refused when written, left out of what is created.

    :param unborn: what is left out of new records, where that is not the same
    """

    names: frozenset
    text: Any = FACTS_TEXT
    unborn: frozenset | None = None
    error: type = AccessError

    def on_create(self, records, vals_list):
        """Drop the fields from values and from the defaults of the context."""
        if records.env.su:
            return records, vals_list
        return without(records, vals_list, self.names if self.unborn is None else self.unborn)

    def on_write(self, records, vals):
        """Refuse the fields; emptying one is writing it."""
        if by_hand(records) and not self.names.isdisjoint(vals):
            raise _told(records, self.error, self.text)


@dataclass(frozen=True, eq=False)
class Kept(Rule):
    """Fields that people write only in some states, usually the draft.

    :param names: None: all fields of ours but `but`
    """

    names: frozenset | None
    text: Any
    states: tuple = ("draft",)
    but: frozenset = frozenset()
    error: type = UserError

    def on_write(self, records, vals):
        """Refuse the fields of records in other states."""
        names = (_ours(records, vals) - self.but) if self.names is None else self.names
        if (
            by_hand(records)
            and not names.isdisjoint(vals)
            and any(record.state not in self.states for record in records)
        ):
            raise _told(records, self.error, self.text)


@dataclass(frozen=True, eq=False)
class Settled(Rule):
    """Fields that stay once a state has settled them: {state: names}; it names record and fields."""

    by_state: Mapping = field(default_factory=dict)

    def on_write(self, records, vals):
        """Refuse what the state of a record has settled."""
        refuse_settled(records, vals, self.by_state)


@dataclass(frozen=True, eq=False)
class Only(Rule):
    """The fields that people write; everything else of ours comes from code.

    :param strict: fields of other modules (messages, activities) are refused as well
    """

    names: frozenset
    text: Any
    strict: bool = True

    def on_write(self, records, vals):
        """Refuse other fields."""
        others = (set(vals) if self.strict else _ours(records, vals)) - self.names
        if by_hand(records) and others:
            raise _told(records, AccessError, self.text)


@dataclass(frozen=True, eq=False)
class SystemOnly(Rule):
    """Records that code creates."""

    text: Any

    def on_create(self, records, vals_list):
        """Refuse people."""
        if not records.env.su:
            raise _told(records, AccessError, self.text)
        return records, vals_list


@dataclass(frozen=True, eq=False)
class NeverWritten(Rule):
    """A log: nobody changes it, not the system either."""

    text: Any
    error: type = AccessError

    def on_write(self, records, vals):
        """Refuse everybody."""
        if vals:
            raise _told(records, self.error, self.text)


def rules(records):
    """Return the rules of a model: those of all its classes, the highest domain first."""
    return [rule for cls in type(records).__mro__ for rule in cls.__dict__.get("_guards", ())]


def _ours(records, vals):
    """Return the names in the values of fields that this addon defines."""
    return {
        name
        for name in vals
        if (one := records._fields.get(name)) and one._module == "customer_governance"
    }
