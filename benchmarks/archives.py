"""Archives at scale: completeness, radar, what ends, and the list of a salesperson.

Dossiers are made in the database and rolled back. A figure beyond its limit makes the exit code 1.
"""

from statistics import median

from odoo import fields
from odoo.tools import SQL

from .common import fail, measured, parser, say, table
from .sales_sql import insert_like

CUSTOMERS_EACH = 10  # dossiers of a customer
OWN_SHARE = 20  # one customer in so many is the salesperson's
LIST_FACTOR = 1.5
REPEATS = 9
PAGE = 80


def main(env, args):
    """Run all parts; return 1 when a limit is exceeded."""
    options = _parser().parse_args(args)
    env = env(context=dict(env.context, tracking_disable=True))
    sales, admin = _users(env)
    with measured(f"insert {options.dossiers} dossiers, {options.documents} documents", env):
        _insert(env, sales, options.dossiers, options.documents)
    rows, failed = [], []
    for label, value, limit in (
        *_completeness(env, options.dossiers),
        *_radar(env, admin),
        *_retention(env, admin, options.dossiers),
        *_lists(env, sales, admin),
    ):
        say(f"{label}: {value:,.3f}")
        if limit is not None and value > limit:
            failed.append(label)
        bound = "" if limit is None else f"<= {limit:g}"
        rows.append([label, f"{value:,.3f}", bound, "NO" if label in failed else ""])
    print(table(["Figure", "value", "limit", ""], rows))
    env.cr.rollback()
    say("All limits are kept." if not failed else f"Beyond their limits: {', '.join(failed)}")
    return 1 if failed else 0


def _users(env):
    users = env["res.users"].with_context(no_reset_password=True)
    groups = {"bench_sales": "group_sales", "bench_archivist": "group_archivist"}
    return [
        users.search([("login", "=", login)])
        or users.create(
            {
                "name": login,
                "login": login,
                "group_ids": [(6, 0, env.ref(f"customer_governance.{group}").ids)],
            }
        )
        for login, group in groups.items()
    ]


def _insert(env, sales, dossiers, documents):
    """Insert customers, dossiers of the transaction class and their documents."""
    archive_class = env.ref("customer_governance.archive_class_trade")
    root = env.ref("base.user_root")
    with env.cr.savepoint() as savepoint:
        partner = env["res.partner"].create(
            {"name": "Prototype", "is_company": True, "customer_rank": 1}
        )
        archive = env["customer.archive"].create(
            {
                "title": "Prototype",
                "class_id": archive_class.id,
                "partner_id": partner.id,
                "role_a_id": root.id,
                "document_ids": [(0, 0, {"name": "Paper", "is_signed": True})],
            }
        )
        env.flush_all()
        prototypes = {
            record._table: _row(env, record) for record in (partner, archive, archive.document_ids)
        }
        savepoint.rollback()
    env.invalidate_all()
    customers = max(1, dossiers // CUSTOMERS_EACH)
    first = {
        name: env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(name)))[
            0
        ][0]
        + 1
        for name in prototypes
    }
    partner_id = f"{first['res_partner']} + mod(n, {customers})"
    archive_id = f"{first['customer_archive']} + mod(n, {dossiers})"
    required = archive_class.requirement_ids.ids
    values = {
        "res_partner": {
            "id": f"{first['res_partner']} + n",
            "name": "'Customer ' || n",
            "complete_name": "'Customer ' || n",
            "commercial_partner_id": f"{first['res_partner']} + n",
            "user_id": f"CASE WHEN mod(n, {OWN_SHARE}) = 0 THEN {sales.id} END",
        },
        "customer_archive": {
            "id": f"{first['customer_archive']} + n",
            "partner_id": partner_id,
            "name": "'2000-TRADE-' || n",
            "title": "'Dossier ' || n",
            "state": "'registered'",
            "date_end": "current_date - mod(n, 8000)",
        },
        "customer_archive_document": {
            "id": f"{first['customer_archive_document']} + n",
            "archive_id": archive_id,
            "partner_id": f"{first['res_partner']} + mod(mod(n, {dossiers}), {customers})",
            "number": "'2000-TRADE-' || n",
            "requirement_id": f"(ARRAY[{', '.join(map(str, required))}, NULL]::integer[])"
            f"[1 + mod(n / {dossiers} + n, {len(required) + 1})]",
            "is_signed": "mod(n, 7) != 0",
            "date_until": "CASE WHEN mod(n, 11) = 0 THEN current_date + mod(n, 800) - 200 END",
        },
    }
    for name, count in (
        ("res_partner", customers),
        ("customer_archive", dossiers),
        ("customer_archive_document", documents),
    ):
        source = SQL("generate_series(0, %s) AS n", count - 1)
        env.cr.execute(insert_like(name, prototypes[name], values[name], source))
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(name)))
    env.invalidate_all()


