"""Buttons of a review that open other screens."""

from odoo import models


class CustomerReview(models.Model):
    """Ways from the review to its lines, entries, appeals and papers."""

    _inherit = "customer.review"

    def _lines_action(self, **filters):
        """List of the lines with filters switched on."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_line_action"
        )
        action["domain"] = [("review_id", "=", self.id)]
        action["display_name"] = self.name
        action["context"] = {"create": False, "default_review_id": self.id, **filters}
        return action

    def action_view_lines(self):
        """Open all lines."""
        return self._lines_action()

    def action_view_up(self):
        """Open the customers that move up."""
        return self._lines_action(search_default_up=1)

    def action_view_down(self):
        """Open the customers that move down."""
        return self._lines_action(search_default_down=1)

    def action_view_none(self):
        """Open the customers without a proposal."""
        return self._lines_action(search_default_none=1)

    def action_view_appeals(self):
        """Open the appeals."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_appeal_action"
        )
        action["domain"] = [("review_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_fill(self):
        """Open the manual indicators to fill; account managers see their own customers."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_review_score_action"
        )
        action["domain"] = [
            ("line_id.review_id", "=", self.id),
            ("indicator_id.measure", "=", "manual"),
        ]
        action["display_name"] = self.env._("Fill: %(review)s", review=self.name)
        return action

    def action_view_impact(self):
        """Open what the downgrades would mean."""
        self.ensure_one()
        return self.env["customer.review.impact"]._open(self)

    def action_print_committee(self):
        """Print the report for the committee."""
        self.check_access("read")
        return self.env.ref("customer_governance.review_committee_report").report_action(self)
