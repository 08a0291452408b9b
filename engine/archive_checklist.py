"""The checklist of a dossier: which required documents are there, good enough and still valid."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

#: From best to worst; of several documents for one entry the best counts.
STATUSES = ("ok", "expiring", "incomplete", "unsigned", "copy", "undated", "expired", "missing")
FULFILLED = ("ok", "expiring")


@dataclass(frozen=True)
class Requirement:
    """An entry of the checklist."""

    need_original: bool = False
    need_signed: bool = False
    need_valid_until: bool = False


@dataclass(frozen=True)
class Document:
    """What is there for an entry: paper, file or both.

    :param has_paper: the paper is in its place or lent, neither missing nor destroyed
    :param has_file: at least one file is there
    :param pages_missing: pages of the paper that did not come back and were not found yet
    :param is_paper_lost: the paper was there and is missing or destroyed; its file may be there
    """

    has_paper: bool = True
    has_file: bool = False
    is_original: bool = True
    is_signed: bool = False
    date_until: date | None = None
    pages_missing: int = 0
    is_paper_lost: bool = False


def document_status(requirement: Requirement, document: Document, today: date, warn_days: int):
    """Return the status of one document for an entry.

    A document is valid through its last day; it expires soon from `warn_days` before that day on.
    """
    if not (document.has_paper or document.has_file):
        return "missing"
    until = document.date_until
    if until and until < today:
        return "expired"
    if requirement.need_valid_until and not until:
        return "undated"
    if requirement.need_original and (not document.is_original or document.is_paper_lost):
        return "copy"
    if requirement.need_signed and not document.is_signed:
        return "unsigned"
    if document.pages_missing and document.has_paper:
        return "incomplete"
    if until and until <= today + timedelta(days=warn_days):
        return "expiring"
    return "ok"


def status(requirement: Requirement, documents: list[Document], today: date, warn_days: int = 0):
    """Return the status of an entry: that of its best document, ``missing`` without one.

    >>> status(Requirement(need_signed=True), [Document()], date(2026, 11, 3))
    'unsigned'
    """
    found = [document_status(requirement, document, today, warn_days) for document in documents]
    return min(found, key=STATUSES.index, default="missing")


def completeness(statuses: list[str]) -> Decimal | None:
    """Return the percentage of fulfilled entries, None where nothing is required."""
    if not statuses:
        return None
    fulfilled = sum(one in FULFILLED for one in statuses)
    return (Decimal(100) * fulfilled / len(statuses)).quantize(Decimal("0.01"))
