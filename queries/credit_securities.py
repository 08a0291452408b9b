"""What secures the credit of customers, on top of their limit."""

from collections.abc import Collection

from odoo.tools import SQL


def no_securities() -> SQL:
    """Select (partner_id, amount) of no security at all: addons add theirs with UNION ALL."""
    return SQL("SELECT NULL::int AS partner_id, NULL::numeric AS amount WHERE FALSE")


def secured_amounts(securities: SQL, ids: Collection[int] | None = None) -> SQL:
    """Select (partner_id, amount), once for each customer, of securities; ids None: of all."""
    return SQL(
        "SELECT x.partner_id, sum(x.amount) AS amount FROM (%s) x WHERE %s GROUP BY x.partner_id",
        securities,
        SQL("TRUE") if ids is None else SQL("x.partner_id = ANY(%s)", list(ids)),
    )
