"""Rights on collection; see `matrix.py`."""

LEVEL = {"*": "-", "sales": "r", "credit": "r", "manager": "crwu", "auditor": "r"}
READ = {"*": "-", "sales": "r/-/-", "credit": "r", "manager": "r", "auditor": "r"}

MATRIX = {
    "customer.collection.level": LEVEL,
    "customer.collection.episode": READ,
    "customer.collection.item": READ,
    "customer.collection.dispute": READ,
    "customer.collection.overdue": READ,
    "customer.collection.step": {
        "*": "-",
        "sales": "rw/-/-",
        "credit": "rw",
        "manager": "rw",
        "auditor": "r",
    },
    "customer.collection.promise": {
        "*": "-",
        "sales": "crw/-/-",
        "credit": "crw",
        "manager": "crw",
        "auditor": "r",
    },
}
