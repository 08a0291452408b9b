"""Debt list and coverage of the contact plan against the plain list of customers and bare SQL.

Makes customers of several account managers with tiers, visits, messages and meetings in the
database, runs the night once and removes everything again. A figure beyond its limit makes the exit
code 1:

* the first page of Due Contacts within 1.5 x that of the plain list of customers, for the head (all
  customers) and for an account manager (the own ones);
* the planning job within 2 x bare SQL that plans the same visits;
* coverage by user and month in a constant number of queries (bare SQL beside it).
"""

import time
from ast import literal_eval
from datetime import timedelta
from statistics import median

from lxml import etree

from odoo import fields
from odoo.tools import SQL

from .common import fail, measured, parser, say, table

NAME = "Care benchmark"
MANAGERS = 20
REPEATS = 7
PAGE, COUNT_LIMIT = 80, 10001
PAGE_LIMIT, PLAN_LIMIT = 1.5, 2.0


def main(env, args):
    """Run the comparison; return 1 when a limit is exceeded."""
    arguments = parser("care", __doc__)
    arguments.add_argument(
        "--customers", type=int, default=20_000, help="customers (default: %(default)s)"
    )
    options = arguments.parse_args(args)
    env = env(context=dict(env.context, tracking_disable=True))
    company = env.company
    company.write({"care_enabled": True, "care_plan_visits": True, "care_plan_days": 14})
    users = _users(env)
    say(f"Making {options.customers} customers with visits, messages and meetings")
    first = fill(env, company, users, options.customers)
    with measured("night: figures", env):
        env["customer.metrics"]._refresh_company(company)
    env.cr.execute("ANALYZE customer_metrics")
    company.care_closed_month = fields.Date.subtract(
        company._customer_today().replace(day=1), months=4
    )
    with measured("night: coverage of the open months", env):
        env["customer.care.coverage"]._refresh(company)
    env.cr.execute("ANALYZE")
    rows = [*_pages(env, users), *_coverage(env, company), *_planning(env, company, first)]
    env.cr.rollback()
    print(table(["Figure", "value", "limit", ""], [_row(*row) for row in rows]))
    failed = [label for label, value, limit in rows if limit is not None and value > limit]
    say("All limits are kept." if not failed else f"Beyond their limits: {', '.join(failed)}")
    return 1 if failed else 0


def _row(label, value, limit):
    ok = limit is None or value <= limit
    return [label, f"{value:,.3f}", "" if limit is None else f"<= {limit:g}", "" if ok else "NO"]


def _users(env):
    """Return the account managers and, last, the head."""
    groups = ["group_sales"] * MANAGERS + ["group_manager"]
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        [
            {
                "name": f"{NAME} {number}",
                "login": f"care_bench_{number}",
                "company_id": env.company.id,
                "company_ids": [(6, 0, env.company.ids)],
                "group_ids": [(6, 0, env.ref(f"customer_governance.{group}").ids)],
            }
            for number, group in enumerate(groups)
        ]
    )


def fill(env, company, users, count):
    """Insert `count` customers with what was done for them; return the id of the first one."""
    env.flush_all()
    [(last,)] = env.execute_query(SQL("SELECT max(id) FROM res_partner"))
    tiers = env["customer.tier"].search([("kind", "=", "customer")]).ids
    managers = users[:-1]
    values = {
        "last": last,
        "count": count,
        "name": NAME,
        "company": company.id,
        "key": str(company.id),
        "tiers": tiers,
        "users": managers.ids,
        "authors": managers.partner_id.ids,
        "subtype": env.ref("mail.mt_comment").id,
    }
    for statement in STATEMENTS:
        env.cr.execute(SQL(statement, **values))
    env.cr.execute("ANALYZE")  # as autovacuum keeps the statistics
    env.invalidate_all()
    return last + 1


