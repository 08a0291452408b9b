"""The SLA job: transitions and messages of all due clocks, one statement a batch."""

import json
from dataclasses import dataclass

from odoo.tools import SQL

WARNED, LATE = 1, 2


@dataclass(frozen=True)
class People:
    """Who is responsible for the records of a model, as statements over `due`, the clocks that came
    due (id, res_model, res_id, company_id, milestone).

    :param responsible: id of the clock, user_id (who handles the record), leader_id, team_id and
        not_id (who of the team is not told); one row for each clock of the model
    :param doer: id of the clock and user_id of who does the step, where that is somebody else
    :param members: res_model, team_id and user_id of all members of all teams
    """

    responsible: SQL
    doer: SQL | None = None
    members: SQL | None = None


def handled_by(model, table, column=None):
    """Return the people of records that are their user's business and nobody else's.

    :param column: of the record with its user; without it only the chain of the policy is told
    """
    return People(
        SQL(
            """
            SELECT due.id, %s AS user_id, NULL::integer AS leader_id, NULL::integer AS team_id,
                   NULL::integer AS not_id
              FROM due
              JOIN %s record ON record.id = due.res_id
             WHERE due.res_model = %s
            """,
            SQL.identifier("record", column) if column else SQL("NULL::integer"),
            SQL.identifier(table),
            model,
        )
    )


def _of_all(people, part, nobody):
    """Return one statement over a part of the people of all models; `nobody` where there is none."""
    found = [SQL("(%s)", sql) for who in people if (sql := getattr(who, part))]
    return SQL(" UNION ALL ").join(found) if found else SQL(nobody)


def in_scope(scopes):
    """Return the condition of the clocks that the job is for.

    :param scopes: pairs (model, ids of the companies that use it)
    """
    return SQL(" OR ").join(
        SQL("res_model = %s AND company_id = ANY(%s)", model, list(companies))
        for model, companies in scopes
    ) or SQL("FALSE")


def resume_due(now, scopes, limit):
    """Let pauses that are over end; the ledger gets the instant they ended, not the one we noticed.

    The deadline of a paused clock counts with the end of the pause already.

    :param scopes: see `in_scope`
    """
    return SQL(
        """
        WITH due AS (
            SELECT id
              FROM customer_sla_clock
             WHERE state = 'paused' AND paused_until <= %(now)s AND (%(scope)s)
             ORDER BY id
             LIMIT %(limit)s
               FOR NO KEY UPDATE SKIP LOCKED
        ), resumed AS (
            UPDATE customer_sla_clock clock
               SET state = 'running', paused_until = NULL
              FROM due, customer_sla_clock old
             WHERE clock.id = due.id AND old.id = due.id
            RETURNING clock.id, clock.company_id, clock.deadline, old.paused_until
        )
        INSERT INTO customer_sla_event (
            clock_id, company_id, kind, at, deadline, state, recorded_at
        )
        SELECT id, company_id, 'resume', paused_until, deadline, 'running', %(now)s
          FROM resumed
        RETURNING clock_id
        """,
        now=now,
        scope=in_scope(scopes),
        limit=limit,
    )


