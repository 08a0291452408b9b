from odoo.tests import tagged

from ..common import GovernanceCase

# The policy: (max points, method, details) of each indicator, in order.
POLICY = [
    (45, "rank", 1.5),
    (10, "proportional", 1.0),
    (15, "choice", [15, 5]),
    (10, "range", [(None, 6, 1), (6, 12, 3), (12, 18, 5), (18, None, 10)]),
    (10, "deduction", 1.0),
    (3, "choice", [3, 1]),
    (2, "deduction", 1.0),
    (2, "range", [(None, 0, 0), (0, 0.000001, 1), (0.000001, None, 2)]),
    (3, "choice", [3, 2, 1]),
]


@tagged("post_install", "-at_install")
class TestScorecardDefaults(GovernanceCase):
    """The scorecards of the policy come with the addon, exactly and published."""

    def _details(self, indicator):
        if indicator.method in ("rank", "deduction"):
            return indicator.step
        if indicator.method == "proportional":
            return indicator.target
        if indicator.method == "choice":
            return indicator.choice_ids.mapped("points")
        return [
            (
                None if row.is_lowest else row.value_from,
                None if row.is_highest else row.value_to,
                row.points,
            )
            for row in indicator.range_ids
        ]

    def _table(self, scorecard):
        return [(i.max_points, i.method, self._details(i)) for i in scorecard.indicator_ids]

    def _bands(self, scorecard):
        return [
            (
                band.tier_id.code,
                band.min_score if band.use_min_score else None,
                band.min_share if band.use_min_share else None,
                band.max_cumulative_share if band.use_max_cumulative_share else None,
            )
            for band in scorecard.band_ids
        ]

    def test_purchasing(self):
        for name, period in (("quarter", "quarter"), ("year", "year")):
            scorecard = self.env.ref(f"customer_governance.scorecard_purchasing_{name}")
            self.assertEqual((scorecard.state, scorecard.period), ("published", period))
            self.assertEqual(self._table(scorecard), POLICY)
            self.assertEqual(scorecard.max_points, 100)
            self.assertEqual(
                self._bands(scorecard),
                [
                    ("strategic", None, 27, None),
                    ("key", None, 16, None),
                    ("standard", None, None, None),
                ],
            )
            nature = scorecard.indicator_ids[2]
            self.assertEqual(nature.measure, "nature")
            self.assertEqual(
                nature.choice_ids.segment_id,
                self.env.ref("customer_governance.segment_nature_producer")
                + self.env.ref("customer_governance.segment_nature_dealer"),
            )
            self.assertEqual((scorecard.coverage_threshold, scorecard.downgrade_periods), (60, 1))

    def test_broad_market(self):
        scorecard = self.env.ref("customer_governance.scorecard_broad_quarter")
        self.assertEqual(scorecard.state, "published")
        self.assertEqual(self._table(scorecard)[1:], POLICY[1:])
        volume = scorecard.indicator_ids[0]
        self.assertEqual((volume.max_points, volume.method), (45, "range"))
        self.assertEqual(
            self._bands(scorecard),
            [
                ("strategic", 60, None, 50),
                ("key", 45, None, 80),
                ("standard", None, None, None),
            ],
        )

    def test_only_one_kind_opens_by_itself(self):
        """Both shipped policies at once would decide the same tier twice a quarter."""
        self.assertFalse(self.env.ref("customer_governance.scorecard_purchasing_quarter").auto_open)
        self.assertFalse(self.env.ref("customer_governance.scorecard_broad_quarter").auto_open)
