"""Set-based reads and writes of customers' tiers."""

from dataclasses import dataclass, field
from typing import Any

from odoo.tools import SQL


@dataclass(frozen=True)
class TierChange:
    """A decision on one customer in the current company.

    `tier_id` None takes the tier away. `extra` holds further columns of the history row,
    for instance `{"review_line_id": 7}`; all changes of one call have the same extra keys.
    """

    partner_id: int
    tier_id: int | None
    reason: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TierMove:
    """A change that took place: what `_after_tier_change` receives, one for each customer."""

    history_id: int
    partner_id: int
    old_tier_id: int | None
    new_tier_id: int | None
    reason: str


def used_tiers(tier_ids) -> SQL:
    """Ids among `tier_ids` that a partner (any company) or a history row refers to."""
    return SQL(
        """
        SELECT t.id
          FROM unnest(%(ids)s::int[]) AS t(id)
         WHERE EXISTS (SELECT 1 FROM customer_tier_history h
                        WHERE h.old_tier_id = t.id OR h.new_tier_id = t.id)
            OR EXISTS (SELECT 1 FROM res_partner p, jsonb_each(p.customer_tier_id) AS v
                        WHERE p.customer_tier_id IS NOT NULL AND v.value = to_jsonb(t.id))
        """,
        ids=list(tier_ids),
    )


def apply_tiers(changes, company_id, origin, today, uid, extra_types=None) -> SQL:
    """Set the tiers of customers and their contacts and write the history, in one statement.

    Customers who have the tier already are left alone and get no history row.

    :param changes: list of :class:`TierChange`, one for each commercial partner
    :param today: date of the change in the company's time zone
    :param extra_types: postgres type of each extra history column, {"review_line_id": "int4"}
    :return: query of the fields of :class:`TierMove`, in their order
    """
    company = str(company_id)
    extra_types = extra_types or {}
    names = list(extra_types)
    return SQL(
        """
        WITH change AS (
            SELECT * FROM unnest(%(partners)s::int[], %(tiers)s::int[], %(reasons)s::text[]
                                 %(extra_arrays)s)
                       AS c(partner_id, tier_id, reason %(extra_names)s)
        ), moved AS (
            SELECT c.*, (p.customer_tier_id->>%(company)s)::int AS old_tier_id
              FROM change c
              JOIN res_partner p ON p.id = c.partner_id
             WHERE (p.customer_tier_id->>%(company)s)::int IS DISTINCT FROM c.tier_id
        ), updated AS (
            UPDATE res_partner p
               SET customer_tier_id = COALESCE(p.customer_tier_id, '{}')
                       || jsonb_build_object(%(company)s, m.tier_id),
                   customer_tier_since = COALESCE(p.customer_tier_since, '{}')
                       || jsonb_build_object(%(company)s, %(today)s::text),
                   customer_tier_origin = COALESCE(p.customer_tier_origin, '{}')
                       || jsonb_build_object(%(company)s, %(origin)s::text),
                   write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
              FROM moved m
             WHERE p.commercial_partner_id = m.partner_id
        )
        INSERT INTO customer_tier_history (
                   partner_id, company_id, old_tier_id, new_tier_id, date, reason, origin, user_id,
                   create_uid, create_date, write_uid, write_date %(extra_columns)s)
        SELECT m.partner_id, %(company_id)s, m.old_tier_id, m.tier_id, %(today)s, m.reason,
               %(origin)s, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
               now() AT TIME ZONE 'UTC' %(extra_values)s
          FROM moved m
      RETURNING id, partner_id, old_tier_id, new_tier_id, reason
        """,
        partners=[c.partner_id for c in changes],
        tiers=[c.tier_id or None for c in changes],
        reasons=[c.reason for c in changes],
        extra_arrays=SQL().join(
            SQL(
                ", %s::" + _array_type(extra_types[name]),
                [c.extra[name] for c in changes],
            )
            for name in names
        ),
        extra_names=SQL().join(SQL(", %s", SQL.identifier(name)) for name in names),
        extra_columns=SQL().join(SQL(", %s", SQL.identifier(name)) for name in names),
        extra_values=SQL().join(SQL(", %s", SQL.identifier("m", name)) for name in names),
        company=company,
        company_id=company_id,
        origin=origin,
        today=today,
        uid=uid,
    )


