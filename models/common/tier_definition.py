from odoo import api, fields, models


class TierDefinition(models.Model):
    """Every document of ours that asks for approval can be chosen in an approval level."""

    _inherit = "tier.definition"

    # in words of ours, which are translated here; labels stand in our views
    review_type = fields.Selection(
        [
            ("individual", "Specific user"),
            ("group", "Any user of a group"),
            ("field", "User in a field of the document"),
        ],
        "Approved By",
    )
    definition_type = fields.Selection([("domain", "Condition")], "Applies To")

    @api.model
    def _get_tier_validation_model_names(self):
        """EXTENDS base_tier_validation: the models with the approval mixin."""
        mixin = "customer.approval.mixin"
        ours = (
            name for name in self.env.registry.descendants([mixin], "_inherit") if name != mixin
        )
        return [*super()._get_tier_validation_model_names(), *ours]
