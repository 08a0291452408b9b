"""Which papers an inventory looks at: all that must be seen, and a risk-based sample of the rest.

Every item gets points with their reasons. Items that reach ``Policy.always`` are taken in any
case; of the others a share is drawn, an item with twice the weight being twice as likely. The draw
depends on the seed and the item only: the same plan made again is the same plan, and neither the
order of the items nor an item that was added meanwhile changes the luck of the others.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import date

from .reasons import Reason


@dataclass(frozen=True)
class Item:
    """What is known about one dossier.

    :param key: stable identity, the id of the dossier
    :param risk: weight of its class, 1 for ordinary papers, 0 for papers of no risk
    :param loans: how often it went out since it was counted last
    :param was_late: one of these loans came back late or is overdue now
    :param bad_last_time: it was missing, damaged or misplaced in its last count
    :param counted_on: its last count, None for never
    """

    key: int
    risk: int = 1
    loans: int = 0
    was_late: bool = False
    bad_last_time: bool = False
    counted_on: date | None = None


@dataclass(frozen=True)
class Policy:
    """How much is looked at.

    :param share: percent of the items, 0..100
    :param minimum: at least so many items, where there are so many
    :param always: points from which an item is taken in any case
    :param stale_days: an item not counted for so long is a risk of its own
    """

    share: float
    minimum: int = 0
    always: int = 6
    stale_days: int = 730


@dataclass(frozen=True)
class Score:
    """Points of an item and what they are for."""

    points: int
    reasons: tuple[Reason, ...]


def score(item: Item, policy: Policy, today: date) -> Score:
    """Return the points of an item: how much reason there is to look at it."""
    found = []
    if item.bad_last_time:
        found.append((6, Reason.of("bad_last_time")))
    if item.was_late:
        found.append((3, Reason.of("late_loan")))
    if item.loans:
        found.append((min(item.loans, 3), Reason.of("lent", times=item.loans)))
    if item.counted_on is None:
        found.append((2, Reason.of("never_counted")))
    elif (today - item.counted_on).days >= policy.stale_days:
        found.append((2, Reason.of("not_counted_since", date=item.counted_on.isoformat())))
    if item.risk > 1:
        found.append((item.risk, Reason.of("risky_class", risk=item.risk)))
    return Score(sum(points for points, _why in found), tuple(why for _points, why in found))


@dataclass(frozen=True)
class Chosen:
    """An item of the sample and why it is in it: ``always`` or drawn by ``chance``."""

    key: int
    points: int
    reasons: tuple[Reason, ...]


def sample_size(total: int, policy: Policy) -> int:
    """Return how many of ``total`` items the policy asks for; a part of an item is a whole one."""
    return min(total, max(policy.minimum, math.ceil(total * policy.share / 100)))


def draw(items, policy: Policy, seed: str, today: date) -> list[Chosen]:
    """Choose the sample, items that are always taken first, then by luck.

    Items that are taken in any case count towards the share; they may exceed it.
    """
    scored = [(item, score(item, policy, today)) for item in items]
    sure = [
        Chosen(item.key, rated.points, (*rated.reasons, Reason.of("always")))
        for item, rated in scored
        if rated.points >= policy.always
    ]
    missing = sample_size(len(scored), policy) - len(sure)
    if missing <= 0:
        return sure
    rest = [(item, rated) for item, rated in scored if rated.points < policy.always]
    rest.sort(key=lambda pair: (_luck(pair[0].key, 1 + pair[1].points, seed), pair[0].key))
    return sure + [
        Chosen(item.key, rated.points, (*rated.reasons, Reason.of("chance")))
        for item, rated in rest[:missing]
    ]


def _luck(key: int, weight: int, seed: str) -> float:
    """Return a number, small for the lucky: exponential with rate ``weight``.

    The items with the smallest such numbers are a weighted sample without replacement
    (Efraimidis and Spirakis).
    """
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    uniform = (int.from_bytes(digest[:8]) + 1) / (2**64 + 1)
    return -math.log(uniform) / weight


def accuracy(found: int, counted: int) -> float | None:
    """Percent of the counted items that were where they belong and whole; None before a count."""
    return None if not counted else 100 * found / counted
