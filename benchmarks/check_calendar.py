"""Fill the Chinese calendar with the wizard and compare it day by day with the official one.

Four years (2024 to 2027) are filled from the library `holidays` as the head of customer governance
would do it, then each day is compared with `cn_calendar.csv.gz`: working day or not, and the make-up
working days on weekends. 2027 is not announced: it must be provisional and follow the standing rule.
Exit code 1 when a day differs. Nothing is kept.
"""

import csv
import gzip
from datetime import date, datetime
from pathlib import Path

from odoo import Command

from .common import REPOSITORY, fail, measured, parser, say, table

FILE_NAME = "cn_calendar.csv.gz"
DEFAULT_FILE = REPOSITORY.parent / "shared" / "data" / FILE_NAME
ZONE = "Asia/Shanghai"
SHIFTS = ((8, 12), (13, 17))
WEEKDAYS = range(5)
SATURDAY = 6


def main(env, args):
    """Fill and compare the years; return 1 when a day differs."""
    options = parser("check_calendar", __doc__)
    options.add_argument("--file", type=Path, default=DEFAULT_FILE, help="path of " + FILE_NAME)
    options = options.parse_args(args)
    if not options.file.is_file():
        fail(f"{options.file} not found; pass the path of {FILE_NAME} with --file.")
    days = _official(options.file)
    _prepare_company(env)
    rows, wrong = [], []
    for year in sorted({day.year for day in days}):
        with measured(f"Calendar {year}", env):
            filled = _fill(env, year)
        found = _found(env, year)
        expected = {day: works for day, works in days.items() if day.year == year}
        differing = [day for day, works in expected.items() if found[day] != works]
        makeup = {day for day, works in expected.items() if works and day.isoweekday() >= SATURDAY}
        entered = set(filled.makeup_day_ids.mapped("date"))
        wrong += differing + sorted(makeup ^ entered)
        rows.append(
            [
                year,
                sum(expected.values()),
                sum(found.values()),
                len(makeup),
                len(entered),
                len(differing),
                "provisional" if filled.is_provisional else "official",
            ]
        )
        if filled.is_provisional != (year == _first_unofficial(options.file)):
            wrong.append(date(year, 1, 1))
    head = ["Year", "working days", "ours", "make-up", "ours", "different", "ours is"]
    print(table(head, rows))
    for day in wrong[:20]:
        say(f"differs: {day}")
    say("Every day is equal." if not wrong else f"{len(wrong)} days differ.")
    env.cr.rollback()
    return 1 if wrong else 0


def _read(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _official(path):
    """Return {day: is worked}: the official calendar, where there is none yet the standing rule."""
    return {
        date.fromisoformat(row["date"]): (
            row["is_workday_chinese_calendar"] or row["is_workday_holidays"]
        )
        == "1"
        for row in _read(path)
    }


def _first_unofficial(path):
    """Return the first year without an official calendar."""
    return min(
        date.fromisoformat(row["date"]).year
        for row in _read(path)
        if not row["is_workday_chinese_calendar"]
    )


def _prepare_company(env):
    """Give the company an office week in Shanghai, without time off."""
    env["resource.calendar.leaves"].search([("resource_id", "=", False)]).unlink()
    env["customer.calendar.year"].search([]).unlink()
    env["customer.makeup.day"].search([]).unlink()
    env.user.group_ids |= env.ref("customer_governance.group_manager")
    env.company.resource_calendar_id = env["resource.calendar"].create(
        {
            "name": "Shanghai",
            "tz": ZONE,
            "attendance_ids": [Command.clear()]
            + [
                Command.create(
                    {
                        "name": f"{day} {begin}",
                        "dayofweek": str(day),
                        "hour_from": begin,
                        "hour_to": end,
                        "day_period": "morning" if begin < SHIFTS[1][0] else "afternoon",
                    }
                )
                for day in WEEKDAYS
                for begin, end in SHIFTS
            ],
        }
    )


def _fill(env, year):
    """Fill a year through the wizard; return it."""
    wizard = env["customer.calendar.fill"].create(
        {"country_id": env.ref("base.cn").id, "year": year}
    )
    action = wizard.action_fill()
    return env["customer.calendar.year"].browse(action["res_id"])


def _found(env, year):
    """Return {day: is worked} as the clocks see it."""
    working = env["customer.working.calendar"]._working_time(env.company, datetime(year, 6, 1))
    days = {working.date_of(n): working.is_working_day(n) for n in range(working.day_count)}
    return {day: works for day, works in days.items() if day.year == year}
