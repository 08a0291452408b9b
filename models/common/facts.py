"""Fields that only code writes, in records that users create."""


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


def unforged(records, vals, names):
    """Return the values of a write without figures that only the ORM computes.

    It writes a stored computed field that a caller sends, read-only or not, and keeps it until
    something the field depends on changes. Forms do not send such fields; the system may.
    """
    if records.env.su or names.isdisjoint(vals):
        return vals
    return {name: value for name, value in vals.items() if name not in names}
