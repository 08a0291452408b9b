"""Load the requests of Boston's 311 as complaints: rows by one INSERT a table, deadlines by the addon.

The ORM would take hours for the rows; it makes a prototype of each kind, which is rolled back, and
the rows are copies of it with what the file says. Categories, channels, teams, policies and
everything about deadlines go through the addon itself.

* customer: the address of the request (31,238 of them); category: subject / reason / type;
* channel: source; team: department;
* `C201107-0001`, ... : numbers by month of receipt, with their ledger.
"""

import gzip
import json
from zoneinfo import ZoneInfo

from odoo import Command
from odoo.tools import SQL

from .common import fail, measured, say
from .sales_sql import insert_like

ZONE = "America/New_York"
HOURS = (8.5, 17.0)
WEEKDAYS = 5
BATCH = 2000
COLUMNS = (
    "request",
    "opened",
    "target",
    "closed",
    "ontime",
    "status",
    "title",
    "subject",
    "reason",
    "type",
    "queue",
    "department",
    "location",
    "fire_district",
    "pwd_district",
    "city_council_district",
    "police_district",
    "neighborhood",
    "neighborhood_services_district",
    "ward",
    "precinct",
    "location_street_name",
    "location_zipcode",
    "latitude",
    "longitude",
    "source",
)
INSTANTS = ("opened", "target", "closed")

CREATE = SQL(
    "CREATE TEMP TABLE boston_request (%s)",
    SQL(", ").join(
        SQL("%s %s", SQL.identifier(name), SQL("timestamp" if name in INSTANTS else "text"))
        for name in COLUMNS
    ),
)
COPY = f"COPY boston_request ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, HEADER)"
PREPARE = SQL(
    """
    ALTER TABLE boston_request
      ADD COLUMN case_id integer, ADD COLUMN partner_id integer, ADD COLUMN category_id integer,
      ADD COLUMN channel_id integer, ADD COLUMN team_id integer, ADD COLUMN name text,
      ADD COLUMN opened_utc timestamp, ADD COLUMN target_utc timestamp,
      ADD COLUMN closed_utc timestamp;
    UPDATE boston_request
       SET case_id = nextval('customer_complaint_id_seq'),
           opened_utc = opened AT TIME ZONE '%(zone)s' AT TIME ZONE 'UTC',
           target_utc = target AT TIME ZONE '%(zone)s' AT TIME ZONE 'UTC',
           closed_utc = closed AT TIME ZONE '%(zone)s' AT TIME ZONE 'UTC',
           location = COALESCE(location, 'Address unknown'),
           source = COALESCE(source, 'Source unknown'),
           department = COALESCE(department, 'Department unknown');
    UPDATE boston_request r
       SET name = n.name
      FROM (SELECT case_id, month || '-' || lpad(serial, greatest(4, length(serial)), '0') AS name
              FROM (SELECT case_id, to_char(opened, '"C"YYYYMM') AS month, (row_number() OVER (
                               PARTITION BY to_char(opened, 'YYYYMM') ORDER BY opened, request
                           ))::text AS serial
                      FROM boston_request) o) n
     WHERE n.case_id = r.case_id;
    CREATE UNIQUE INDEX ON boston_request (case_id);
    ANALYZE boston_request;
    """,
    zone=SQL(ZONE),
)
PARTNERS = SQL(
    "(SELECT location, nextval('res_partner_id_seq')::integer AS id FROM boston_request"
    " GROUP BY location) AS place"
)
PARTNER_VALUES = {
    "id": "id",
    "name": "location",
    "complete_name": "location",
    "commercial_partner_id": "id",
    "commercial_company_name": "location",
    "ref": "'BOSTON'",
}
CASES = SQL("boston_request")
CASE_VALUES = {
    "id": "case_id",
    "name": "name",
    "subject": "COALESCE(title, type)",
    "partner_id": "partner_id",
    "category_id": "category_id",
    "channel_id": "channel_id",
    "team_id": "team_id",
    "received_at": "opened_utc",
    "create_date": "opened_utc",
    "state": "CASE WHEN closed IS NULL THEN 'registered' ELSE 'closed' END",
    "answered_at": "closed_utc",
    "closed_at": "closed_utc",
    "first_closed_at": "closed_utc",
    "sla_deadline": "",
    "repeat_of_id": "",
}


def load(env, path):
    """Load the file at `path`; return {(subject, reason, type): category}."""
    if env["customer.complaint"].search_count([("name", "=like", "C201107-%")], limit=1):
        fail("The requests are loaded already. Use a new database.")
    _prepare_company(env)
    with measured("Reading the file", env):
        env.cr.execute(CREATE)
        with gzip.open(path, "rb") as file:
            env.cr.copy_expert(COPY, file)
        env.cr.execute(PREPARE)
    [(rows,)] = env.execute_query(SQL("SELECT count(*) FROM boston_request"))
    say(f"{rows:,} requests")
    with measured("Categories, channels, teams", env):
        categories = _categories(env)
        _name_columns(env, "channel_id", "source", _channels(env))
        _name_columns(env, "team_id", "department", _teams(env))
    with measured("Customers and cases", env):
        _insert(env)
    return categories


