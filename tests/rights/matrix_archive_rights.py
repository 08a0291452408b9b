"""Rights on retention, disposal, access log and access requests; see `matrix.py`."""

MATRIX = {
    "customer.archive.retention": {
        "*": "-",
        "archivist": "r/r/-",
        "auditor": "r/r/-",
    },
    # owner and witnesses see the lists they are named on, see test_archive_disposal
    "customer.archive.disposal": {
        "*": "-",
        "archivist": "crwu",
        "manager": "rw",
        "auditor": "r",
    },
    "customer.archive.disposal.line": {
        "*": "-",
        "archivist": "crwu",
        "manager": "r",
        "auditor": "r",
    },
    # the head reads no access log
    "customer.archive.access": {"*": "-", "auditor": "r"},
    # requests are somebody else's here; own ones: test_archive_access_requests
    "customer.archive.access.request": {
        "*": "-",
        "archivist": "rw",
        "manager": "rw",
        "auditor": "r",
    },
}
