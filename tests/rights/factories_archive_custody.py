"""Records of custody for the tests of rights; the borrower and giver is the customer's salesperson."""

from .factories_archive import _archive


def _registered(env, customer, company):
    archive = _archive(env, customer, company)
    archive.sudo()._thawed().with_context(**_transition(env)).write(
        {"state": "registered", "name": f"T{archive.id}"}
    )
    return archive


def _transition(env):
    from ...models.common import customer_transition_mixin as mixin

    return {mixin._KEY: mixin.SENTINEL}


def _location(env, customer, company, **vals):
    return env["customer.archive.location"].create(
        {"name": "Shelf", "company_id": company.id, **vals}
    )


def _move(env, customer, company):
    archive = _archive(env, customer, company)
    archive.location_id = _location(env, customer, company)
    return archive.move_ids[:1]


def _deed(env, customer, company):
    return env["customer.archive.deed"].create(
        {"archive_id": _archive(env, customer, company).id, "name": "Deed"}
    )


def _handover(env, customer, company):
    return env["customer.archive.deed.handover"].create(
        {
            "archive_id": _archive(env, customer, company).id,
            "giver_id": (customer.user_id or env.user).id,
            "checker_id": env.ref("base.user_admin").id,
            "line_ids": [(0, 0, {"name": "Deed"})],
        }
    )


def _handover_line(env, customer, company):
    return _handover(env, customer, company).line_ids


def _deed_move(env, customer, company):
    handover = _handover(env, customer, company)
    deed = _deed(env, customer, company)
    deed.handover_id = handover
    safe = _location(env, customer, company, kind="safe")
    return env["customer.archive.deed.move"].create(
        {"deed_id": deed.id, "direction": "in", "location_id": safe.id}
    )


def _loan(env, customer, company):
    return env["customer.archive.loan"].create(
        {
            "purpose": "Test",
            "company_id": company.id,
            "borrower_id": (customer.user_id or env.user).id,
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "kind": "archive",
                        "archive_id": _registered(env, customer, company).id,
                    },
                )
            ],
        }
    )


def _loan_line(env, customer, company):
    return _loan(env, customer, company).line_ids


def _extension(env, customer, company):
    return env["customer.archive.loan.extension"].create(
        {
            "loan_id": _loan(env, customer, company).id,
            "date_due": "2099-01-01",
            "reason": "Test",
        }
    )


def _inventory(env, customer, company):
    # one open inventory a part of the archive
    return env["customer.archive.inventory"].create(
        {"company_id": company.id, "location_id": _location(env, customer, company).id}
    )


def _inventory_line(env, customer, company):
    archive = _archive(env, customer, company)
    return env["customer.archive.inventory.line"].create(
        {
            "inventory_id": _inventory(env, customer, company).id,
            "company_id": company.id,
            "kind": "archive",
            "archive_id": archive.id,
            "name": "Test",
        }
    )


def _relocate(env, customer, company):
    return env["customer.archive.relocate"].create(
        {
            "archive_ids": [(6, 0, _archive(env, customer, company).ids)],
            "location_id": _location(env, customer, company).id,
        }
    )


def _desk(env, customer, company):
    return env["customer.archive.desk"].create({"kind": "papers"})


def _loss(env, customer, company):
    line = _loan_line(env, customer, company)
    return env["customer.archive.loss"].create({"line_ids": [(6, 0, line.ids)], "story": "Test"})


def _scan(env, customer, company):
    return env["customer.archive.inventory.scan"].create(
        {"inventory_id": _inventory(env, customer, company).id, "codes": "1"}
    )


def _waiting(env, customer, company):
    return env["customer.archive.waiting"].create(
        {
            "archive_id": _registered(env, customer, company).id,
            "user_id": (customer.user_id or env.user).id,
        }
    )


def _clear_up(env, customer, company):
    archive = _registered(env, customer, company)
    archive.sudo()._lose_pages(1)
    return env["customer.archive.clear.up"].create({"archive_id": archive.id, "note": "Test"})


def _hand_over(env, customer, company):
    return env["customer.archive.hand.over"].create(
        {
            "archive_id": _archive(env, customer, company).id,
            "checker_id": env.ref("base.user_admin").id,
        }
    )


def _hand_over_deed(env, customer, company):
    return env["customer.archive.hand.over.deed"].create(
        {"hand_over_id": _hand_over(env, customer, company).id, "name": "Deed"}
    )


def _witness(env, customer, company):
    return env["customer.archive.witness"].create(
        {"move_id": _deed_move(env, customer, company).id}
    )


def _settle(env, customer, company):
    return env["customer.archive.settle"].create(
        {"line_id": _loan_line(env, customer, company).id, "measures": "Test"}
    )


FACTORIES = {
    "customer.archive.waiting": _waiting,
    "customer.archive.clear.up": _clear_up,
    "customer.archive.hand.over": _hand_over,
    "customer.archive.hand.over.deed": _hand_over_deed,
    "customer.archive.witness": _witness,
    "customer.archive.settle": _settle,
    "customer.archive.relocate": _relocate,
    "customer.archive.desk": _desk,
    "customer.archive.loss": _loss,
    "customer.archive.inventory.scan": _scan,
    "customer.archive.location": _location,
    "customer.archive.move": _move,
    "customer.archive.deed": _deed,
    "customer.archive.deed.handover": _handover,
    "customer.archive.deed.handover.line": _handover_line,
    "customer.archive.deed.move": _deed_move,
    "customer.archive.loan": _loan,
    "customer.archive.loan.line": _loan_line,
    "customer.archive.loan.extension": _extension,
    "customer.archive.inventory": _inventory,
    "customer.archive.inventory.line": _inventory_line,
}
