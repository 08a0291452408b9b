"""Lifecycle of all customers of a company in SQL; the rules are those of `engine.lifecycle`."""

from odoo.tools import SQL

from ..engine.lifecycle import TIER_KIND_OF_STATE, Borders, Policy
from .companies import family


def _opportunities(company_id, partner_ids) -> SQL:
    """Opportunities by commercial partner: how many, how many lost, when the last one was lost."""
    return SQL(
        """
        SELECT p.commercial_partner_id AS partner_id,
               COUNT(*) AS opportunities,
               COUNT(*) FILTER (WHERE l.won_status = 'lost') AS lost_opportunities,
               MAX(l.date_closed) FILTER (WHERE l.won_status = 'lost') AS last_lost
          FROM crm_lead l
          JOIN res_partner p ON p.id = l.partner_id
         WHERE (l.company_id = ANY(%(family)s) OR l.company_id IS NULL)
           AND (l.active OR l.won_status = 'lost')
           %(only)s
         GROUP BY p.commercial_partner_id
        """,
        family=family(company_id),
        only=_only(SQL("p.commercial_partner_id"), partner_ids),
    )


def _only(column, partner_ids) -> SQL:
    if partner_ids is None:
        return SQL()
    return SQL("AND %s = ANY(%s)", column, list(partner_ids))


def evaluate(company_id, policy: Policy, limits: Borders, partner_ids=None) -> SQL:
    """State and facts of each customer of a company.

    :param partner_ids: commercial partners to stay within, None for all
    :return: query of (partner_id, old_state, state, first_order, last_order, orders_12m,
        opportunities, lost_opportunities, satisfaction, last_lost)
    """
    return SQL(
        """
        SELECT m.partner_id,
               p.customer_lifecycle->>%(company)s AS old_state,
               CASE WHEN m.first_order_date IS NULL THEN
                        CASE WHEN o.opportunities = o.lost_opportunities THEN 'lost'
                             ELSE 'prospect' END
                    WHEN m.last_order_date < %(churn_from)s THEN 'churned'
                    WHEN m.first_order_date >= %(won_from)s THEN 'won'
                    WHEN m.order_count_12m >= %(loyal_orders)s
                         AND m.last_satisfaction >= %(loyal_satisfaction)s THEN 'loyal'
                    ELSE 'retained'
               END AS state,
               m.first_order_date AS first_order,
               m.last_order_date AS last_order,
               COALESCE(m.order_count_12m, 0) AS orders_12m,
               COALESCE(o.opportunities, 0) AS opportunities,
               COALESCE(o.lost_opportunities, 0) AS lost_opportunities,
               m.last_satisfaction AS satisfaction,
               o.last_lost
          FROM customer_metrics m
          JOIN res_partner p ON p.id = m.partner_id
          LEFT JOIN (%(opportunities)s) o ON o.partner_id = m.partner_id
         WHERE m.company_id = %(company_id)s
           %(only)s
        """,
        company=str(company_id),
        company_id=company_id,
        churn_from=limits.churn_from,
        won_from=limits.won_from,
        loyal_orders=policy.loyal_orders,
        loyal_satisfaction=policy.loyal_satisfaction,
        opportunities=_opportunities(company_id, partner_ids),
        only=_only(SQL("m.partner_id"), partner_ids),
    )


def changed(evaluation: SQL, limit=None, after=0) -> SQL:
    """Rows of `evaluate` whose state is not the one on the partner, by partner.

    :param after: only partners with a higher id
    """
    return SQL(
        """
        SELECT *
          FROM (%s) e
         WHERE e.state IS DISTINCT FROM e.old_state AND e.partner_id > %s
         ORDER BY e.partner_id
        %s
        """,
        evaluation,
        after,
        SQL("LIMIT %s", limit) if limit else SQL(),
    )


def apply_states(company_id, today, uid, rows) -> SQL:
    """Write states to customers and contacts and one log line each, in one statement.

    :param rows: list of (partner_id, old_state, new_state, day from which it is so, reasons as JSON
        text, asked user id or None)
    :return: query of (change id, partner_id) of the log lines
    """
    partners, olds, news, days, reasons, users = zip(*rows, strict=True)
    return SQL(
        """
        WITH change AS (
            SELECT * FROM unnest(%(partners)s::int[], %(olds)s::varchar[], %(news)s::varchar[],
                                 %(days)s::date[], %(reasons)s::text[], %(users)s::int[])
                       AS c(partner_id, old_state, new_state, since, reasons, responsible_id)
        ), updated AS (
            UPDATE res_partner p
               SET customer_lifecycle = COALESCE(p.customer_lifecycle, '{}')
                       || jsonb_build_object(%(company)s, c.new_state),
                   customer_lifecycle_since = COALESCE(p.customer_lifecycle_since, '{}')
                       || jsonb_build_object(%(company)s, c.since::text)
              FROM change c
             WHERE p.commercial_partner_id = c.partner_id
        )
        INSERT INTO customer_lifecycle_change (
                   partner_id, company_id, old_state, new_state, date, reasons, responsible_id,
                   asked, create_uid, create_date, write_uid, write_date)
        SELECT c.partner_id, %(company_id)s, c.old_state, c.new_state, %(today)s,
               c.reasons::jsonb, c.responsible_id, c.responsible_id IS NOT NULL,
               %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM change c
      RETURNING id, partner_id
        """,
        partners=list(partners),
        olds=list(olds),
        news=list(news),
        days=list(days),
        reasons=list(reasons),
        users=list(users),
        company=str(company_id),
        company_id=company_id,
        today=today,
        uid=uid,
    )


