"""A company means the company with its branches: documents of all of them count together.

Decisions (tier, grade, limit) and figures are rows of the company itself; the id of a company in a
context of these modules is that of the company, never of a branch.
"""

from odoo.tools import SQL


def family(company_id: int) -> SQL:
    """Array of the ids of a company and its branches; read once for a statement."""
    return SQL(
        "ARRAY(SELECT f.id FROM res_company f"
        " JOIN res_company head ON f.parent_path LIKE head.parent_path || '%%'"
        " WHERE head.id = %s)",
        company_id,
    )


def in_family(column: SQL, company_id: int) -> SQL:
    """Condition that a company column is the company or one of its branches."""
    return SQL("%s = ANY(%s)", column, family(company_id))


def in_family_of(column: SQL, company: SQL) -> SQL:
    """The same for a company that is a column as well."""
    return SQL(
        "%s IN (SELECT f.id FROM res_company f WHERE split_part(f.parent_path, '/', 1)::int = %s)",
        column,
        company,
    )