def notify_due(now, scopes, people, groups, limit):
    """Move due clocks to their new place in the chain of messages and note who must be told what.

    A clock whose deadline passed is not warned of any more; each link of the chain that came due is
    told. One row for each person, level and model, however many clocks it is about. "Handler" is who
    does the step (the `doer`), else who handles the record; where those cannot act
    (`customer_reach_mixin.told` says who can; the right to read is not asked here) the team's leader,
    its members, the heads of service. Who is out of office comes after those who are there.

    :param scopes: models with the companies that use them and work now, see `in_scope`
    :param people: `People` of each model
    :param groups: [{company_id, recipient (supervisor / manager), user_id}]
    :return: one row with the number of clocks moved
    """
    return SQL(
        """
        WITH due AS (
            SELECT id, res_model, res_id, company_id, policy_id, milestone, deadline, notice_level
              FROM customer_sla_clock
             WHERE state = 'running' AND next_notice_at <= %(now)s AND (%(scope)s)
             ORDER BY next_notice_at, id
             LIMIT %(limit)s
               FOR NO KEY UPDATE SKIP LOCKED
        ), chain AS (
            SELECT policy_id, milestone, level, recipient, user_id,
                   make_interval(secs => hours * 3600) AS delay
              FROM customer_sla_escalation
        ), told AS (
            SELECT id, res_model, company_id, 'handler' AS recipient,
                   NULL::integer AS user_id,
                   CASE WHEN deadline < %(now)s THEN %(late)s ELSE %(warned)s END AS level
              FROM due
             WHERE notice_level < CASE WHEN deadline < %(now)s THEN %(late)s ELSE %(warned)s END
             UNION ALL
            SELECT due.id, due.res_model, due.company_id, chain.recipient, chain.user_id,
                   chain.level
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
        ), responsible AS (
            %(responsible)s
        ), doer AS (
            %(doer)s
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
            SELECT told.id, told.res_model, told.company_id, told.level, responsible.team_id,
                   CASE WHEN told.recipient = 'leader' THEN leader.id
                        ELSE COALESCE(
                            CASE WHEN NOT does.away THEN does.id END,
                            CASE WHEN NOT handler.away THEN handler.id END,
                            CASE WHEN NOT leader.away THEN leader.id END
                        )
                   END AS user_id,
                   COALESCE(does.id, handler.id, leader.id) AS away_id, responsible.not_id
              FROM told
              JOIN responsible ON responsible.id = told.id
              LEFT JOIN doer ON doer.id = told.id AND told.recipient = 'handler'
              LEFT JOIN able does ON does.id = doer.user_id AND does.company_id = told.company_id
              LEFT JOIN able handler ON handler.id = responsible.user_id
                                    AND handler.company_id = told.company_id
              LEFT JOIN able leader ON leader.id = responsible.leader_id
                                   AND leader.company_id = told.company_id
             WHERE told.recipient IN ('handler', 'leader')
        ), people AS (
            SELECT told.id, told.res_model, told.company_id, told.level, able.id AS user_id
              FROM told
              LEFT JOIN able ON able.id = told.user_id AND able.company_id = told.company_id
             WHERE told.recipient = 'user'
             UNION ALL
            SELECT chosen.id, chosen.res_model, chosen.company_id, chosen.level,
                   COALESCE(chosen.user_id, member.id, chosen.away_id)
              FROM chosen
              LEFT JOIN LATERAL (
                   SELECT able.id
                     FROM (%(members)s) belongs
                     JOIN able ON able.id = belongs.user_id
                              AND able.company_id = chosen.company_id
                    WHERE chosen.user_id IS NULL AND belongs.team_id = chosen.team_id
                          AND belongs.res_model = chosen.res_model
                          AND able.id IS DISTINCT FROM chosen.not_id
                          AND (NOT able.away OR chosen.away_id IS NULL)
                   ) member ON TRUE
             UNION ALL
            SELECT told.id, told.res_model, told.company_id, told.level, member.user_id
              FROM told
              JOIN member USING (company_id, recipient)
        ), heard AS (
            SELECT id, res_model, company_id, level, user_id
              FROM people
             WHERE user_id IS NOT NULL
             UNION ALL
            SELECT people.id, people.res_model, people.company_id, people.level,
                   member.user_id
              FROM people
              JOIN member ON member.company_id = people.company_id
                         AND member.recipient = 'supervisor'
             WHERE people.user_id IS NULL
        ), noted AS (
            INSERT INTO customer_sla_notice (
                company_id, res_model, user_id, level, clock_ids, clock_count, created_at
            )
            SELECT company_id, res_model, user_id, level, jsonb_agg(id ORDER BY id), count(*),
                   %(now)s
              FROM (SELECT DISTINCT id, res_model, company_id, level, user_id FROM heard) heard
             GROUP BY company_id, res_model, user_id, level
        )
        SELECT count(*) FROM moved
        """,
        now=now,
        scope=in_scope(scopes),
        companies=sorted({company for _model, ids in scopes for company in ids}),
        responsible=_of_all(people, "responsible", ""),
        doer=_of_all(
            people, "doer", "SELECT NULL::integer AS id, NULL::integer AS user_id WHERE FALSE"
        ),
        members=_of_all(
            people,
            "members",
            "SELECT NULL::varchar AS res_model, NULL::integer AS team_id, NULL::integer AS user_id"
            " WHERE FALSE",
        ),
        groups=json.dumps(groups),
        limit=limit,
        warned=WARNED,
        late=LATE,
    )
