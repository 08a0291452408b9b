"""Pages of a paper that is printed without a printer's help: what fits on which page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

#: lines that a heading and the two-line head of a table take
HEADING = 4


@dataclass(frozen=True)
class Block:
    """A table: ``rows`` with the lines that each one takes."""

    name: str
    rows: Sequence[Any] = ()
    heights: Sequence[int] = ()

    @property
    def lengths(self) -> Sequence[int]:
        """Height of each row; one line where nothing is said."""
        return self.heights or [1] * len(self.rows)


@dataclass(frozen=True)
class Part:
    """The piece of a block on a page; ``continued`` when it did not begin there."""

    name: str
    rows: tuple[Any, ...]
    continued: bool = False


def paginate(blocks: Iterable[Block], first: int, others: int) -> list[list[Part]]:
    """Divide blocks over pages of so many lines, in their order; no row is lost or cut.

    A heading stays with its first row. A row higher than a page gets one of its own. A block
    without rows is shown with its heading only.

    >>> [[(part.name, part.rows) for part in page]
    ...  for page in paginate([Block("a", "xyz"), Block("b", "uv")], 6, 10)]
    [[('a', ('x', 'y'))], [('a', ('z',)), ('b', ('u',))], [('b', ('v',))]]
    """
    pages: list[list[Part]] = [[]]
    left = first

    def turn():
        nonlocal left
        pages.append([])
        left = others

    for block in blocks:
        rows = list(zip(block.rows, block.lengths, strict=True))
        need = HEADING + (rows[0][1] if rows else 1)
        if need > left and (pages[-1] or len(pages) == 1):
            turn()
        taken: list[Any] = []
        continued = False
        left -= HEADING if rows else HEADING + 1
        for row, height in rows:
            if height > left and taken:
                pages[-1].append(Part(block.name, tuple(taken), continued))
                taken, continued = [], True
                turn()
                left -= HEADING
            taken.append(row)
            left -= height
        pages[-1].append(Part(block.name, tuple(taken), continued))
    return pages
