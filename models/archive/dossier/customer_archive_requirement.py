from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CustomerArchiveRequirement(models.Model):
    """A document that the dossiers of a class must hold."""

    _name = "customer.archive.requirement"
    _inherit = ["customer.guard.mixin"]
    _description = "Required Document"
    _order = "class_id, sequence, id"

    class_id = fields.Many2one(
        "customer.archive.class", "Dossier Type", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="class_id.company_id", store=True, index=True)
    section_id = fields.Many2one(
        "customer.archive.section", index=True, domain="[('class_id', '=', class_id)]"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    need_original = fields.Boolean("Original")
    need_signed = fields.Boolean("Signed")
    need_valid_until = fields.Boolean(
        "Valid Until", help="The document has an expiry date and is valid only until then."
    )
    from_customer = fields.Boolean(
        "From the Customer",
        default=True,
        help="The customer has this document and can be asked for it by an upload link. If "
        "disabled, it is an internal document and customers are never asked for it.",
    )
    required_since = fields.Date(
        "Required Since",
        help="Dossiers opened before this date do not require it. Leave empty to require it for "
        "all.",
    )

    @api.constrains("section_id", "class_id")
    def _check_section(self):
        for requirement in self:
            section = requirement.section_id
            if section and section.class_id != requirement.class_id:
                raise ValidationError(
                    self.env._(
                        "The section of “%s” belongs to another dossier type.",
                        requirement.display_name,
                    )
                )

    def _checklist_changed(self, classes):
        """Count the dossiers of the classes again."""
        # sudo: the figures of all dossiers, also of those that the head cannot read
        self.env["customer.archive"].sudo()._refresh_completeness(
            SQL("a.class_id = ANY(%s)", classes.ids)
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Dossiers of the class are asked for more."""
        requirements = super().create(vals_list)
        self._checklist_changed(requirements.class_id)
        return requirements

    def write(self, vals):
        """Dossiers of the class are asked for something else."""
        classes = self.class_id
        result = super().write(vals)
        if vals.keys() - {"name", "sequence", "section_id"}:
            self._checklist_changed(classes | self.class_id)
        return result

    def unlink(self):
        """Dossiers of the class are asked for less."""
        classes = self.class_id
        result = super().unlink()
        self._checklist_changed(classes)
        return result
