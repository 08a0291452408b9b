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


def _tier(env, customer, company):
    return env["customer.tier"].create({"name": "Test", "code": f"t{customer.id}{company.id}"})


def _tier_history(env, customer, company):
    return env["customer.tier.history"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "new_tier_id": env.ref("customer_governance.tier_standard").id,
            "date": "2026-01-01",
            "reason": "Test",
            "origin": "manual",
        }
    )


FACTORIES = {
    # common
    "customer.number": _number,
    "customer.sent": _sent,
    # tier
    "customer.tier": _tier,
    "customer.tier.history": _tier_history,
    # review
}
