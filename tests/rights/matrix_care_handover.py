"""Staff handovers: the giver reads his own; leaders of the giver's sales team are in test_handover_rights."""

READ = {"*": "-", "sales": "r/-/-", "manager": "r/r/-", "auditor": "r/r/-"}

MATRIX = {
    "customer.handover": READ | {"manager": "crwu/crwu/-"},
    "customer.handover.receiver": READ | {"manager": "crwu/crwu/-"},
    "customer.handover.kind": READ | {"manager": "rw/rw/-"},
    "customer.handover.item": READ,
    "customer.handover.letter": READ,
    "customer.holding": {"*": "-", "manager": "r/r/-", "auditor": "r/r/-"},
}
