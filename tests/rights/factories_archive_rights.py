"""Records of retention, disposal and access for the tests of rights."""


def _registered(env, customer, company):
    archive = (
        env["customer.archive"]
        .with_company(company)
        .create(
            {
                "title": "Test",
                "class_id": env.ref("customer_governance.archive_class_special").id,
                "partner_id": customer.id,
                "company_id": company.id,
                "role_b_id": env.ref("base.user_admin").id,
                "document_ids": [(0, 0, {"name": "Paper"})],
            }
        )
    )
    archive.action_submit()
    archive.action_check()
    archive.action_accept()
    return archive


def _retention(env, customer, company):
    archive = _registered(env, customer, company)
    env.flush_all()
    return env["customer.archive.retention"].browse(archive.id)


def _disposal(env, customer, company):
    return env["customer.archive.disposal"].create({"company_id": company.id})


def _line(env, customer, company):
    return env["customer.archive.disposal.line"].create(
        {
            "disposal_id": _disposal(env, customer, company).id,
            "archive_id": _registered(env, customer, company).id,
        }
    )


def _access(env, customer, company):
    return env["customer.archive.access"].create(
        {
            "user_id": env.uid,
            "company_id": company.id,
            "kind": "open",
            "date": "2026-01-01",
            "res_model": "customer.archive",
            "res_id": 1,
        }
    )


def _request(env, customer, company):
    return env["customer.archive.access.request"].create(
        {
            "purpose": "Test",
            "company_id": company.id,
            "partner_id": customer.id,
            "date_to": "2099-12-31",
        }
    )


def _hold(env, customer, company):
    archive = _registered(env, customer, company)
    return env["customer.archive.hold"].create(
        {"archive_ids": [(6, 0, archive.ids)], "reason": "Test"}
    )


def _lookup(env, customer, company):
    return env["privacy.lookup.wizard"].create({"name": "Test", "email": "test@example.com"})


def _lookup_line(env, customer, company):
    return env["privacy.lookup.wizard.line"].create(
        {
            "wizard_id": _lookup(env, customer, company).id,
            "res_model_id": env["ir.model"]._get_id("customer.archive"),
            "res_id": _registered(env, customer, company).id,
        }
    )


FACTORIES = {
    "privacy.lookup.wizard": _lookup,
    "privacy.lookup.wizard.line": _lookup_line,
    "customer.archive.hold": _hold,
    "customer.archive.retention": _retention,
    "customer.archive.disposal": _disposal,
    "customer.archive.disposal.line": _line,
    "customer.archive.access": _access,
    "customer.archive.access.request": _request,
}
