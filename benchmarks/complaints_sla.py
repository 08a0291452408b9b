"""Deadlines of complaints: the clock alone, starting clocks, and the SLA job against bare
updates.
"""

import time
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .common import measured, say
from .sales_sql import insert_like

DEADLINES = 1_000_000
DEADLINE_SECONDS = 10.0
JOB_FACTOR = 2.0
TARGETS = (("working_days", 3), ("calendar_days", 2), ("working_hours", 8.5), ("elapsed_hours", 24))
START_BATCH = 2000
CUSTOMERS = 5000
OPEN_STATES = ("registered", "dispatched", "investigating", "answered", "verifying")


def deadlines(env):
    """Measure a million deadlines of the four units on the company's calendar; yields result
    rows.
    """
    from odoo.addons.customer_governance.engine.sla_clock import SlaClock

    now = fields.Datetime.now()
    env.registry.clear_cache()
    began = time.process_time()
    working = env["customer.working.calendar"]._working_time(env.company, now)
    prepared = time.process_time() - began
    clock = SlaClock(working)
    year = 365 * 24 * 3600
    count = DEADLINES // len(TARGETS)
    starts = [now + timedelta(seconds=n * 7919 % year) for n in range(count)]
    total = 0.0
    for unit, target in TARGETS:
        began = time.process_time()
        for start in starts:
            clock.deadline(start, target, unit)
        seconds = time.process_time() - began
        say(f"{count} deadlines in {unit}: {seconds:.2f} s CPU")
        total += seconds
    yield "calendar prepared (s CPU)", prepared, None
    yield "1,000,000 deadlines (s CPU)", total, DEADLINE_SECONDS


def insert_customers(env, count):
    """Insert customers by one statement, without the search for similar ones; returns their ids."""
    with env.cr.savepoint() as savepoint:
        partner = env["res.partner"].create({"name": "Prototype", "is_company": True})
        env.flush_all()
        env.cr.execute(SQL("SELECT * FROM res_partner WHERE id = %s", partner.id))
        row = env.cr.dictfetchone()
        savepoint.rollback()
    values = {
        "id": "id",
        "name": "'Customer ' || id",
        "complete_name": "'Customer ' || id",
        "commercial_partner_id": "id",
        "commercial_company_name": "'Customer ' || id",
    }
    ids = [
        partner_id
        for (partner_id,) in env.execute_query(
            SQL("SELECT nextval('res_partner_id_seq')::integer FROM generate_series(1, %s)", count)
        )
    ]
    env.cr.execute(insert_like("res_partner", row, values, SQL("unnest(%s) AS id", ids)))
    env.cr.execute(SQL("ANALYZE res_partner"))
    env.invalidate_all()
    return ids


def insert_cases(env, count):
    """Insert open cases by one statement; returns their ids.

    They came in over the last ten days, so that some clocks run, some are late, and some are due
    for escalation.
    """
    partners = insert_customers(env, CUSTOMERS)
    team = env["customer.complaint.team"].search([("takes_complaints", "=", True)], limit=1)
    category = env.ref("customer_governance.complaint_category_delivery")
    now = fields.Datetime.now()
    env.flush_all()
    required = _required_columns(env)
    values = {
        "company_id": SQL("%s", env.company.id),
        "partner_id": SQL("(%s::integer[])[1 + n %% %s]", partners, CUSTOMERS),
        "user_id": SQL("%s", env.ref("base.user_admin").id),
        "team_id": SQL("%s", team.id),
        "category_id": SQL("%s", category.id),
        "name": SQL("'B' || n"),
        "subject": SQL("'Benchmark ' || n"),
        "kind": SQL("'complaint'"),
        "severity": SQL("(ARRAY['general', 'general', 'general', 'complex', 'major'])[1 + n %% 5]"),
        "state": SQL("(%s::text[])[1 + n %% %s]", list(OPEN_STATES), len(OPEN_STATES)),
        "received_at": SQL("%s::timestamp - make_interval(mins => n %% 14400)", now),
        "active": SQL("true"),
        "create_uid": SQL("1"),
        "create_date": SQL("%s", now),
    }
    values = {
        k: v for k, v in values.items() if k in required or k in env["customer.complaint"]._fields
    }
    missing = required - values.keys() - {"id"}
    if missing:
        raise ValueError(f"the benchmark does not fill {sorted(missing)}")
    rows = env.execute_query(
        SQL(
            "INSERT INTO customer_complaint (%s) SELECT %s FROM generate_series(1, %s) AS n "
            "RETURNING id",
            SQL(", ").join(SQL.identifier(name) for name in values),
            SQL(", ").join(values.values()),
            count,
        )
    )
    return [row[0] for row in rows]


