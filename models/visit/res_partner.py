from datetime import timedelta

from odoo import api, fields, models

GROUPS = (
    "customer_governance.group_sales,customer_governance.group_service,"
    "customer_governance.group_auditor"
)


class ResPartner(models.Model):
    """Visits of a customer."""

    _inherit = "res.partner"

    customer_visit_ids = fields.One2many("customer.visit", "partner_id", "Visits", groups=GROUPS)
    customer_visit_count = fields.Integer(
        "Number of Visits", compute="_compute_customer_visit_count", groups=GROUPS
    )

    @api.depends("customer_visit_ids")
    def _compute_customer_visit_count(self):
        counts = dict(
            self.env["customer.visit"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.customer_visit_count = counts.get(partner.commercial_partner_id, 0)

    def action_customer_visits(self):
        """Open the visits of the customer."""
        self.ensure_one()
        self.env["customer.visit"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_visit_action"
        )
        customer = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id, "default_contact_id": self.id},
        }

    # -- win-back -----------------------------------------------------------------------------

    @api.model
    def _planned_win_backs(self, partners):
        """Return the win-back visits of the current company that are still planned."""
        return self.env["customer.visit"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", partners.ids),
                ("purpose", "=", "win_back"),
                ("state", "=", "planned"),
            ]
        )

    def _plan_win_back(self, users):
        """EXTENDS the lifecycle: plan a visit to each customer that has no win-back planned."""
        super()._plan_win_back(users)
        company = self.env.company
        planned = self._planned_win_backs(self).partner_id
        day = company._customer_today() + timedelta(days=company.customer_win_back_days)
        # quietly: a night with many losses must not send a mail for each
        visits = self.env["customer.visit"].with_context(
            tracking_disable=True, mail_auto_subscribe_no_notify=True
        )
        visits.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "user_id": users[partner.id],
                    "purpose": "win_back",
                    "planned_date": day,
                }
                for partner in self - planned
            ]
        )

    def _close_win_back(self):
        """EXTENDS the lifecycle: who came back by himself needs no win-back visit."""
        super()._close_win_back()
        planned = self._planned_win_backs(self)
        if planned:
            planned.action_cancel()
