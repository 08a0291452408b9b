"""One record of each model for a customer and company, made by the system.

FACTORIES[model](env, customer, company) returns the record; `customer` is the key to own / other.
"""

from uuid import uuid4

from freezegun import freeze_time

from . import (
    factories_archive,
    factories_archive_custody,
    factories_archive_rights,
    factories_care,
    factories_care_handover,
    factories_collection,
    factories_complaint,
    factories_credit,
    factories_figures,
    factories_sla,
)


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


def _metrics(env, customer, company):
    env["customer.metrics"]._refresh_company(company, customer)
    return env["customer.metrics"].search(
        [("partner_id", "=", customer.id), ("company_id", "=", company.id)]
    )


def _data_field(env, customer, company):
    return env.ref("customer_governance.data_field_name")


def _data_review(env, customer, company):
    open_one = env["customer.data.review"].search(
        [("partner_id", "=", customer.id), ("company_id", "=", company.id)]
    )
    return open_one or open_one.create(
        {"partner_id": customer.id, "company_id": company.id, "deadline": "2026-01-31"}
    )


def _data_correction(env, customer, company):
    return env["customer.data.correction"].create(
        {
            "review_id": _data_review(env, customer, company).id,
            "label": "Name",
            "old_value": "Old",
            "new_value": "New",
        }
    )


def _information(env, customer, company):
    return env["customer.information"].create(
        {"partner_id": customer.id, "company_id": company.id, "name": "Second line in spring"}
    )


def _scorecard(env, customer, company):
    return env["customer.scorecard"].create({"name": "Test", "company_id": company.id})


def _scorecard_part(model, **vals):
    def make(env, customer, company):
        scorecard = _scorecard(env, customer, company)
        return env[model].create({"scorecard_id": scorecard.id, **vals})

    return make


def _indicator_part(model, **vals):
    def make(env, customer, company):
        indicator = _scorecard_part("customer.scorecard.indicator", name="Test")(
            env, customer, company
        )
        return env[model].create({"indicator_id": indicator.id, **vals})

    return make


def _scorecard_trial(env, customer, company):
    scorecard = env.ref("customer_governance.scorecard_purchasing_quarter")
    return env["customer.scorecard.trial"].create(
        {"scorecard_id": scorecard.id, "company_id": company.id}
    )


def _review(env, customer, company):
    scorecard = env.ref("customer_governance.scorecard_purchasing_quarter")
    return env["customer.review"].create(
        {"scorecard_id": scorecard.id, "company_id": company.id, "kind": "regular"}
    )


def _review_line(env, customer, company):
    review = _review(env, customer, company)
    return env["customer.review.line"].create(
        {"review_id": review.id, "partner_id": customer.id, "company_id": company.id}
    )


def _review_score(env, customer, company):
    line = _review_line(env, customer, company)
    return env["customer.review.score"].create(
        {
            "line_id": line.id,
            "indicator_id": line.review_id.scorecard_id.indicator_ids[0].id,
            "source": "automatic",
        }
    )


def _review_appeal(env, customer, company):
    line = _review_line(env, customer, company)
    line.review_id._write_job(state="computed")
    return env["customer.review.appeal"].create(
        {
            "line_id": line.id,
            "wanted_tier_id": env.ref("customer_governance.tier_key").id,
            "reason": "Test",
        }
    )


def _review_move(env, customer, company):
    trial = _scorecard_trial(env, customer, company)
    review = env["customer.review"].create(
        {
            "scorecard_id": trial.scorecard_id.id,
            "company_id": company.id,
            "kind": "what_if",
            "trial_id": trial.id,
        }
    )
    line = env["customer.review.line"].create(
        {"review_id": review.id, "partner_id": customer.id, "company_id": company.id}
    )
    env.flush_all()
    return env["customer.review.move"].browse(line.id)


def _review_flow(env, customer, company):
    line = _review_line(env, customer, company)
    line.review_id._write_job(state="applied")
    env.flush_all()
    return env["customer.review.flow"].browse(line.id)


def _review_impact(env, customer, company):
    review = _review(env, customer, company)
    return env["customer.review.impact"].create({"review_id": review.id})


def _review_impact_line(env, customer, company):
    line = _review_line(env, customer, company)
    impact = env["customer.review.impact"].create({"review_id": line.review_id.id})
    return env["customer.review.impact.line"].create({"impact_id": impact.id, "line_id": line.id})


