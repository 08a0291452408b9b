"""Rights on credit; see `matrix.py`."""

DECIDED = {"*": "-", "credit": "crw", "manager": "crwu", "auditor": "r"}

MATRIX = {
    "customer.credit.grade": {"*": "r", "manager": "crwu"},
    "customer.credit.grade.history": {
        "*": "-",
        "sales": "r/-/-",
        "credit": "r",
        "manager": "r",
        "auditor": "r",
    },
    "customer.credit.limit": DECIDED,
    "customer.credit.proposal": DECIDED,
    "customer.credit.release": {
        "*": "-",
        "sales": "crw/-/-",
        "credit": "crw",
        "manager": "crwu",
        "auditor": "r",
    },
    "customer.credit.watch": {
        "*": "-",
        "sales": "r/-/-",
        "credit": "r",
        "manager": "r",
        "auditor": "r",
    },
    "customer.credit.information": DECIDED,
    "customer.authority.level": {"*": "r", "manager": "crwu"},
    "customer.order.authority": {"*": "r/r/-", "manager": "crwu/crwu/-"},
    "customer.credit.turn": {"*": "-", "manager": "r", "auditor": "r"},
}