def _prepare_company(env):
    """Give the company the city's hours: 8:30 to 17:00 on weekdays, no holidays."""
    env.company.customer_tz = ZONE
    env.company.resource_calendar_id = env["resource.calendar"].create(
        {
            "name": "Boston",
            "tz": ZONE,
            "attendance_ids": [Command.clear()]
            + [
                Command.create(
                    {
                        "name": f"Day {day}",
                        "dayofweek": str(day),
                        "hour_from": HOURS[0],
                        "hour_to": HOURS[1],
                        "day_period": "morning",
                    }
                )
                for day in range(WEEKDAYS)
            ],
        }
    )
    env["resource.calendar.leaves"].search([("resource_id", "=", False)]).unlink()


def _categories(env):
    """Create the tree subject / reason / type; return {path: category of the type}."""
    kinds = env.execute_query(SQL("SELECT DISTINCT subject, reason, type FROM boston_request"))
    made = {}
    for depth in (1, 2, 3):
        paths = sorted({kind[:depth] for kind in kinds})
        categories = env["customer.complaint.category"].create(
            [
                {"name": path[-1], "parent_id": made[path[:-1]].id if depth > 1 else False}
                for path in paths
            ]
        )
        made |= dict(zip(paths, categories, strict=True))
    env.cr.execute(
        SQL(
            "UPDATE boston_request r SET category_id = k.id FROM jsonb_to_recordset(%s::jsonb)"
            " AS k(id integer, subject text, reason text, type text)"
            " WHERE k.subject = r.subject AND k.reason = r.reason AND k.type = r.type",
            json.dumps(
                [
                    {"id": made[kind].id, "subject": kind[0], "reason": kind[1], "type": kind[2]}
                    for kind in kinds
                ]
            ),
        )
    )
    return {path: category for path, category in made.items() if len(path) == 3}


def _names(env, column):
    query = SQL("SELECT DISTINCT %s FROM boston_request ORDER BY 1", SQL.identifier(column))
    return [name for (name,) in env.execute_query(query)]


def _channels(env):
    names = _names(env, "source")
    return env["customer.complaint.channel"].create([{"name": name} for name in names])


def _teams(env):
    names = _names(env, "department")
    return env["customer.complaint.team"].create([{"name": name} for name in names])


def _name_columns(env, column, source, records):
    """Fill a column of the staging table with the ids of records found by name."""
    env.cr.execute(
        SQL(
            "UPDATE boston_request r SET %(column)s = k.value::integer"
            "  FROM jsonb_each_text(%(ids)s::jsonb) AS k WHERE k.key = r.%(source)s",
            column=SQL.identifier(column),
            source=SQL.identifier(source),
            ids=json.dumps({record.name: record.id for record in records}),
        )
    )


def _prototypes(env):
    """Return {table: row} as the ORM writes a customer and a case."""
    with env.cr.savepoint() as savepoint:
        partner = env["res.partner"].create({"name": "Prototype", "is_company": True})
        case = env["customer.complaint"].create(
            {"subject": "Prototype", "partner_id": partner.id, "user_id": False}
        )
        env.flush_all()
        rows = {}
        for record in (partner, case):
            query = SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(record._table), record.id)
            env.cr.execute(query)
            rows[record._table] = env.cr.dictfetchone()
        savepoint.rollback()
    env.invalidate_all(flush=False)
    return rows


def _insert(env):
    rows = _prototypes(env)
    env.cr.execute(insert_like("res_partner", rows["res_partner"], PARTNER_VALUES, PARTNERS))
    say(f"{env.cr.rowcount:,} customers")
    env.cr.execute(
        SQL(
            "UPDATE boston_request r SET partner_id = p.id FROM res_partner p"
            " WHERE p.ref = 'BOSTON' AND p.name = r.location"
        )
    )
    env.cr.execute(
        insert_like("customer_complaint", rows["customer_complaint"], CASE_VALUES, CASES)
    )
    say(f"{env.cr.rowcount:,} cases")
    env.cr.execute(
        SQL(
            "INSERT INTO customer_number (company_id, scope, period, serial)"
            " SELECT %s, 'customer.complaint', split_part(name, '-', 1) || '-',"
            "        split_part(name, '-', 2)::integer"
            "   FROM boston_request",
            env.company.id,
        )
    )
    env.cr.execute(SQL("ANALYZE customer_complaint"))
    env.cr.execute(SQL("ANALYZE res_partner"))
    env.invalidate_all()


def local(instant):
    """Return the naive local time of a naive UTC instant."""
    return instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
