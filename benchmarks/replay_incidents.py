"""Replay a real event log through dispatch, reassignment and reopening; counts equal the log's.

The log (`incidents_itsm.csv.gz`, 24,918 incidents of an IT company) has a row for each change of an
incident. Each rise of `reassignment_count` returns the dispatch and sends another, each rise of
`reopen_count` reopens the case, "Resolved" answers it, "Closed" verifies and closes it. At the end
the case's counters must equal the last row of the incident, incident by incident.

Each step goes through the buttons of the addon, so all incidents take hours: --every 10 replays every
tenth and each that was reopened. Nothing is kept: the work is rolled back.
"""

import csv
import gzip
from itertools import groupby
from pathlib import Path

from .common import fail, measured, parser, say

DATA = "incidents_itsm.csv.gz"
SOLVED = ("Resolved", "Closed")
BATCH = 200


def main(env, args):
    """Replay the log; exit code 1 when a counter differs."""
    options = parser("replay_incidents", __doc__)
    options.add_argument("--data", default="/work/shared/data", help="folder of the data")
    options.add_argument("--incidents", type=int, default=0, help="only the first N (0: all)")
    options.add_argument(
        "--every", type=int, default=1, help="every Nth incident, and each that was reopened"
    )
    options = options.parse_args(args)
    path = Path(options.data) / DATA
    if not path.exists():
        fail(f"{path} is missing")
    replay = Replay(env)
    with measured("replay", env):
        for number, rows in incidents(path, options.incidents, options.every):
            replay.incident(number, rows)
            if replay.count % BATCH == 0:
                say(f"{replay.count} incidents, {replay.events} events")
                env.flush_all()
                env.invalidate_all()
    replay.report()
    env.cr.rollback()
    return 1 if replay.wrong else 0


def incidents(path, limit, every):
    """Yield (number, rows) of the incidents, rows in order of change.

    :param every: yield each of that number, and those that were reopened
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        groups = groupby(csv.DictReader(file), key=lambda row: row["number"])
        for index, (number, rows) in enumerate(groups):
            if limit and index >= limit:
                return
            rows = sorted(rows, key=lambda row: int(row["sys_mod_count"]))
            if index % every == 0 or int(rows[-1]["reopen_count"]):
                yield number, rows


class Replay:
    """The cases of the log and what differs."""

    def __init__(self, env):
        """Prepare a customer, a caller for the call-backs and the team of the cases."""
        context = {"tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True}
        self.env = env(context={**env.context, **context})
        self.env.company.complaint_max_returns = 10**6  # the log knows no such limit
        self.category = self.env.ref("customer_governance.complaint_category_other")
        self.team = self.env["customer.complaint.team"].create({"name": "Replay"})
        self.caller = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Caller of the replay",
                    "login": "replay_caller",
                    "group_ids": [(6, 0, self.env.ref("customer_governance.group_service").ids)],
                }
            )
        )
        self.team.callback_user_id = self.caller
        self.teams, self.customers = {}, {}
        self.count = self.events = self.reassigned = self.reopened = 0
        self.wrong = []

    def _team(self, name):
        if name not in self.teams:
            self.teams[name] = self.env["customer.complaint.team"].create({"name": name})
        return self.teams[name]

    def _customer(self, name):
        if name not in self.customers:
            self.customers[name] = self.env["res.partner"].create({"name": name})
        return self.customers[name]

    def incident(self, number, rows):
        """Replay one incident and compare its counters."""
        case = self.env["customer.complaint"].create(
            {
                "subject": number,
                "partner_id": self._customer(rows[0]["caller_id"]).id,
                "category_id": self.category.id,
                "team_id": self.team.id,
                "received_at": rows[0]["opened_at"],
            }
        )
        self._dispatch(case, rows[0]["assignment_group"])
        reassigned = reopened = 0
        for row in rows:
            self.events += 1
            for _rise in range(int(row["reopen_count"]) - reopened):
                self._reopen(case)
                reopened += 1
            for _rise in range(int(row["reassignment_count"]) - reassigned):
                self._reassign(case, row["assignment_group"])
                reassigned += 1
            if row["incident_state"] in SOLVED and case.state == "investigating":
                case.action_answer()
        if rows[-1]["incident_state"] == "Closed":
            self._close(case)
        last = rows[-1]
        found = (case.return_count, case.reopen_count)
        logged = (int(last["reassignment_count"]), int(last["reopen_count"]))
        if found != logged:
            self.wrong.append((number, found, logged))
        self.count += 1
        self.reassigned += case.return_count
        self.reopened += case.reopen_count

    def _dispatch(self, case, group):
        dispatch = self.env["customer.complaint.dispatch"].create(
            {"complaint_id": case.id, "team_id": self._team(group).id}
        )
        dispatch.action_accept()
        return dispatch

    def _reassign(self, case, group):
        current = case.dispatch_ids.filtered(lambda d: d.state in ("accepted", "reported"))[:1]
        (current or self._dispatch(case, group)).action_return("Reassigned")
        self._dispatch(case, group)

    def _reopen(self, case):
        if case.state == "investigating":
            case.action_answer()
        case.action_reopen("Reopened")

    def _close(self, case):
        if case.state == "investigating":
            case.action_answer()
        visit = case.visit_ids.filtered(lambda v: v.state == "planned")
        visit.write({"verification_result": "accepts"})
        visit.with_user(self.caller).action_done()
        case.action_close()

    def report(self):
        """Print the totals and the incidents that differ."""
        say(f"{self.count} incidents, {self.events} events")
        say(f"{self.reassigned} reassignments, {self.reopened} reopenings")
        for number, found, logged in self.wrong[:20]:
            say(f"  {number}: cases say {found}, the log says {logged}")
        say("counts equal the log's" if not self.wrong else f"{len(self.wrong)} differ")
