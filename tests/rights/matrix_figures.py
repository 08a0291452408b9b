"""Rights on the figures of complaints; see `matrix.py`."""

MATRIX = {
    "customer.complaint.figure": {
        "*": "-",
        "service": "r",
        "service_supervisor": "r",
        "manager": "r",
        "auditor": "r",
    },
    # figures and states are guarded on top of the right to write: see test_provider_period
    "customer.provider.period": {
        "*": "-",
        "service_supervisor": "rw",
        "manager": "rw",
        "auditor": "r",
    },
    "customer.provider.period.line": {
        "*": "-",
        "service_supervisor": "r",
        "manager": "r",
        "auditor": "r",
    },
    "customer.provider.rating": {"*": "r", "manager": "crwu"},
    "customer.provider.rating.history": {
        "*": "-",
        "service_supervisor": "r",
        "committee": "r",
        "manager": "r",
        "auditor": "r",
    },
    "customer.repair.figure": {
        "*": "-",
        "service": "r",
        "service_supervisor": "r",
        "manager": "r",
        "auditor": "r",
    },
    "customer.provider.volume": {
        "*": "-",
        "service_supervisor": "crwu",
        "manager": "crwu",
        "auditor": "r",
    },
    "customer.complaint.cutoff": {
        "*": "-",
        "service_supervisor": "r",
        "manager": "crwu",
        "auditor": "r",
    },
    "customer.provider.quota": {
        "*": "-",
        "service_supervisor": "r",
        "manager": "crwu",
        "auditor": "r",
    },
}
