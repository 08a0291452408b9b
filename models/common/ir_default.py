from odoo import api, models
from odoo.exceptions import ValidationError

MODULE = "customer_governance"


class IrDefault(models.Model):
    """Nobody presets by a default of the own what is recorded or checked here."""

    _inherit = "ir.default"

    # no constraint: those run as the system
    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what people preset for themselves."""
        for vals in vals_list:
            # with what the context says; before Odoo empties its caches
            self.new(self._add_missing_default_values(vals))._check_customer_personal()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse what people preset for themselves."""
        result = super().write(vals)
        self._check_customer_personal()
        return result

    def _check_customer_personal(self):
        """Refuse defaults of one person for records and fields of ours.

        Everybody writes the own defaults, over RPC too, and the ORM takes them where neither values nor
        context say anything: past everything that looks at those two (who asked, what one reads).
        Defaults for all are of the administrator.
        """
        if self.env.su:
            return
        guarded = self.env.registry.descendants(["customer.named.mixin"], "_inherit")
        # sudo: which field it is about
        for default in self.sudo().filtered("user_id"):
            model = self.env[default.field_id.model]
            field = model._fields.get(default.field_id.name)
            if model._name in guarded or (field and field._modules[:1] == (MODULE,)):
                raise ValidationError(
                    self.env._(
                        "You cannot set a default of your own for “%(field)s” of "
                        "“%(model)s”: an administrator sets one for everyone.",
                        field=default.field_id.field_description,
                        model=default.field_id.model_id.name,
                    )
                )
