from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ....engine.numbering import Pattern
from ....queries.archive import Owed

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
    _inherit = "customer.guard.mixin"
    _description = "Dossier Type"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Part of the dossier number, for example LOAN.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one("res.company", index=True, help="Leave empty for all companies.")
    number_pattern = fields.Char(
        required=True,
        default="{year}-{class}-{serial:4}",
        help="{year}, {month}, {day}, {class} and {serial:4}: the serial number padded to four "
        "digits. It restarts whenever the rest of the number changes.",
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
        "Readable By",
        required=True,
        default="none",
    )
    service_related = fields.Boolean(
        "Customer Service Reads Related Dossiers",
        help="Customer service can also read dossiers of this type for a customer whose "
        "complaint they are handling.",
    )
    reader_group_ids = fields.Many2many(
        "res.groups",
        "customer_archive_class_reader_rel",
        "class_id",
        "group_id",
        "Additional Readers",
        help="Members of these groups can read all dossiers of this type.",
    )
    missing_rule = fields.Selection(
        [
            ("refuse", "Refused"),
            ("word", "Requires a note from A"),
            ("allow", "Allowed"),
        ],
        "Handover With Missing Papers",
        default="word",
        required=True,
        help="What happens if required documents or page ranges are missing when a dossier is "
        "handed over to the archive.",
    )
    deed_suffix = fields.Boolean(
        "Deeds Have a Suffix",
        default=True,
        help="A deed has the number of its dossier followed by -D01. If disabled, the first deed "
        "of a dossier has the number of the dossier itself.",
    )
    notes = fields.Text()

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is already a dossier type with this code."
    )

    # --- which customers must have a dossier of the class
    required_for = fields.Selection(
        [
            ("none", "No customer"),
            ("all", "Every customer"),
            ("tiers", "Customers of certain tiers"),
        ],
        "Required For",
        required=True,
        default="none",
        help="Customers who must have a dossier of this type are listed in the missing-documents "
        "overview until they have one. Every customer: all tiers of the kind “Customer”; "
        "not required for prospects and lapsed customers.",
    )
    required_tier_ids = fields.Many2many(
        "customer.tier",
        "customer_archive_class_tier_rel",
        "class_id",
        "tier_id",
        "Tiers",
        help="Customers of these tiers must have a dossier of this type.",
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
            self.env["customer.archive"]._refuse_broken_pattern(
                archive_class.number_pattern, **{"class": archive_class.code or "X"}
            )
            names = set(Pattern(archive_class.number_pattern).names())
            if names != {"class"}:
                raise ValidationError(
                    self.env._(
                        "The number of a dossier must contain {class}; apart from that, "
                        "only {year}, {month}, {day} and {serial} can be used in “%s”.",
                        archive_class.number_pattern,
                    )
                )

    # --- which customers must have a dossier of the class
    @api.constrains("required_for", "required_tier_ids")
    def _check_required_tiers(self):
        for archive_class in self:
            if archive_class.required_for == "tiers" and not archive_class.required_tier_ids:
                raise ValidationError(
                    self.env._(
                        "Choose the tiers whose customers must have a dossier of type “%s”.",
                        archive_class.name,
                    )
                )

    def _asked_now(self):
        """Return the entries of the checklist that a dossier opened today has to fulfil."""
        today = self.env.company._customer_today()
        return self.requirement_ids.filtered(
            lambda one: not one.required_since or one.required_since <= today
        )

    def _owed(self, customers=Domain.TRUE):
        """Return which customers owe a dossier of the classes, for statements over all of them.

        Rights: only customers whose dossiers of the class the current user would read.

        :param customers: domain of the customers that count
        :return: list of :class:`queries.archive.Owed`, in an order that does not matter
        """
        owed = []
        required = self.filtered(lambda one: one.required_for != "none")
        if not required:
            return owed
        Archive, Partner = self.env["customer.archive"], self.env["res.partner"]
        # sudo: which tiers there are is no secret; customers keep an archived tier
        Tier = self.env["customer.tier"].sudo().with_context(active_test=False)
        every = Tier.search([("kind", "=", "customer")])
        for one in required:
            domain = Archive._archive_customers_domain(one)
            if domain.is_false():
                continue
            tiers = every if one.required_for == "all" else one.required_tier_ids
            companies = self.env.companies
            if one.company_id:
                companies &= one.company_id
            query = Partner._search(domain & customers & Partner._customer_domain())
            owed.append(
                Owed(
                    class_id=one.id,
                    entries=len(one._asked_now()) or 1,
                    tier_ids=tiers.ids,
                    company_ids=companies.ids,
                    customers=query.select(SQL.identifier("res_partner", "id")),
                )
            )
        return owed
