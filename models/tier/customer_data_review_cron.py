from datetime import timedelta

from odoo import api, fields, models

from ...queries import data_review as queries
from ..common.cron import commit_progress
from .customer_data_review import ACTIVITY

BATCH = 500  # reviews escalated between two commits


class CustomerDataReview(models.Model):
    """The job of the data reviews: open what is due, escalate what is overdue."""

    _inherit = "customer.data.review"

    # -- due list ----------

    @api.model
    def _cron_data_reviews(self):
        """Open due reviews, cancel those of archived customers, escalate the overdue ones."""
        self._cancel_archived()
        for company in self.env["res.company"].search([]):
            self._open_due(company)
            commit_progress(self.env, 1)
        self._escalate_overdue()

    @api.model
    def _open_due(self, company):
        """Open a review for every customer of the company that is due; return the new ones.

        Conditions are "since at least", so a job that did not run for a while catches up, and one
        open review for each customer is guarded by a unique index, so running twice does nothing.
        """
        months = company.customer_data_review_months
        if not months:
            return self.browse()
        self.env.flush_all()
        partner = self.env["res.partner"].with_company(company)
        query = partner._as_query(ordered=False)
        today = company._customer_today()
        due = queries.due_customers(
            company.id,
            partner._field_to_sql("p", "customer_tier_id", query),
            months,
            today,
            company._customer_timezone(),
        )
        rows = self.env.execute_query(
            queries.create_due(
                due,
                company.id,
                today,
                today + timedelta(days=company.customer_data_review_days),
                self.env.uid,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()
        return self.browse(row[0] for row in rows)

    @api.model
    def _cancel_archived(self):
        """Close due reviews of customers that are archived."""
        gone = self.search([("state", "=", "due"), ("partner_id.active", "=", False)])
        if gone:
            gone._close("cancel")

    # -- escalation ----------

    @api.model
    def _escalate_overdue(self):
        """Ask the next person for every overdue review whose turn has come, once each."""
        companies = self.env["res.company"].search([])
        for level in (1, 2, 3):
            for company in companies:
                days = company.customer_data_review_escalation_days * (level - 1)
                domain = [
                    ("company_id", "=", company.id),
                    ("state", "=", "due"),
                    ("escalation_level", "<", level),
                    ("deadline", "<", company._customer_today() - timedelta(days=days)),
                ]
                while reviews := self.search(domain, limit=BATCH):
                    reviews._escalate(level)
                    left = self.search_count(domain)
                    if not commit_progress(self.env, len(reviews), left):
                        return

    def _escalation_users(self):
        """Return the ``(review id, user id)`` pairs of open activities of the escalation."""
        rows = self.env["mail.activity"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ],
            ["res_id", "user_id"],
        )
        return {(res_id, user.id) for res_id, user in rows}

    def _escalate(self, level):
        """Plan an activity for the person of an escalation level; `self` are of one company."""
        company = self.company_id
        activity_type = self.env.ref(ACTIVITY)
        head = company._customer_head() if level == 3 else self.env["res.users"]
        model_id = self.env["ir.model"]._get_id(self._name)
        asked = self._escalation_users()
        values = []
        for review in self._once(f"overdue:{level}"):
            owner = review.partner_id.user_id
            leader = (review.partner_id.customer_team_id or owner.sale_team_id).user_id
            user = {1: owner or leader, 2: leader, 3: head}[level] or company._customer_head()
            if not user or (review.id, user.id) in asked:
                continue  # who was asked as account manager is not asked again as the leader
            values.append(
                {
                    "res_model_id": model_id,
                    "res_id": review.id,
                    "activity_type_id": activity_type.id,
                    "summary": self.env._(
                        "Data review overdue: %s", review.partner_id.display_name
                    ),
                    "date_deadline": company._customer_today(),
                    "user_id": user.id,
                    "automated": True,  # ends with the review
                }
            )
        # quick: the due list is the message, hundreds of e-mails at once would be none
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values)
        self.write({"escalation_level": level})
