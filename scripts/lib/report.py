"""Read a log that Odoo wrote while it ran tests: what ran, what failed, what it warned about.

usage: report.py progress LOG             one short line about a run that goes on
       report.py warnings LOG             list the warnings; fails when there are any
       report.py result NAME LOG STATUS   list the failures, add one line to the file in CG_RESULTS

Environment:
  CG_RESULTS  file of "name<TAB>passed<TAB>failed<TAB>skipped" lines
  CG_ALLOWED  file of regular expressions of log messages that are not ours
  CG_ONLY     when set, a failing test counts only if its message contains this text: for Odoo's own
              linters, which look at every addon
"""

import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

ENTRY = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) \S+ (?P<logger>\S+): (?P<message>.*)$"
)
STARTED = re.compile(r"^Starting (\S+) \.\.\.")
SKIPPED = re.compile(r"^skipped (\S+) : (.*)")
FAILED = re.compile(r"^(FAIL|ERROR): (.+)")
SUBTEST = re.compile(r"^Subtest (\S+) ?(.*)")
# Odoo sums up failures that were logged one by one before.
SUMS_UP = re.compile(r"^(At least one test failed|Module \S+: \d+ failures, \d+ errors of)")
CLOSING = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
LOUD = ("WARNING", "ERROR", "CRITICAL")
SHOWN_LINES = 40


class Entry(NamedTuple):
    """One message of the log, with the lines that follow it (tracebacks)."""

    level: str
    logger: str
    message: str
    rest: list


class Summary(NamedTuple):
    """What a log says: `tests` and `skipped` are names, the rest entries by name."""

    tests: list
    skipped: list
    failures: dict
    warnings: dict
    closed: bool


def read_entries(path):
    """Yield the messages; a line that starts no message belongs to the one before."""
    entry = None
    with Path(path).open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            match = ENTRY.match(line)
            if match:
                if entry:
                    yield entry
                entry = Entry(match["level"], match["logger"], match["message"], [])
            elif entry:
                entry.rest.append(line.rstrip("\n"))
    if entry:
        yield entry


def read_allowed(path):
    """Regular expressions, one per line; a line that starts with # says why."""
    if not path:
        return []
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [re.compile(line) for line in lines if line.strip() and not line.startswith("#")]


def summarize(entries, allowed=()):
    """Sort the messages into tests that ran, were skipped, failed, and loud messages."""
    tests, skipped, failures, warnings, closed = [], [], {}, {}, False
    for entry in entries:
        if match := STARTED.match(entry.message):
            tests.append(f"{entry.logger}.{match[1]}")
        elif match := SKIPPED.match(entry.message):
            skipped.append(f"{entry.logger}.{match[1]}")
        elif entry.level in LOUD and (match := FAILED.match(entry.message)):
            name = match[2]
            if subtest := SUBTEST.match(name):
                name = subtest[1]
            failures.setdefault(f"{entry.logger}.{name}", []).append(entry)
        elif CLOSING.search(entry.message):
            closed = True
        elif SUMS_UP.match(entry.message):
            continue
        elif entry.level in LOUD:
            text = f"{entry.level} {entry.logger}: {entry.message}"
            if not any(pattern.search("\n".join([text, *entry.rest])) for pattern in allowed):
                warnings.setdefault(text, []).append(entry)
    return Summary(tests, skipped, failures, warnings, closed)


def keep_only(failures, text):
    """Failures whose message names `text` (all of them without a text)."""
    if not text:
        return failures
    # Paths in tracebacks hold the name too, as that of the cache folder.
    cache = os.environ.get("CG_CACHE", "")
    kept = {}
    for name, entries in failures.items():
        entries = [e for e in entries if text in "\n".join([e.message, *e.rest]).replace(cache, "")]
        if entries:
            kept[name] = entries
    return kept


def print_progress(path):
    """One line: how many tests, how many failed, which one runs."""
    found = summarize(read_entries(path) if Path(path).exists() else ())
    line = f"{len(found.tests)} tests, {len(found.failures)} failed"
    if found.tests:
        line += ", " + ".".join(found.tests[-1].split(".")[-2:])
    sys.stdout.write(line)


def print_entries(title, entries):
    """A failure or warning with the end of what followed it."""
    print(f"  {title}" + (f"  ({len(entries)} times)" if len(entries) > 1 else ""))
    for line in entries[0].rest[-SHOWN_LINES:]:
        print(f"      {line}")


def print_warnings(path):
    """List what a run without tests warned about; tell whether there was anything."""
    found = summarize(read_entries(path), read_allowed(os.environ.get("CG_ALLOWED")))
    for title, entries in sorted(found.warnings.items()):
        print_entries(f"LOGGED {title}", entries)
    return bool(found.warnings)


def print_result(name, path, status):
    """List what is wrong and append the counts of this log to the results file."""
    found = summarize(read_entries(path), read_allowed(os.environ.get("CG_ALLOWED")))
    failures = keep_only(found.failures, os.environ.get("CG_ONLY"))
    warnings = {} if os.environ.get("CG_ONLY") else found.warnings
    foreign = len(found.failures) - len(failures)
    problems = len(failures) + len(warnings)
    for title, entries in sorted(failures.items()):
        print_entries(f"FAILED {title}", entries)
    for title, entries in sorted(warnings.items()):
        print_entries(f"LOGGED {title}", entries)
    if not found.closed:
        print(f"  FAILED {name}: Odoo stopped before the tests were over (status {status})")
        problems += 1
    elif int(status) and not found.failures and not warnings:
        print(f"  FAILED {name}: Odoo ended with status {status}")
        problems += 1
    broken = len(set(found.tests) & set(found.failures))
    passed = len(found.tests) - len(found.skipped) - broken
    print(
        f"  {name}: {passed} passed, {problems} failed, {len(found.skipped)} skipped"
        + (f" ({foreign} failures of other addons ignored)" if foreign else "")
    )
    with Path(os.environ["CG_RESULTS"]).open("a", encoding="utf-8") as results:
        results.write(f"{name}\t{passed}\t{problems}\t{len(found.skipped)}\n")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "progress":
        print_progress(sys.argv[2])
    elif len(sys.argv) == 3 and sys.argv[1] == "warnings":
        sys.exit(print_warnings(sys.argv[2]))
    elif len(sys.argv) == 5 and sys.argv[1] == "result":
        print_result(*sys.argv[2:])
    else:
        sys.exit(__doc__)
