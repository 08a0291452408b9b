from odoo import api, models
from odoo.api import NewId
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .customer_named_mixin import is_confidential

NAMING = (Command.DELETE, Command.UNLINK, Command.LINK)

# The largest number a column of ids holds.
LARGEST_ID = 2**31 - 1


class Base(models.AbstractModel):
    """Records are named by whole numbers, whatever a caller sends.

    The ORM takes `3.0`, `"3"` or `True` for one record in one place (a column) and for none in another
    (its cache): what compares, reads or counts what is named would see nothing.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what names a record in another way."""
        for vals in vals_list:
            self._check_customer_ids(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse what names a record in another way."""
        self._check_customer_ids(vals)
        return super().write(vals)

    def ensure_one(self):
        """EXTENDS base: a button of ours pressed by a program for none or for several records is refused
        in words; Odoo would answer with the text of a programming error.

        :raises UserError: for records of ours and the documents of Odoo that have buttons of ours
        """
        # as in Odoo, faster than counting: this is called very often
        try:
            (_id,) = self._ids
        except ValueError:
            if is_confidential(self._name):
                self._customer_refuse_not_one()
            return super().ensure_one()
        return self

    def _customer_refuse_not_one(self):
        # sudo: what people call the model
        kind = self.env["ir.model"].sudo()._get(self._name).name or self._description
        raise UserError(
            self.env._(
                "This can be done for one record at a time only. Select exactly one: %s.", kind
            )
        )

    @api.model
    def _customer_named(self, vals, name):
        """Return the record that values name in a field, for methods that look at it before `create` or
        `write` does.

        :return: an empty recordset where the values name none
        :raises ValidationError: for what does not name a record
        """
        value = vals.get(name)
        self._check_customer_ids({name: value})
        records = self.env[self._fields[name].comodel_name]
        if isinstance(value, models.BaseModel):
            return records.browse(value._ids)
        if isinstance(value, tuple):
            value = value[0]
        return records.browse(value or ())

    def _check_customer_ids(self, vals):
        """Check the values of fields that name something of ours, or that belong to a record of ours.

        :raises ValidationError: naming field and value
        """
        ours = is_confidential(self._name)
        for name, value in vals.items():
            if not value:
                continue
            field = self._fields.get(name)
            if field is None or not field.relational:
                continue
            if not (ours or is_confidential(field.comodel_name)):
                continue
            named = _is_record(value) if field.type == "many2one" else _are_records(value)
            if not named:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” expects the numbers of records; “%(value)s” is not one.",
                        field=field.get_description(self.env, ["string"])["string"],
                        value=value,
                    )
                )


def _is_id(value):
    return (value.__class__ is int and 0 <= value <= LARGEST_ID) or isinstance(value, NewId)


def _is_record(value):
    """Tell whether the value of a many2one field names one record in a way the ORM understands."""
    if isinstance(value, tuple):
        return bool(value) and (not value[0] or _is_id(value[0]))
    return _is_id(value) or isinstance(value, models.BaseModel)


def _are_records(value):
    """Tell whether the value of an x2many field is records, ids or well-formed commands."""
    if isinstance(value, models.BaseModel):
        return True
    return isinstance(value, list | tuple | set) and all(_is_command(one) for one in value)


def _is_command(value):
    if not isinstance(value, list | tuple):
        return _is_id(value) or isinstance(value, models.BaseModel)
    if not value:
        return False
    code, *rest = value
    if code == Command.CREATE:
        return len(rest) > 1 and isinstance(rest[1], dict)
    if code == Command.UPDATE:
        return len(rest) > 1 and _is_id(rest[0]) and isinstance(rest[1], dict)
    if code in NAMING:
        return bool(rest) and (_is_id(rest[0]) or isinstance(rest[0], models.BaseModel))
    if code == Command.SET:
        return len(rest) > 1 and _are_records(rest[1])
    return code == Command.CLEAR
