"""Compare the terms of two translation templates; the exit code tells whether they differ.

usage: compare_terms.py WRITTEN FRESH
"""

import sys

import polib


def terms(path):
    """The source strings of a file."""
    return {entry.msgid for entry in polib.pofile(path) if not entry.obsolete}


if __name__ == "__main__":
    written, fresh = map(terms, sys.argv[1:])
    for term in sorted(fresh - written):
        print(f"missing: {term!r}")
    for term in sorted(written - fresh):
        print(f"no longer there: {term!r}")
    sys.exit(written != fresh)