STATEMENTS = (
    """
    INSERT INTO res_partner (id, name, complete_name, is_company, active, autopost_bills, user_id,
                             commercial_partner_id, customer_rank, partner_share, customer_tier_id,
                             customer_tier_since, email, phone)
    SELECT %(last)s + n, %(name)s || ' ' || n, %(name)s || ' ' || n, TRUE, TRUE, 'ask',
           (%(users)s::int[])[1 + mod(n, cardinality(%(users)s::int[]))], %(last)s + n, 1, TRUE,
           jsonb_build_object(%(key)s, (%(tiers)s::int[])[1 + mod(n, cardinality(%(tiers)s::int[]))]),
           jsonb_build_object(%(key)s, (current_date - 400)::text),
           'customer' || n || '@example.com', '+1 555 ' || n
      FROM generate_series(1, %(count)s) n
    """,
    "SELECT setval('res_partner_id_seq', %(last)s + %(count)s)",
    # three visits held in the last year, one of ten planned, here and there a meeting
    """
    INSERT INTO customer_visit (partner_id, company_id, user_id, way, purpose, state, planned_date,
                                done_date, reported_at, name, is_late_report, create_date)
    SELECT %(last)s + n, %(company)s, (%(users)s::int[])[1 + mod(n, cardinality(%(users)s::int[]))],
           'phone', CASE WHEN mod(n + k, 7) = 0 THEN 'meeting' ELSE 'care' END, 'done',
           current_date - 1 - mod(n * 7 + k * 101, 360), current_date - 1 - mod(n * 7 + k * 101, 360),
           current_date - mod(n * 7 + k * 101, 360), %(name)s, FALSE, current_date
      FROM generate_series(1, %(count)s) n, generate_series(1, 3) k
    """,
    """
    INSERT INTO customer_visit (partner_id, company_id, user_id, way, purpose, state, planned_date,
                                name, is_late_report, create_date)
    SELECT %(last)s + n, %(company)s, (%(users)s::int[])[1 + mod(n, cardinality(%(users)s::int[]))],
           'phone', 'care', 'planned', current_date + mod(n, 20), %(name)s, FALSE, current_date
      FROM generate_series(10, %(count)s, 10) n
    """,
    """
    INSERT INTO mail_message (model, res_id, author_id, date, message_type, subtype_id, create_date)
    SELECT 'res.partner', %(last)s + n,
           (%(authors)s::int[])[1 + mod(n, cardinality(%(authors)s::int[]))],
           current_date - mod(n * 11 + k * 97, 300), 'comment', %(subtype)s,
           current_date - mod(n * 11 + k * 97, 300)
      FROM generate_series(1, %(count)s) n, generate_series(1, 3) k
     WHERE mod(n, 3) != 0
    """,
    """
    WITH held AS (
        INSERT INTO calendar_event (name, active, start, stop, user_id, privacy, show_as, res_id)
        SELECT %(name)s, TRUE, current_date - mod(n, 200), current_date - mod(n, 200) + time '01:00',
               (%(users)s::int[])[1 + mod(n, cardinality(%(users)s::int[]))], 'public', 'busy',
               %(last)s + n
          FROM generate_series(5, %(count)s, 5) n
     RETURNING id, res_id)
    INSERT INTO calendar_attendee (event_id, partner_id, state)
    SELECT id, res_id, 'accepted' FROM held
    """,
)


# -- pages --------------------------------------------------------------------------------------


def _pages(env, users):
    """Yield (label, value, limit) of the first page of both lists, for the head and a manager."""
    customers = env["ir.actions.act_window"]._for_xml_id("customer_governance.customer_action")
    customer_domain = literal_eval(customers["domain"])
    soon = [("bucket", "in", ["1_overdue", "2_this_week"])]
    cases = (
        ("head, all customers", users[-1], customer_domain, []),
        ("head, due this week", users[-1], customer_domain, soon),
        (
            "account manager",
            users[0],
            [*customer_domain, ("user_id", "=", users[0].id)],
            [*soon, ("user_id", "=", users[0].id)],
        ),
    )
    for label, user, plain, due in cases:
        as_user = env(user=user)
        plain_page = Page(as_user, "res.partner", "customer_view_list", plain)
        due_page = Page(as_user, "customer.care.due", "customer_care_due_view_list", due)
        theirs, ours = plain_page.time(), due_page.time()
        yield f"{label}: plain list (ms)", theirs * 1000, None
        yield f"{label}: Due Contacts (ms)", ours * 1000, None
        yield f"{label}: Due Contacts / plain list", ours / theirs, PAGE_LIMIT
        yield f"{label}: queries of the page", due_page.queries, 40


class Page:
    """The first page of a list as the web client asks for it."""

    def __init__(self, env, model, view, domain):
        """Read the view of the user once, as the client does."""
        self.env, self.model, self.domain = env, env[model], domain
        view = env.ref(f"customer_governance.{view}").id
        arch = self.model.get_views([(view, "list")])["views"]["list"]["arch"]
        self.spec = {}
        for node in etree.fromstring(arch).iter("field"):
            field = self.model._fields[node.get("name")]
            nested = field.type in ("many2one", "many2many", "one2many")
            self.spec[field.name] = {"fields": {"display_name": {}}} if nested else {}
        self.queries = 0

    def time(self):
        """Return the median seconds, with empty caches of records."""
        times = []
        for _n in range(REPEATS):
            self.env.invalidate_all()
            before, began = self.env.cr.sql_log_count, time.perf_counter()
            self.model.web_search_read(self.domain, self.spec, limit=PAGE, count_limit=COUNT_LIMIT)
            times.append(time.perf_counter() - began)
            self.queries = self.env.cr.sql_log_count - before
        return median(times)


