"""Where a customer stands in its life with a company: a decision from facts, with its reasons.

::

    prospect --all opportunities lost--> lost
    prospect, lost --first order--> won --N months later--> retained <--> loyal
    won, retained, loyal --no order for N months--> churned --new order--> retained or loyal

`queries.lifecycle` states the same rules in SQL for all customers at once.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

STATES = [
    ("prospect", "Prospect"),
    ("lost", "Lost"),
    ("won", "Won"),
    ("retained", "Retained"),
    ("loyal", "Loyal"),
    ("churned", "Churned"),
]
# Kind of tier each state asks for.
TIER_KIND_OF_STATE = {
    "prospect": "prospect",
    "lost": "lapsed",
    "won": "customer",
    "retained": "customer",
    "loyal": "customer",
    "churned": "lapsed",
}
# States in which the responsible is asked why, and how the customer is won back.
ASKING_STATES = ("lost", "churned")


@dataclass(frozen=True)
class Policy:
    """Figures of a company; the satisfaction threshold is on the scale of the ratings (1 to 5)."""

    won_months: int
    churn_months: int
    loyal_orders: int
    loyal_satisfaction: Decimal


@dataclass(frozen=True)
class Facts:
    """What is known of a customer in a company today; None is 'not known', never zero."""

    first_order: date | None = None
    last_order: date | None = None
    orders_12m: int = 0
    opportunities: int = 0
    lost_opportunities: int = 0
    satisfaction: Decimal | None = None


@dataclass(frozen=True)
class Borders:
    """First days of the windows the rules look at; the day itself is inside."""

    won_from: date
    churn_from: date


@dataclass(frozen=True)
class Reason:
    """Code of a sentence and the values in it."""

    code: str
    values: dict


@dataclass(frozen=True)
class Decision:
    """The state and why."""

    state: str
    reasons: tuple[Reason, ...]


def borders(policy: Policy, today: date) -> Borders:
    """Windows of N months that end today: the day N months ago is outside, the next one inside.

    Where that day does not exist the last day of its month stands for it (29 February).
    """
    day = relativedelta(days=1)
    return Borders(
        won_from=today - relativedelta(months=policy.won_months) + day,
        churn_from=today - relativedelta(months=policy.churn_months) + day,
    )


def decide(facts: Facts, policy: Policy, today: date) -> Decision:
    """Return the state of a customer and the reasons, most important first."""
    if facts.first_order is None:
        return _without_orders(facts)
    limits = borders(policy, today)
    last = Reason("last_order", {"date": facts.last_order.isoformat()})
    if facts.last_order < limits.churn_from:
        return Decision("churned", (Reason("no_order_for", {"months": policy.churn_months}), last))
    if facts.first_order >= limits.won_from:
        first = Reason("first_order", {"date": facts.first_order.isoformat()})
        return Decision("won", (first,))
    orders = Reason("orders_12m", {"count": facts.orders_12m, "needed": policy.loyal_orders})
    if facts.satisfaction is None:
        mark = Reason("no_satisfaction", {})
    else:
        mark = Reason(
            "satisfaction",
            {
                "value": str(facts.satisfaction),
                "needed": str(policy.loyal_satisfaction),
            },
        )
    loyal = (
        facts.orders_12m >= policy.loyal_orders
        and facts.satisfaction is not None
        and facts.satisfaction >= policy.loyal_satisfaction
    )
    return Decision("loyal" if loyal else "retained", (last, orders, mark))


def _without_orders(facts: Facts) -> Decision:
    if facts.opportunities and facts.lost_opportunities == facts.opportunities:
        reason = Reason("all_lost", {"count": facts.opportunities})
        return Decision("lost", (Reason("no_order", {}), reason))
    return Decision("prospect", (Reason("no_order", {}),))


def event_day(state: str, facts: Facts, policy: Policy, last_lost: date | None) -> date | None:
    """Day the customer was lost or churned, None when it is not known or no such state."""
    if state == "lost":
        return last_lost
    if state == "churned":
        return facts.last_order + relativedelta(months=policy.churn_months)
    return None


def since(
    old_state: str | None, state: str, facts: Facts, policy: Policy, last_lost: date | None
) -> date | None:
    """Day from which the customer is in `state`; None where the facts do not tell.

    Not the day somebody looked: after an installation or an import that would be one for all.
    """
    if state in ASKING_STATES:
        return event_day(state, facts, policy, last_lost)
    if state == "won":
        return facts.first_order
    if state == "retained" and old_state in (None, "won"):
        return facts.first_order + relativedelta(months=policy.won_months)
    if state in ("retained", "loyal") and old_state == "churned":
        return facts.last_order
    return None


def asks(old_state: str | None, state: str, day: date | None, today: date, recent: int) -> bool:
    """Whether entering `state` asks the responsible for a cause and a win-back measure.

    A customer that is looked at for the first time (after an installation or an import) is asked
    about only when it happened in the last `recent` days: nobody answers for years ago.
    """
    if state not in ASKING_STATES:
        return False
    return bool(old_state) or (day is not None and (today - day).days <= recent)


def worth_asking(people, worth, busy, least, most):
    """Return the customers whose loss somebody is asked about: the most important ones first.

    :param people: {customer: who would be asked}
    :param worth: {customer: (place of its tier, sales)}; a lower place is more important; who never
        bought has None: `least` is no measure of it
    :param busy: {person: questions that are open already}
    :param least: sales from which a loss is worth a question; 0: any
    :param most: questions that one person has at a time; 0: any number

    >>> worth = {1: (10, 5), 2: (20, 900), 3: (10, 50), 4: (10, 0)}
    >>> people = dict.fromkeys(worth, "Ann")
    >>> worth_asking(people, worth, {"Ann": 1}, 1, 3)
    {3: 'Ann', 1: 'Ann'}
    >>> worth_asking({1: "Ann", 2: "Ann"}, {1: (10, None), 2: (10, -5)}, {}, 0, 0)
    {1: 'Ann', 2: 'Ann'}
    """
    counts, chosen = dict(busy), {}
    ranked = sorted(people, key=lambda c: (worth[c][0], -(worth[c][1] or 0), c))
    for customer in ranked:
        person = people[customer]
        sales = worth[customer][1]
        if least > 0 and sales is not None and sales < least:
            continue
        if most and counts.get(person, 0) >= most:
            continue
        counts[person] = counts.get(person, 0) + 1
        chosen[customer] = person
    return chosen
