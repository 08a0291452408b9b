"""Deadlines of complaints: who is told of them, and the priority their customers give them."""

from odoo.tools import SQL

from .sla_job import People


def people(model):
    """Return who is responsible for the cases whose clocks came due, for `sla_job.notify_due`.

    Of a call-back the handler of the case hears nothing: who calls does, else the team's leader. The
    doer is who calls, or the addressee of an order that waits.
    """
    return People(
        responsible=SQL(
            """
            SELECT due.id,
                   CASE WHEN due.milestone <> 'callback' THEN complaint.user_id END AS user_id,
                   team.user_id AS leader_id, complaint.team_id,
                   CASE WHEN due.milestone = 'callback' THEN complaint.user_id END AS not_id
              FROM due
              JOIN customer_complaint complaint ON complaint.id = due.res_id
              LEFT JOIN customer_complaint_team team ON team.id = complaint.team_id
             WHERE due.res_model = %s
            """,
            model,
        ),
        doer=SQL(
            """
            SELECT due.id, visit.user_id
              FROM due
              JOIN customer_visit visit ON visit.complaint_id = due.res_id
             WHERE due.res_model = %(model)s AND due.milestone = 'callback'
               AND visit.state = 'planned' AND visit.purpose = 'verification'
             UNION
            SELECT due.id, COALESCE(dispatch.user_id, team.user_id)
              FROM due
              JOIN customer_complaint_dispatch dispatch ON dispatch.complaint_id = due.res_id
              LEFT JOIN customer_complaint_team team ON team.id = dispatch.team_id
             WHERE due.res_model = %(model)s AND due.milestone IN ('accept', 'first_result')
               AND (dispatch.state = 'sent'
                    OR dispatch.state = 'accepted' AND due.milestone = 'first_result')
            """,
            model=model,
        ),
        members=SQL(
            "SELECT %s AS res_model, team_id, user_id FROM customer_complaint_team_member_rel",
            model,
        ),
    )


def follow_priorities(complaint_ids):
    """Write the priority that the tiers of the customers give their cases."""
    return SQL(
        """
        UPDATE customer_complaint complaint
           SET sla_priority = COALESCE(tier.sla_priority, '1')
          FROM customer_complaint case_
          JOIN res_partner partner ON partner.id = case_.partner_id
          LEFT JOIN customer_tier tier
            ON tier.id = (partner.customer_tier_id ->> case_.company_id::text)::int
         WHERE case_.id = ANY(%s)
           AND complaint.id = case_.id
           AND complaint.sla_priority IS DISTINCT FROM COALESCE(tier.sla_priority, '1')
        """,
        list(complaint_ids),
    )
