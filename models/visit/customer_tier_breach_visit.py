from odoo import api, fields, models
from odoo.tools import format_date

from ...queries import visits


class CustomerTierBreach(models.Model):
    """Visits that the tier grants and the customer did not get."""

    _inherit = "customer.tier.breach"
    _depends = {"customer.visit": ["partner_id", "company_id", "state", "done_date", "no_contact"]}

    kind = fields.Selection(
        selection_add=[("visit_overdue", "Visit overdue"), ("never_visited", "Never visited")]
    )

    @api.model
    def _breach_parts(self):
        """EXTENDS the measures not met with visits."""
        return [*super()._breach_parts(), visits.visit_overdue()]

    def _reason_text(self):
        """EXTENDS the measures not met with visits."""
        values = {
            "tier": self.tier_id.name,
            "day": format_date(self.env, self.since),
            "interval": self.tier_id.visit_interval_days,
            "over": self.days_over,
        }
        if self.kind == "visit_overdue":
            return self.env._(
                "Last visit on %(day)s; tier %(tier)s asks for one every %(interval)s days "
                "(%(over)s days overdue).",
                **values,
            )
        if self.kind == "never_visited":
            return self.env._(
                "No visit since the customer came into tier %(tier)s on %(day)s; one every "
                "%(interval)s days is due (%(over)s days overdue).",
                **values,
            )
        return super()._reason_text()
