"""Records of deadlines for the tests of rights."""

from .factories_complaint import _complaint


def _makeup_day(env, customer, company):
    return env["customer.makeup.day"].create(
        {
            "company_id": company.id,
            "date": f"2026-{customer.id % 12 + 1:02d}-{customer.id % 28 + 1:02d}",
        }
    )


def _calendar_year(env, customer, company):
    years = env["customer.calendar.year"]
    key = {"company_id": company.id, "year": 1900 + customer.id % 300}
    return years.search([(name, "=", value) for name, value in key.items()]) or years.create(key)


def _policy(env, customer, company):
    return env["customer.sla.policy"].create(
        {
            "name": "Test",
            "company_id": company.id,
            "milestone_ids": [(0, 0, {"milestone": "answer", "target": 1})],
            "escalation_ids": [(0, 0, {"hours": 1, "recipient": "leader"})],
        }
    )


def _milestone(env, customer, company):
    return _policy(env, customer, company).milestone_ids


def _escalation(env, customer, company):
    return _policy(env, customer, company).escalation_ids


def _clock(env, customer, company):
    return _complaint(env, customer, company).clock_ids[0]


def _event(env, customer, company):
    return _clock(env, customer, company).event_ids[0]


def _notice(env, customer, company):
    return env["customer.sla.notice"].create(
        {
            "company_id": company.id,
            "res_model": "customer.complaint",
            "user_id": env.user.id,
            "level": 1,
            "clock_ids": [],
        }
    )


def _extension(env, customer, company):
    clock = _clock(env, customer, company)
    return env["customer.sla.extension"].create(
        {
            "complaint_id": clock.complaint_id.id,
            "clock_id": clock.id,
            "amount": 1,
            "reason": "Test",
        }
    )


def _pause(env, customer, company):
    return env["customer.sla.pause"].create(
        {"complaint_ids": [(6, 0, _complaint(env, customer, company).ids)], "reason": "Test"}
    )


FACTORIES = {
    "customer.makeup.day": _makeup_day,
    "customer.calendar.year": _calendar_year,
    "customer.sla.policy": _policy,
    "customer.sla.milestone": _milestone,
    "customer.sla.escalation": _escalation,
    "customer.sla.clock": _clock,
    "customer.sla.event": _event,
    "customer.sla.notice": _notice,
    "customer.sla.extension": _extension,
    "customer.sla.pause": _pause,
}
