"""Look-up of customers that may be the same as new entries, by indexed keys."""

from dataclasses import dataclass

from odoo.tools import SQL

from ..engine.matching import name_blocks


@dataclass(frozen=True)
class Entry:
    """Keys of a new entry (see `engine.matching`); an empty key is not looked up.

    ``name`` is empty for persons: people share names.
    """

    name: str = ""
    vat: str = ""
    phone: str = ""
    domain: str = ""
    partner_id: int = 0


def candidates(entries: list[Entry], companies: list[int]) -> SQL:
    """Select ``(entry number, kind, customer, name key)`` of possible matches, in one statement.

    :param companies: ids of head companies; customers of others, and of their branches, are left out

    Names yield the customers that share the first or last letters of the key; the caller compares.
    Partners of our own companies and of employees are no customers of anybody.
    """
    values = SQL(", ").join(
        SQL(
            "(%s, %s, %s, %s, %s, %s, %s, %s)",
            number,
            entry.name,
            *name_blocks(entry.name),
            entry.vat,
            entry.phone,
            entry.domain,
            entry.partner_id,
        )
        for number, entry in enumerate(entries)
    )
    company = SQL("p.is_company AND p.commercial_partner_id = p.id")
    matches = {
        "vat": SQL("p.customer_vat_key = e.vat AND e.vat != ''"),
        "phone": SQL("p.customer_phone_key = e.phone AND e.phone != ''"),
        "domain": SQL("p.customer_domain_key = e.domain AND e.domain != ''"),
        "name": SQL("p.customer_name_head = e.head AND e.name != '' AND %s", company),
        "name_end": SQL("p.customer_name_tail = e.tail AND e.name != '' AND %s", company),
    }
    selects = [
        SQL(
            """
            SELECT e.number, %s AS kind, p.commercial_partner_id AS customer_id,
                   p.customer_name_key AS name_key
              FROM entry e
              JOIN res_partner p ON %s
             WHERE p.active AND p.commercial_partner_id != e.partner_id
            """,
            kind.removesuffix("_end"),
            condition,
        )
        for kind, condition in matches.items()
    ]
    return SQL(
        """
        WITH entry (number, name, head, tail, vat, phone, domain, partner_id) AS (VALUES %s)
        SELECT m.number, m.kind, m.customer_id, m.name_key
          FROM (%s) m
          JOIN res_partner c ON c.id = m.customer_id
          LEFT JOIN res_company o ON o.id = c.company_id
         WHERE m.customer_id NOT IN (SELECT partner_id FROM res_company)
           AND (c.company_id IS NULL OR split_part(o.parent_path, '/', 1)::integer = ANY(%s))
           AND NOT EXISTS (
                SELECT 1 FROM res_users u
                 WHERE u.partner_id = m.customer_id AND NOT u.share
           )
         ORDER BY m.number, m.customer_id
        """,
        values,
        SQL(" UNION ").join(selects),
        companies,
    )
