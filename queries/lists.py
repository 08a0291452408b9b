"""Which lists of a record hold anything."""

from odoo.tools import SQL


def filled_lists(ids: list[int], lists: list[tuple[str, str]]) -> SQL:
    """Return rows (id, whether the first list holds anything, the second, ...).

    :param lists: (table of the lines, column that points to the record) of each list
    """
    return SQL(
        "SELECT wanted.id, %s FROM unnest(%s) AS wanted(id)",
        SQL(", ").join(
            SQL(
                "EXISTS (SELECT FROM %s AS line WHERE line.%s = wanted.id)",
                SQL.identifier(table),
                SQL.identifier(column),
            )
            for table, column in lists
        ),
        ids,
    )
