"""Look-up of customers that may be the same as new entries, by indexed keys."""

from dataclasses import dataclass

from odoo.tools import SQL

from ..engine.matching import BLOCK, digits

# So many names of a block are compared for an entry, equal ones first: of a name that thousands
# share the first say enough.
NAMES_COMPARED = 200


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


def candidates(entries: list[Entry]) -> SQL:
    """Select ``(entry number, kind, customer, name key)`` of possible matches, in one statement.

    Names yield the customers that share the first or last letters of the key; the caller compares.
    Partners of our own companies and of employees are no customers of anybody.
    """
    values = SQL(", ").join(
        SQL(
            "(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            number,
            entry.name,
            entry.name[:BLOCK],
            entry.name[-BLOCK:],
            digits(entry.name),
            entry.vat,
            entry.phone,
            entry.domain,
            entry.partner_id,
        )
        for number, entry in enumerate(entries)
    )
    keys = {
        "vat": SQL("p.customer_vat_key = e.vat AND e.vat != ''"),
        "phone": SQL("p.customer_phone_key = e.phone AND e.phone != ''"),
        "domain": SQL("p.customer_domain_key = e.domain AND e.domain != ''"),
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
            kind,
            condition,
        )
        for kind, condition in keys.items()
    ]
    blocks = (
        SQL("LEFT(p.customer_name_key, %s) = e.head", BLOCK),
        SQL("RIGHT(p.customer_name_key, %s) = e.tail", BLOCK),
    )
    selects += [
        SQL(
            """
            SELECT e.number, 'name' AS kind, n.id AS customer_id, n.customer_name_key AS name_key
              FROM entry e
             CROSS JOIN LATERAL (
                SELECT p.id, p.customer_name_key
                  FROM res_partner p
                 WHERE %s
                   AND regexp_replace(p.customer_name_key, '[^0-9]', '', 'g') = e.digits
                   AND p.is_company AND p.commercial_partner_id = p.id
                   AND p.active AND p.id != e.partner_id
                 ORDER BY p.customer_name_key = e.name DESC, p.id
                 LIMIT %s
             ) n
             WHERE e.name != ''
            """,
            block,
            NAMES_COMPARED,
        )
        for block in blocks
    ]
    return SQL(
        """
        WITH entry (number, name, head, tail, digits, vat, phone, domain, partner_id) AS (VALUES %s)
        SELECT m.number, m.kind, m.customer_id, m.name_key
          FROM (%s) m
         WHERE m.customer_id NOT IN (SELECT partner_id FROM res_company)
           AND NOT EXISTS (
                SELECT 1 FROM res_users u
                 WHERE u.partner_id = m.customer_id AND NOT u.share
           )
         ORDER BY m.number, m.customer_id
        """,
        values,
        SQL(" UNION ").join(selects),
    )
