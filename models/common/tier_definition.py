from odoo import api, models


class TierDefinition(models.Model):
    """Every document of ours that asks for approval can be chosen in an approval level."""

    _inherit = "tier.definition"

    @api.model
    def _get_tier_validation_model_names(self):
        """EXTENDS base_tier_validation: the models with the approval mixin."""
        mixin = "customer.approval.mixin"
        ours = (
            name for name in self.env.registry.descendants([mixin], "_inherit") if name != mixin
        )
        return [*super()._get_tier_validation_model_names(), *ours]
