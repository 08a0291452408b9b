from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...engine.numbering import Pattern, PatternError

READER_FIELDS = {"reader_kind", "service_related", "reader_group_ids"}


class Readers(NamedTuple):
    """Who reads dossiers of a class; groups are ids."""

    id: int
    kind: str
    is_related: bool
    group_ids: tuple[int, ...]


class CustomerArchiveClass(models.Model):
    """A kind of dossier: its number, what belongs into it and who of the staff reads it."""

    _name = "customer.archive.class"
    _description = "Class of Dossiers"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stands in the number of the dossier, such as LOAN.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    number_pattern = fields.Char(
        required=True,
        default="{year}-{class}-{serial:4}",
        help="{year}, {month}, {day}, {class} and {serial:4}: the serial padded to four digits."
        " It restarts whenever the rest of the number changes.",
    )
    section_ids = fields.One2many("customer.archive.section", "class_id", "Sections", copy=True)
    requirement_ids = fields.One2many(
        "customer.archive.requirement", "class_id", "Checklist", copy=True
    )
    requirement_count = fields.Integer(compute="_compute_requirement_count")
    reader_kind = fields.Selection(
        [
            ("none", "Archivists and auditors only"),
            ("sales", "Account managers: dossiers of their customers"),
            ("service", "Customer service"),
        ],
        "Read By",
        required=True,
        default="none",
    )
    service_related = fields.Boolean(
        "Service Reads Related Ones",
        help="Customer service also reads dossiers of this class of a customer whose complaint"
        " they work on.",
    )
    reader_group_ids = fields.Many2many(
        "res.groups",
        "customer_archive_class_reader_rel",
        "class_id",
        "group_id",
        "Also Read By",
        help="Members of these groups read all dossiers of the class.",
    )
    notes = fields.Text()

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is a class with this code."
    )

    @api.model
    @ormcache()
    def _readers(self):
        """Return the :class:`Readers` of all classes: every list of dossiers asks for them."""
        # sudo: the rule itself; a class that is not used any more still has its dossiers
        classes = self.sudo().with_context(active_test=False).search([])
        return [
            Readers(one.id, one.reader_kind, one.service_related, tuple(one.reader_group_ids.ids))
            for one in classes
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """Who reads what is asked for anew."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Who reads what is asked for anew."""
        result = super().write(vals)
        if not READER_FIELDS.isdisjoint(vals):
            self.env.registry.clear_cache()
            self.env["customer.archive"].invalidate_model(["is_readable", "is_editable"])
        return result

    def unlink(self):
        """Who reads what is asked for anew."""
        self.env.registry.clear_cache()
        return super().unlink()

    @api.depends("requirement_ids")
    def _compute_requirement_count(self):
        for archive_class in self:
            archive_class.requirement_count = len(archive_class.requirement_ids)

    @api.constrains("number_pattern", "code")
    def _check_number_pattern(self):
        for archive_class in self:
            try:
                pattern = Pattern(archive_class.number_pattern)
            except PatternError as error:
                raise ValidationError(
                    self.env._(
                        "The number pattern “%(pattern)s” does not work: %(why)s.",
                        pattern=archive_class.number_pattern,
                        why=error,
                    )
                ) from error
            names = set(pattern.names())
            if names != {"class"}:
                raise ValidationError(
                    self.env._(
                        "The number of a dossier needs {class}, and only it, {year}, {month}, {day}"
                        " and {serial} can stand in “%s”.",
                        archive_class.number_pattern,
                    )
                )
