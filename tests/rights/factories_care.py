"""Records of customer care for the tests of rights."""


def _interval(env, customer, company):
    intervals = env["customer.care.interval"]
    key = {"partner_id": customer.id, "company_id": company.id, "kind": "contact"}
    return intervals.search([(name, "=", value) for name, value in key.items()]) or (
        intervals.create({**key, "days": 30, "reason": "Test", "since": "2026-01-01"})
    )


def _block(env, customer, company):
    return env["customer.care.block"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "purpose": "marketing",
            "reason": "Test",
        }
    )


def _source(env, customer, company):
    sources = env["customer.care.source"]
    key = {"kind": "visit", "event": "visit", "purpose": "win_back"}
    return sources.search([(name, "=", value) for name, value in key.items()]) or (
        sources.create(key)
    )


def _due(env, customer, company):
    _interval(env, customer, company)
    env["customer.metrics"]._refresh_company(company, customer)
    env.flush_all()
    return env["customer.care.due"].search(
        [("partner_id", "=", customer.id), ("company_id", "=", company.id)], limit=1
    )


def _coverage(env, customer, company):
    _due(env, customer, company)
    rows = env["customer.care.coverage"]
    rows._refresh(company)
    return rows.search([("partner_id", "=", customer.id), ("company_id", "=", company.id)], limit=1)


def _next(env, customer, company):
    return env["customer.care.next"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "date": "2099-01-05",
            "reason": "Test",
        }
    )


FACTORIES = {
    "customer.care.interval": _interval,
    "customer.care.block": _block,
    "customer.care.source": _source,
    "customer.care.due": _due,
    "customer.care.coverage": _coverage,
    "customer.care.next": _next,
}
