from odoo.tests import tagged

from .review_case import ReviewCase


@tagged("post_install", "-at_install")
class TestReviewQueries(ReviewCase):
    """The number of queries depends on the indicators, not on the customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True, "customer_rank": 1} for n in range(60)]
        )
        cls.few_card = cls._scorecard(name="Few")
        cls.many_card = cls._scorecard(
            name="Many", population=str([("id", "in", (cls.customers + cls.many).ids)])
        )

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _both(self, action):
        few = self._review(self.few_card, compute=False)
        many = self._review(self.many_card, compute=False)
        action(self._review(self.few_card, compute=False))  # fills the caches that stay
        results = []
        for review in (few, many):
            results.append(self._count(lambda review=review: action(review)))
        return results

    def test_compute(self):
        few, many = self._both(lambda review: [None for _step in review._compute_steps()])
        self.assertEqual(few, many)
        # delete, insert, delete; 3 indicators; results; and what is read to plan them
        self.assertLessEqual(many, 40)

    def test_apply(self):
        reviews = [self._review(card) for card in (self.few_card, self.many_card)]
        for review in reviews:
            review.action_submit()
            review.action_approve()
        few, many = (self._count(lambda r=review: r._apply_lines()) for review in reviews)
        self.assertLessEqual(many, few + 4)

    def test_opening_the_lines(self):
        """The list reads its rows in a number of queries that does not grow with them."""
        review = self._review(self.many_card)
        fields = ["rank", "partner_id", "score", "decided_tier_id", "can_decide", "needs_reason"]
        lines = review.line_ids
        few = self._count(lambda: lines[:5].read(fields))
        many = self._count(lambda: lines[:60].read(fields))
        self.assertLessEqual(many, few + 1)

    def test_entries_in_one_go(self):
        review = self._review(self.many_card)
        choice = self.many_card.indicator_ids[1].choice_ids[0]
        scores = review.line_ids.score_ids.filtered("is_manual")
        few = self._count(lambda: scores[:2].write({"choice_id": choice.id}))
        many = self._count(lambda: scores[2:60].write({"choice_id": choice.id}))
        self.assertLessEqual(many, few + 3)