def _figure_value(env, customer, company):
    """The figure that all roles of the list read."""
    return env["customer.figure.value"].search(
        [("code", "=", "unmet_commitments"), ("company_id", "=", company.id)]
    )


def _tier_breach(env, customer, company):
    """A customer in a tier with contacts since 2020 that nobody ever contacted."""
    tier = env["customer.tier"].create(
        {
            "name": "Breach",
            "code": f"b{customer.id}{company.id}",
            "contact_interval_days": 1,
        }
    )
    with freeze_time("2020-01-01"):
        customer.with_company(company)._set_customer_tier(tier, "Test", "manual")
    env["customer.metrics"]._refresh_company(company, customer)
    return env["customer.tier.breach"].search(
        [("partner_id", "=", customer.id), ("company_id", "=", company.id)], limit=1
    )


def _dimension(env, customer, company):
    return env["customer.segment.dimension"].create({"name": "Test", "code": uuid4().hex})


def _segment(env, customer, company):
    return env["customer.segment"].create(
        {
            "name": "Test",
            "code": "test",
            "dimension_id": _dimension(env, customer, company).id,
        }
    )


def _assignment(env, customer, company):
    return env["customer.segment.assignment"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "segment_id": _segment(env, customer, company).id,
        }
    )


def _past(env, customer, company):
    return env["customer.segment.past"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "segment_id": _segment(env, customer, company).id,
            "date_from": "2026-01-01",
            "date_to": "2026-01-31",
        }
    )


def _cause(env, customer, company):
    return env["customer.lifecycle.cause"].create({"name": f"Test {customer.id} {company.id}"})


def _lifecycle_change(env, customer, company):
    return env["customer.lifecycle.change"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "date": "2026-01-01",
            "new_state": "lost",
        }
    )


def _setup(env, customer, company):
    return env["customer.setup"].create({"domain": "credit", "company_id": company.id})


def _setup_line(env, customer, company):
    return _setup(env, customer, company).fill_line_ids[0]


FACTORIES = {
    "customer.setup": _setup,
    "customer.setup.line": _setup_line,
    # common
    "customer.number": _number,
    "customer.sent": _sent,
    "customer.figure.value": _figure_value,
    # tier
    "customer.tier": _tier,
    "customer.tier.history": _tier_history,
    "customer.metrics": _metrics,
    "customer.data.field": _data_field,
    "customer.data.review": _data_review,
    "customer.data.correction": _data_correction,
    "customer.information": _information,
    "customer.tier.breach": _tier_breach,
    "customer.segment.dimension": _dimension,
    "customer.segment": _segment,
    "customer.segment.assignment": _assignment,
    "customer.segment.past": _past,
    "customer.lifecycle.cause": _cause,
    "customer.lifecycle.change": _lifecycle_change,
    # review
    "customer.scorecard": _scorecard,
    "customer.scorecard.indicator": _scorecard_part("customer.scorecard.indicator", name="Test"),
    "customer.scorecard.range": _indicator_part("customer.scorecard.range", points=1),
    "customer.scorecard.choice": _indicator_part(
        "customer.scorecard.choice", name="Test", points=1
    ),
    "customer.scorecard.band": _scorecard_part("customer.scorecard.band"),
    "customer.scorecard.veto": _scorecard_part("customer.scorecard.veto", measure="arrears_count"),
    "customer.scorecard.trial": _scorecard_trial,
    "customer.review": _review,
    "customer.review.line": _review_line,
    "customer.review.score": _review_score,
    "customer.review.appeal": _review_appeal,
    "customer.review.move": _review_move,
    "customer.review.flow": _review_flow,
    "customer.review.impact": _review_impact,
    "customer.review.impact.line": _review_impact_line,
}
FACTORIES.update(factories_complaint.FACTORIES)
FACTORIES.update(factories_sla.FACTORIES)
FACTORIES.update(factories_figures.FACTORIES)
FACTORIES.update(factories_collection.FACTORIES)
FACTORIES.update(factories_credit.FACTORIES)
FACTORIES.update(factories_care_handover.FACTORIES)
FACTORIES.update(factories_archive.FACTORIES)
FACTORIES.update(factories_archive_custody.FACTORIES)
FACTORIES.update(factories_archive_rights.FACTORIES)
FACTORIES.update(factories_care.FACTORIES)
