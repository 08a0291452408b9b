"""Whoever names a record reads it: asked for what is saved, and for what a form asks before that."""

from odoo import api, models
from odoo.fields import Command

from .marks import SENTINEL

# Whoever names one of these has to be able to read it; other models of Odoo are choices open to all.
DOCUMENTS = (
    "res.partner",
    "sale.order",
    "sale.order.line",
    "account.move",
    "account.move.line",
    "account.payment",
    "crm.lead",
    "ir.attachment",
)


def is_confidential(model_name):
    """Tell whether naming a record of the model needs the right to read it."""
    return model_name.startswith("customer.") or model_name in DOCUMENTS


class CustomerNamedMixin(models.AbstractModel):
    """A record, or a dialog, that names only what its writer may read.

    Odoo asks for the rights on a record and never for those on what it names; related and computed
    fields then tell the names, numbers and sums of what is named. So whatever a caller names is read
    by the caller: on create, on write, in the defaults of the context, and in `onchange`, which
    answers a form about a record that is not there yet.

    The system (`sudo`) does as it likes, and who calls it answers for that.
    """

    _name = "customer.named.mixin"
    _description = "Names what its writer reads"

    # What one may name without reading it, because that is what the record is for.
    _guard_unread = ()

    @api.model
    def _guard_named_fields(self):
        """Return the names of the fields whose records the caller has to be able to read."""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many")
            and field.store
            and name not in self._guard_unread
            and is_confidential(field.comodel_name)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to make a record about something that the caller cannot read."""
        if not self.env.su:
            self._guard_check_named(vals_list, defaults=True)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to name what the caller cannot read."""
        # what a transition writes was chosen by code
        if not self.env.su and self.env.context.get("customer_transition") is not SENTINEL:
            self._guard_check_named([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """EXTENDS web: a form learns nothing about what its reader cannot read."""
        if not self.env.su:
            self.check_access("write" if self else "create")
            values = self._guard_form_values(values, field_names)
        return super().onchange(values, field_names, fields_spec)

    def _guard_check_named(self, vals_list, defaults=False):
        """Check that the caller may read what is named.

        :param defaults: also what the context says for fields that the values leave out
        """
        context = self.env.context
        for name in self._guard_named_fields():
            key = f"default_{name}"
            named = set()
            for vals in vals_list:
                if name in vals:
                    named |= ids_of(vals[name])
                elif defaults and key in context:
                    named |= ids_of(context[key])
            if named:
                self._guard_news(name, named).check_access("read")

    def _guard_news(self, name, named):
        """Return those of the records named that not every record here names already."""
        # sudo: what it names now is no news
        now = [set(record[name].ids) for record in self.sudo().with_context(active_test=False)]
        known = set.intersection(*now) if now else set()
        return self.env[self._fields[name].comodel_name].browse(named - known)

    def _guard_form_values(self, values, asked=()):
        """Return the values of a form that may be computed with, lines and parent included.

        A form sends back what the server computed for it. Where that is a record that the reader
        cannot read, the value is left out and computed again; everything else was chosen.

        :param asked: names of the fields that changed
        :raises AccessError: the caller cannot read what was chosen
        """
        kept = dict(values)
        for name, field in self._fields.items():
            if not field.relational or name in self._guard_unread:
                continue
            if name in kept:
                if self._guard_is_readable(field, kept[name], computed=name not in asked):
                    kept[name] = self._guard_form_parts(field, kept[name])
                else:
                    del kept[name]
            key = f"default_{name}"
            if not self and name not in kept and key in self.env.context:
                value = self.env.context[key]
                self._guard_is_readable(field, value, computed=False)
                self._guard_form_parts(field, value)
        return kept

    def _guard_is_readable(self, field, value, computed):
        """Tell whether the caller reads what a field of a form names.

        :param computed: a column that only the ORM fills may name what the caller cannot read
        :raises AccessError: where the field does not
        """
        named = ids_of(value)
        if not named or not is_confidential(field.comodel_name):
            return True
        news = self._guard_news(field.name, named)
        if computed and field.compute and field.readonly and not field.inverse:
            return news.has_access("read")
        news.check_access("read")
        return True

    def _guard_form_parts(self, field, value):
        """Return the value of a field of a form, with the values inside of it checked."""
        comodel = self.env[field.comodel_name]
        if not isinstance(comodel, self.pool["customer.named.mixin"]):
            return value
        if isinstance(value, dict):
            # the form around this one
            saved = comodel.browse(value["id"]) if value.get("id") else comodel
            return saved._guard_form_values(value)
        if not isinstance(value, list | tuple):
            return value
        return [
            self._guard_form_line(comodel, command)
            if isinstance(command, list | tuple)
            else command
            for command in value
        ]

    def _guard_form_line(self, comodel, command):
        if len(command) < 3 or command[0] not in (Command.CREATE, Command.UPDATE):
            return command
        saved = isinstance(command[1], int) and command[0] == Command.UPDATE
        line = comodel.browse(command[1]) if saved else comodel
        return [*command[:2], line._guard_form_values(command[2] or {})]


def ids_of(value):
    """Return the ids of records in the value of a relational field, as people and RPC write it."""
    if isinstance(value, models.BaseModel):
        return set(value.ids)
    if isinstance(value, dict):
        return ids_of(value.get("id"))
    if not isinstance(value, list | tuple):
        return _as_ids([value])
    found = set()
    for command in value:
        if not isinstance(command, list | tuple):
            found |= ids_of(command)
        elif len(command) > 1 and command[0] in (Command.LINK, Command.UPDATE):
            found |= _as_ids([command[1]])
        elif len(command) > 2 and command[0] == Command.SET:
            found |= ids_of(command[2] or ())
    return found


def _as_ids(values):
    """Return the ids that the ORM may make of the values: also `3.0`, `"3"` and `True` reach a column."""
    return {
        int(value)
        for value in values
        if (isinstance(value, str) and value.isdecimal())
        or (isinstance(value, int | float) and value > 0 and value == value // 1)
    }
