"""Complaints at scale: deadlines, the SLA job, creating cases and the views.

Cases are made in the database and removed again unless --keep is given. Limits are those of the
specification; a figure beyond its limit makes the exit code 1.
"""

from . import complaints_create, complaints_sla, complaints_views
from .common import parser, say, table

PARTS = (
    complaints_sla.main_parts,
    complaints_create.main_parts,
    complaints_views.main_parts,
)


def main(env, args):
    """Run all parts; return 1 when a limit is exceeded."""
    options = _parser().parse_args(args)
    env = env(context=dict(env.context, tracking_disable=True))
    rows, failed = [], []
    for part in PARTS:
        for label, value, limit in part(env, options.cases):
            ok = limit is None or value <= limit
            say(f"{label}: {value:,.3f}")
            if not ok:
                failed.append(label)
            rows.append(
                [
                    label,
                    f"{value:,.3f}",
                    "" if limit is None else f"<= {limit:g}",
                    "" if ok else "NO",
                ]
            )
    print(table(["Figure", "value", "limit", ""], rows))
    if options.keep:
        env.cr.commit()
    else:
        env.cr.rollback()
    say("All limits are kept." if not failed else f"Beyond their limits: {', '.join(failed)}")
    return 1 if failed else 0


def _parser():
    """Return the parser of the command line."""
    result = parser("complaints", __doc__)
    result.add_argument(
        "--cases", type=int, default=100_000, help="open cases (default: %(default)s)"
    )
    result.add_argument("--keep", action="store_true", help="leave the cases in the database")
    return result
