"""Replay a real event log through dispatch, reassignment and reopening; counts equal the log's.

The log (`incidents_itsm.csv.gz`, 24,918 incidents of an IT company) has a row for each change of an
incident. Each rise of `reassignment_count` returns the dispatch and sends another, each rise of
`reopen_count` reopens the case, "Resolved" answers it, "Closed" verifies and closes it. At the end
the case's counters must equal the last row of the incident, incident by incident.

Each step goes through the buttons of the addon, for all cases of a batch that are at that step.
Activities, tracking and repeats are switched off: the log knows none. `--part 1/2` and `--part 2/2`
in two databases use two processors; --every 10 replays every tenth and each that was reopened.
Nothing is kept: the work is rolled back.
"""

import argparse
import csv
import gzip
from itertools import groupby, islice
from pathlib import Path

from .common import fail, measured, parser, say

DATA_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = "incidents_itsm.csv.gz"
SOLVED = ("Resolved", "Closed")
WORKED_ON = ("accepted", "reported")
# In this order the cases of a batch wait for each other, so that few calls serve many.
STEPS = ("dispatch", "reassign", "reopen", "answer", "close")
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_post_autofollow_author_skip": True,
    "mail_activity_automation_skip": True,
    "no_reset_password": True,
}


def main(env, args):
    """Replay the log; exit code 1 when a counter differs."""
    options = parser("replay_incidents", __doc__)
    options.add_argument("--data", default=DATA_FOLDER, help="folder of the data")
    options.add_argument("--incidents", type=int, default=0, help="only the first N (0: all)")
    options.add_argument(
        "--every", type=int, default=1, help="every Nth incident, and each that was reopened"
    )
    options.add_argument(
        "--part", type=part, default=(1, 1), metavar="I/N", help="the Ith of N equal parts"
    )
    options.add_argument("--batch", type=int, default=200, help="cases handled together (200)")
    options = options.parse_args(args)
    path = Path(options.data) / DATA
    if not path.exists():
        fail(f"{path} is missing")
    replay = Replay(env)
    found = incidents(path, options.incidents, options.every, options.part)
    with measured("replay", env):
        while batch := list(islice(found, options.batch)):
            replay.replay(batch)
            say(f"{replay.count} incidents, {replay.events} events")
    replay.report()
    env.cr.rollback()
    return 1 if replay.wrong else 0


def part(text):
    """Return (i, n) of "i/n"."""
    try:
        number, total = map(int, text.split("/"))
    except ValueError:
        number = total = 0
    if not 1 <= number <= total:
        raise argparse.ArgumentTypeError(f"{text} is no part such as 1/2")
    return number, total


