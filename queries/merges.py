"""Partners that become one: which rows could stand in each other's place."""

from collections.abc import Collection

from odoo.tools import SQL


def unique_partner_columns(target: str, tables: Collection[str]) -> SQL:
    """Select (table, column): foreign keys to ``target`` that a unique index of ``tables`` holds."""
    return SQL(
        """
        SELECT DISTINCT r.relname, a.attname
          FROM pg_index i
          JOIN pg_class r ON r.oid = i.indrelid
          JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY(i.indkey::int2[])
          JOIN pg_constraint c ON c.conrelid = r.oid AND c.contype = 'f'
                              AND c.conkey = ARRAY[a.attnum]
          JOIN pg_class f ON f.oid = c.confrelid
         WHERE i.indisunique AND NOT i.indisprimary
           AND r.relnamespace = current_schema::regnamespace
           AND f.relname = %(target)s AND r.relname = ANY(%(tables)s)
      ORDER BY r.relname, a.attname
        """,
        target=target,
        tables=list(tables),
    )


def move_rows(table: str, column: str, source_ids: Collection[int], target_id: int) -> SQL:
    """Give the rows of the merged records to the one that remains."""
    return SQL(
        "UPDATE %(table)s SET %(column)s = %(target)s WHERE %(column)s = ANY(%(sources)s)",
        table=SQL.identifier(table),
        column=SQL.identifier(column),
        target=target_id,
        sources=list(source_ids),
    )


def move_sent(model: str, source_ids: Collection[int], target_id: int) -> SQL:
    """What was sent to the merged records was sent to the one that remains."""
    return SQL(
        """
        UPDATE customer_sent s
           SET res_id = %(target)s
          FROM (SELECT DISTINCT ON (key) id
                  FROM customer_sent
                 WHERE model = %(model)s AND res_id = ANY(%(sources)s)
              ORDER BY key, id) one
         WHERE s.id = one.id
           AND NOT EXISTS (SELECT 1 FROM customer_sent t
                            WHERE t.model = %(model)s AND t.res_id = %(target)s AND t.key = s.key)
        """,
        model=model,
        target=target_id,
        sources=list(source_ids),
    )
