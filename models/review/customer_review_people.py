"""Who is told, asked and allowed in a review."""

from odoo import fields, models
from odoo.exceptions import AccessError

# Account managers have a week, so that the committee has the rest of the time.
FILL_DAYS = 7


class CustomerReview(models.Model):
    """Leader, committee and account managers."""

    _inherit = "customer.review"

    def _feedback_activities(self, xmlid):
        """Close activities of a type that are done by what just happened."""
        self.activity_feedback([xmlid])

    def _notify_leader(self):
        """Ask the leader (or the heads) to lead the review, with a deadline."""
        for review in self:
            for user in review.approver_ids:
                review.activity_schedule(
                    "customer_governance.mail_activity_review_lead",
                    date_deadline=review.deadline or fields.Date.context_today(review),
                    user_id=user.id,
                    note=self.env._(
                        "The review is computed: %(count)s customers, %(missing)s of them with "
                        "manual indicators to fill.",
                        count=review.line_count,
                        missing=review.missing_count,
                    ),
                )

    def _notify_account_managers(self):
        """Ask each account manager to fill the manual indicators of the own customers, once."""
        for review in self:
            # sudo: counts the customers of all account managers, whoever computes.
            groups = (
                self.env["customer.review.line"]
                .sudo()
                ._read_group(
                    [
                        ("review_id", "=", review.id),
                        ("manual_missing", ">", 0),
                        ("partner_id.user_id.active", "=", True),
                    ],
                    ["partner_id.user_id"],
                    ["__count"],
                )
            )
            for user, count in groups:
                # sudo: for an account manager who can read the review through the group.
                if not review.sudo()._once(f"fill:{user.id}"):
                    continue
                if not user.has_group("customer_governance.group_sales"):
                    continue
                day = fields.Date.add(fields.Date.context_today(review), days=FILL_DAYS)
                review.activity_schedule(
                    "customer_governance.mail_activity_review_fill",
                    date_deadline=min(day, review.deadline) if review.deadline else day,
                    user_id=user.id,
                    note=self.env._(
                        "Fill the manual indicators of %(count)s of your customers.", count=count
                    ),
                )

    def _notify_committee(self):
        """Tell the members that there is something to decide."""
        for review in self:
            members = review.committee_ids.partner_id
            if members:
                review.message_subscribe(members.ids)
                review.message_post(
                    body=self.env._(
                        "The review is ready for the committee: %(up)s customers would move up, "
                        "%(down)s down, "
                        "%(none)s have no proposal.",
                        up=review.up_count,
                        down=review.down_count,
                        none=review.none_count,
                    ),
                    partner_ids=members.ids,
                )

    def _may_decide(self):
        """Whether the user may decide: committee (its named members), leader, head."""
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("customer_governance.group_manager"):
            return True
        # sudo: who the members are is no secret.
        members = self.sudo().committee_ids | self.sudo().leader_id
        named = bool(self.sudo().committee_ids)
        return user.has_group("customer_governance.group_committee") and (
            not named or user in members
        )

    def _check_people(self):
        """Raise unless the user may decide in the reviews."""
        for review in self:
            if not review._may_decide():
                raise AccessError(
                    self.env._(
                        "Only members of the committee of %(review)s decide.",
                        review=review.display_name,
                    )
                )
