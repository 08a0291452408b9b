"""The SLA job: transitions and messages of all due clocks, one statement a batch."""

import json

from odoo.tools import SQL

WARNED, LATE = 1, 2


def resume_due(now, company_ids, limit):
    """Let pauses that are over end; the ledger gets the instant they ended, not the one we noticed.

    The deadline of a paused clock counts with the end of the pause already.
    """
    return SQL(
        """
        WITH due AS (
            SELECT id
              FROM customer_sla_clock
             WHERE state = 'paused' AND paused_until <= %(now)s AND company_id = ANY(%(companies)s)
             ORDER BY id
             LIMIT %(limit)s
               FOR NO KEY UPDATE SKIP LOCKED
        ), resumed AS (
            UPDATE customer_sla_clock clock
               SET state = 'running', paused_until = NULL
              FROM due, customer_sla_clock old
             WHERE clock.id = due.id AND old.id = due.id
            RETURNING clock.id, clock.complaint_id, clock.company_id, clock.deadline,
            old.paused_until
        )
        INSERT INTO customer_sla_event (
            clock_id, complaint_id, company_id, kind, at, deadline, state, recorded_at
        )
        SELECT id, complaint_id, company_id, 'resume', paused_until, deadline, 'running', %(now)s
          FROM resumed
        RETURNING clock_id
        """,
        now=now,
        companies=list(company_ids),
        limit=limit,
    )


