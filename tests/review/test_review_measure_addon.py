from odoo import Command, api, models
from odoo.tests import tagged
from odoo.tools import SQL

from ...queries.measures import Measure, partners_in
from ..common import load_fake_models
from .review_case import ReviewCase


def color_select(ctx):
    """Colour index of the contact; data: customers with a colour above 0."""
    return SQL(
        "SELECT p.id AS partner_id, p.color::numeric AS value FROM res_partner p"
        " WHERE p.color > 0 AND %s",
        partners_in(ctx, "p.id"),
    )


def color_sources(ctx, partner_id):
    """The customer itself."""
    return "res.partner", [("id", "=", partner_id)]


class FakeMeasure(models.AbstractModel):
    """What another addon writes: see docs/add-a-measure.md."""

    _name = "customer.measure"
    _inherit = ["customer.measure"]
    _module = None

    @api.model
    def _measures(self):
        measures = super()._measures()
        measures["color"] = Measure("color", "Colour", "count", color_select, color_sources)
        return measures


@tagged("post_install", "-at_install")
class TestReviewMeasureAddon(ReviewCase):
    """Another addon adds a measure by inheriting one model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_fake_models(cls, FakeMeasure)

    def _colored(self):
        return self._scorecard(
            name="Colour",
            indicator_ids=[
                Command.create(
                    {
                        "name": "Colour",
                        "max_points": 10,
                        "measure": "color",
                        "method": "proportional",
                        "target": 10,
                    }
                )
            ],
        )

    def test_measure_scores(self):
        self.customer.color = 5
        review = self._review(self._colored())
        score = self._score(review, self.customer, "Colour")
        self.assertEqual((score.value, score.points, score.value_text), (5.0, 5.0, "5"))
        self.assertFalse(self._score(review, self.small, "Colour").has_data)
        self.assertEqual(score.action_view_sources()["res_model"], "res.partner")

    def test_measure_can_be_chosen(self):
        options = dict(self.env["customer.scorecard.indicator"]._selection_measure())
        self.assertEqual(options["color"], "Colour")
        self.assertIn("color", dict(self.env["customer.scorecard.veto"]._selection_measure()))
