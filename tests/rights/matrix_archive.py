"""Rights on dossiers of the class "transactions"; see `matrix.py`.

Other classes and routes: tests/archive/test_archive_rights.py. The head reads the dossiers of own
customers as an account manager does, and no others.
"""

SETUP = {"*": "r", "manager": "crwu"}


def _by_class(own, archivist, manager=None):
    """Rights of those who read by class; credit control reads other classes only."""
    return {
        "*": "-",
        "sales": f"{own}/-/-",
        "archivist": f"{archivist}/{archivist}/-",
        "manager": f"{manager or '-'}/{manager or '-'}/-",
        "auditor": "r/r/-",
    }


MATRIX = {
    "customer.archive.class": SETUP,
    "customer.archive.section": SETUP,
    "customer.archive.requirement": SETUP,
    "customer.archive": _by_class("crw", "crwu"),
    "customer.archive.document": _by_class("crwu", "crwu"),
    "customer.archive.handover": _by_class("rw", "rw"),
    "customer.archive.handover.line": _by_class("rw", "rw"),
    "customer.archive.shortfall": _by_class("crwu", "crwu"),
    "customer.archive.extension": _by_class("crw", "crw", "crw"),
    "customer.archive.supplement": _by_class("r", "crwu"),
    "customer.archive.missing": _by_class("r", "r"),
    "customer.archive.upload": _by_class("crwu", "crwu"),
    "customer.archive.upload.line": _by_class("rw", "rw"),
}
