"""Rights on customer care; see `matrix.py`."""

LIST = {
    "*": "-",
    "sales": "r/-/-",
    "service": "r",
    "service_supervisor": "r",
    "manager": "r",
    "auditor": "r",
}

MATRIX = {
    "customer.care.due": LIST,
    "customer.care.coverage": LIST,
    "customer.care.interval": {**LIST, "sales": "crwu/-/-", "manager": "crwu"},
    "customer.care.block": {
        **LIST,
        "sales": "crwu/-/-",
        "service": "crwu",
        "service_supervisor": "crwu",
        "manager": "crwu",
    },
    "customer.care.source": {"*": "r", "manager": "crw"},
}
