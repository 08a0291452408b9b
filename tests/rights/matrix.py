"""Who may do what: the one table of rights that the tests check against the database.

MATRIX[model][role] is a text of three parts "own/other/foreign":

* own: a record of a customer whose account manager is the user (`user_sales`)
* other: a record of somebody else's customer, same company
* foreign: a record of another company

Each part holds the letters of what is allowed: c(reate) r(ead) w(rite) u(nlink), "-" for nothing. One part alone
stands for own and other and, for records without company, for all three; records of another company are closed then.
"*" is every role that is not named, "plain" an internal user without any group of ours.
"""

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

MATRIX = {
    # common
    "customer.number": {"*": "-", "manager": "r", "auditor": "r"},
    "customer.sent": {"*": "-", "manager": "r", "auditor": "r"},
    # tier
    "customer.tier": {"*": "r", "manager": "crwu"},
    "customer.tier.history": {
        "*": "r",
        "plain": "-",
        "sales": "r/-/-",
        "archivist": "-",
        "deed": "-",
    },
    # review
}
