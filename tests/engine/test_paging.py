from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...engine.paging import HEADING, Block, paginate


class TestPaging(BaseCase):
    def test_a_heading_is_not_left_alone(self):
        pages = paginate([Block("a", range(5)), Block("b", range(3))], 10, 10)
        self.assertEqual([[p.name for p in page] for page in pages], [["a"], ["b"]])

    def test_exactly_full(self):
        pages = paginate([Block("a", range(7))], HEADING + 7, 20)
        self.assertEqual([len(page[0].rows) for page in pages], [7])
        pages = paginate([Block("a", range(8))], HEADING + 7, 20)
        self.assertEqual([(len(p[0].rows), p[0].continued) for p in pages], [(7, False), (1, True)])

    def test_a_block_without_rows_is_shown(self):
        (page,) = paginate([Block("a")], 10, 10)
        self.assertEqual((page[0].name, page[0].rows), ("a", ()))

    def test_a_row_higher_than_a_page(self):
        pages = paginate([Block("a", "xyz", (1, 50, 1))], 10, 10)
        self.assertEqual([part.rows for page in pages for part in page], [("x",), ("y",), ("z",)])

    @given(
        st.lists(st.lists(st.integers(1, 6), max_size=30), min_size=1, max_size=6),
        st.integers(0, 20),
        st.integers(HEADING + 6, 30),
    )
    @settings(max_examples=200, deadline=None)
    def test_no_row_is_lost_and_no_page_too_full(self, heights, first, others):
        blocks = [
            Block(str(index), [(index, n, h) for n, h in enumerate(rows)], rows)
            for index, rows in enumerate(heights)
        ]
        pages = paginate(blocks, first, others)
        printed = [row for page in pages for part in page for row in part.rows]
        self.assertEqual(printed, [row for block in blocks for row in block.rows])
        self.assertEqual({p.name for page in pages for p in page}, {b.name for b in blocks})
        for number, page in enumerate(pages):
            used = sum(HEADING + (sum(row[2] for row in part.rows) or 1) for part in page)
            self.assertLessEqual(used, others if number else max(first, 0), page)
        self.assertTrue(all(pages[1:]), "only the first page may have no table")
