"""Creating a case against creating a CRM lead: what a user saves in the form, with all that follows.

Both are made in turns by the same person, with mail, tracking and followers, each flushed as at the
end of a request. Customers are new to the repeats of complaints, as most callers are.
"""

import time
from statistics import median

from .common import say
from .complaints_sla import insert_customers

CREATE_FACTOR = 1.5
ROUNDS = 200
WARM_UP = 10
BATCH = 500


def main_parts(env, cases):
    """Yield (label, value, limit) of creating cases one by one and many at once."""
    user = agent(env)
    # as a user does it: the benchmark switches tracking off for everything else
    env = env(user=user, context={key: v for key, v in env.context.items() if "track" not in key})
    category = env.ref("customer_governance.complaint_category_delivery")
    team = env["customer.complaint.team"].search([("takes_complaints", "=", True)], limit=1)
    numbers = iter(insert_customers(env(su=True), 2 * ROUNDS + 2 * BATCH))

    def case():
        return {
            "subject": "Parcel came late",
            "partner_id": next(numbers),
            "category_id": category.id,
            "team_id": team.id,
            "user_id": user.id,
            "description": "<p>Ten days after the promised date.</p>",
        }

    def lead():
        return {
            "name": "Interested in glass",
            "type": "opportunity",
            "partner_id": next(numbers),
            "user_id": user.id,
            "description": "<p>Wants an offer for ten panes.</p>",
        }

    times = {"customer.complaint": [], "crm.lead": []}
    for number in range(ROUNDS):
        for model, values in (("customer.complaint", case()), ("crm.lead", lead())):
            seconds = _create(env, model, [values])
            if number >= WARM_UP:
                times[model].append(seconds)
    ours, theirs = (median(seconds) * 1000 for seconds in times.values())
    yield "case created (ms, median)", ours, None
    yield "CRM lead created (ms, median)", theirs, None
    yield "case / CRM lead", ours / theirs, CREATE_FACTOR
    ours = _create(env, "customer.complaint", [case() for _n in range(BATCH)])
    theirs = _create(env, "crm.lead", [lead() for _n in range(BATCH)])
    say(f"{BATCH} at once: cases {ours:.2f} s, CRM leads {theirs:.2f} s")
    yield "cases / CRM leads, many at once", ours / theirs, CREATE_FACTOR


def agent(env):
    """Return a user who works on complaints and opportunities of everybody."""
    login = "bench_agent"
    user = env["res.users"].search([("login", "=", login)])
    groups = ("customer_governance.group_service_supervisor", "sales_team.group_sale_manager")
    return user or env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Agent of the benchmark",
            "login": login,
            "group_ids": [(6, 0, [env.ref(xmlid).id for xmlid in groups])],
        }
    )


def _create(env, model, vals_list):
    """Return the seconds that creating the records takes, with everything written."""
    env.flush_all()
    env.invalidate_all()
    began = time.perf_counter()
    env[model].create(vals_list)
    env.flush_all()
    return time.perf_counter() - began
