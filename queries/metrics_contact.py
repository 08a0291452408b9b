"""The part of the customer figures that comes from talking to the customer."""

from odoo.tools import SQL

from .companies import family
from .metrics import PARTNER, MetricsContext, Part


def company_authors(ctx: MetricsContext) -> SQL:
    """Select the partner ids of the employees who may work in the company, archived ones
    included.
    """
    return SQL(
        """
        SELECT u.partner_id FROM res_users u
          JOIN res_company_users_rel r ON r.user_id = u.id AND r.cid = ANY(%s)
         WHERE NOT u.share
        """,
        family(ctx.company_id),
    )


def contacts(ctx: MetricsContext, more=()) -> Part:
    """Last contact by an employee of the company: messages, done contact activities, held meetings.

    :param more: queries of (partner_id, instant) for further kinds of contact

    A message counts when the customer may see it (no internal note, no tracking) and stands on a
    contact of the customer, one of its opportunities or one of its orders. An activity counts when
    its type is marked as customer contact. A meeting counts when it is over and a contact of the
    customer attended (did not decline).
    """
    documents = (
        ("res.partner", SQL("SELECT id AS res_id, id AS partner_id FROM res_partner")),
        (
            "crm.lead",
            SQL(
                "SELECT id AS res_id, partner_id FROM crm_lead"
                " WHERE partner_id IS NOT NULL"
                " AND (company_id = ANY(%(company)s) OR company_id IS NULL)",
                company=family(ctx.company_id),
            ),
        ),
        (
            "sale.order",
            SQL(
                "SELECT id AS res_id, partner_id FROM sale_order WHERE company_id = ANY(%s)",
                family(ctx.company_id),
            ),
        ),
    )
    messages = [
        SQL(
            """
            SELECT %(partner)s AS partner_id, m.date
              FROM mail_message m
              JOIN (%(documents)s) d ON d.res_id = m.res_id
              JOIN res_partner p ON p.id = d.partner_id
              LEFT JOIN mail_message_subtype s ON s.id = m.subtype_id
              LEFT JOIN mail_activity_type t ON t.id = m.mail_activity_type_id
             WHERE m.model = %(model)s
               AND m.author_id IN (%(authors)s)
               AND (
                    t.customer_contact
                    OR (m.message_type IN ('comment', 'email', 'email_outgoing')
                        AND m.mail_activity_type_id IS NULL
                        AND m.is_internal IS NOT TRUE
                        AND s.id IS NOT NULL AND s.internal IS NOT TRUE)
               )
               AND m.date <= %(now)s
               %(only)s
            """,
            partner=PARTNER,
            documents=select,
            model=model,
            authors=company_authors(ctx),
            now=ctx.now,
            only=ctx.only(PARTNER),
        )
        for model, select in documents
    ]
    meetings = SQL(
        """
        SELECT %(partner)s AS partner_id, e.stop AS date
          FROM calendar_event e
          JOIN calendar_attendee a ON a.event_id = e.id AND a.state IS DISTINCT FROM 'declined'
          JOIN res_partner p ON p.id = a.partner_id
         WHERE e.active
           AND e.stop <= %(now)s
           AND (
                e.user_id IN (SELECT user_id FROM res_company_users_rel WHERE cid = ANY(%(company)s))
                OR EXISTS (
                    SELECT 1 FROM calendar_attendee i
                     WHERE i.event_id = e.id AND i.partner_id IN (%(authors)s)
                )
           )
           %(only)s
        """,
        partner=PARTNER,
        now=ctx.now,
        company=family(ctx.company_id),
        authors=company_authors(ctx),
        only=ctx.only(PARTNER),
    )
    select = SQL(
        "SELECT c.partner_id, %s AS last_contact_date FROM (%s) c GROUP BY c.partner_id",
        ctx.local_date(SQL("MAX(c.date)")),
        SQL(" UNION ALL ").join((*messages, meetings, *more)),
    )
    return Part(("last_contact_date",), select)
