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


def documents(ctx: MetricsContext) -> list[tuple[str, SQL]]:
    """(model, select of res_id and partner_id) of the documents on which people talk to a customer."""
    return [
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
    ]


def messages(ctx: MetricsContext, model: str, select: SQL) -> SQL:
    """Events of what employees of the company wrote or did on the documents of a model.

    A message counts when the customer may see it (no internal note, no tracking) and a person wrote it:
    no mass mail, no automatic reply. An activity counts when its type is marked as customer contact.

    :param select: (res_id, partner_id) of the documents
    """
    return SQL(
        """
        SELECT %(partner)s AS partner_id,
               CASE WHEN t.customer_contact THEN 'activity' ELSE 'email' END AS event,
               NULL AS purpose, m.date,
               CASE WHEN t.customer_contact THEN 'activity' ELSE 'email' END
                   || ':mail.message,' || m.id AS ref,
               FALSE AS is_late
          FROM mail_message m
          JOIN (%(documents)s) d ON d.res_id = m.res_id
          JOIN res_partner p ON p.id = d.partner_id
          LEFT JOIN mail_message_subtype s ON s.id = m.subtype_id
          LEFT JOIN mail_activity_type t ON t.id = m.mail_activity_type_id
         WHERE m.model = %(model)s
           AND m.author_id IN (%(authors)s)
           AND (
                t.customer_contact
                OR (m.message_type IN ('comment', 'email')
                    AND m.mail_activity_type_id IS NULL
                    AND m.is_internal IS NOT TRUE
                    AND m.customer_by_machine IS NOT TRUE
                    AND s.id IS NOT NULL AND s.internal IS NOT TRUE)
           )
           AND m.date <= %(now)s
           %(recent)s
           %(only)s
        """,
        partner=PARTNER,
        documents=select,
        model=model,
        authors=company_authors(ctx),
        now=ctx.now,
        recent=SQL("AND m.id > %s", ctx.after_message) if ctx.since else SQL(),
        only=ctx.only(PARTNER),
    )


def meetings(ctx: MetricsContext) -> SQL:
    """Events of the meetings that are over and that a contact of the customer attended (did not
    decline) together with somebody of the company.
    """
    return SQL(
        """
        SELECT %(partner)s AS partner_id, 'meeting' AS event, NULL AS purpose, e.stop AS date,
               'meeting:calendar.event,' || e.id AS ref, FALSE AS is_late
          FROM calendar_event e
          JOIN calendar_attendee a ON a.event_id = e.id AND a.state IS DISTINCT FROM 'declined'
          JOIN res_partner p ON p.id = a.partner_id
         WHERE %(held)s
           %(only)s
        """,
        partner=PARTNER,
        held=held(ctx),
        only=ctx.only(PARTNER),
    )


def held(ctx: MetricsContext) -> SQL:
    """Condition that a meeting ``e`` is over and somebody of the company was there."""
    return SQL(
        """
               e.active
           AND e.stop <= %(now)s
           %(recent)s
           AND (
                e.user_id IN (SELECT user_id FROM res_company_users_rel WHERE cid = ANY(%(company)s))
                OR EXISTS (
                    SELECT 1 FROM calendar_attendee i
                     WHERE i.event_id = e.id AND i.partner_id IN (%(authors)s)
                )
           )
        """,
        now=ctx.now,
        recent=SQL("AND e.stop >= %s", ctx.since) if ctx.since else SQL(),
        company=family(ctx.company_id),
        authors=company_authors(ctx),
    )


def contacts(ctx: MetricsContext, events) -> Part:
    """Last contact by an employee of the company, whatever kind of event it was.

    :param events: selects of (partner_id, event, purpose, date, ref, is_late): the customer, the kind
        of event, the purpose of a visit, its instant, "event:model,id" of the record, reported late
    """
    select = SQL(
        "SELECT c.partner_id, %s AS last_contact_date FROM (%s) c GROUP BY c.partner_id",
        ctx.local_date(SQL("MAX(c.date)")),
        SQL(" UNION ALL ").join(events),
    )
    return Part(("last_contact_date",), select)
