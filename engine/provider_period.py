"""A month of a service provider: quota of complaints, eligibility for support and its amount."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .complaint_figures import RATES, Totals
from .reasons import Reason

#: The provider's complaints by the way they came in. Web: channels that the public sees.
HOTLINE, WEB = "hotline", "web"
#: Rates that have to be full in each scope ("first-time and monthly closure 100 %, web 100 %").
FULL_RATES = ("first_time_rate", "closure_rate")
MONTHS_OF_QUARTER = 3


@dataclass(frozen=True)
class Band:
    """A line of the quota table: from so much volume a month on, so many complaints are allowed.

    ``unlimited`` is a flag of its own: 0 allowed is not unlimited.
    """

    volume_from: Decimal
    allowed: int = 0
    unlimited: bool = False
    amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class Month:
    """What is known of a provider at the end of a month.

    ``percent`` is by how much its ``rating`` raises or lowers the support.
    """

    average_volume: Decimal
    band: Band | None
    totals: Mapping[str, Totals] = field(default_factory=dict)
    probation_from: date | None = None
    probation_until: date | None = None
    date_from: date | None = None
    date_to: date | None = None
    rating: str = ""
    percent: Decimal = Decimal(0)

    @property
    def on_probation(self) -> bool:
        """On probation on any day of the month; without a first day, always up to the last one."""
        if self.probation_until is None or self.date_from is None:
            return False
        begun = (
            self.probation_from is None
            or self.date_to is None
            or self.probation_from <= self.date_to
        )
        return begun and self.probation_until >= self.date_from

    @property
    def complaints(self) -> int:
        """Complaints received, of all scopes."""
        return sum(totals.received for totals in self.totals.values())

    @property
    def media_cases(self) -> int:
        """Complaints that were in the media."""
        return sum(totals.media_cases for totals in self.totals.values())


@dataclass(frozen=True)
class Decision:
    """The result with every condition that was looked at; a reason's ``ok`` says how it came out."""

    eligible: bool
    amount: Decimal
    reasons: tuple[Reason, ...]


def average_volume(volume: Decimal | int, months: int = MONTHS_OF_QUARTER) -> Decimal:
    """Return the monthly average of the volume of a quarter, two digits.

    :param months: how many of its months are known: one that nobody told is not zero

    >>> average_volume(100), average_volume(100, 2)
    (Decimal('33.33'), Decimal('50.00'))
    """
    return (Decimal(volume) / months).quantize(Decimal("0.01"), ROUND_HALF_UP)


def band_of(average: Decimal, bands: Iterable[Band]) -> Band | None:
    """Return the line with the most volume that the average reaches; exactly on it counts.

    None below the lowest line and without a table: then no quota is known.
    """
    reached = [band for band in bands if band.volume_from <= average]
    return max(reached, key=lambda band: band.volume_from, default=None)


def decide(month: Month) -> Decision:
    """Decide on the support of a month: every condition has to hold.

    Within the quota (exactly on it is within), first-time and monthly closure 100 % of what came in
    by hotline and by web, no case in the media, not on probation at any day of the month. A rate
    without anything to divide by asks for nothing: no complaint is no reason to refuse. A provider
    without a line of the table has no quota to keep to and gets none.
    """
    reasons = [_quota(month)]
    for scope in (HOTLINE, WEB):
        totals = month.totals.get(scope, Totals())
        reasons += [_full(scope, rate, totals) for rate in FULL_RATES]
    reasons.append(Reason.of("media", ok=not month.media_cases, count=month.media_cases))
    until = month.probation_until if month.on_probation else None
    reasons.append(Reason.of("probation", ok=not month.on_probation, until=until))
    eligible = all(dict(reason.params)["ok"] for reason in reasons)
    amount = month.band.amount if eligible and month.band else Decimal(0)
    if amount and month.percent:
        reasons.append(Reason.of("rating", ok=True, rating=month.rating, percent=month.percent))
        amount = (amount * (100 + month.percent) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Decision(eligible, amount, tuple(reasons))


def _quota(month: Month) -> Reason:
    band, actual = month.band, month.complaints
    if band is None:
        return Reason.of("no_quota", ok=False, average=month.average_volume)
    if band.unlimited:
        return Reason.of("unlimited", ok=True, actual=actual, average=month.average_volume)
    return Reason.of(
        "quota",
        ok=actual <= band.allowed,
        actual=actual,
        allowed=band.allowed,
        average=month.average_volume,
    )


def _full(scope: str, rate: str, totals: Totals) -> Reason:
    numerator, denominator = RATES[rate]
    part, whole = getattr(totals, numerator), getattr(totals, denominator)
    return Reason.of(rate, ok=part == whole, scope=scope, part=part, whole=whole)
