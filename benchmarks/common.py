"""Shared tools of the benchmark scripts: arguments, progress, time, query count, peak memory.

A benchmark is a module with `main(env, args)`: `env` is an Odoo environment as superuser, `args`
the list of words after its name on the command line. It returns an exit code (None or 0: success).
"""

import argparse
import contextlib
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
_START = time.monotonic()


def parser(name, doc):
    """Return an argument parser for `scripts/bench NAME`; `doc` (a docstring) is its help."""
    return argparse.ArgumentParser(
        prog=f"scripts/bench {name}",
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def say(message):
    """Print a progress line with the seconds since start, at once (also into a pipe)."""
    print(f"[{time.monotonic() - _START:6.1f} s] {message}", flush=True)


def fail(message):
    """Stop with a clear message and exit code 1."""
    print(f"Error: {message}", file=sys.stderr, flush=True)
    raise SystemExit(1)


@dataclass
class Measure:
    """What one measured step took.

    seconds: wall clock; queries: SQL statements sent through the environment's cursor; memory_mb:
    how much the peak resident memory of this process rose above what it held when the step began.
    """

    label: str
    seconds: float = 0.0
    queries: int = 0
    memory_mb: float = 0.0

    def __str__(self):
        """One aligned line for the log."""
        return (
            f"{self.label:<44} {self.seconds:9.2f} s {self.queries:7d} queries "
            f"{self.memory_mb:+8.1f} MB"
        )


@contextlib.contextmanager
def measured(label, env=None, echo=True):
    """Measure the block: yields a Measure, filled when the block ends, printed when `echo`.

    Pending ORM writes are flushed before the clock starts and again before it stops, so a step
    pays for its own writes only.
    """
    result = Measure(label)
    if env is not None:
        env.flush_all()
    reset_peak_memory()
    memory, queries = resident_mb(), env.cr.sql_log_count if env is not None else 0
    start = time.perf_counter()
    yield result
    if env is not None:
        env.flush_all()
        result.queries = env.cr.sql_log_count - queries
    result.seconds = time.perf_counter() - start
    result.memory_mb = max(0.0, peak_mb() - memory)
    if echo:
        say(str(result))


def _status_mb(key):
    """Read a kB figure of /proc/self/status in MB, None where the system has no /proc."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
    except OSError:
        return None
    return None


def resident_mb():
    """Return the memory the process holds now, in MB."""
    value = _status_mb("VmRSS")
    return peak_mb() if value is None else value


def peak_mb():
    """Return the highest memory in MB since `reset_peak_memory` (or ever, without /proc)."""
    value = _status_mb("VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if value is None else value


def reset_peak_memory():
    """Make `peak_mb` count from now on, where the kernel allows it."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def table(headers, rows):
    """Return `rows` (lists of cells) as text: first column left, the others right aligned."""
    cells = [[str(cell) for cell in row] for row in [headers, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(headers))]

    def line(row):
        first = row[0].ljust(widths[0])
        return "  ".join(
            [first, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )

    return "\n".join(
        [line(cells[0]), "  ".join("-" * width for width in widths), *map(line, cells[1:])]
    )
