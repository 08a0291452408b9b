"""Fields that only code of ours writes, in records that users create."""


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
