"""Records of the complaint figures for the tests of rights."""

from .factories_complaint import _complaint


def _figure(env, customer, company):
    complaint = _complaint(env, customer, company)
    env.flush_all()
    return env["customer.complaint.figure"].browse(complaint.id)


def _quota(env, customer, company):
    return env["customer.provider.quota"].create(
        {"company_id": company.id, "volume_from": customer.id}
    )


def _period(env, customer, company):
    months = env["customer.provider.period"]
    key = {"company_id": company.id, "provider_id": customer.id, "date_from": "2020-01-01"}
    return months.search([(name, "=", value) for name, value in key.items()]) or months.create(
        {**key, "date_to": "2020-01-31", "line_ids": [(0, 0, {"scope": "hotline"})]}
    )


def _period_line(env, customer, company):
    return _period(env, customer, company).line_ids[0]


def _repair_figure(env, customer, company):
    repair = _complaint(env, customer, company, kind="repair")
    env.flush_all()
    return env["customer.repair.figure"].browse(repair.id)


def _volume(env, customer, company):
    volumes = env["customer.provider.volume"]
    key = {"company_id": company.id, "provider_id": customer.id, "date_from": "2020-01-01"}
    return volumes.search([(name, "=", value) for name, value in key.items()]) or volumes.create(
        {**key, "quantity": 7}
    )


def _cutoff(env, customer, company):
    cutoffs = env["customer.complaint.cutoff"]
    key = [("company_id", "=", company.id), ("date_from", "=", "2020-01-01")]
    return cutoffs.search(key) or cutoffs.create(
        {"company_id": company.id, "date_from": "2020-01-01", "last_day": "2020-02-05"}
    )


def _rating(env, customer, company):
    return env["customer.provider.rating"].create({"name": f"Test {customer.id}"})


def _rating_history(env, customer, company):
    return env["customer.provider.rating.history"].create(
        {
            "provider_id": customer.id,
            "company_id": company.id,
            "date": "2020-01-01",
            "rating_id": _rating(env, customer, company).id,
        }
    )


FACTORIES = {
    "customer.provider.rating": _rating,
    "customer.provider.rating.history": _rating_history,
    "customer.repair.figure": _repair_figure,
    "customer.provider.volume": _volume,
    "customer.complaint.cutoff": _cutoff,
    "customer.complaint.figure": _figure,
    "customer.provider.period": _period,
    "customer.provider.period.line": _period_line,
    "customer.provider.quota": _quota,
}
