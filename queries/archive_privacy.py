"""Dossiers that may hold papers about a person."""

from odoo.tools import SQL


def dossiers_of_contacts(model_id: int, name: str, email: str) -> SQL:
    """Select ``res_model_id``, ``res_id``, ``is_active`` of dossiers of the companies of contacts.

    :param name: pattern of the name
    :param email: part of the address
    """
    return SQL(
        """
        SELECT %(model)s AS res_model_id, a.id AS res_id, TRUE AS is_active
          FROM customer_archive a
         WHERE a.partner_id IN (
            SELECT p.commercial_partner_id
              FROM res_partner p
             WHERE p.email ILIKE %(email)s OR p.name ILIKE %(name)s)
        """,
        model=model_id,
        email=f"%{email}%",
        name=name,
    )
