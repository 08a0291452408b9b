"""Who may do what: the one table of rights that the tests check against the database.

MATRIX[model][role] is a text of three parts "own/other/foreign":

* own: a record of a customer whose account manager is the user (`user_sales`)
* other: a record of somebody else's customer, same company
* foreign: a record of another company

Each part holds the letters of what is allowed: c(reate) r(ead) w(rite) u(nlink), "-" for nothing.
One part alone stands for own and other and, for records without company, for all three; records of
another company are closed then. "*" is every role that is not named, "plain" an internal user
without any group of ours.
"""

from . import (
    matrix_archive,
    matrix_archive_custody,
    matrix_archive_rights,
    matrix_care,
    matrix_care_handover,
    matrix_collection,
    matrix_complaint,
    matrix_credit,
    matrix_figures,
    matrix_sla,
)

ROLES = (
    "plain",
    "sales",
    "service",
    "service_supervisor",
    "quality",
    "credit",
    "archivist",
    "deed",
    "committee",
    "manager",
    "auditor",
)

# Scorecards and their parts: who works with reviews reads them, the head writes them.
SCORECARD = {
    "*": "-",
    "sales": "r/r/-",
    "service_supervisor": "r/r/-",
    "credit": "r/r/-",
    "committee": "r/r/-",
    "manager": "crwu/crwu/-",
    "auditor": "r/r/-",
}

MATRIX = {
    # common
    "customer.number": {"*": "-", "manager": "r", "auditor": "r"},
    "customer.sent": {"*": "-", "manager": "r", "auditor": "r"},
    "customer.figure.value": {
        "*": "-",
        "service_supervisor": "r",
        "quality": "r",
        "manager": "r",
        "auditor": "r",
    },
    # tier
    "customer.tier": {"*": "r", "manager": "crwu"},
    "customer.tier.history": {
        "*": "r",
        "plain": "-",
        "sales": "r/-/-",
        "archivist": "-",
        "deed": "-",
    },
    "customer.metrics": {
        "*": "-",
        "sales": "r/-/-",
        "service": "r",
        "service_supervisor": "r",
        "credit": "r",
        "committee": "r",
        "manager": "r",
        "auditor": "r",
    },
    "customer.data.field": {"*": "r", "manager": "crwu"},
    "customer.data.review": {
        "*": "-",
        "sales": "rw/-/-",
        "service": "rw",
        "service_supervisor": "rw",
        "credit": "r",
        "committee": "r",
        "manager": "crwu",
        "auditor": "r",
    },
    "customer.data.correction": {
        "*": "-",
        "sales": "r/-/-",
        "service": "r",
        "service_supervisor": "r",
        "credit": "r",
        "committee": "r",
        "manager": "r",
        "auditor": "r",
    },
    "customer.information": {
        "*": "-",
        "sales": "crw/-/-",
        "service": "crw",
        "service_supervisor": "crw",
        "credit": "r",
        "committee": "r",
        "manager": "crwu",
        "auditor": "r",
    },
    "customer.tier.breach": {
        "*": "r",
        "plain": "-",
        "sales": "r/-/-",
        "archivist": "-",
        "deed": "-",
    },
    "customer.segment.dimension": {"*": "r", "manager": "crwu"},
    "customer.segment": {"*": "r", "manager": "crwu"},
    "customer.segment.assignment": {
        "*": "r",
        "plain": "-",
        "sales": "crwu/-/-",
        "committee": "crwu",
        "manager": "crwu",
        "archivist": "-",
        "deed": "-",
    },
    "customer.segment.past": {
        "*": "r",
        "plain": "-",
        "sales": "r/-/-",
        "archivist": "-",
        "deed": "-",
    },
    "customer.lifecycle.cause": {"*": "r", "manager": "crwu"},
    "customer.lifecycle.change": {
        "*": "r",
        "plain": "-",
        "sales": "rw/-/-",
        "committee": "rw",
        "manager": "rw",
        "archivist": "-",
        "deed": "-",
    },
    # review
    "customer.scorecard": SCORECARD,
    "customer.scorecard.indicator": SCORECARD,
    "customer.scorecard.range": SCORECARD,
    "customer.scorecard.choice": SCORECARD,
    "customer.scorecard.band": SCORECARD,
    "customer.scorecard.veto": SCORECARD,
    "customer.scorecard.trial": {"*": "-", "committee": "r", "manager": "crwu", "auditor": "r"},
    "customer.review": {
        "*": "-",
        "sales": "r",
        "committee": "crw",
        "manager": "crwu",
        "auditor": "r",
    },
    "customer.review.line": {
        "*": "-",
        "sales": "r/-/-",
        "committee": "rw",
        "manager": "rw",
        "auditor": "r",
    },
    "customer.review.score": {
        "*": "-",
        "sales": "rw/-/-",
        "committee": "rw/rw/-",
        "manager": "rw/rw/-",
        "auditor": "r/r/-",
    },
    "customer.review.appeal": {
        "*": "-",
        "sales": "crw/-/-",
        "committee": "rw",
        "manager": "crw",
        "auditor": "r",
    },
    "customer.review.move": {"*": "-", "committee": "r", "manager": "r", "auditor": "r"},
    "customer.review.flow": {"*": "-", "committee": "r", "manager": "r", "auditor": "r"},
}
MATRIX.update(matrix_complaint.MATRIX)
MATRIX.update(matrix_sla.MATRIX)
MATRIX.update(matrix_figures.MATRIX)
MATRIX.update(matrix_collection.MATRIX)
MATRIX.update(matrix_credit.MATRIX)
MATRIX.update(matrix_care_handover.MATRIX)
MATRIX.update(matrix_archive.MATRIX)
MATRIX.update(matrix_archive_custody.MATRIX)
MATRIX.update(matrix_archive_rights.MATRIX)
MATRIX.update(matrix_care.MATRIX)
