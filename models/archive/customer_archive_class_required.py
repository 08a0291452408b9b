from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...queries.archive import Owed


class CustomerArchiveClass(models.Model):
    """Which customers must have a dossier of the class."""

    _inherit = "customer.archive.class"

    required_for = fields.Selection(
        [
            ("none", "No customer"),
            ("all", "Every customer"),
            ("tiers", "Customers of some tiers"),
        ],
        "Required For",
        required=True,
        default="none",
        help="Customers that must have a dossier of this class stand in the missing-document radar"
        " until they have one. Every customer: of any tier of the kind “Customer”; prospects and"
        " customers that left need none.",
    )
    required_tier_ids = fields.Many2many(
        "customer.tier",
        "customer_archive_class_tier_rel",
        "class_id",
        "tier_id",
        "Tiers",
        help="Customers of these tiers must have a dossier of this class.",
    )

    @api.constrains("required_for", "required_tier_ids")
    def _check_required_tiers(self):
        for archive_class in self:
            if archive_class.required_for == "tiers" and not archive_class.required_tier_ids:
                raise ValidationError(
                    self.env._(
                        "Choose the tiers whose customers must have a dossier of “%s”.",
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
