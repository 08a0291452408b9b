"""Who of several receivers gets which customer of somebody who hands them over."""

from collections.abc import Collection, Mapping, Sequence


def distribute(
    weights: Mapping[int, int], named: Mapping[int, int], sharing: Sequence[int]
) -> dict[int, int]:
    """Return the receiver of each customer; a customer stays whole.

    :param weights: {customer: number of records that come with it}
    :param named: {customer: receiver} who was chosen for it
    :param sharing: receivers of all the others, who get about the same number of records; with nobody
        to share the others get no receiver
    :return: {customer: receiver}, the same for the same input

    >>> distribute({1: 5, 2: 3, 3: 3}, {}, [7, 8])
    {1: 7, 2: 8, 3: 8}
    >>> distribute({1: 5, 2: 3}, {2: 9}, [])
    {2: 9}
    """
    given = {customer: named[customer] for customer in sorted(weights) if customer in named}
    load = dict.fromkeys(sharing, 0)
    for customer, receiver in given.items():
        if receiver in load:
            load[receiver] += weights[customer]
    rank = {receiver: place for place, receiver in enumerate(sharing)}
    rest = sorted(weights.keys() - given.keys(), key=lambda one: (-weights[one], one))
    for customer in rest if load else ():
        receiver = min(load, key=lambda one: (load[one], rank[one]))
        given[customer] = receiver
        load[receiver] += weights[customer]
    return given


def twice_named(named: Collection[tuple[int, int]]) -> set[int]:
    """Return the customers that several receivers were chosen for.

    :param named: pairs of customer and receiver

    >>> twice_named([(1, 7), (2, 7), (1, 8)])
    {1}
    """
    first: dict[int, int] = {}
    return {
        customer for customer, receiver in named if first.setdefault(customer, receiver) != receiver
    }
