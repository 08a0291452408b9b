from odoo import api, fields, models
from odoo.fields import Domain

from ....engine import complaint_policy as engine

CONDITIONS = ("kind", "severity", "category_id", "tier_id", "channel_id")


class CustomerSlaPolicy(models.Model):
    """Which cases a policy holds for; what is empty fits every case."""

    _inherit = "customer.sla.policy"

    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("repair", "Repair request"),
            ("anomaly", "Anomaly (no loss)"),
        ],
        help="Only the deadlines of policies for anomalies apply to anomalies.",
    )
    severity = fields.Selection(
        [("general", "General"), ("complex", "Complex"), ("major", "Major")]
    )
    category_id = fields.Many2one(
        "customer.complaint.category", help="Including its sub-categories.", index="btree_not_null"
    )
    tier_id = fields.Many2one("customer.tier", "Customer Tier", index="btree_not_null")
    channel_id = fields.Many2one("customer.complaint.channel", "Channel", index="btree_not_null")

    @api.depends(*CONDITIONS)
    def _compute_conditions(self):
        return super()._compute_conditions()

    def _condition_words(self):
        """EXTENDS sla: kind, severity, category, tier, channel."""
        words = super()._condition_words()
        _ = self.env._
        kinds, severities = (
            dict(self._fields[name]._description_selection(self.env))
            for name in ("kind", "severity")
        )
        ours = [kinds[self.kind]] if self.kind else words[:1]
        if self.severity:
            ours.append(_("severity %(name)s", name=severities[self.severity]))
        if self.category_id:
            ours.append(_("category %(name)s", name=self.category_id.display_name))
        if self.tier_id:
            ours.append(_("customer tier %(name)s", name=self.tier_id.display_name))
        if self.channel_id:
            ours.append(_("received by %(name)s", name=self.channel_id.display_name))
        return ours + words[1:]

    @api.model
    def _frozen_fields(self):
        """EXTENDS sla: the conditions of cases."""
        return super()._frozen_fields() | set(CONDITIONS)

    # -- matching -----------------------------------------------------------------------------

    def _policy(self):
        """EXTENDS sla: a policy for cases has their conditions."""
        if self.res_model != "customer.complaint":
            return super()._policy()
        return engine.Policy(
            **self._policy_values(),
            kind=self.kind or "",
            severity=self.severity or "",
            category_id=self.category_id.id or 0,
            category_depth=len(self.category_id._path()),
            tier_id=self.tier_id.id or 0,
            channel_id=self.channel_id.id or 0,
        )

    @api.model
    def _uses_tiers(self):
        """Tell whether any published policy looks at the customer's tier."""
        return any(getattr(policy, "tier_id", 0) for policy in self._published())

    def _fitting_domain(self):
        """EXTENDS sla: the conditions of cases."""
        domain = super()._fitting_domain()
        if self.res_model != "customer.complaint":
            return domain
        for name in ("kind", "severity", "channel_id"):
            if value := self[name]:
                domain &= Domain(name, "=", getattr(value, "id", value))
        if not self.kind:
            domain &= Domain("kind", "not in", engine.NAMED_KINDS)
        if self.category_id:
            domain &= Domain("category_id", "child_of", self.category_id.id)
        if self.tier_id:
            domain &= Domain("partner_id.customer_tier_id", "=", self.tier_id.id)
        return domain
