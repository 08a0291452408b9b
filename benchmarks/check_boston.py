"""Load 58,251 real requests of Boston's 311 as complaints and compare deadlines and results.

1. Each type of request gets a policy with its number of working or calendar days; our deadlines are
   compared with the city's `target_dt`, type by type, and each difference is explained
   (`boston_rules.py` says how the city counts).
2. The city's own deadlines are imported as promises of their own; with the closing of each case as
   the fact our met / late / overdue must be its ONTIME / OVERDUE, case by case.

Exit code 1 when a result differs or a case got no deadline. Dates that no rule gives were set by hand:
they are counted. Nothing is kept unless --keep is given. The file is in local time of Boston.
"""

from collections import Counter, defaultdict
from pathlib import Path

from odoo.tools import SQL

from . import boston_rules as rules
from .boston_load import BATCH, load, local
from .common import REPOSITORY, fail, measured, parser, say, table

FILE_NAME = "complaints_311_boston.csv.gz"
DEFAULT_FILE = REPOSITORY.parent / "shared" / "data" / FILE_NAME
OURS, CITYS = "answer", "close"
CLOSING = 17.0
# (The city's result, closed) of a case with a deadline -> ours. Where the city's is empty, the case is
# late by its own times.
RESULTS = {
    ("ONTIME", True): "met",
    ("OVERDUE", True): "late",
    (None, True): "late",
    ("OVERDUE", False): "overdue",
    (None, False): "overdue",
}


def main(env, args):
    """Load, compare, report; return 1 when a result differs or a deadline is missing."""
    options = _parser().parse_args(args)
    if not options.file.is_file():
        fail(f"{options.file} not found; pass the path of {FILE_NAME} with --file.")
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nosubscribe=True))
    categories = load(env, options.file)
    promises = _promises(env)
    policies = _publish(env, categories, promises)
    say(f"{len(policies)} policies")
    _start(env)
    missing = _compare_deadlines(env, promises, options.show)
    _import_deadlines(env)
    _close(env)
    wrong = _compare_results(env)
    _compare_shares(env)
    if options.keep:
        env.cr.commit()
    else:
        env.cr.rollback()
    return 1 if missing or wrong else 0


def _parser():
    """Return the parser of the command line."""
    result = parser("check_boston", __doc__)
    result.add_argument("--file", type=Path, default=DEFAULT_FILE, help="path of " + FILE_NAME)
    result.add_argument("--show", type=int, default=40, help="types to list (the largest)")
    result.add_argument("--keep", action="store_true", help="leave the cases in the database")
    return result


def _promises(env):
    """Return {(subject, reason, type): promise} as the file shows it."""
    pairs = defaultdict(list)
    for subject, reason, kind, opened, target in env.execute_query(
        SQL(
            "SELECT subject, reason, type, opened, target FROM boston_request"
            " WHERE target IS NOT NULL"
        )
    ):
        pairs[subject, reason, kind].append((opened, target))
    with measured("Number of days of each type", env):
        return {key: rules.fit(rows) for key, rows in pairs.items()}


def _publish(env, categories, promises):
    """Publish a policy for each type; the addon's own policies do not hold for these cases."""
    policies = env["customer.sla.policy"]
    policies.search([("state", "=", "published")]).write({"active": False})
    with measured("Policies", env):
        made = policies.create(
            [
                {
                    "name": " / ".join(key),
                    "category_id": categories[key].id,
                    "milestone_ids": [(0, 0, _milestone(promise))],
                }
                for key, promise in promises.items()
            ]
        )
        made.action_publish()
    return made


def _milestone(promise):
    return {
        "milestone": OURS,
        "unit": promise.unit,
        "target": promise.target,
        "due": "same_time",
        "shift": promise.shift,
        "has_cutoff": promise.shift,
        "cutoff": CLOSING,
        "warn_percent": 100,
    }


def _batches(env, condition):
    """Yield (cases, rows) of the requests that fit, in batches; rows are {case id: row}."""
    env.cr.execute(
        SQL(
            "SELECT case_id, opened_utc, target_utc, closed_utc FROM boston_request WHERE %s"
            " ORDER BY case_id",
            SQL(condition),
        )
    )
    rows = env.cr.fetchall()
    for at in range(0, len(rows), BATCH):
        batch = {row[0]: row[1:] for row in rows[at : at + BATCH]}
        yield env["customer.complaint"].browse(batch), batch
        env.invalidate_all()


def _start(env):
    """Start our clocks at the receipt of each case."""
    with measured("Our clocks", env):
        for cases, _rows in _batches(env, "TRUE"):
            cases._sla_start()
        _analyze(env)


def _analyze(env):
    """Bring the statistics up to date, as the database does by itself between transactions."""
    for table_name in ("customer_complaint", "customer_sla_clock", "customer_sla_event"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table_name)))