def grant_terms(source, mark, grant, partner_ids, company_id, place_id) -> SQL:
    """Give customers and their contacts what their tier grants, in one company or branch.

    Only where the customer has no value of its own: it has none, or the one a tier wrote there.

    :param source: column of res_partner that Odoo uses
    :param mark: column of res_partner with what a tier wrote there
    :param grant: column of customer_tier
    :param company_id: the head company, whose tier it is
    :param place_id: the company or branch whose value is set
    """
    return SQL(
        """
        WITH wanted AS (
            SELECT p.id, (t.%(grant)s ->> %(company)s)::int AS new,
                   (p.%(source)s ->> %(place)s)::int AS now,
                   (p.%(mark)s ->> %(place)s)::int AS granted
              FROM res_partner p
         LEFT JOIN customer_tier t ON t.id = (p.customer_tier_id ->> %(company)s)::int
             WHERE p.id = ANY(%(partners)s)
        ), free AS (
            SELECT id, new, granted FROM wanted
             WHERE (now IS NULL OR now = granted) AND (now, granted) IS DISTINCT FROM (new, new)
        )
        UPDATE res_partner p
           SET %(source)s = CASE WHEN f.new IS NULL
                                 THEN COALESCE(p.%(source)s, '{}') - %(place)s
                                 ELSE COALESCE(p.%(source)s, '{}')
                                      || jsonb_build_object(%(place)s, f.new) END,
               %(mark)s = CASE WHEN f.new IS NULL THEN COALESCE(p.%(mark)s, '{}') - %(place)s
                               ELSE COALESCE(p.%(mark)s, '{}')
                                    || jsonb_build_object(%(place)s, f.new) END
          FROM free f
         WHERE p.commercial_partner_id = f.id
        """,
        source=SQL.identifier(source),
        mark=SQL.identifier(mark),
        grant=SQL.identifier(grant),
        partners=list(partner_ids),
        company=str(company_id),
        place=str(place_id),
    )


def _array_type(column_type):
    """Name of the array type of a column type; the names come from field definitions."""
    if column_type not in {
        "int4",
        "varchar",
        "text",
        "numeric",
        "float8",
        "date",
        "timestamp",
        "bool",
    }:
        raise ValueError(f"No history column can have the type {column_type!r}")
    return f"{column_type}[]"


def sync_contacts(partner_ids, columns) -> SQL:
    """Give contacts the values of their commercial partner, in all companies at once.

    :param columns: names of company dependent (jsonb) columns of res_partner
    """
    return SQL(
        """
        UPDATE res_partner c
           SET %(assignments)s
          FROM res_partner p
         WHERE p.id = c.commercial_partner_id AND c.id != p.id AND c.id = ANY(%(ids)s)
        """,
        assignments=SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), SQL.identifier("p", name)) for name in columns
        ),
        ids=list(partner_ids),
    )


def spread(names, source_id, target_ids, partner_ids=None) -> SQL:
    """Copy company dependent values of one company to others; nothing where there is none.

    :param partner_ids: of these partners, None for all
    """
    source = str(source_id)
    targets = [str(target) for target in target_ids]

    def copied(name):
        column = SQL.identifier(name)
        pairs = SQL(", ").join(SQL("%s, %s -> %s", key, column, source) for key in targets)
        return SQL(
            "%(column)s = CASE WHEN %(column)s ? %(source)s"
            " THEN %(column)s || jsonb_build_object(%(pairs)s)"
            " ELSE %(column)s - %(targets)s::text[] END",
            column=column,
            source=source,
            pairs=pairs,
            targets=targets,
        )

    return SQL(
        "UPDATE res_partner SET %(values)s WHERE (%(any)s) AND %(only)s",
        values=SQL(", ").join(copied(name) for name in names),
        any=SQL(" OR ").join(SQL("%s IS NOT NULL", SQL.identifier(name)) for name in names),
        only=SQL("TRUE") if partner_ids is None else SQL("id = ANY(%s)", list(partner_ids)),
    )


def clear_partners(partner_ids, columns) -> SQL:
    """Empty company dependent columns of partners, in all companies."""
    return SQL(
        "UPDATE res_partner SET %s WHERE id = ANY(%s)",
        SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in columns),
        list(partner_ids),
    )


def tiers_by_company(partner_ids) -> SQL:
    """Tiers of partners in all companies: (partner_id, company_id, tier_id)."""
    return SQL(
        """
        SELECT p.id, v.key::int, (v.value #>> '{}')::int
          FROM res_partner p, jsonb_each(p.customer_tier_id) AS v
         WHERE p.id = ANY(%s) AND p.customer_tier_id IS NOT NULL
           AND jsonb_typeof(v.value) = 'number'
        """,
        list(partner_ids),
    )


def drop_figures(partner_ids) -> SQL:
    """Delete the figures of customers about to be merged: the remaining one gets new ones."""
    return SQL("DELETE FROM customer_metrics WHERE partner_id = ANY(%s)", list(partner_ids))
