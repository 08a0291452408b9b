from collections import namedtuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...engine import matching
from ...queries import collisions as queries
from ..common.arguments import as_number, as_text, as_values

FREE_MAIL_PARAMETER = "customer_governance.free_mail_domains"
KINDS = ("vat", "phone", "domain", "name")
# So many collisions are told one by one, the others as a number.
SHOWN = 10

# A customer that a new entry may be: `kinds` are the reasons in the order of `KINDS`; `owner` is
# the name of the account manager or team ("" for none), `protected_until` a date or False.
Collision = namedtuple("Collision", ("partner", "kinds", "owner", "protected_until"))


class ResPartner(models.Model):
    """Warning at create: this customer is here already, owned by somebody, maybe protected.

    The look-up goes over the user's companies and the customers that all companies share. What a user
    may not read stays closed: they learn why it matches, who owns the customer and until when it is
    protected, and not its name or figures. Of a customer of another company they learn nothing.
    """

    _inherit = "res.partner"

    # Keys of engine.matching; stored and indexed, so that a look-up costs the same with any number.
    customer_name_key = fields.Char(compute="_compute_collision_keys", store=True)
    customer_name_head = fields.Char(
        compute="_compute_collision_keys", store=True, index="btree_not_null"
    )
    customer_name_tail = fields.Char(
        compute="_compute_collision_keys", store=True, index="btree_not_null"
    )
    customer_vat_key = fields.Char(
        compute="_compute_collision_keys", store=True, index="btree_not_null"
    )
    customer_phone_key = fields.Char(
        compute="_compute_collision_keys", store=True, index="btree_not_null"
    )
    customer_domain_key = fields.Char(
        compute="_compute_collision_keys", store=True, index="btree_not_null"
    )
    customer_collision_warning = fields.Html(
        "Possible Duplicate",
        compute="_compute_customer_collision_warning",
        sanitize=False,
        groups="base.group_user",
    )
    customer_collision_reason = fields.Char(
        "Why This Is a Different Customer",
        copy=False,
        groups="base.group_user",
        help="Shown when a new customer resembles an existing one.",
    )
    customer_collision_note = fields.Html(
        "Similar Customers at Creation", readonly=True, copy=False, groups="base.group_user"
    )

    @api.depends("name", "vat", "phone", "email", "country_id", "is_company")
    def _compute_collision_keys(self):
        own = self.env.company.country_id.phone_code
        for partner in self:
            name = matching.name_key(partner.name)
            head, tail = matching.name_blocks(name) if partner.is_company else ("", "")
            partner.customer_name_key = name or False
            partner.customer_name_head = head or False
            partner.customer_name_tail = tail or False
            partner.customer_vat_key = matching.tax_key(partner.vat) or False
            partner.customer_phone_key = (
                matching.phone_key(partner.phone, partner.country_id.phone_code or own) or False
            )
            partner.customer_domain_key = matching.domain_key(partner.email) or False

    # -- look-up ----------

    @api.model
    def _collision_protection(self, partners):
        """Hook of higher domains: until when customers are protected for their owner.

        :return: ``{partner id: date}``, partners without protection left out
        """
        return {}

    @api.model
    def _collision_entry(self, vals, free_mail):
        """Return the keys of a new entry from its values."""
        country = self._customer_named(vals, "country_id")
        code = (country or self.env.company.country_id).phone_code
        domain = matching.domain_key(vals.get("email"))
        return queries.Entry(
            name=matching.name_key(vals.get("name")) if vals.get("is_company") else "",
            vat=matching.tax_key(vals.get("vat")),
            phone=matching.phone_key(vals.get("phone"), code),
            domain="" if domain in free_mail else domain,
            partner_id=vals.get("id") or 0,
        )

    @api.model
    def _free_mail_domains(self):
        """Return domains that say nothing about a customer: free mail, and our own."""
        # sudo: a list of public providers, and the domains our own mail comes from
        listed = self.env["ir.config_parameter"].sudo().get_param(FREE_MAIL_PARAMETER)
        names = listed.replace(",", " ").split() if listed else matching.FREE_MAIL
        own = self.env["res.company"].sudo().search([]).mapped("email")
        return {name.lower() for name in names} | {matching.domain_key(email) for email in own}

    @api.model
    def _find_collisions_batch(self, vals_list):
        """Return a list of `Collision` for each of some new entries, with one look-up for all.

        :param vals_list: dicts with name, is_company, vat, phone, email, country_id and, for a
            partner that exists, id
        """
        free_mail = self._free_mail_domains()
        entries = [self._collision_entry(vals, free_mail) for vals in vals_list]
        wanted = [
            (number, entry)
            for number, entry in enumerate(entries)
            if entry.name or entry.vat or entry.phone or entry.domain
        ]
        found = [{} for _entry in entries]
        if wanted:
            self.flush_model()
            numbers = [number for number, _entry in wanted]
            companies = self._collision_companies().ids
            rows = self.env.execute_query(
                queries.candidates([entry for _n, entry in wanted], companies)
            )
            for index, kind, customer_id, name_key in rows:
                number = numbers[index]
                if kind == "name" and not matching.near_identical(entries[number].name, name_key):
                    continue
                found[number].setdefault(customer_id, set()).add(kind)
        # sudo: the look-up crosses record rules on purpose; `_collision_message` filters what is
        # told
        customers = self.sudo().browse({key for matches in found for key in matches})
        protection = self._collision_protection(customers)
        return [
            [
                Collision(
                    customer,
                    tuple(kind for kind in KINDS if kind in matches[customer.id]),
                    customer.user_id.name or customer.customer_team_id.name or "",
                    protection.get(customer.id, False),
                )
                for customer in customers.browse(sorted(matches))
            ]
            for matches in found
        ]

    @api.model
    def _collision_companies(self):
        """Return the companies whose customers are told: all of the user's, not only the chosen ones."""
        # sudo: which companies somebody works in, and those a branch belongs to
        return (self.env.user.sudo().company_ids | self.env.company.sudo()).root_id

    @api.model
    def _find_collisions(self, vals):
        """Return the `Collision` list of one new entry; see `_find_collisions_batch`."""
        return self._find_collisions_batch([vals])[0]

    @api.model
    def find_customer_collisions(self, vals):
        """Tell any internal user what a new customer collides with, and nothing confidential.

        :param vals: name, is_company, vat, phone, email, country_id
        :return: list of dicts: kinds, owner, protected_until (text or False), message, and
            partner_id and name, which are False for customers that the caller may not read
        :raises AccessError: for portal and public users
        """
        if not (self.env.su or self.env.user._is_internal()):
            raise AccessError(self.env._("Only internal users can search for similar customers."))
        vals = as_values(self.env, vals, "vals")
        for name in ("name", "vat", "phone", "email"):
            vals[name] = as_text(self.env, vals.get(name), name)
        vals["country_id"] = as_number(self.env, vals.get("country_id"), "country_id")
        names = ("name", "is_company", "vat", "phone", "email", "country_id")
        collisions = self._find_collisions({name: vals.get(name) for name in names})
        readable = self._readable_collisions(collisions)
        return [
            {
                "kinds": list(collision.kinds),
                "owner": collision.owner,
                "protected_until": fields.Date.to_string(collision.protected_until)
                if collision.protected_until
                else False,
                "message": self._collision_message(collision, collision.partner.id in readable),
                "partner_id": collision.partner.id in readable and collision.partner.id,
                "name": collision.partner.id in readable and collision.partner.display_name,
            }
            for collision in collisions
        ]

    @api.model
    def _readable_collisions(self, collisions):
        """Return the ids of the colliding customers that the user may read."""
        partners = self.browse({collision.partner.id for collision in collisions})
        return set(partners.sudo(False)._filtered_access("read").ids)

    @api.model
    def _collision_message(self, collision, readable):
        """Say what matches, who owns the customer and until when it is protected."""
        labels = {
            "vat": self.env._("same tax ID"),
            "phone": self.env._("same phone"),
            "domain": self.env._("same e-mail domain"),
            "name": self.env._("near-identical name"),
        }
        parts = [", ".join(labels[kind] for kind in collision.kinds)]
        if readable:
            parts.insert(0, collision.partner.display_name)
        parts.append(
            self.env._("already assigned to %s", collision.owner)
            if collision.owner
            else self.env._("already a customer, without an owner")
        )
        if collision.protected_until:
            parts.append(
                self.env._("protected until %s", format_date(self.env, collision.protected_until))
            )
        return " · ".join(parts)

    def _collision_html(self, collisions, readable):
        """Return the collisions as a list; those whose partner id is in `readable` are links.

        The strongest come first; of a name that thousands share, the first ten say enough.
        """
        items = []
        strongest = sorted(collisions, key=lambda found: KINDS.index(found.kinds[0]))
        for collision in strongest[:SHOWN]:
            text = self._collision_message(collision, collision.partner.id in readable)
            if collision.partner.id in readable:
                text = Markup('<a href="/odoo/res.partner/%s" target="_blank">%s</a>') % (
                    collision.partner.id,
                    text,
                )
            items.append(Markup("<li>%s</li>") % text)
        if len(collisions) > SHOWN:
            more = self.env._("and %s more", len(collisions) - SHOWN)
            items.append(Markup("<li>%s</li>") % more)
        return Markup('<ul class="mb-0">%s</ul>') % Markup("").join(items)

    # -- form and create ----------

    @api.depends(
        "name", "is_company", "vat", "phone", "email", "country_id", "parent_id", "company_type"
    )
    @api.depends_context("uid", "lang")
    def _compute_customer_collision_warning(self):
        """Warn while a customer is being entered; a saved one has its note."""
        for partner in self:
            partner.customer_collision_warning = False
            if partner._origin.id or partner.parent_id:
                continue
            collisions = self._find_collisions(
                {
                    "name": partner.name,
                    "is_company": partner.is_company,
                    "vat": partner.vat,
                    "phone": partner.phone,
                    "email": partner.email,
                    "country_id": partner.country_id.id,
                }
            )
            if collisions:
                readable = self._readable_collisions(collisions)
                partner.customer_collision_warning = self._collision_html(collisions, readable)

    @api.model_create_multi
    def create(self, vals_list):
        """Keep on a new customer what it looked like, however it was created."""
        partners = super().create(vals_list)
        partners._note_collisions()
        return partners

    def _note_collisions(self):
        """Write the collisions of new customers on them, all looked up at once.

        The note names nobody: others than its author read it, who may see less.
        """
        if self.env.context.get("install_mode"):
            return
        customers = self.filtered(
            lambda partner: partner.commercial_partner_id == partner and not partner.user_ids
        )
        if not customers:
            return
        values = customers.sudo().read(
            ["name", "is_company", "vat", "phone", "email", "country_id"], load=None
        )
        found = self._find_collisions_batch(values)
        for customer, collisions in zip(customers, found, strict=True):
            # two entries of one batch are new to each other; the older ones count
            if collisions:
                note = self._collision_html(collisions, readable=set())
                if customer.customer_collision_reason:
                    note += Markup("<p>%s</p>") % customer.customer_collision_reason
                customer.sudo().customer_collision_note = note
