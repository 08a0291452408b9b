"""Public holidays and make-up working days of a country and year, from the library `holidays`."""

import re
from dataclasses import dataclass
from datetime import date

import holidays

# Years looked back for make-up days: a country that had some in one of them will announce some.
_LOOK_BACK = 3
_SUBSTITUTED = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_MONDAY, _SATURDAY = 0, 5


class UnknownCountry(ValueError):
    """The library does not know the country, its part or the year."""


@dataclass(frozen=True)
class MakeupDay:
    """A day off that is worked; `weekday` (0 = Monday) is the day whose hours are worked."""

    day: date
    name: str
    weekday: int


@dataclass(frozen=True)
class CalendarYear:
    """The days that differ from the usual week.

    :param holidays: (date, name) in order of date
    :param provisional: the year's make-up days are not announced, or dates are only estimated
    """

    year: int
    holidays: tuple[tuple[date, str], ...]
    makeup_days: tuple[MakeupDay, ...]
    provisional: bool


def supported_countries() -> tuple[str, ...]:
    """Return the ISO codes of the countries whose holidays are known."""
    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def supported_parts(country: str) -> tuple[str, ...]:
    """Return the codes of states or provinces with holidays of their own; :raises
    UnknownCountry:.
    """
    try:
        return tuple(holidays.list_supported_countries(include_aliases=False)[country])
    except KeyError:
        raise UnknownCountry(country) from None


def calendar_year(
    country: str, year: int, part: str | None = None, language: str = ""
) -> CalendarYear:
    """Return holidays and make-up days of a year.

    :param country: ISO code of two letters
    :param part: code of a state or province
    :param language: wanted language of the names (``zh_CN``); English where the library has it not
    :raises UnknownCountry: for a country, part or year the library does not know
    """
    english = _days(country, year, part, "en_US")
    if not english.start_year <= year <= english.end_year:
        raise UnknownCountry(f"{country} {year}")
    named = _days(country, year, part, language) if language else english
    makeup = sorted(day for day in getattr(english, "weekend_workdays", ()) if day.year == year)
    for_day = _substitutions(country, year, part)
    earlier = _days(country, range(year - _LOOK_BACK, year), part, "en_US")
    used_before = any(
        year - _LOOK_BACK <= day.year < year for day in getattr(earlier, "weekend_workdays", ())
    )
    estimated = any("estimated" in name for name in english.values())
    return CalendarYear(
        year,
        tuple(sorted((day, name) for day, name in named.items() if day.year == year)),
        tuple(_makeup(day, for_day.get(day)) for day in makeup),
        provisional=estimated or (used_before and not makeup),
    )


def _days(country, years, part, language):
    """Return the library's holidays; languages it does not have fall back to its English or its
    own.
    """
    for wanted in (language, "en_US", None):
        try:
            return holidays.country_holidays(country, subdiv=part, years=years, language=wanted)
        except NotImplementedError as error:
            raise UnknownCountry(str(error)) from error
        except ValueError:
            continue
    raise UnknownCountry(country)


def _substitutions(country, year, part):
    """Return {make-up day: (day off it stands for, name)}; the library tells it in the name
    only.
    """
    result = {}
    for near in (year - 1, year, year + 1):
        for day, name in _days(country, near, part, "en_US").items():
            if found := _SUBSTITUTED.search(name):
                month, of_month, of_year = map(int, found.groups())
                result[date(of_year, month, of_month)] = day
    return result


def _makeup(day, day_off):
    if day_off is None or day_off.weekday() >= _SATURDAY:
        return MakeupDay(day, "", _MONDAY)
    return MakeupDay(day, f"{day_off:%Y-%m-%d}", day_off.weekday())
