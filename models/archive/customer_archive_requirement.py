from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CustomerArchiveRequirement(models.Model):
    """A document that the dossiers of a class must hold."""

    _name = "customer.archive.requirement"
    _description = "Required Document"
    _order = "class_id, sequence, id"

    class_id = fields.Many2one(
        "customer.archive.class", required=True, index=True, ondelete="cascade"
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
        "Valid Until", help="The document ends one day; it counts until then only."
    )
    required_since = fields.Date(
        "Asked Since",
        help="Dossiers opened before are not asked for it. Empty: all are.",
    )

    @api.constrains("section_id", "class_id")
    def _check_section(self):
        for requirement in self:
            section = requirement.section_id
            if section and section.class_id != requirement.class_id:
                raise ValidationError(
                    self.env._(
                        "The section of “%s” belongs to another class.", requirement.display_name
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
