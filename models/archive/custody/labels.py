"""Labels to print: what stands on one, and how they fill sheets of A4."""

from typing import NamedTuple

from odoo.tools import split_every

# Labels on a sheet of A4: three beside each other, eight rows.
COLUMNS, ROWS = 3, 8


class Label(NamedTuple):
    """What stands on a label, from large to small, and the code under it."""

    title: str
    lines: tuple
    code: str
    picture: str


def sheets(labels):
    """Cut labels into sheets of rows: ``[[[Label, ...], ...], ...]``."""
    rows = list(split_every(COLUMNS, labels))
    return list(split_every(ROWS, rows)) or [[]]
