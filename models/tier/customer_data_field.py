from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...engine.completeness import text_present
from ...queries.completeness import ADDRESS, REACH, Check

COLUMN_TYPES = (
    "char",
    "text",
    "many2one",
    "many2many",
    "selection",
    "date",
    "datetime",
    "integer",
    "float",
    "monetary",
)
# Whose change is announced when the data field is key data.
ADDRESS_FIELDS = ("street", "street2", "zip", "city", "state_id", "country_id")
CONTACT_FIELDS = ("name", "function", "phone", "email")


class CustomerDataField(models.Model):
    """Something the policy wants on file about a customer: a field of the partner or a relation.

    It may be required (by default, or by a tier's list) and it may be key data, whose change is
    announced. Numbers count as present when they are not zero, texts when they are not blank.
    """

    _name = "customer.data.field"
    _inherit = ["customer.guard.mixin"]
    _description = "Customer Data Field"
    _order = "sequence, id"

    name = fields.Char("Label", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("field", "Field of the customer"),
            ("address", "Address: street, city and country"),
            ("reach", "Phone or e-mail"),
            ("contact", "At least one contact person"),
            ("bank", "At least one bank account"),
        ],
        required=True,
        default="field",
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        "Field",
        ondelete="cascade",
        domain=[
            ("model", "=", "res.partner"),
            ("store", "=", True),
            ("ttype", "in", COLUMN_TYPES),
        ],
    )
    field_name = fields.Char("Technical Name", related="field_id.name")
    applies_to = fields.Selection(
        [("all", "All"), ("company", "Companies"), ("person", "Persons")],
        required=True,
        default="all",
    )
    is_default = fields.Boolean(
        "Required by Default",
        help="Required for customers without a tier and for tiers that do not specify their own "
        "requirements.",
    )
    is_key = fields.Boolean(
        "Key Data",
        help="A change is logged in the chatter and sent to the account manager and to followers "
        "of 'Key data changed'.",
    )
    tier_ids = fields.Many2many(
        "customer.tier",
        "customer_tier_data_field_rel",
        "field_id",
        "tier_id",
        "Required for Tiers",
    )

    _field_uniq = models.UniqueIndex(
        "(field_id) WHERE field_id IS NOT NULL", "This field is already in the list."
    )
    _kind_uniq = models.UniqueIndex(
        "(kind) WHERE kind != 'field'", "This kind of data is already in the list."
    )
    _kind_field = models.Constraint(
        "CHECK((kind = 'field') = (field_id IS NOT NULL))",
        "Specify a field for the kind 'Field of the customer', and only for this kind.",
    )

    @api.constrains("field_id")
    def _check_field_id(self):
        """Only stored fields of partners that can be looked up in the database."""
        for data_field in self.filtered("field_id"):
            field = data_field.field_id.sudo()  # the technical description of a field is no secret
            if field.model != "res.partner" or not field.store or field.ttype not in COLUMN_TYPES:
                raise ValidationError(
                    self.env._(
                        "%(field)s cannot be checked: choose a stored field of the contact.",
                        field=field.field_description,
                    )
                )

    @api.onchange("field_id")
    def _onchange_field_id(self):
        if self.field_id and not self.name:
            self.name = self.field_id.field_description

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != "field":
            self.field_id = False
            if not self.name:
                self.name = dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    # -- writing ----------

    @api.model_create_multi
    def create(self, vals_list):
        """Forget the cached lists of watched fields."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Forget the cached lists of watched fields."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Forget the cached lists of watched fields."""
        self.env.registry.clear_cache()
        return super().unlink()

    # -- what is required ----------

    @api.model
    def _requirements(self):
        """Return ``(all active data fields, default ones, {tier: its own})``, the same for all.

        sudo: what the policy requires is configuration that every user's form shows.
        """
        every = self.sudo().search([])
        tiers = {}
        for data_field in every:
            for tier in data_field.with_context(active_test=False).tier_ids:
                tiers[tier.id] = tiers.get(tier.id, self.sudo().browse()) | data_field
        return every, every.filtered("is_default"), tiers

    def _applicable(self, partner):
        """Return those of the data fields that apply to a company or a person."""
        other = "person" if partner.is_company else "company"
        return self.filtered(lambda data_field: data_field.applies_to != other)

    def _is_present(self, partner):
        """Tell whether the data is on file for a commercial partner (may be unsaved)."""
        self.ensure_one()
        if self.kind == "contact":
            return any(
                child.active and child.type == "contact" and not child.is_company
                for child in partner.child_ids
            )
        if self.kind == "bank":
            return any(bank.active for bank in partner.bank_ids)
        if self.kind == "address":
            return all(self._value_present(partner, name) for name in ADDRESS)
        if self.kind == "reach":
            return any(self._value_present(partner, name) for name in REACH)
        return self._value_present(partner, self.field_name)

    @api.model
    def _value_present(self, partner, name):
        """Tell whether a field of the partner is given."""
        value = partner[name]
        if partner._fields[name].type in ("char", "text"):
            return text_present(value)
        return bool(value)

    def _form_field(self):
        """Return the field of the partner form where the data is entered."""
        self.ensure_one()
        fields_of_kind = {"contact": "child_ids", "bank": "bank_ids", "address": "street"}
        return fields_of_kind.get(self.kind) or (
            "phone" if self.kind == "reach" else self.field_name
        )

    @api.model
    def _checks(self, company):
        """Return the arguments of `queries.completeness.data_completeness` for a company."""
        every, default, tiers = self._requirements()
        partner = self.env["res.partner"].sudo().with_company(company)
        query = partner._as_query(ordered=False)
        checks = []
        for data_field in every:
            column = relation = None
            ttype = ""
            if data_field.kind == "field":
                field = partner._fields.get(data_field.field_name)
                if field is None:
                    continue  # the module that had the field is being removed
                ttype = field.type
                if ttype == "many2many":
                    other = self.env[field.comodel_name]
                    archivable = other._active_name == "active"
                    relation = (
                        field.relation,
                        field.column1,
                        field.column2,
                        other._table,
                        archivable,
                    )
                else:
                    column = partner._field_to_sql("p", field.name, query)
            checks.append(
                Check(
                    data_field.id, data_field.kind, data_field.applies_to, ttype, column, relation
                )
            )
        return {
            "checks": checks,
            "default_ids": frozenset(default.ids),
            "tier_ids": {tier: frozenset(required.ids) for tier, required in tiers.items()},
            "tier": partner._field_to_sql("p", "customer_tier_id", query),
        }

    # -- what is watched ----------

    def _watched_names(self):
        """Return the names of the fields behind the data: ``(of customers, of their contacts)``."""
        own, contact = set(), set()
        for data_field in self:
            if data_field.kind == "field":
                own.add(data_field.field_name)
            elif data_field.kind == "address":
                own.update(ADDRESS_FIELDS)
            elif data_field.kind == "reach":
                own.update(REACH)
            elif data_field.kind == "contact":
                contact.update(CONTACT_FIELDS)
        known = set(self.env["res.partner"]._fields)
        return frozenset(own & known), frozenset(contact & known)

    @api.model
    @tools.ormcache()
    def _watched_fields(self):
        """Return ``(key fields of customers, of contacts, listed fields of customers, of
        contacts)``.

        sudo: what is announced and recorded does not depend on who makes the change.
        """
        listed = self.sudo().search([])
        return (*listed.filtered("is_key")._watched_names(), *listed._watched_names())
