"""Fields that only code writes, in records that users create."""

from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .marks import SENTINEL

# With cents still exact in a float.
UNREAL = 1e13


def without_defaults(records, names):
    """Return the records with a context that has no defaults for some fields.

    A caller over RPC sets ``default_<field>`` in the context as easily as a value.
    """
    keys = {f"default_{name}" for name in names}
    if keys.isdisjoint(records.env.context):
        return records
    context = {key: value for key, value in records.env.context.items() if key not in keys}
    return records.with_env(records.env(context=context))


def without(records, vals_list, names):
    """Return (records, vals_list) without some fields, also without their defaults."""
    return without_defaults(records, names), [
        {key: value for key, value in vals.items() if key not in names} for vals in vals_list
    ]


def refuse_future(records, names):
    """Refuse days that have not come for what has happened: a typing mistake would stay for ever.

    :raises ValidationError: with the field and its day
    """
    for record in records:
        company = "company_id" in record._fields and record.company_id
        today = (company or record.env.company)._customer_today()
        for name in names:
            if record[name] and record[name] > today:
                raise ValidationError(
                    record.env._(
                        "“%(field)s” cannot be in the future: %(day)s.",
                        field=record._fields[name]._description_string(record.env),
                        day=format_date(record.env, record[name]),
                    )
                )


def refuse_unreal(records, name):
    """Refuse amounts that nobody owes: sums of them would lose the cents, or overflow.

    :raises ValidationError: with the field
    """
    for record in records:
        # written so that what is not a number is refused as well
        if not abs(record[name]) < UNREAL:
            raise ValidationError(
                record.env._(
                    "“%s” is too large to be an amount of money.",
                    record._fields[name]._description_string(record.env),
                )
            )


def by_hand(records):
    """Tell whether a write comes neither from the system nor from a transition."""
    return not records.env.su and records.env.context.get("customer_transition") is not SENTINEL


def refuse_settled(records, vals, settled):
    """Refuse to change by hand what a state has settled.

    :param settled: {state: names of the fields that stay as they are in it}
    :raises UserError: with the fields that stay
    """
    if not by_hand(records):
        return
    for record in records:
        if names := vals.keys() & settled.get(record.state, ()):
            states = dict(record._fields["state"]._description_selection(record.env))
            raise UserError(
                record.env._(
                    "“%(record)s” is %(state)s, so this can no longer be changed: "
                    "%(fields)s. Correct it with a note.",
                    record=record.display_name,
                    state=states[record.state],
                    fields=", ".join(
                        sorted(
                            record._fields[name]._description_string(record.env) for name in names
                        )
                    ),
                )
            )


def unforged(records, vals, names):
    """Return the values of a write without figures that only the ORM computes.

    It writes a stored computed field that a caller sends, read-only or not, and keeps it until
    something the field depends on changes. Forms do not send such fields; the system may.
    """
    if records.env.su or names.isdisjoint(vals):
        return vals
    return {name: value for name, value in vals.items() if name not in names}
