"""Buttons of a scorecard that open other screens."""

from odoo import models


class CustomerScorecard(models.Model):
    """Ways from the scorecard to its reviews and what-ifs."""

    _inherit = "customer.scorecard"

    def _compute_review_count(self):
        counts = dict(
            self.env["customer.review"]._read_group(
                [("scorecard_id", "in", self.ids), ("kind", "!=", "what_if")],
                ["scorecard_id"],
                ["__count"],
            )
        )
        for scorecard in self:
            scorecard.review_count = counts.get(scorecard, 0)

    def _compute_trial_count(self):
        counts = dict(
            self.env["customer.scorecard.trial"]._read_group(
                [("scorecard_id", "in", self.ids)], ["scorecard_id"], ["__count"]
            )
        )
        for scorecard in self:
            scorecard.trial_count = counts.get(scorecard, 0)

    def action_view_reviews(self):
        """Open the reviews computed with this version."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_action"
        )
        action["domain"] = [("scorecard_id", "=", self.id), ("kind", "!=", "what_if")]
        action["context"] = {"default_scorecard_id": self.id}
        return action

    def action_view_trials(self):
        """Open the what-ifs of this version."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_scorecard_trial_action"
        )
        action["domain"] = [("scorecard_id", "=", self.id)]
        action["context"] = {"default_scorecard_id": self.id}
        return action

    def action_what_if(self):
        """Open a new what-if of this version."""
        self.ensure_one()
        self.env["customer.scorecard.trial"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What if?"),
            "res_model": "customer.scorecard.trial",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_scorecard_id": self.id,
                "default_company_id": (self.company_id or self.env.company).id,
            },
        }
