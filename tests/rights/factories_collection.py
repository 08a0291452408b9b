"""Records of collection for the tests of rights."""

from .factories_complaint import _complaint


def _level(env, customer, company):
    return env["customer.collection.level"].create(
        {
            "name": "Test",
            "company_id": company.id,
            "days_overdue": 1000 + env["customer.collection.level"].search_count([]),
            "way": "phone",
        }
    )


def _episode(env, customer, company):
    key = {"partner_id": customer.id, "company_id": company.id, "date_to": False}
    episodes = env["customer.collection.episode"]
    found = episodes.search([(name, "=", value) for name, value in key.items()])
    return found or episodes.create({**key, "date_from": "2026-01-01"})


def _step(env, customer, company):
    return (
        env["customer.collection.step"]
        .sudo()
        .create(
            {
                "episode_id": _episode(env, customer, company).id,
                "level_id": _level(env, customer, company).id,
                "partner_id": customer.id,
                "company_id": company.id,
                "way": "phone",
                "date": "2026-01-01",
            }
        )
    )


def _item(env, customer, company):
    return env["customer.collection.item"].create(
        {"step_id": _step(env, customer, company).id, "name": "INV/1"}
    )


def _move(env, customer, company):
    """Return a draft invoice of a customer in a journal of its own."""
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    journal = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "sale")], limit=1
    ) or env["account.journal"].create(
        {"name": "Test", "code": "CGT", "type": "sale", "company_id": company.id}
    )
    return env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "company_id": company.id,
            "journal_id": journal.id,
        }
    )


def _promise(env, customer, company):
    return env["customer.collection.promise"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "date": "2100-01-01",
            "amount": 1,
            "currency_id": company.currency_id.id,
            "move_ids": [(6, 0, _move(env, customer, company).ids)],
        }
    )


def _dispute(env, customer, company):
    return env["customer.collection.dispute"].create(
        {
            "move_id": _move(env, customer, company).id,
            "partner_id": customer.id,
            "company_id": company.id,
            "complaint_id": _complaint(env, customer, company).id,
            "date_from": "2026-01-01 00:00:00",
        }
    )


def _call(env, customer, company):
    return env["customer.collection.call"].create(
        {"step_id": _step(env, customer, company).id, "result": "refused"}
    )


def _overdue(env, customer, company):
    caller, env = env, env(context=dict(env.context, allowed_company_ids=company.ids))
    number = env["account.account"].search_count([])
    receivable, other = env["account.account"].create(
        [
            {
                "name": "Test",
                "code": f"CGT{number}{place}",
                "account_type": kind,
                "company_ids": [(6, 0, company.ids)],
            }
            for place, kind in enumerate(("asset_receivable", "income"))
        ]
    )
    journal = env["account.journal"].create(
        {"name": "Test", "code": f"T{number}", "type": "general", "company_id": company.id}
    )
    lines = [
        {"account_id": receivable.id, "debit": 100, "date_maturity": "2026-01-01"},
        {"account_id": other.id, "credit": 100},
    ]
    env["account.move"].create(
        {
            "journal_id": journal.id,
            "date": "2026-01-01",
            "line_ids": [(0, 0, {**line, "partner_id": customer.id}) for line in lines],
        }
    ).action_post()
    return caller["customer.collection.overdue"].search(
        [("partner_id", "=", customer.id), ("company_id", "=", company.id)]
    )


FACTORIES = {
    "customer.collection.overdue": _overdue,
    "customer.collection.level": _level,
    "customer.collection.episode": _episode,
    "customer.collection.step": _step,
    "customer.collection.item": _item,
    "customer.collection.promise": _promise,
    "customer.collection.dispute": _dispute,
    "customer.collection.call": _call,
}
