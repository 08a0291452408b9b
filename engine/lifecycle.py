"""Where a customer stands: prospect, lost, won, retained, loyal or churned."""

STATES = [
    ("prospect", "Prospect"),
    ("lost", "Lost"),
    ("won", "Won"),
    ("retained", "Retained"),
    ("loyal", "Loyal"),
    ("churned", "Churned"),
]
