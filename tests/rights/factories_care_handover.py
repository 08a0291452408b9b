"""Records of staff handovers for the tests of rights."""

from ...models.common.marks import SENTINEL


def _handover(env, customer, company):
    handover = env["customer.handover"].create(
        {
            "giver_id": (customer.user_id or env.user).id,
            "company_id": company.id,
            "reason": "Test",
            "receiver_ids": [(0, 0, {"user_id": env.ref("base.user_admin").id})],
        }
    )
    # a draft is the leader's alone: giver and receivers read it once it was proposed
    handover.with_context(customer_transition=SENTINEL).state = "proposed"
    return handover


def _receiver(env, customer, company):
    return _handover(env, customer, company).receiver_ids


def _kind(env, customer, company):
    return env["customer.handover.kind"].create(
        {"handover_id": _handover(env, customer, company).id, "key": "customer"}
    )


def _item(env, customer, company):
    return env["customer.handover.item"].create(
        {
            "handover_id": _handover(env, customer, company).id,
            "key": "customer",
            "model": "res.partner",
            "res_id": customer.id,
            "partner_id": customer.id,
        }
    )


def _letter(env, customer, company):
    return env["customer.handover.letter"].create(
        {
            "handover_id": _handover(env, customer, company).id,
            "partner_id": customer.id,
            "user_id": env.ref("base.user_admin").id,
        }
    )


def _holding(env, customer, company):
    users = env["res.users"].with_context(no_reset_password=True)
    login = f"left {customer.id} {company.id}"
    gone = users.with_context(active_test=False).search([("login", "=", login)])
    if not gone:
        gone = users.create(
            {
                "name": "Left",
                "login": login,
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
            }
        )
        env["customer.visit"].create(
            {"partner_id": customer.id, "company_id": company.id, "user_id": gone.id}
        )
        gone.active = False
    return env["customer.holding"].search([("user_id", "=", gone.id)])


def _refuse(env, customer, company):
    return env["customer.handover.refuse"].create(
        {"handover_id": _handover(env, customer, company).id, "reason": "Test"}
    )


def _decide(env, customer, company):
    items = _item(env, customer, company)
    return env["customer.handover.decide"].create(
        {"item_ids": [(6, 0, items.ids)], "decision": "leave"}
    )


def _sign(env, customer, company):
    return env["customer.handover.sign"].create(
        {"handover_id": _handover(env, customer, company).id, "signature": b"iVBORw0KGgo="}
    )


def _leave(env, customer, company):
    return env["customer.user.leave"].create({"user_ids": [(6, 0, env.ref("base.user_admin").ids)]})


FACTORIES = {
    "customer.handover.refuse": _refuse,
    "customer.handover.decide": _decide,
    "customer.handover.sign": _sign,
    "customer.user.leave": _leave,
    "customer.handover": _handover,
    "customer.handover.receiver": _receiver,
    "customer.handover.kind": _kind,
    "customer.handover.item": _item,
    "customer.handover.letter": _letter,
    "customer.holding": _holding,
}