def _import_deadlines(env):
    """Start a second clock for each case with the city's deadline as its promise."""
    from odoo.addons.customer_governance.engine.sla_clock import Spec
    from odoo.addons.customer_governance.engine.sla_policy import Promise

    with measured("Clocks with the city's deadlines", env):
        for cases, rows in _batches(env, "target IS NOT NULL"):
            wanted = []
            for case in cases:
                opened, target, _closed = rows[case.id]
                hours = (target - opened).total_seconds() / 3600
                # three deadlines lie before the request: they are over at once
                spec = Spec(max(hours, 0), "elapsed_hours", None, False)
                wanted.append((case, Promise(CITYS, None, spec, warn_percent=100), opened))
            cases._sla_insert(wanted)
        _analyze(env)


def _close(env):
    """Report the closing of each case, as the fact of both clocks."""
    with measured("Closing the cases", env):
        for cases, rows in _batches(env, "closed IS NOT NULL"):
            facts = {case_id: row[2] for case_id, row in rows.items()}
            cases._sla_fact(OURS, facts)
            cases._sla_fact(CITYS, facts)


def _compare_deadlines(env, promises, show):
    """Print equal and explained deadlines type by type; return the number of missing ones."""
    others = set(promises.values())
    reasons = {key: Counter() for key in promises}
    same_day = Counter()
    for subject, reason, kind, opened, target, deadline in env.execute_query(
        SQL(
            "SELECT r.subject, r.reason, r.type, r.opened, r.target, c.deadline"
            "  FROM boston_request r"
            "  JOIN customer_sla_clock c ON c.complaint_id = r.case_id AND c.milestone = %s"
            " WHERE r.target IS NOT NULL",
            OURS,
        )
    ):
        key = (subject, reason, kind)
        ours = local(deadline)
        reasons[key][rules.explain(promises[key], others, opened, target, ours)] += 1
        same_day[key] += ours.date() == target.date()
    rows, rest = [], [Counter(), 0, 0]
    for number, key in enumerate(sorted(reasons, key=lambda key: -reasons[key].total())):
        if number < show:
            rows.append(_row(key[-1][:44], promises[key], reasons[key], same_day[key]))
        else:
            rest = [rest[0] + reasons[key], rest[1] + same_day[key], rest[2] + 1]
    if rest[2]:
        rows.append(_row(f"{rest[2]} smaller types", "", rest[0], rest[1]))
    total = sum(reasons.values(), Counter())
    rows.append(_row("All", "", total, same_day.total()))
    head = ["Type", "promise", "cases", "equal", "share", "same day", "explained", "by hand"]
    print(table(head, rows))
    print(table(["Deadline", "cases"], [[why, f"{n:,}"] for why, n in total.most_common()]))
    [(missing,)] = env.execute_query(
        SQL(
            "SELECT count(*) FROM boston_request WHERE target IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM customer_sla_clock WHERE complaint_id = case_id AND milestone = %s)",
            OURS,
        )
    )
    if missing:
        say(f"{missing} cases have no deadline")
    return missing


def _row(label, promise, reasons, same_day):
    count, equal = reasons.total(), reasons[rules.EQUAL]
    by_hand = reasons[rules.BY_HAND]
    return [
        label,
        str(promise),
        f"{count:,}",
        f"{equal:,}",
        f"{100 * equal / count:.1f} %",
        f"{100 * same_day / count:.1f} %",
        f"{count - equal - by_hand:,}",
        f"{by_hand:,}",
    ]


def _compare_results(env):
    """Compare our results with the city's, case by case; return the number of differences."""
    clocks = env["customer.sla.clock"]
    overdue = set(clocks.search([("milestone", "=", CITYS), ("is_overdue", "=", True)]).ids)
    found, wrong = Counter(), []
    for request, ontime, closed, clock_id, state in env.execute_query(
        SQL(
            "SELECT r.request, r.ontime, r.closed IS NOT NULL, c.id, c.state FROM boston_request r"
            "  JOIN customer_sla_clock c ON c.complaint_id = r.case_id AND c.milestone = %s",
            CITYS,
        )
    ):
        ours = "overdue" if clock_id in overdue else state
        found[ontime or "empty", "closed" if closed else "open", ours] += 1
        if ours != RESULTS.get((ontime or None, closed)):
            wrong.append((request, ontime, closed, ours))
    rows = [[*key, f"{count:,}"] for key, count in sorted(found.items())]
    print(table(["City", "case", "ours", "cases"], rows))
    for row in wrong[:20]:
        say(f"differs: {row}")
    say("All results are the city's." if not wrong else f"{len(wrong)} results differ.")
    return len(wrong)


def _compare_shares(env):
    """Say how many closed cases are in time by our own deadlines and by the city's."""
    [(ours, citys, count)] = env.execute_query(
        SQL(
            "SELECT count(*) FILTER (WHERE o.state = 'met'), count(*) FILTER (WHERE c.state = 'met'),"
            "       count(*)"
            "  FROM boston_request r"
            "  JOIN customer_sla_clock o ON o.complaint_id = r.case_id AND o.milestone = %s"
            "  JOIN customer_sla_clock c ON c.complaint_id = r.case_id AND c.milestone = %s"
            " WHERE r.closed IS NOT NULL",
            OURS,
            CITYS,
        )
    )
    say(
        f"Closed in time: {100 * ours / count:.2f} % by our deadlines, {100 * citys / count:.2f} % "
        f"by the city's ({count:,} cases)"
    )