def notify_due(now, company_ids, groups, limit):
    """Move due clocks to their new place in the chain of messages and note who must be told what.

    A clock whose deadline passed is not warned of any more; each link of the chain that came due is
    told. One row for each person and level, however many clocks it is about. "Handler" is who does
    the step: of a call-back who calls, never the handler of the case; of an order that waits its
    addressee; otherwise, and where those cannot act (`customer_reach_mixin.told` says who can; the right to
    read is not asked here), the handler, then the team's leader, its members, the heads of service. Who is
    out of office comes after those who are there.

    :param company_ids: companies that work now
    :param groups: [{company_id, recipient (supervisor / manager), user_id}]
    :return: one row with the number of clocks moved
    """
    return SQL(
        """
        WITH due AS (
            SELECT id, complaint_id, company_id, policy_id, milestone, deadline, notice_level
              FROM customer_sla_clock
             WHERE state = 'running' AND next_notice_at <= %(now)s AND company_id =
             ANY(%(companies)s)
             ORDER BY next_notice_at, id
             LIMIT %(limit)s
               FOR NO KEY UPDATE SKIP LOCKED
        ), chain AS (
            SELECT policy_id, milestone, level, recipient, user_id, make_interval(secs => hours *
            3600) AS delay
              FROM customer_sla_escalation
        ), told AS (
            SELECT id, complaint_id, company_id, milestone, 'handler' AS recipient,
                   NULL::integer AS user_id,
                   CASE WHEN deadline < %(now)s THEN %(late)s ELSE %(warned)s END AS level
              FROM due
             WHERE notice_level < CASE WHEN deadline < %(now)s THEN %(late)s ELSE %(warned)s END
             UNION ALL
            SELECT due.id, due.complaint_id, due.company_id, due.milestone, chain.recipient,
                   chain.user_id, chain.level
              FROM due
              JOIN chain ON chain.policy_id = due.policy_id
                        AND (chain.milestone IS NULL OR chain.milestone = due.milestone)
                        AND chain.level > due.notice_level
                        AND due.deadline + chain.delay < %(now)s
        ), reached AS (
            SELECT due.id, due.policy_id, due.milestone, due.deadline,
                   GREATEST(
                       due.notice_level,
                       CASE WHEN due.deadline < %(now)s THEN %(late)s ELSE %(warned)s END,
                       chain.level
                   ) AS level
              FROM due
              LEFT JOIN LATERAL (
                   SELECT max(level) AS level
                     FROM customer_sla_escalation
                    WHERE policy_id = due.policy_id
                      AND (milestone IS NULL OR milestone = due.milestone)
                      AND due.deadline + make_interval(secs => hours * 3600) < %(now)s
                   ) chain ON TRUE
        ), next AS (
            SELECT reached.id, reached.level,
                   reached.deadline + interval '1 second' + CASE
                       WHEN reached.level <= %(warned)s THEN interval '0'
                       ELSE (
                            SELECT min(make_interval(secs => hours * 3600))
                              FROM customer_sla_escalation
                             WHERE policy_id = reached.policy_id
                               AND (milestone IS NULL OR milestone = reached.milestone)
                               AND level > reached.level
                            )
                   END AS at
              FROM reached
        ), moved AS (
            UPDATE customer_sla_clock clock
               SET notice_level = next.level, next_notice_at = next.at, notified_at = %(now)s
              FROM next
             WHERE clock.id = next.id
            RETURNING clock.id
        ), member AS (
            SELECT * FROM jsonb_to_recordset(%(groups)s::jsonb)
                       AS row(company_id integer, recipient varchar, user_id integer)
        ), doer AS (
            SELECT due.id, visit.user_id
              FROM due
              JOIN customer_visit visit ON visit.complaint_id = due.complaint_id
             WHERE due.milestone = 'callback'
               AND visit.state = 'planned' AND visit.purpose = 'verification'
             UNION
            SELECT due.id, COALESCE(dispatch.user_id, team.user_id)
              FROM due
              JOIN customer_complaint_dispatch dispatch ON dispatch.complaint_id = due.complaint_id
              LEFT JOIN customer_complaint_team team ON team.id = dispatch.team_id
             WHERE due.milestone IN ('accept', 'first_result')
               AND (dispatch.state = 'sent'
                    OR dispatch.state = 'accepted' AND due.milestone = 'first_result')
        ), able AS (
            SELECT users.id, works.cid AS company_id,
                   COALESCE(
                       users.out_of_office_from <= %(now)s
                       AND COALESCE(users.out_of_office_to >= %(now)s, TRUE),
                       FALSE
                   ) AS away
              FROM res_users users
              JOIN res_company_users_rel works ON works.user_id = users.id
             WHERE users.active AND NOT COALESCE(users.share, FALSE)
               AND works.cid = ANY(%(companies)s)
        ), chosen AS (
            SELECT told.id, told.company_id, told.level, complaint.team_id,
                   CASE WHEN told.recipient = 'leader' THEN leader.id
                        ELSE COALESCE(
                            CASE WHEN NOT does.away THEN does.id END,
                            CASE WHEN NOT handler.away THEN handler.id END,
                            CASE WHEN NOT leader.away THEN leader.id END
                        )
                   END AS user_id,
                   COALESCE(does.id, handler.id, leader.id) AS away_id,
                   CASE WHEN told.milestone = 'callback' THEN complaint.user_id END AS not_id
              FROM told
              JOIN customer_complaint complaint ON complaint.id = told.complaint_id
              LEFT JOIN customer_complaint_team team ON team.id = complaint.team_id
              LEFT JOIN doer ON doer.id = told.id AND told.recipient = 'handler'
              LEFT JOIN able does ON does.id = doer.user_id AND does.company_id = told.company_id
              LEFT JOIN able handler ON handler.id = complaint.user_id
                                    AND handler.company_id = told.company_id
                                    AND told.milestone <> 'callback'
              LEFT JOIN able leader ON leader.id = team.user_id
                                   AND leader.company_id = told.company_id
             WHERE told.recipient IN ('handler', 'leader')
        ), people AS (
            SELECT told.id, told.company_id, told.level, able.id AS user_id
              FROM told
              LEFT JOIN able ON able.id = told.user_id AND able.company_id = told.company_id
             WHERE told.recipient = 'user'
             UNION ALL
            SELECT chosen.id, chosen.company_id, chosen.level,
                   COALESCE(chosen.user_id, member.id, chosen.away_id)
              FROM chosen
              LEFT JOIN LATERAL (
                   SELECT able.id
                     FROM customer_complaint_team_member_rel belongs
                     JOIN able ON able.id = belongs.user_id
                              AND able.company_id = chosen.company_id
                    WHERE chosen.user_id IS NULL AND belongs.team_id = chosen.team_id
                          AND able.id IS DISTINCT FROM chosen.not_id
                          AND (NOT able.away OR chosen.away_id IS NULL)
                   ) member ON TRUE
             UNION ALL
            SELECT told.id, told.company_id, told.level, member.user_id
              FROM told
              JOIN member USING (company_id, recipient)
        ), heard AS (
            SELECT id, company_id, level, user_id
              FROM people
             WHERE user_id IS NOT NULL
             UNION ALL
            SELECT people.id, people.company_id, people.level, member.user_id
              FROM people
              JOIN member ON member.company_id = people.company_id
                         AND member.recipient = 'supervisor'
             WHERE people.user_id IS NULL
        ), noted AS (
            INSERT INTO customer_sla_notice (company_id, user_id, level, clock_ids, clock_count,
            created_at)
            SELECT company_id, user_id, level, jsonb_agg(id ORDER BY id), count(*), %(now)s
              FROM (SELECT DISTINCT id, company_id, level, user_id FROM heard) heard
             GROUP BY company_id, user_id, level
        )
        SELECT count(*) FROM moved
        """,
        now=now,
        companies=list(company_ids),
        groups=json.dumps(groups),
        limit=limit,
        warned=WARNED,
        late=LATE,
    )
