"""Is a complaint a repeat of an earlier one?

The rule of the policy: the same customer complains again about the same category (and
product, where both name one), or the same matter comes in another way (another channel or department).
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from .reasons import Reason

SIMILAR = 0.8  # where a company sets no other share
_NOISE = re.compile(r"[\W_]+", re.UNICODE)
_PREFIX = re.compile(r"^((re|fw|fwd|aw|wg|回复|答复|转发)\s*[::]\s*)+", re.IGNORECASE)

SEVERITIES = ("general", "complex", "major")


@dataclass(frozen=True)
class Matter:
    """What a complaint is about.

    :param categories: the category and all above it, the most exact first
    :param documents: ids of order and invoice lines it names, as ``("sale.order.line", 7)``
    """

    categories: tuple[int, ...] = ()
    products: frozenset[int] = frozenset()
    documents: frozenset = frozenset()
    channel: int = 0
    team: int = 0
    subject: str = ""


def plain(subject):
    """Return a subject as it is compared: no Re:, no case, no punctuation.

    >>> plain("RE: Fwd: Leaking valve!! ")
    'leakingvalve'
    """
    return _NOISE.sub("", _PREFIX.sub("", (subject or "").strip())).lower()


def is_repeat(new, old, similar=SIMILAR):
    """Tell whether `new` repeats `old`, both `Matter` of one customer; return (bool, reasons).

    :param similar: share of equal characters from which two subjects name the same matter

    Reason codes: ``category`` same category and no different product, ``document`` the same order
    or invoice line, ``matter`` an equal or similar subject from another channel or department.
    """
    reasons = []
    same_category = bool(new.categories and old.categories) and (
        new.categories[0] == old.categories[0]
    )
    other_product = bool(new.products and old.products) and not (new.products & old.products)
    if same_category and not other_product:
        reasons.append(Reason("category"))
    if new.documents & old.documents:
        reasons.append(Reason("document"))
    if (new.channel, new.team) != (old.channel, old.team) and _similar(
        new.subject, old.subject, similar
    ):
        reasons.append(Reason("matter"))
    return bool(reasons), reasons


def _similar(first, second, share):
    first, second = plain(first), plain(second)
    if not first or not second:
        return False
    if first == second:
        return True
    matcher = SequenceMatcher(None, first, second)
    # the cheap upper bounds first: most pairs stop there
    return (
        matcher.real_quick_ratio() >= share
        and matcher.quick_ratio() >= share
        and matcher.ratio() >= share
    )


def one_up(severity):
    """Return the next severity; the highest stays.

    >>> one_up("general"), one_up("major")
    ('complex', 'major')
    """
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]
