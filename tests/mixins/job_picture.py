"""What the tables hold, without ids and moments: to tell whether two runs of a job left the same."""

from collections import Counter

from odoo.tools import SQL

# Columns that differ from run to run, or hold ids of what a run has made
VARIES = {"id", "res_id", "access_token", "message_id", "key", "portal_token", "many2one_reference"}
# What a second run says of what the first one did: when the next step comes, what the new tier asks for
VARIES |= {"next_date", "data_completeness"}
COMPARED = {"char", "selection", "integer", "float", "monetary", "boolean", "date"}
OF_ODOO = ("mail.activity", "mail.message", "tier.review", "sale.order")
# What the runs change on customers
CUSTOMER = ("customer_lifecycle", "customer_tier_id", "credit_limit")


def picture(env):
    """Return {model: Counter of rows}."""
    env.flush_all()
    found = {}
    for name, model in env.items():
        own = name.startswith("customer.") and name != "customer.sent"
        if not (own or name in OF_ODOO) or model._abstract or model._transient:
            continue
        if not model._auto or not (columns := _columns(model)):
            continue
        sql = SQL(
            "SELECT %s FROM %s",
            SQL(", ").join(SQL.identifier(column) for column in columns),
            SQL.identifier(model._table),
        )
        found[name] = Counter(map(repr, env.execute_query(sql)))
    for table in ("customer_sent", "mail_followers"):
        rows = env.execute_query(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
        found[table] = Counter(map(repr, rows))
    sql = SQL(
        "SELECT id, %s FROM res_partner",
        SQL(", ").join(SQL("%s::text", SQL.identifier(column)) for column in CUSTOMER),
    )
    found["res.partner"] = Counter(map(repr, env.execute_query(sql)))
    return found


def differences(one, other):
    """Return {model: rows that only one of two pictures has}, without the models that are equal."""
    return {
        name: rows
        for name in one
        if (rows := (one[name] - other[name]) | (other[name] - one[name]))
    }


def _columns(model):
    return [
        name
        for name, field in sorted(model._fields.items())
        if field.store
        and field.column_type
        and field.type in COMPARED
        and name not in VARIES
        and not field.company_dependent
    ]
