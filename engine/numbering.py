"""Patterns of document numbers such as ``C202611-0042`` or ``2026-LOAN-0001``.

A pattern is a text with the place holders ``{year}``, ``{month}``, ``{day}``, ``{serial}`` and any
that the document supplies (``{class}``). ``{serial:4}`` pads with zeros to four digits.
The serial restarts whenever anything else in the number changes: the *period* of a number is
the pattern rendered without its serial.
"""

import re
from dataclasses import dataclass

_PLACE_HOLDER = re.compile(r"\{(?P<name>[a-z_]+)(?::(?P<width>\d{1,2}))?\}")
_DATE_PARTS = {"year": 4, "month": 2, "day": 2}


class PatternError(ValueError):
    """The pattern cannot give unique numbers; the text says why."""


@dataclass(frozen=True)
class Pattern:
    """A checked number pattern.

    >>> from datetime import date
    >>> pattern = Pattern("C{year}{month}-{serial:4}")
    >>> pattern.period(date(2026, 11, 3)), pattern.render(date(2026, 11, 3), 42)
    ('C202611-', 'C202611-0042')
    """

    text: str

    def __post_init__(self):
        """Refuse a pattern without exactly one serial or with stray braces."""
        names = [match["name"] for match in _PLACE_HOLDER.finditer(self.text)]
        if names.count("serial") != 1:
            raise PatternError("the pattern needs {serial} exactly once")
        if re.search(r"[{}]", _PLACE_HOLDER.sub("", self.text)):
            raise PatternError("the pattern has a brace that belongs to no place holder")

    def names(self):
        """Return the place holders that the document must supply."""
        known = {"serial", *_DATE_PARTS}
        return [m["name"] for m in _PLACE_HOLDER.finditer(self.text) if m["name"] not in known]

    def period(self, date, **values):
        """Return the number without its serial: numbers count up within one such text."""
        return self._fill(date, "", values)

    def render(self, date, serial, **values):
        """Return the number for `serial` (1, 2, ...) at `date`.

        :raises PatternError: when a place holder has no value or the serial is not positive
        """
        if serial < 1:
            raise PatternError("serials start at 1")
        return self._fill(date, serial, values)

    def parse(self, number):
        """Return (period, serial) of a number that follows the pattern, None of any other.

        >>> Pattern("C{year}{month}-{serial:4}").parse("C202611-0042")
        ('C202611-', 42)
        """
        found = re.fullmatch(self._expression(), number)
        if not found or not int(found["serial"]):
            return None
        start, end = found.span("serial")
        return number[:start] + number[end:], int(found["serial"])

    def _expression(self):
        """Return the regular expression of the numbers."""
        parts, at = [], 0
        for match in _PLACE_HOLDER.finditer(self.text):
            parts.append(re.escape(self.text[at : match.start()]))
            name, width = match["name"], int(match["width"] or 0)
            if name == "serial":
                parts.append(rf"(?P<serial>\d{{{max(width, 1)},15}})")
            elif name in _DATE_PARTS:
                parts.append(rf"\d{{{width or _DATE_PARTS[name]}}}")
            else:
                parts.append(r".+?")
            at = match.end()
        return "".join([*parts, re.escape(self.text[at:])])

    def _fill(self, date, serial, values):
        def one(match):
            name, width = match["name"], int(match["width"] or 0)
            if name == "serial":
                return str(serial).zfill(width) if serial != "" else ""
            if name in _DATE_PARTS:
                return str(getattr(date, name)).zfill(width or _DATE_PARTS[name])
            if not values.get(name):
                raise PatternError(f"no value for {{{name}}}")
            return str(values[name]).zfill(width)

        return _PLACE_HOLDER.sub(one, self.text)
