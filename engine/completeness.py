"""How complete a customer's file is."""

from decimal import ROUND_HALF_UP, Decimal

# What counts as blank around a text, the same in Python and SQL; U+3000 is the wide space of
# Chinese input methods.
BLANKS = " \t\n\r\f\v\u00a0\u3000"


def text_present(value: str | None) -> bool:
    """Tell whether a text holds more than blanks.

    >>> text_present(" \\u3000"), text_present("0"), text_present(None)
    (False, True, False)
    """
    return bool(value and value.strip(BLANKS))


def completeness(required: int, present: int) -> Decimal | None:
    """Return the percentage of required data that is present, two digits, half away from zero.

    Nothing required has no completeness: it is neither full nor empty.

    >>> completeness(3, 2), completeness(8, 1), completeness(4, 0)
    (Decimal('66.67'), Decimal('12.50'), Decimal('0.00'))
    >>> completeness(0, 0) is None
    True
    """
    if required == 0:
        return None
    return (Decimal(100 * present) / required).quantize(Decimal("0.01"), ROUND_HALF_UP)