# -- coverage -----------------------------------------------------------------------------------


def _coverage(env, company):
    """Yield the figures of coverage by user and month against bare SQL."""
    domain = [("company_id", "=", company.id), ("result", "!=", "open")]
    bare = SQL(
        "SELECT user_id, date_trunc('month', month), AVG(coverage), COUNT(*)"
        " FROM customer_care_coverage WHERE company_id = %s AND result != 'open'"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        company.id,
    )
    ours, theirs = [], []
    for _n in range(REPEATS):
        env.invalidate_all()
        began = time.perf_counter()
        expected = env.execute_query(bare)
        theirs.append(time.perf_counter() - began)
        before, began = env.cr.sql_log_count, time.perf_counter()
        found = env["customer.care.coverage"].formatted_read_group(
            domain, ["user_id", "month:month"], ["coverage:avg", "__count"]
        )
        ours.append(time.perf_counter() - began)
        queries = env.cr.sql_log_count - before
    if len(found) != len(expected):
        fail(f"{len(found)} groups of coverage instead of {len(expected)}")
    yield "coverage by user and month (ms)", median(ours) * 1000, None
    yield "coverage / bare SQL", median(ours) / median(theirs), None
    yield "queries of coverage", queries, 8


# -- planning -----------------------------------------------------------------------------------

BARE_PLAN = """
    WITH held AS (
        SELECT partner_id, MAX(done_date) AS day, MAX(done_date) FILTER (WHERE purpose = 'meeting') AS met
          FROM customer_visit
         WHERE state = 'done' AND no_contact IS NOT TRUE AND company_id = %(company)s
         GROUP BY partner_id
    ), due AS (
        SELECT p.id, p.name, p.user_id, k.kind, k.day + k.days AS day
          FROM res_partner p
          JOIN customer_tier t ON t.id = (p.customer_tier_id->>%(key)s)::int
          LEFT JOIN held h ON h.partner_id = p.id
         CROSS JOIN LATERAL (VALUES
               ('care', t.visit_interval_days,
                COALESCE(h.day, (p.customer_tier_since->>%(key)s)::date)),
               ('meeting', t.meeting_interval_days,
                COALESCE(h.met, (p.customer_tier_since->>%(key)s)::date))) k(kind, days, day)
         WHERE p.id >= %(first)s AND k.days > 0 AND k.day + k.days <= %(until)s
           AND p.active AND p.user_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM customer_visit v
                            WHERE v.partner_id = p.id AND v.state = 'planned'
                              AND (k.kind = 'care' OR v.purpose = 'meeting'))
    ), once AS (
        INSERT INTO customer_sent (model, res_id, key, create_date)
        SELECT 'res.partner', id, 'bare:' || kind, now() AT TIME ZONE 'UTC' FROM due
        RETURNING res_id
    )
    INSERT INTO customer_visit (partner_id, company_id, user_id, way, purpose, state, planned_date,
                                name, is_late_report, create_uid, write_uid, create_date, write_date)
    SELECT id, %(company)s, user_id, 'onsite', kind, 'planned', GREATEST(day, %(today)s), name, FALSE,
           1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM due d
     WHERE kind = 'meeting'
        OR id NOT IN (SELECT o.id FROM due o WHERE o.kind = 'meeting')
    RETURNING id
"""


def _planning(env, company, first):
    """Yield the planning job against bare SQL that plans the same visits."""
    today = company._customer_today()
    bare = SQL(
        BARE_PLAN,
        company=company.id,
        key=str(company.id),
        first=first,
        today=today,
        until=today + timedelta(days=company.care_plan_days),
    )
    ours, theirs = [], []
    for _n in range(3):
        with env.cr.savepoint() as savepoint:
            began = time.perf_counter()
            expected = len(env.execute_query(bare))
            theirs.append(time.perf_counter() - began)
            savepoint.rollback()
        with env.cr.savepoint() as savepoint:
            before, began = env.cr.sql_log_count, time.perf_counter()
            found = env["customer.visit"]._plan_due(company)
            ours.append(time.perf_counter() - began)
            queries = env.cr.sql_log_count - before
            savepoint.rollback()
        env.invalidate_all()
    # a day off moves a visit by some days: those at the border differ
    if abs(found - expected) > 0.02 * expected + 2:
        fail(f"{found} visits planned instead of {expected}")
    yield "visits planned", found, None
    yield "planning job (s)", min(ours), None
    yield "queries of the planning job", queries, 15
    yield "planning job / bare SQL", min(ours) / min(theirs), PLAN_LIMIT
