"""What the role test finds and what is right as it is: as few lines as possible, each with its reason."""

import re
from typing import NamedTuple


class Known(NamedTuple):
    """Roles (or "*"), a pattern of "where: error" as the test reports it, and why it is right."""

    roles: str
    pattern: str
    reason: str


KNOWN = (
    Known(
        "*",
        r"calendar\.event search > .*\[opportunity_id\]: AccessError: .*crm\.lead",
        "CRM's own field in the calendar's search, for everybody; we only extend what a meeting does",
    ),
)


def reason(role, problem):
    """Return why this is no problem, or None."""
    for known in KNOWN:
        if (known.roles == "*" or role in known.roles.split()) and re.search(
            known.pattern, problem
        ):
            return known.reason
    return None


# Numbers and ticks whose value is about the reader: {model.field: what it says}.
OWN_CUSTOMERS = "figures of customers of others: views hide them where there is no row to read"
ABOUT_THE_READER = {
    "res.partner.customer_terms_decided": "whether credit control decides what the reader sees read-only",
    "customer.archive.deed_count": "hidden where the reader sees none: the head without a request",
    "customer.complaint.can_merge": "whether the reader may make a case a duplicate of another",
    "customer.compensation.is_asker": "whether the reader asks for compensation or only pays it",
    "customer.complaint.team.open_count": "counts the cases that the reader sees, as the list behind it",
    "customer.complaint.team.late_count": "the same",
    "customer.complaint.team.warning_count": "the same",
    "customer.complaint.team.callback_count": "the same",
    "customer.complaint.team.returned_count": "the same",
    "customer.complaint.team.dispatch_count": "the same",
    "customer.complaint.team.unassigned_count": "the same",
    "customer.complaint.team.major_count": "the same",
    "customer.review.line_count": "counts the lines that the reader sees: sales their customers",
    "customer.review.none_count": "the same",
    "customer.review.missing_count": "the same",
    "customer.segment.partner_count": "counts the customers that the reader sees",
    "customer.sla.clock.remaining_hours": "moves with the clock",
    "customer.sla.clock.remaining_work": "moves with the clock",
    "customer.sla.policy.case_count": "counts the cases that the reader sees",
    "res.partner.customer_revenue_12m": OWN_CUSTOMERS,
    "res.partner.customer_revenue_share": OWN_CUSTOMERS,
    "res.partner.customer_order_count_12m": OWN_CUSTOMERS,
    "res.partner.customer_days_to_pay": OWN_CUSTOMERS,
    "res.partner.customer_overdue_amount": OWN_CUSTOMERS,
    "res.partner.customer_overdue_days": OWN_CUSTOMERS,
    "res.partner.customer_last_satisfaction": OWN_CUSTOMERS,
    "res.partner.customer_data_completeness": OWN_CUSTOMERS,
}
