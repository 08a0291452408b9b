"""May this record belong to that parent or company: asked in one place, for every model of ours.

Odoo checks the record rules of a record before it is written and never asks about what it is written
to. So without this a case could be moved into a company its writer cannot see, and a new record could be
hung under a parent that nobody let its maker read. Some record rules even follow from such a new record:
who has an action of a case reads the case.
"""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .facts import without, without_defaults
from .guard import rules
from .marks import SENTINEL

# What no person types: a line, a text, and the years of a date.
LONGEST = {"char": 2_000, "text": 200_000, "html": 1_000_000}
YEARS = (1900, 2200)


class CustomerGuardMixin(models.AbstractModel):
    """A record that stays where it was made, and that names only what its writer may read.

    Read by `create` and `write`; the fields are found by what they are, so a new field or model is
    guarded by itself.

    * The company of a record of one company, and its parents, are **fixed** once they are set. A parent
      is found by itself: the field that the company comes from (``related="parent_id.company_id"``) and
      required links that are deleted with a model of ours.
    * What decides about rights besides, the customer or the company of a configuration, may change to
      where the caller has the right to write: the rules are asked **again** after the write.
    * **Who did something is the caller**: a read-only link to a user is the caller or nobody; where it
      has a default (who registered it) it stays.
    * What the ORM computes is not sent: a stored computed field without `inverse` that is read-only is
      dropped from the values and from the defaults of the context.
    * Whatever record a caller names the caller **reads** (`customer.named.mixin`): before the record is
      made, because a record rule may follow from the new record.

    The system (`sudo`) does as it likes, and who calls it answers for that.
    """

    _name = "customer.guard.mixin"
    _inherit = ["customer.named.mixin"]
    _description = "Cannot Be Moved"

    # More fields that stay, once they are set.
    _guard_fixed = ()
    # Required links that look like parents and are choices.
    _guard_movable = ()

    # What people may not write, as `guard.Rule`s; those of all files of a model count.
    _guards = ()

    @api.model
    def _guard_fixed_fields(self):
        """Return the names of the fields that stay as they are once they are set."""
        names = set(self._guard_fixed)
        company = self._fields.get("company_id")
        if company is not None and company.store:
            if company.related:
                names.add(company.related.split(".")[0])
            elif company.required:
                names.add("company_id")
        for name, field in self._fields.items():
            if (
                field.type == "many2one"
                and field.store
                and field.required
                and field.ondelete == "cascade"
                and not field.compute
                and field.comodel_name.startswith("customer.")
            ):
                names.add(name)
        return names - set(self._guard_movable)

    @api.model
    def _guard_computed_fields(self):
        """Return the names of the columns that only the ORM fills."""
        return {
            name
            for name, field in self._fields.items()
            if field.store and field.compute and field.readonly and not field.inverse
        }

    @api.model
    def _guard_who_fields(self):
        """Return the names of the fields that say who did something."""
        return {
            name
            for name, field in self._fields.items()
            if field.type == "many2one"
            and field.comodel_name == "res.users"
            and field.store
            and field.readonly
            and not field.compute
            and name not in models.MAGIC_COLUMNS
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Record who did it; refuse what no person types, and what the caller cannot read."""
        for rule in rules(self):
            self, vals_list = rule.on_create(self, vals_list)
        if self.env.su:
            return super().create(vals_list)
        who = self._guard_who_fields()
        self = without_defaults(self, who)
        self, vals_list = without(self, vals_list, self._guard_computed_fields())
        vals_list = [
            {
                name: value
                for name, value in vals.items()
                if name not in who or value in (self.env.uid, False)
            }
            for vals in vals_list
        ]
        self._guard_check_size(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to move a record; ask the rules again where its place may change."""
        for rule in rules(self):
            rule.on_write(self, vals)
        if self.env.su:
            return super().write(vals)
        computed = self._guard_computed_fields()
        if not computed.isdisjoint(vals):
            vals = {name: value for name, value in vals.items() if name not in computed}
        self._guard_check_size([vals])
        self._guard_check_fixed(vals)
        # what a transition writes was chosen by code
        if self.env.context.get("customer_transition") is not SENTINEL:
            self._guard_check_who(vals)
        result = super().write(vals)
        if not {"company_id", "partner_id"}.isdisjoint(vals):
            self.check_access("write")
        return result

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """EXTENDS base: in forms and lists what stays is filled in for new records only."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type not in ("form", "list"):
            return arch, view
        fixed = self._guard_fixed_fields()
        for node in arch.xpath("//field[not(ancestor::field)]"):
            if node.get("name") in fixed and node.get("readonly") not in ("1", "True"):
                saved = node.get("readonly")
                node.set("readonly", f"id or ({saved})" if saved else "id")
        return arch, view

    def _guard_check_size(self, vals_list):
        """Refuse what would block a worker or overflow a calendar, before anything works on it."""
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if field is None or not value:
                    continue
                limit = LONGEST.get(field.type)
                if limit and isinstance(value, str) and len(value) > limit:
                    raise UserError(
                        self.env._(
                            "“%(field)s” can contain at most %(limit)s characters.",
                            field=field._description_string(self.env),
                            limit=limit,
                        )
                    )
                if isinstance(value, str) and "\x00" in value:
                    raise UserError(
                        self.env._(
                            "“%s” contains a character that cannot be stored.",
                            field._description_string(self.env),
                        )
                    )
                if field.type in ("date", "datetime") and not _is_of_our_time(value):
                    raise UserError(
                        self.env._(
                            "“%(field)s” must be between the years %(first)s and %(last)s.",
                            field=field._description_string(self.env),
                            first=YEARS[0],
                            last=YEARS[1],
                        )
                    )

    def _guard_check_fixed(self, vals):
        names = self._guard_fixed_fields() & vals.keys()
        if not names:
            return
        # sudo: what it belongs to now, to compare
        for record in self.sudo():
            moved = [name for name in names if record[name] and record[name].id != vals[name]]
            if moved:
                record = record.with_env(self.env)
                raise UserError(
                    self.env._(
                        "“%(record)s” cannot be moved from where it was created. This "
                        "cannot be changed: %(fields)s.",
                        record=record.display_name,
                        fields=", ".join(
                            sorted(
                                record._fields[name]._description_string(self.env) for name in moved
                            )
                        ),
                    )
                )

    def _guard_check_who(self, vals):
        for name in self._guard_who_fields() & vals.keys():
            # sudo: who did it, to compare
            same = all(record[name].id == vals[name] for record in self.sudo())
            if not same and (self._fields[name].default or vals[name] != self.env.uid):
                raise AccessError(
                    self.env._(
                        "This is recorded automatically: %s.",
                        self._fields[name]._description_string(self.env),
                    )
                )


def _is_of_our_time(value):
    """Tell whether a date, or its text, is within `YEARS`; what is no date Odoo refuses itself."""
    year = value[:4] if isinstance(value, str) else getattr(value, "year", None)
    try:
        return YEARS[0] <= int(year) <= YEARS[1]
    except (TypeError, ValueError):
        return True
