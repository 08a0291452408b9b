"""Fields that only code writes, in records that users create."""

from odoo.exceptions import AccessError, UserError

from .customer_transition_mixin import SENTINEL


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


def _by_hand(records):
    """Tell whether a write comes neither from the system nor from a transition."""
    return not records.env.su and records.env.context.get("customer_transition") is not SENTINEL


def refuse_facts(records, vals, names):
    """Refuse to write by hand what only events record; emptying it is writing.

    :raises AccessError: where `vals` has one of the `names`
    """
    if _by_hand(records) and not vals.keys().isdisjoint(names):
        raise AccessError(
            records.env._("What happened and when comes from the events themselves, not from hand.")
        )


def refuse_settled(records, vals, settled):
    """Refuse to change by hand what a state has settled.

    :param settled: {state: names of the fields that stay as they are in it}
    :raises UserError: with the fields that stay
    """
    if not _by_hand(records):
        return
    for record in records:
        if names := vals.keys() & settled.get(record.state, ()):
            states = dict(record._fields["state"]._description_selection(record.env))
            raise UserError(
                record.env._(
                    "“%(record)s” is %(state)s, this stays as it is: %(fields)s. Correct it with a note.",
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
