"""Rights on deadlines; see `matrix.py`."""

CONFIGURATION = {"*": "r", "manager": "crwu"}
PART = {"*": "r/r/-", "manager": "crwu/crwu/-"}
OF_CASE = {
    "*": "-",
    "sales": "r/-/-",
    "service": "r",
    "service_supervisor": "r",
    "manager": "r",
    "auditor": "r",
}

MATRIX = {
    "customer.makeup.day": CONFIGURATION,
    "customer.calendar.year": CONFIGURATION,
    "customer.sla.policy": CONFIGURATION,
    "customer.sla.milestone": PART,
    "customer.sla.escalation": PART,
    "customer.sla.clock": OF_CASE,
    "customer.sla.event": OF_CASE,
    "customer.sla.notice": {"*": "-", "manager": "r", "auditor": "r"},
    "customer.sla.extension": {
        "*": "-",
        "service": "crw",
        "service_supervisor": "crw",
        "manager": "crw",
        "auditor": "r",
    },
}
