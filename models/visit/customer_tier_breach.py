from odoo import api, fields, models
from odoo.tools import format_date

from ...queries import visits


class CustomerTierBreach(models.Model):
    """Visits, meetings and surveys that the tier grants and the customer did not get."""

    _inherit = "customer.tier.breach"
    _depends = {
        "customer.visit": [
            "partner_id",
            "company_id",
            "state",
            "purpose",
            "done_date",
            "no_contact",
        ],
        "survey.user_input": ["partner_id", "survey_id", "test_entry"],
        "survey.survey": ["customer_satisfaction"],
    }

    kind = fields.Selection(
        selection_add=[
            ("visit_overdue", "Visit overdue"),
            ("never_visited", "Never visited"),
            ("meeting_overdue", "Strategy meeting overdue"),
            ("never_met", "Never had a strategy meeting"),
            ("survey_overdue", "Survey overdue"),
            ("never_surveyed", "Never surveyed"),
        ]
    )

    @api.model
    def _breach_contact_parts(self):
        """EXTENDS the measures not met with visits, meetings and surveys."""
        return [
            *super()._breach_contact_parts(),
            visits.visit_overdue(),
            visits.meeting_overdue(),
            visits.survey_overdue(),
        ]

    def _reason_text(self):
        """EXTENDS the measures not met with visits, meetings and surveys."""
        intervals = {
            "visit_overdue": "visit_interval_days",
            "never_visited": "visit_interval_days",
            "meeting_overdue": "meeting_interval_days",
            "never_met": "meeting_interval_days",
            "survey_overdue": "survey_interval_days",
            "never_surveyed": "survey_interval_days",
        }
        if self.kind not in intervals:
            return super()._reason_text()
        _ = self.env._
        texts = {
            "visit_overdue": _(
                "Last visit on %(day)s; tier %(tier)s requires one every %(interval)s days "
                "(%(over)s days overdue)."
            ),
            "never_visited": _(
                "No visit since the customer entered tier %(tier)s on %(day)s; one is due "
                "every %(interval)s days (%(over)s days overdue)."
            ),
            "meeting_overdue": _(
                "Last strategy meeting on %(day)s; tier %(tier)s asks for one every %(interval)s "
                "days (%(over)s days overdue)."
            ),
            "never_met": _(
                "No strategy meeting since the customer came into tier %(tier)s on %(day)s; one "
                "every %(interval)s days is due (%(over)s days overdue)."
            ),
            "survey_overdue": _(
                "Last survey on %(day)s; tier %(tier)s asks for one every %(interval)s days "
                "(%(over)s days overdue)."
            ),
            "never_surveyed": _(
                "No survey since the customer came into tier %(tier)s on %(day)s; one every "
                "%(interval)s days is due (%(over)s days overdue)."
            ),
        }
        return texts[self.kind] % {
            "tier": self.tier_id.name,
            "day": format_date(self.env, self.since),
            "interval": self.tier_id[intervals[self.kind]],
            "over": self.days_over,
        }
