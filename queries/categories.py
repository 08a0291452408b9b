"""Names of the categories of complaints."""

from odoo.tools import SQL


def name_of_path(alias, above, name):
    """Return the full name of the category `alias`: the names of all above it and its own.

    :param above: alias of the categories along the path
    :param name: their name, as SQL
    """
    return SQL(
        """(SELECT string_agg(%(name)s, ' / ' ORDER BY length(%(path)s))
              FROM customer_complaint_category %(above)s
             WHERE %(own)s LIKE %(path)s || '%%')""",
        above=SQL.identifier(above),
        name=name,
        path=SQL.identifier(above, "parent_path"),
        own=SQL.identifier(alias, "parent_path"),
    )
