"""What a user holds: records that need somebody, and that go to somebody else when he leaves."""

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Holding:
    """A kind of record that a user is responsible for; domains add theirs in `_customer_holdings`.

    :param key: names the kind for ever
    :param name: translated when shown
    :param model: of the records
    :param field: to the user; a many2many where he is one of several
    :param domain: which of them are still held: what is over stays with who did it
    :param partner: fields that lead to the customer (``complaint_id.partner_id``), empty where there is
        none: such records go only with all that a user holds
    :param company: fields that lead to the company, empty for records of all companies
    :param document: fields (model, id) of the document the record is about: customer and company are the
        document's
    :param label: field with the words for it, by default its name
    :param apart: fields of the same record that have to name somebody else (four eyes)
    :param check: name of a method ``records._x(receiver) -> {id: reason}``: what this user cannot take
    :param moved: name of a method ``records._x(passing)``, after the records changed hands
    :param keeps: fields of the record that depend on the user and stay as they are
    :param follows: whether anything stored depends on the user and follows
    :param with_rights: it gives a right or a say: only the head of customer governance passes it on
    """

    key: str
    name: Any
    model: str
    field: str
    domain: tuple = ()
    partner: str = ""
    company: str = "company_id"
    document: tuple[str, ...] = ()
    label: str = "name"
    apart: tuple[str, ...] = ()
    check: str = ""
    moved: str = ""
    keeps: tuple[str, ...] = ()
    follows: bool = True
    with_rights: bool = False


class Passing(NamedTuple):
    """Records that change hands."""

    giver: Any  # user
    receiver: Any  # user
    temporary: bool  # the receiver stands in for the giver, who gets them back
    back: bool  # ... now