def _required_columns(env):
    """Return columns of the table that must have a value and have no default."""
    return {
        name
        for (name,) in env.execute_query(
            SQL(
                "SELECT column_name FROM information_schema.columns WHERE table_name = "
                "'customer_complaint'"
                " AND is_nullable = 'NO' AND column_default IS NULL"
            )
        )
    }


def start_clocks(env, ids):
    """Start the clocks of the cases through the addon; yields result rows."""
    with measured(f"Clocks of {len(ids)} cases", env) as measure:
        for at in range(0, len(ids), START_BATCH):
            env["customer.complaint"].browse(ids[at : at + START_BATCH])._sla_start()
            env.invalidate_all()
    clocks = env["customer.sla.clock"].search_count([("complaint_id", "in", ids)])
    yield "ms for each case's clocks", measure.seconds * 1000 / len(ids), None
    yield "clocks", clocks, None


def job(env):
    """Measure the SLA job against updating the same rows and columns only; yields result rows."""
    clocks = env["customer.sla.clock"]
    at_work = _instant_at_work(env)
    due = SQL(
        "state = 'running' AND next_notice_at <= %s AND company_id = %s", at_work, env.company.id
    )
    [(count,)] = env.execute_query(SQL("SELECT count(*) FROM customer_sla_clock WHERE %s", due))
    _vacuum(env)
    # the same change without any rule, in the same state of the table
    bare = _timed_rollback(
        env,
        lambda: env.cr.execute(
            SQL(
                "UPDATE customer_sla_clock SET notice_level = 2, next_notice_at = deadline, "
                "notified_at = %s WHERE %s",
                at_work,
                due,
            )
        ),
    )
    statements = {}

    def process():
        before = env.cr.sql_log_count
        done, more = clocks._process_notices()
        moved = done
        while more:
            done, more = clocks._process_notices()
            moved += done
        statements["count"] = env.cr.sql_log_count - before
        statements["moved"] = moved

    with _clock_at(at_work):
        ours = _timed_rollback(env, process)
        with measured("The job for good, with messages", env) as whole:
            clocks._cron_process()
        with measured("The job again: nothing is due", env) as idle:
            clocks._cron_process()
    yield "clocks due", count, None
    yield "bare UPDATE of them (s)", bare, None
    yield "SLA job (s)", ours, None
    yield "SLA job / bare UPDATE", ours / bare, JOB_FACTOR
    yield (
        "statements for each batch of 20,000",
        statements["count"] / max(1, -(-count // 20000)),
        10,
    )
    yield "clocks the job did not move", count - statements["moved"], 0
    yield "job with messages (s)", whole.seconds, None
    yield "job with nothing due (s)", idle.seconds, None


def _timed_rollback(env, call, times=3):
    """Return the shortest time of a call whose changes are taken back."""
    best = float("inf")
    for _n in range(times):
        with env.cr.savepoint() as savepoint:
            began = time.perf_counter()
            call()
            best = min(best, time.perf_counter() - began)
            savepoint.rollback()
        env.invalidate_all()
    return best


def _vacuum(env):
    """Statistics of the new rows, for the planner."""
    env.cr.execute(SQL("ANALYZE customer_sla_clock"))
    env.cr.execute(SQL("ANALYZE customer_complaint"))


def _instant_at_work(env):
    """Return an instant from now on at which the company works."""
    now = fields.Datetime.now()
    working = env["customer.working.calendar"]._working_time(env.company, now)
    return working.after(now, timedelta(minutes=1))


class _clock_at:
    """Let the addon believe that it is another time."""

    def __init__(self, instant):
        self.instant = instant

    def __enter__(self):
        self.now = fields.Datetime.now
        fields.Datetime.now = staticmethod(lambda *args: self.instant)

    def __exit__(self, *error):
        fields.Datetime.now = self.now


def main_parts(env, cases):
    """Yield (label, value, limit) of everything about deadlines."""
    yield from deadlines(env)
    ids = insert_cases(env, cases)
    yield from start_clocks(env, ids)
    yield from job(env)
