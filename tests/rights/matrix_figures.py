"""Rights on the figures of complaints; see `matrix.py`."""

MATRIX = {
    "customer.complaint.figure": {
        "*": "-",
        "service": "r",
        "service_supervisor": "r",
        "manager": "r",
        "auditor": "r",
    },
}
