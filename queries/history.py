"""What was before the system: statements of the import of history."""

from odoo.tools import SQL


def first_regular(table, partner_ids, company_ids) -> SQL:
    """Select (partner, company, day) of the first change that was recorded here.

    :param table: a table with ``partner_id``, ``company_id``, ``date`` and ``is_history``
    """
    return SQL(
        """
        SELECT partner_id, company_id, MIN(date) FROM %s
         WHERE partner_id = ANY(%s) AND company_id = ANY(%s) AND is_history IS NOT TRUE
         GROUP BY partner_id, company_id
        """,
        SQL.identifier(table),
        list(partner_ids),
        list(company_ids),
    )


def chain(table, old, new, partner_ids, company_ids) -> SQL:
    """Let each imported change begin with what the one before it ended with.

    :param old: column of the value before a change
    :param new: column of the value after it
    """
    return SQL(
        """
        UPDATE %(table)s line
           SET %(old)s = before.value
          FROM (SELECT id, LAG(%(new)s) OVER (PARTITION BY partner_id, company_id
                                              ORDER BY date, id) AS value
                  FROM %(table)s
                 WHERE partner_id = ANY(%(partners)s) AND company_id = ANY(%(companies)s)
                   AND is_history) before
         WHERE before.id = line.id AND line.%(old)s IS DISTINCT FROM before.value
        """,
        table=SQL.identifier(table),
        old=SQL.identifier(old),
        new=SQL.identifier(new),
        partners=list(partner_ids),
        companies=list(company_ids),
    )
