"""Records of the archive for the tests of rights."""

from uuid import uuid4


def _class(env, customer, company):
    return env["customer.archive.class"].create({"name": "Test", "code": uuid4().hex[:8]})


def _section(env, customer, company):
    return env["customer.archive.section"].create(
        {"name": "Test", "class_id": _class(env, customer, company).id}
    )


def _requirement(env, customer, company):
    return env["customer.archive.requirement"].create(
        {
            "name": "Test",
            "class_id": env.ref("customer_governance.archive_class_trade").id,
            "required_since": "2000-01-01",
        }
    )


def _archive(env, customer, company):
    admin = env.ref("base.user_admin")
    return env["customer.archive"].create(
        {
            "title": "Test",
            "class_id": env.ref("customer_governance.archive_class_trade").id,
            "partner_id": customer.id,
            "company_id": company.id,
            "role_a_id": env.ref("base.user_root").id,
            "role_b_id": admin.id,
            "document_ids": [(0, 0, {"name": "Paper"})],
        }
    )


def _document(env, customer, company):
    return _archive(env, customer, company).document_ids


def _handover(env, customer, company):
    archive = _archive(env, customer, company)
    archive.action_submit()
    return archive.handover_id


def _handover_line(env, customer, company):
    return _handover(env, customer, company).line_ids


def _shortfall(env, customer, company):
    return env["customer.archive.shortfall"].create(
        {"archive_id": _archive(env, customer, company).id, "name": "Cover"}
    )


def _extension(env, customer, company):
    return env["customer.archive.extension"].create(
        {"archive_id": _archive(env, customer, company).id, "reason": "Test"}
    )


def _supplement(env, customer, company):
    return env["customer.archive.supplement"].create(
        {"archive_id": _archive(env, customer, company).id, "reason": "Test", "name": "Test"}
    )


def _missing(env, customer, company):
    archive = _archive(env, customer, company)
    _requirement(env, customer, company)
    return env["customer.archive.missing"].search([("archive_id", "=", archive.id)], limit=1)


def _upload(env, customer, company):
    customer.email = "papers@customer.example.com"
    return env["customer.archive.upload"].create(
        {"archive_id": _archive(env, customer, company).id, "expires_on": "2099-12-31"}
    )


def _upload_line(env, customer, company):
    upload = _upload(env, customer, company)
    upload.action_send()
    return upload._receive(upload.link_token, [(None, "Map", [("map.pdf", b"%PDF-1.4")])])


FACTORIES = {
    "customer.archive.class": _class,
    "customer.archive.section": _section,
    "customer.archive.requirement": _requirement,
    "customer.archive": _archive,
    "customer.archive.document": _document,
    "customer.archive.handover": _handover,
    "customer.archive.handover.line": _handover_line,
    "customer.archive.shortfall": _shortfall,
    "customer.archive.extension": _extension,
    "customer.archive.supplement": _supplement,
    "customer.archive.missing": _missing,
    "customer.archive.upload": _upload,
    "customer.archive.upload.line": _upload_line,
}