def tiers_to_follow(company_id, churned_ids, partner_ids=None, after=0, limit=None) -> SQL:
    """Customers whose tier does not fit their lifecycle: (partner_id, lifecycle, kind to get).

    A tier of kind prospect or lapsed and no tier at all follow the lifecycle. A tier of kind
    customer was decided by somebody; only the step into `churned` takes it away.

    :param churned_ids: customers that took that step just now
    :param after: only customers with a higher id
    """
    kinds = SQL(" ").join(
        SQL("WHEN %s THEN %s", state, kind) for state, kind in TIER_KIND_OF_STATE.items()
    )
    return SQL(
        """
        SELECT c.id, c.state, c.kind
          FROM (
            SELECT p.id, p.customer_lifecycle->>%(company)s AS state, t.kind AS current_kind,
                   CASE p.customer_lifecycle->>%(company)s %(kinds)s END AS kind
              FROM customer_metrics m
              JOIN res_partner p ON p.id = m.partner_id
              LEFT JOIN customer_tier t ON t.id = (p.customer_tier_id->>%(company)s)::int
             WHERE m.company_id = %(company_id)s
               %(only)s
          ) c
         WHERE c.id > %(after)s
           AND c.kind IS NOT NULL
           AND c.current_kind IS DISTINCT FROM c.kind
           AND (c.current_kind IS DISTINCT FROM 'customer' OR c.id = ANY(%(churned)s))
         ORDER BY c.id
        %(limit)s
        """,
        after=after,
        limit=SQL("LIMIT %s", limit) if limit else SQL(),
        company=str(company_id),
        company_id=company_id,
        kinds=kinds,
        only=_only(SQL("m.partner_id"), partner_ids),
        churned=list(churned_ids),
    )


def responsibles(company_id, partner_ids) -> SQL:
    """Who answers for customers: (partner_id, salesperson, leader of the customer's team).

    The team is the customer's own, else the salesperson's, else that of the latest order or
    opportunity; archived users answer for nobody.
    """
    return SQL(
        """
        SELECT p.id, u.id, lu.id
          FROM res_partner p
          LEFT JOIN res_users u ON u.id = p.user_id AND u.active AND NOT u.share
          LEFT JOIN LATERAL (
                SELECT f.team_id FROM (
                    SELECT (p.customer_team_id->>%(company)s)::int AS team_id, 1 AS rank,
                           NULL::timestamp AS moment
                     UNION ALL
                    SELECT su.sale_team_id, 2, NULL FROM res_users su WHERE su.id = p.user_id
                     UNION ALL
                    (SELECT o.team_id, 3, o.date_order
                       FROM sale_order o JOIN res_partner op ON op.id = o.partner_id
                      WHERE op.commercial_partner_id = p.id AND o.company_id = ANY(%(family)s)
                        AND o.team_id IS NOT NULL
                      ORDER BY o.date_order DESC LIMIT 1)
                     UNION ALL
                    (SELECT l.team_id, 3, l.create_date
                       FROM crm_lead l JOIN res_partner lp ON lp.id = l.partner_id
                      WHERE lp.commercial_partner_id = p.id
                        AND (l.company_id = ANY(%(family)s) OR l.company_id IS NULL)
                        AND l.team_id IS NOT NULL
                      ORDER BY l.create_date DESC LIMIT 1)
                ) f
                 WHERE f.team_id IS NOT NULL
                 ORDER BY f.rank, f.moment DESC NULLS LAST
                 LIMIT 1
          ) team ON TRUE
          LEFT JOIN crm_team t ON t.id = team.team_id
          LEFT JOIN res_users lu ON lu.id = t.user_id AND lu.active AND NOT lu.share
         WHERE p.id = ANY(%(ids)s)
        """,
        company=str(company_id),
        family=family(company_id),
        ids=list(partner_ids),
    )


def worth(company_id, partner_ids, since) -> SQL:
    """What lost customers were worth: (partner_id, sequence of the tier, sales since a day).

    Sales are posted invoices less credit notes, untaxed, in company currency.
    """
    return SQL(
        """
        SELECT p.id, COALESCE(t.sequence, 9999),
               COALESCE((SELECT sum(m.amount_untaxed_signed)
                           FROM account_move m
                          WHERE m.commercial_partner_id = p.id AND m.state = 'posted'
                            AND m.company_id = ANY(%(family)s)
                            AND m.move_type IN ('out_invoice', 'out_refund')
                            AND m.invoice_date >= %(since)s), 0)
          FROM res_partner p
     LEFT JOIN customer_tier t ON t.id = (p.customer_tier_id ->> %(company)s)::int
         WHERE p.id = ANY(%(ids)s)
        """,
        family=family(company_id),
        since=since,
        company=str(company_id),
        ids=list(partner_ids),
    )
