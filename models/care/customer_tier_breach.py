from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from ...queries import care_due, tier_breaches

KINDS = {
    "contact_overdue": "contact",
    "never_contacted": "contact",
    "visit_overdue": "visit",
    "never_visited": "visit",
    "meeting_overdue": "meeting",
    "never_met": "meeting",
    "survey_overdue": "survey",
    "never_surveyed": "survey",
}


class CustomerTierBreach(models.Model):
    """Where care is used a contact is overdue when the contact plan says so."""

    _inherit = "customer.tier.breach"
    _depends = {
        "customer.care.interval": ["partner_id", "company_id", "kind", "days", "last_day"],
        "customer.care.block": ["partner_id", "company_id", "purpose", "last_day"],
        "customer.care.source": ["kind", "event", "purpose", "active"],
        "res.company": ["care_enabled", "care_figures_at"],
        "res.partner": ["next_contact_date", "next_contact_set_on"],
    }

    @api.model
    def _breach_contact_parts(self):
        """EXTENDS the measures not met: one definition, that of the debt list."""
        # sudo: which companies use care is no secret; record rules choose the rows
        companies = self.env["res.company"].sudo()._customer_using("care").sudo()
        companies = companies.filtered(lambda company: not company.parent_id)
        parts = super()._breach_contact_parts()
        if not companies:
            return parts
        others = [tier_breaches.without(part, companies.ids) for part in parts]
        due = self.env["customer.care.due"]._due_rows(companies)
        return [*others, tier_breaches.Wide(care_due.breaches(due), care_due.MAX_KINDS)]

    def _reason_text(self):
        """EXTENDS the measures not met with what the contact plan says."""
        if self.kind not in KINDS or not self.company_id._customer_uses("care"):
            return super()._reason_text()
        _ = self.env._
        names = {
            "contact": _("Contact"),
            "visit": _("Visit"),
            "meeting": _("Strategy meeting"),
            "survey": _("Survey"),
        }
        due = self.company_id._customer_today() - timedelta(days=self.days_over)
        values = {
            "kind": names[KINDS[self.kind]],
            "due": format_date(self.env, due),
            "over": self.days_over,
            "day": format_date(self.env, self.since),
        }
        if self.kind.startswith("never"):
            return _("%(kind)s due on %(due)s (%(over)s days overdue); none so far.", **values)
        return _("%(kind)s due on %(due)s (%(over)s days overdue); last time on %(day)s.", **values)
