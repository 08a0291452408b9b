from odoo import fields, models
from odoo.exceptions import AccessError

GROUPS = (
    "customer_governance.group_sales,customer_governance.group_service,"
    "customer_governance.group_credit,customer_governance.group_committee,"
    "customer_governance.group_manager,customer_governance.group_auditor"
)


class ResPartner(models.Model):
    """Data reviews and collected information of a customer."""

    _inherit = "res.partner"

    customer_data_review_ids = fields.One2many(
        "customer.data.review", "partner_id", "Data Reviews", groups=GROUPS
    )
    customer_data_review_state = fields.Selection(
        [("due", "Due"), ("overdue", "Overdue"), ("done", "Done")],
        "Data Review",
        compute="_compute_customer_data_review",
        groups=GROUPS,
    )
    customer_data_review_date = fields.Date(
        "Data Last Reviewed", compute="_compute_customer_data_review", groups=GROUPS
    )
    customer_information_ids = fields.One2many(
        "customer.information", "partner_id", "Information Collected", groups=GROUPS
    )
    customer_information_count = fields.Integer(
        "Information", compute="_compute_customer_information_count", groups=GROUPS
    )

    def _compute_customer_data_review(self):
        """State of the reviews that the user may see in the current company."""
        company = self.env.company
        customers = self.commercial_partner_id
        Review = self.env["customer.data.review"]
        domain = [("partner_id", "in", customers.ids), ("company_id", "=", company.id)]
        done = dict(Review._read_group(domain, ["partner_id"], ["date_done:max"]))
        deadline = dict(
            Review._read_group([*domain, ("state", "=", "due")], ["partner_id"], ["deadline:min"])
        )
        today = company._customer_today()
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.customer_data_review_date = done.get(customer, False)
            if limit := deadline.get(customer):
                partner.customer_data_review_state = "overdue" if limit < today else "due"
            else:
                partner.customer_data_review_state = "done" if done.get(customer) else False

    def _compute_customer_information_count(self):
        """Count what the user may read."""
        counts = dict(
            self.env["customer.information"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.customer_information_count = counts.get(
                partner.commercial_partner_id._origin, 0
            )

    def action_view_data_reviews(self):
        """Open the due review of the customer, else the list of its reviews."""
        self.ensure_one()
        Review = self.env["customer.data.review"]
        Review.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_data_review_action"
        )
        customer = self.commercial_partner_id
        action["domain"] = [("partner_id", "=", customer.id)]
        action["context"] = {"default_partner_id": customer.id}
        due = Review.search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "due"),
            ]
        )
        if due:
            action.update(res_id=due.id, view_mode="form", views=[(False, "form")])
        return action

    def action_start_data_review(self):
        """Open a data review of the customer now; for its account manager and the head.

        :raises AccessError: for others
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        Review = self.env["customer.data.review"]
        Review.check_access("write")
        customer.check_access("read")
        due = [
            ("partner_id", "=", customer.id),
            ("company_id", "=", self.env.company.id),
            ("state", "=", "due"),
        ]
        # sudo: account managers do not create reviews over RPC, only through this button and only
        # for customers whose reviews they may work on, which is checked on the very record
        if not Review.sudo().search_count(due):
            review = Review.sudo().create({"partner_id": customer.id}).sudo(False)
            if not review.has_access("write"):
                raise AccessError(
                    self.env._(
                        "%(customer)s is not one of your customers.", customer=customer.display_name
                    )
                )
        return self.action_view_data_reviews()

    def action_view_information(self):
        """Open what was learned about the customer."""
        self.ensure_one()
        self.env["customer.information"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_information_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action
