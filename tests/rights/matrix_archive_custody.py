"""Rights on places, deeds, loans and inventories; see `matrix.py`.

The borrower of a loan and the giver of a handover is the customer's salesperson ("own").
"""

# deeds: nobody but custodians and auditors, the head by an access request only
DEED = {"*": "-", "deed": "crw", "auditor": "r"}
OWN_LOAN = {
    "*": "-",
    "sales": "crw/-/-",
    "archivist": "crw",
    "manager": "crw",
    "auditor": "r",
}
OWN_HANDOVER = {
    "*": "-",
    "sales": "crw/-/-",
    "archivist": "r",
    "deed": "crw",
    "auditor": "r",
}

MATRIX = {
    # the factory makes a shelf; safes: test_archive_locations
    "customer.archive.location": {
        "*": "-",
        "archivist": "crw",
        "deed": "r",
        "manager": "crwu",
        "auditor": "r",
    },
    "customer.archive.move": {"*": "-", "archivist": "r", "auditor": "r"},
    "customer.archive.deed": DEED,
    "customer.archive.deed.move": DEED,
    "customer.archive.deed.handover": OWN_HANDOVER,
    "customer.archive.deed.handover.line": {
        "*": "-",
        "sales": "crwu/-/-",
        "archivist": "r",
        "deed": "crwu",
        "auditor": "r",
    },
    "customer.archive.loan": OWN_LOAN,
    "customer.archive.loan.line": {
        "*": "-",
        "sales": "crwu/-/-",
        "archivist": "crwu",
        "manager": "crwu",
        "auditor": "r",
    },
    "customer.archive.loan.extension": OWN_LOAN,
    "customer.archive.waiting": {
        "*": "-",
        "sales": "crw/-/-",
        "archivist": "crw",
        "auditor": "r",
    },
    "customer.archive.inventory": {
        "*": "-",
        "archivist": "crw",
        "deed": "r",
        "manager": "r",
        "auditor": "r",
    },
    "customer.archive.inventory.line": {"*": "-", "archivist": "rw", "auditor": "r"},
}