def incidents(path, limit, every, part):
    """Yield (number, rows) of the incidents, rows in order of change.

    :param every: yield each of that number, and those that were reopened
    :param part: (i, n): of n neighbours yield the ith only
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        groups = groupby(csv.DictReader(file), key=lambda row: row["number"])
        for index, (number, rows) in enumerate(groups):
            if limit and index >= limit:
                return
            if index % part[1] != part[0] - 1:
                continue
            rows = sorted(rows, key=lambda row: int(row["sys_mod_count"]))
            if index // part[1] % every == 0 or int(rows[-1]["reopen_count"]):
                yield number, rows


def steps(case, rows):
    """Yield (step, group of the row) of an incident; a step is done when the next is asked for."""
    yield "dispatch", rows[0]["assignment_group"]
    reassigned = reopened = 0
    for row in rows:
        group = row["assignment_group"]
        for _rise in range(int(row["reopen_count"]) - reopened):
            if case.state == "investigating":
                yield "answer", group
            yield "reopen", group
            reopened += 1
        for _rise in range(int(row["reassignment_count"]) - reassigned):
            yield "reassign", group
            reassigned += 1
        if row["incident_state"] in SOLVED and case.state == "investigating":
            yield "answer", group
    if rows[-1]["incident_state"] == "Closed":
        if case.state == "investigating":
            yield "answer", group
        yield "close", group


class Replay:
    """The cases of the log and what differs."""

    def __init__(self, env):
        """Prepare a caller for the call-backs and the team of the cases."""
        self.env = env(context={**env.context, **QUIET})
        # the log knows no such limit, and no matter that comes again as another incident
        self.env.company.write({"complaint_max_returns": 10**6, "complaint_repeat_days": 0})
        self.category = self.env.ref("customer_governance.complaint_category_other")
        self.team = self.env["customer.complaint.team"].create({"name": "Replay"})
        self.caller = self.env["res.users"].create(
            {
                "name": "Caller of the replay",
                "login": "replay_caller",
                "group_ids": [(6, 0, self.env.ref("customer_governance.group_service").ids)],
            }
        )
        self.team.callback_user_id = self.caller
        self.teams, self.customers = {}, {}
        self.count = self.events = self.closed = 0
        self.dispatched, self.reassigned, self.reopened = [0, 0], [0, 0], [0, 0]
        self.wrong = []

    def _known(self, model, known, names):
        """Create the records of new names."""
        new = [name for name in dict.fromkeys(names) if name not in known]
        records = self.env[model].create([{"name": name} for name in new])
        known.update(zip(new, records.ids, strict=True))

    def replay(self, batch):
        """Replay incidents together and compare their counters."""
        self._known("res.partner", self.customers, [rows[0]["caller_id"] for _n, rows in batch])
        self._known(
            "customer.complaint.team",
            self.teams,
            [row["assignment_group"] for _n, rows in batch for row in rows],
        )
        cases = self.env["customer.complaint"].create(
            [
                {
                    "subject": number,
                    "partner_id": self.customers[rows[0]["caller_id"]],
                    "category_id": self.category.id,
                    "team_id": self.team.id,
                    "received_at": rows[0]["opened_at"],
                }
                for number, rows in batch
            ]
        )
        self._run({case: steps(case, rows) for case, (_n, rows) in zip(cases, batch, strict=True)})
        for case, (number, rows) in zip(cases, batch, strict=True):
            self._compare(case, number, rows)
        self.env.flush_all()
        self.env.invalidate_all()

    def _run(self, todo):
        """Take the cases through their steps, those at the same step together."""
        waiting = {name: {} for name in STEPS}
        moved = list(todo)
        while True:
            for case in moved:
                if step := next(todo[case], None):
                    waiting[step[0]][case.id] = step[1]
            name = next((name for name in STEPS if waiting[name]), None)
            if not name:
                return
            groups, waiting[name] = waiting[name], {}
            moved = self.env["customer.complaint"].browse(groups)
            getattr(self, f"_{name}")(moved, groups)

    def _dispatch(self, cases, groups):
        dispatches = self.env["customer.complaint.dispatch"].create(
            [{"complaint_id": case.id, "team_id": self.teams[groups[case.id]]} for case in cases]
        )
        dispatches.action_accept()

    def _reassign(self, cases, groups):
        cases.dispatch_ids.filtered(lambda d: d.state in WORKED_ON).action_return("Reassigned")
        self._dispatch(cases, groups)

    def _reopen(self, cases, _groups):
        cases.action_reopen("Reopened")

    def _answer(self, cases, _groups):
        cases.action_answer()

    def _close(self, cases, _groups):
        visits = cases.visit_ids.filtered(lambda v: v.state == "planned")
        visits.write({"verification_result": "accepts"})
        visits.with_user(self.caller).action_done()
        cases.action_close()

    def _compare(self, case, number, rows):
        returned = case.dispatch_ids.filtered(lambda d: d.state == "returned")
        reassigned, reopened = int(rows[-1]["reassignment_count"]), int(rows[-1]["reopen_count"])
        logged = (reassigned + 1, reassigned, reopened, rows[-1]["incident_state"] == "Closed")
        found = (len(case.dispatch_ids), case.return_count, case.reopen_count)
        found = (*found, case.state == "closed")
        if found != logged or len(returned) != reassigned or len(case.followup_ids) != reopened:
            self.wrong.append((number, found, logged))
        self.count += 1
        self.events += len(rows)
        self.closed += case.state == "closed"
        for total, pair in zip(
            (self.dispatched, self.reassigned, self.reopened),
            zip(logged, found, strict=True),
            strict=False,
        ):
            total[0] += pair[0]
            total[1] += pair[1]

    def report(self):
        """Print the totals and the incidents that differ."""
        say(f"{self.count} incidents, {self.events} events, {self.closed} closed")
        for label, (logged, found) in (
            ("dispatches", self.dispatched),
            ("reassignments", self.reassigned),
            ("reopenings", self.reopened),
        ):
            say(f"{label}: {logged} in the log, {found} in the cases")
        for number, found, logged in self.wrong[:20]:
            say(f"  {number}: cases say {found}, the log says {logged}")
        say("counts equal the log's" if not self.wrong else f"{len(self.wrong)} differ")