def _row(env, record):
    env.cr.execute(SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(record._table), record.id))
    return env.cr.dictfetchone()


def _completeness(env, dossiers):
    Archive = env["customer.archive"]
    with measured("completeness of all dossiers, first time", env) as step:
        Archive._refresh_completeness(SQL("TRUE"))
    yield "seconds of the completeness of all dossiers", step.seconds, None
    yield "queries of the completeness", step.queries, 3
    with measured("completeness of all dossiers, nothing changed", env) as step:
        Archive._refresh_completeness(SQL("a.state != 'disposed'"))
    yield "seconds of the nightly completeness", step.seconds, None
    env.cr.execute(SQL("ANALYZE customer_archive"))
    counted = Archive.search_count([("missing_count", ">", 0)])
    if not 0 < counted < dossiers:
        fail(f"{counted} of {dossiers} dossiers miss something: the data show nothing")


def _radar(env, admin):
    radar = env["customer.archive.missing"].with_user(admin)
    class_id = env.ref("customer_governance.archive_class_trade").id
    radar.get_radar(class_id=class_id)  # caches of rights and names
    with measured("radar, first page", env) as step:
        picture = radar.get_radar(class_id=class_id)
    if not picture["rows"]:
        fail("the radar is empty")
    yield "seconds of a page of the radar", step.seconds, None
    yield "queries of a page of the radar", step.queries, 15
    with measured("list of missing documents", env) as step:
        radar.web_search_read([], {"partner_id": {}, "status": {}}, limit=PAGE)
    yield "seconds of the list of missing documents", step.seconds, None
    yield "queries of the list of missing documents", step.queries, 15
    with measured("documents that end", env) as step:
        env["customer.archive.document"].with_user(admin).web_search_read(
            [("date_until", "<=", fields.Date.today())], {"name": {}}, limit=PAGE
        )
    yield "queries of the documents that end", step.queries, 10


def _retention(env, admin, dossiers):
    """Open the list of what may be destroyed; a quarter of the dossiers is due."""
    archive_class = env.ref("customer_governance.archive_class_trade")
    archive_class.write({"retention_event": "contract_end", "retention_years": 16})
    retention = env["customer.archive.retention"].with_user(admin)
    retention.search([], limit=1)  # caches of rights
    with measured("retention list, what is due", env) as step:
        page = retention.web_search_read(
            [("is_due", "=", True)],
            {"archive_id": {"fields": {"display_name": {}}}, "date_until": {}, "reason": {}},
            limit=PAGE,
        )
    if len(page["records"]) != PAGE or page["length"] >= dossiers:
        fail(f"{page['length']} of {dossiers} dossiers are due: the data show nothing")
    yield "seconds of the retention list", step.seconds, None
    yield "queries of the retention list", step.queries, 15


def _lists(env, sales, admin):
    """Open the list of dossiers as both users do, in turns."""
    view = env["customer.archive"].get_view(
        env.ref("customer_governance.customer_archive_view_list").id, "list"
    )
    names = [name for name in view["models"]["customer.archive"] if name in SPECIFIED]
    specification = {name: SPECIFIED[name] for name in names}
    seconds = {sales: [], admin: []}
    for _run in range(REPEATS):
        for user, found in seconds.items():
            env.invalidate_all()
            dossiers = env["customer.archive"].with_user(user)
            with measured(f"list of {user.login}", env, echo=False) as step:
                page = dossiers.web_search_read([], specification, limit=PAGE, count_limit=10001)
            if len(page["records"]) != PAGE:
                fail(f"{user.login} sees {len(page['records'])} dossiers on the first page")
            found.append(step.seconds)
    own, everybody = (median(seconds[user]) * 1000 for user in (sales, admin))
    yield "list of a salesperson (ms)", own, None
    yield "list of an archivist (ms)", everybody, None
    yield "list: salesperson / archivist", own / everybody, LIST_FACTOR


SPECIFIED = {
    "name": {},
    "title": {},
    "partner_id": {"fields": {"display_name": {}}},
    "class_id": {"fields": {"display_name": {}}},
    "role_a_id": {"fields": {"display_name": {}}},
    "due_on": {},
    "completeness": {},
    "missing_count": {},
    "state": {},
    "is_late": {},
}


def _parser():
    """Return the parser of the command line."""
    result = parser("archives", __doc__)
    result.add_argument("--dossiers", type=int, default=100_000, help="default: %(default)s")
    result.add_argument("--documents", type=int, default=1_000_000, help="default: %(default)s")
    return result
