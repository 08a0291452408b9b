"""Records of credit for the tests of rights."""


def _grade(env, customer, company):
    return env["customer.credit.grade"].create(
        {"name": "Test", "code": f"{customer.id}{company.id}"}
    )


def _grade_history(env, customer, company):
    return env["customer.credit.grade.history"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "new_grade_id": env.ref("customer_governance.grade_b").id,
            "date": "2026-01-01",
            "origin": "manual",
        }
    )


def _limit(env, customer, company):
    return env["customer.credit.limit"].create(
        {"partner_id": customer.id, "company_id": company.id, "amount": 1, "reason": "Test"}
    )


def _proposal(env, customer, company):
    return env["customer.credit.proposal"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "grade_id": env.ref("customer_governance.grade_b").id,
            "reason": "Test",
        }
    )


def _order(env, customer, company):
    return (
        env["sale.order"]
        .with_company(company)
        .create({"partner_id": customer.id, "company_id": company.id, "user_id": False})
    )


def _release(env, customer, company):
    order = _order(env, customer, company)
    return env["customer.credit.release"].create(
        {"order_id": order.id, "ceiling": 1, "reason": "Test"}
    )


def _watch(env, customer, company):
    customer.with_company(company)._set_credit_hold("Test")
    return env["customer.credit.watch"].search(
        [("partner_id", "=", customer.id), ("company_id", "=", company.id)], limit=1
    )


def _information(env, customer, company):
    return env["customer.credit.information"].create(
        {"name": "Test", "partner_id": customer.id, "company_id": company.id}
    )


def _authority_level(env, customer, company):
    levels = env["customer.authority.level"]
    highest = levels.search([], order="rank desc", limit=1).rank
    return levels.create({"name": "Test", "rank": highest + 1})


def _order_authority(env, customer, company):
    return env["customer.order.authority"].create(
        {"company_id": company.id, "level_id": _authority_level(env, customer, company).id}
    )


def _turn(env, customer, company):
    return env["customer.credit.turn"].create(
        {"partner_id": customer.id, "company_id": company.id, "number": 1}
    )


def _rejection(env, customer, company):
    return env["customer.rejection"].create(
        {
            "res_model": "customer.credit.limit",
            "res_id": _limit(env, customer, company).id,
            "reason": "Test",
        }
    )


def _assess(env, customer, company):
    return env["customer.credit.assess"].create(
        {"partner_id": customer.id, "company_id": company.id}
    )


FACTORIES = {
    "customer.rejection": _rejection,
    "customer.credit.assess": _assess,
    "sale.order": _order,
    "customer.credit.grade": _grade,
    "customer.credit.grade.history": _grade_history,
    "customer.credit.limit": _limit,
    "customer.credit.proposal": _proposal,
    "customer.credit.release": _release,
    "customer.credit.watch": _watch,
    "customer.credit.information": _information,
    "customer.authority.level": _authority_level,
    "customer.order.authority": _order_authority,
    "customer.credit.turn": _turn,
}
