"""Records of the complaint figures for the tests of rights."""

from .factories_complaint import _complaint


def _figure(env, customer, company):
    complaint = _complaint(env, customer, company)
    env.flush_all()
    return env["customer.complaint.figure"].browse(complaint.id)


def _quota(env, customer, company):
    return env["customer.provider.quota"].create(
        {"company_id": company.id, "visits_from": customer.id}
    )


def _period(env, customer, company):
    months = env["customer.provider.period"]
    key = {"company_id": company.id, "provider_id": customer.id, "date_from": "2020-01-01"}
    return months.search([(name, "=", value) for name, value in key.items()]) or months.create(
        {**key, "date_to": "2020-01-31", "line_ids": [(0, 0, {"scope": "hotline"})]}
    )


def _period_line(env, customer, company):
    return _period(env, customer, company).line_ids[0]


FACTORIES = {
    "customer.complaint.figure": _figure,
    "customer.provider.period": _period,
    "customer.provider.period.line": _period_line,
    "customer.provider.quota": _quota,
}
