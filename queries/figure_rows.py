"""Rows of documents that figures add up (`queries.figures`), one function for each source."""

from datetime import datetime

from odoo.tools import SQL

from .complaint_figures import IS_COMPLAINT
from .zones import company_zones, local_day


def customers() -> SQL:
    """Select the nightly figures of customers, one row a customer and head company."""
    return SQL(
        """
        SELECT m.company_id, NULL::date AS date, m.partner_id,
               (p.customer_team_id->>m.company_id::text)::int AS team_id, p.user_id,
               1 AS customers, m.data_completeness, m.overdue_amount, m.revenue_12m
          FROM customer_metrics m
          JOIN res_partner p ON p.id = m.partner_id
        """
    )


def breaches(table: SQL) -> SQL:
    """Select unmet commitments; ``table`` is that of `customer.tier.breach`."""
    return SQL(
        "SELECT b.company_id, NULL::date AS date, b.partner_id, NULL::int AS team_id, b.user_id,"
        " 1 AS breaches FROM (%s) b",
        table,
    )


def late_reviews(now: datetime) -> SQL:
    """Select reviews past their deadline that are not applied, by the company's day."""
    return SQL(
        """
        SELECT v.company_id, NULL::date AS date, v.partner_id, NULL::int AS team_id,
               v.leader_id AS user_id, 1 AS late
          FROM customer_review v
          JOIN (%s) zone ON zone.company_id = v.company_id
         WHERE v.deadline < %s AND v.kind != 'what_if'
           AND v.state IN ('draft', 'computed', 'in_review', 'approved')
        """,
        company_zones(),
        local_day(SQL("%s", now), SQL("zone.tz")),
    )


def open_appeals() -> SQL:
    """Select appeals that nobody decided."""
    return SQL(
        "SELECT a.company_id, NULL::date AS date, a.partner_id, NULL::int AS team_id, a.user_id,"
        " 1 AS appeals FROM customer_review_appeal a WHERE a.state = 'open'"
    )


def moves() -> SQL:
    """Select lines of applied tier reviews on the day they were applied."""
    return SQL(
        """
        SELECT l.company_id, %s AS date, l.partner_id, NULL::int AS team_id, p.user_id,
               (l.movement = 'up')::int AS up, (l.movement = 'down')::int AS down
          FROM customer_review_line l
          JOIN customer_review v ON v.id = l.review_id
          JOIN res_partner p ON p.id = l.partner_id
          JOIN (%s) zone ON zone.company_id = l.company_id
         WHERE v.state = 'applied' AND v.kind != 'what_if' AND v.usage = 'tier'
        """,
        local_day(SQL("v.applied_on"), SQL("zone.tz")),
        company_zones(),
    )


def complaints(where: SQL | None = None) -> SQL:
    """Select complaints on the day of their receipt; repair requests and cancelled ones are none.

    :param where: condition on ``k`` (the complaint)
    """
    return SQL(
        """
        SELECT k.company_id, %s AS date, k.partner_id, k.team_id, k.user_id, 1 AS complaints,
               (k.state NOT IN ('closed', 'force_closed'))::int AS unclosed
          FROM customer_complaint k
          JOIN (%s) zone ON zone.company_id = k.company_id
         WHERE %s AND k.state != 'cancelled' AND %s
        """,
        local_day(SQL("k.received_at"), SQL("zone.tz")),
        company_zones(),
        IS_COMPLAINT,
        where or SQL("TRUE"),
    )


def provider_months() -> SQL:
    """Select the months of service providers with their counts; a month counts on its last day."""
    return SQL(
        "SELECT m.*, m.date_to AS date, m.provider_id AS partner_id, NULL::int AS team_id,"
        " NULL::int AS user_id FROM customer_provider_period m"
    )


def watched(table: SQL) -> SQL:
    """Select rows of the watch list; ``table`` is that of `customer.credit.watch`."""
    return SQL(
        "SELECT w.company_id, NULL::date AS date, w.partner_id, NULL::int AS team_id, w.user_id,"
        " (w.kind = 'on_hold')::int AS on_hold, (w.kind = 'over_limit')::int AS over_limit"
        " FROM (%s) w",
        table,
    )


def promises() -> SQL:
    """Select promises to pay on the day that was promised."""
    return SQL(
        "SELECT p.company_id, p.date, p.partner_id, NULL::int AS team_id, p.user_id,"
        " (p.state = 'kept')::int AS kept, (p.state IN ('kept', 'broken'))::int AS judged"
        " FROM customer_collection_promise p"
    )


def dossiers() -> SQL:
    """Select dossiers that are not disposed of, with their checklists as they stand today."""
    return SQL(
        "SELECT a.company_id, a.date_opened AS date, a.partner_id, NULL::int AS team_id,"
        " a.role_a_id AS user_id, a.required_count, a.missing_count"
        " FROM customer_archive a WHERE a.state != 'disposed'"
    )
