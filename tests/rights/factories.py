"""One record of each model for a customer and company, made by the system.

FACTORIES[model](env, customer, company) returns the record; `customer` is the key to own / other.
"""


def _number(env, customer, company):
    return env["customer.number"].create(
        {"company_id": company.id, "scope": "test", "period": str(customer.id), "serial": 1}
    )


def _sent(env, customer, company):
    return env["customer.sent"].create(
        {"model": "res.partner", "res_id": customer.id, "key": f"{company.id}"}
    )


FACTORIES = {
    # common
    "customer.number": _number,
    "customer.sent": _sent,
    # tier
    # review
}
