"""Counts of a review and the picture of its moves."""

from odoo import api, models
from odoo.fields import Domain

from ...queries import review_lines

# A review may have 100,000 lines; its form shows the first, the list has them all.
TOP_LINES = 80


class CustomerReview(models.Model):
    """Figures that screens show."""

    _inherit = "customer.review"

    def _compute_line_figures(self):
        Line = self.env["customer.review.line"]
        moves = {}
        for review, movement, count in Line._read_group(
            [("review_id", "in", self.ids)], ["review_id", "movement"], ["__count"]
        ):
            moves[review.id, movement] = count
        missing = dict(
            Line._read_group(
                [("review_id", "in", self.ids), ("manual_missing", ">", 0)],
                ["review_id"],
                ["__count"],
            )
        )
        appeals = dict(
            Line._read_group(
                [("review_id", "in", self.ids), ("appeal_state", "=", "open")],
                ["review_id"],
                ["__count"],
            )
        )
        for review in self:
            review.line_count = sum(count for (key, _m), count in moves.items() if key == review.id)
            review.up_count = moves.get((review.id, "up"), 0)
            review.down_count = moves.get((review.id, "down"), 0)
            review.none_count = moves.get((review.id, "none"), 0)
            review.missing_count = missing.get(review, 0)
            review.appeal_count = appeals.get(review, 0)

    @api.depends("line_ids")
    @api.depends_context("uid")
    def _compute_top_line_ids(self):
        Line = self.env["customer.review.line"]
        for review in self:  # only forms show it, so it is one review
            review.top_line_ids = Line.search(
                [("review_id", "in", review.ids)], order="rank, id", limit=TOP_LINES
            )

    def _compute_manual_progress(self):
        counts = {}
        if self.ids:
            self.env["customer.review.score"].flush_model()
            rows = self.env.execute_query(review_lines.manual_progress(self.ids))
            counts = {review_id: (done, total) for review_id, done, total in rows}
        for review in self:
            done, total = counts.get(review.id, (0, 0))
            review.manual_count = total
            review.manual_progress = 100.0 * done / total if total else 100.0

    @api.depends("line_ids.decided_tier_id", "line_ids.proposed_tier_id")
    def _compute_matrix(self):
        Line = self.env["customer.review.line"]
        for review in self:
            result = review._result_columns()
            mine = Domain("review_id", "in", review.ids)
            undecided = Domain(result.decided, "=", False)
            cells = Line._read_group(
                mine & undecided, [result.previous, result.proposed], ["__count"]
            ) + Line._read_group(mine & ~undecided, [result.previous, result.decided], ["__count"])
            review.matrix = review._render_matrix(cells, "") if cells else False

    @api.model
    def _render_matrix(self, cells, title):
        """Picture of moves between results.

        :param cells: rows (tier before, tier after, customers), the tiers (grades) as records
        """
        counts = {}
        for before, after, count in cells:
            counts[before, after] = counts.get((before, after), 0) + count
        none = cells[0][0].browse() if cells else self.env["customer.tier"]
        tiers = none.union(*(tier for pair in counts for tier in pair)).sorted(
            lambda tier: (tier.sequence, tier.id)
        )
        rows = [*tiers, *([none] if any(not before for before, _after in counts) else [])]
        columns = [*tiers, *([none] if any(not after for _before, after in counts) else [])]
        return self.env["ir.qweb"]._render(
            "customer_governance.review_matrix",
            {
                "title": title,
                "rows": rows,
                "columns": columns,
                "counts": counts,
                "place": {tier: index for index, tier in enumerate([*tiers, none])},
                "largest": max(counts.values(), default=1),
            },
        )
