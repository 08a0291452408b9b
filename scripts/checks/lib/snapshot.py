"""Picture of a database: its structure and how many rows each table has.

Run in Odoo's shell. Writes the picture to the file $CG_SNAPSHOT; with CG_COMPARE=1 it compares the
database with that file, prints what differs and fails.
"""

import json
import os
import sys
from pathlib import Path

STRUCTURE = {
    "table": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'S')",
    "column": """
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
          FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "index": "SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass || ' ' || conname FROM pg_constraint",
    "function or trigger": """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
    """,
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "selection": """
        SELECT f.model || '.' || f.name || '=' || s.value
          FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id
    """,
    "external id": "SELECT module || '.' || name FROM ir_model_data",
    "view": "SELECT model || ' ' || name FROM ir_ui_view WHERE model IS NOT NULL",
    "menu": "SELECT name ->> 'en_US' FROM ir_ui_menu",
    "action": "SELECT type || ' ' || (name ->> 'en_US') FROM ir_actions",
    "group": "SELECT name ->> 'en_US' FROM res_groups",
    "rule": "SELECT name FROM ir_rule",
    "access": "SELECT name FROM ir_model_access",
    "cron": "SELECT cron_name FROM ir_cron",
    "parameter": "SELECT key FROM ir_config_parameter",
    "sequence": "SELECT coalesce(code, name) FROM ir_sequence",
    "mail template": "SELECT name ->> 'en_US' FROM mail_template",
    "message subtype": "SELECT name ->> 'en_US' FROM mail_message_subtype",
    "activity type": "SELECT name ->> 'en_US' FROM mail_activity_type",
    "approval": "SELECT model FROM tier_definition",
}
# Columns the addon has no business to change.
CONTENT = (
    ("res_partner", "id, name, parent_id, email, active, customer_rank, user_id, vat"),
    ("account_move", "id, name, state, amount_total, payment_state"),
    ("sale_order", "id, name, state, amount_total, invoice_status"),
)
# Everybody's tables: their rows may grow by what happened to customers, not to the addon's records.
SHARED = {
    "mail_message": "model",
    "mail_followers": "res_model",
    "mail_activity": "res_model",
    "ir_attachment": "res_model",
    "rating_rating": "res_model",
    "tier_review": "model",
    "ir_filters": "model_id",
    "ir_exports": "resource",
}
# Rows Odoo itself writes while it installs, uninstalls or runs.
OWN_LIFE = {
    "bus_bus",
    "ir_attachment",
    "ir_cron_progress",
    "ir_cron_trigger",
    "ir_logging",
    # Odoo 19 writes its notes on foreign keys to other addons' models (a column that points to
    # users or currencies) once more while it removes the columns. The keys themselves are compared.
    "ir_model_constraint",
    "ir_module_module",
    "ir_profile",
    "mail_message",
    "mail_message_res_partner_rel",
    "mail_notification",
    "mail_tracking_value",
    "orm_signaling_registry",
    "res_device_log",
    "res_users_log",
}


def picture(cr):
    """Return {kind: sorted names} of the structure and {"rows": {table: count}}."""
    result = {}
    for kind, query in STRUCTURE.items():
        cr.execute(query)
        result[kind] = sorted(str(name) for (name,) in cr.fetchall() if name is not None)
    cr.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
        "'public'::regnamespace ORDER BY 1"
    )
    result["rows"] = {}
    for (table,) in cr.fetchall():
        cr.execute(f'SELECT count(*) FROM "{table}"')
        result["rows"][table] = cr.fetchone()[0]
    for table, columns in CONTENT:
        cr.execute(
            f"SELECT md5(string_agg(concat_ws('|', {columns}), ',' ORDER BY id)) FROM {table}"
        )
        result[f"content of {table}"] = [cr.fetchone()[0]]
    return result


def differences(before, after):
    """Yield a line for each thing that came or went."""
    rows_before, rows_after = before.pop("rows"), after.pop("rows")
    for kind in before:
        was, now = before[kind], after[kind]
        for name in sorted(set(was) | set(now)):
            if was.count(name) != now.count(name):
                yield f"{kind} {name}: {was.count(name)} before, {now.count(name)} now"
    for table in sorted(rows_before.keys() & rows_after.keys() - OWN_LIFE):
        if rows_before[table] != rows_after[table]:
            yield f"table {table}: {rows_before[table]} rows before, {rows_after[table]} now"


def orphans(cr):
    """Yield a line for each shared table with rows of models that do not exist any more."""
    for table, column in SHARED.items():
        cr.execute(
            f"SELECT {column}, count(*) FROM {table} WHERE {column} IS NOT NULL "
            f"AND {column} NOT IN (SELECT model FROM ir_model) GROUP BY 1"
        )
        for model, count in cr.fetchall():
            yield f"{table}: {count} rows of {model}"


def forms_open(env):
    """Open the forms the addon had extended, with a record."""
    for model in ("res.partner", "sale.order", "account.move", "crm.lead", "res.users"):
        for kind in ("form", "list", "kanban", "search"):
            view = env[model].get_view(view_type=kind)
            assert "customer_governance" not in view["arch"], (model, kind)
        record = env[model].search([], limit=1)
        record.web_read(
            {name: {} for name in env[model].get_view(view_type="form")["models"][model]}
        )
    env["res.config.settings"].create({}).execute()


def main(env):
    """Write or compare the picture."""
    path = Path(os.environ["CG_SNAPSHOT"])
    now = picture(env.cr)
    if not os.environ.get("CG_COMPARE"):
        path.write_text(json.dumps(now))
        return
    found = [*differences(json.loads(path.read_text()), now), *orphans(env.cr)]
    for line in found:
        print(f"left: {line}")
    forms_open(env)
    if found:
        sys.exit(1)


main(env)  # noqa: F821
