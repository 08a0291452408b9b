"""Completeness of customers' files in SQL, equal to `engine.completeness` on the same checks."""

from dataclasses import dataclass

from odoo.tools import SQL

from ..engine.completeness import BLANKS
from .metrics import MetricsContext, Part

ADDRESS = ("street", "city", "country_id")
REACH = ("phone", "email")


@dataclass(frozen=True)
class Check:
    """One thing that must be on file.

    :param kind: ``field`` or the kind of a relation (see `customer.data.field`)
    :param applies_to: ``all`` / ``company`` / ``person``
    :param ttype: type of the field
    :param column: the field's value for the table alias ``p``
    :param relation: (table, own column, other column, other table, whether it can be archived)
        of a many2many; archived ones do not count, as on the form
    """

    id: int
    kind: str
    applies_to: str
    ttype: str = ""
    column: SQL | None = None
    relation: tuple[str, str, str, str, bool] | None = None


def _text_present(column: SQL) -> SQL:
    return SQL("COALESCE(BTRIM(%s, %s), '') != ''", column, BLANKS)


def _present(check: Check) -> SQL:
    """Return the boolean expression of one check, never NULL."""
    if check.kind == "contact":
        return SQL(
            "EXISTS (SELECT 1 FROM res_partner k WHERE k.parent_id = p.id"
            " AND k.active AND k.type = 'contact' AND k.is_company IS NOT TRUE)"
        )
    if check.kind == "bank":
        return SQL(
            "EXISTS (SELECT 1 FROM res_partner_bank k WHERE k.partner_id = p.id AND k.active)"
        )
    if check.kind == "address":
        return SQL(
            "(%s AND %s AND p.country_id IS NOT NULL)",
            _text_present(SQL("p.street")),
            _text_present(SQL("p.city")),
        )
    if check.kind == "reach":
        parts = [_text_present(SQL.identifier("p", name)) for name in REACH]
        return SQL("(%s)", SQL(" OR ").join(parts))
    if check.ttype in ("char", "text"):
        return SQL("(%s)", _text_present(check.column))
    if check.ttype in ("integer", "float", "monetary"):
        # a number nobody gave is stored as zero by the web client: zero is not given
        return SQL("(COALESCE(%s, 0) != 0)", check.column)
    if check.ttype == "many2many":
        table, own, other, comodel, archivable = check.relation
        return SQL(
            "EXISTS (SELECT 1 FROM %s r JOIN %s o ON o.id = %s WHERE %s = p.id %s)",
            SQL.identifier(table),
            SQL.identifier(comodel),
            SQL.identifier("r", other),
            SQL.identifier("r", own),
            SQL("AND o.active") if archivable else SQL(),
        )
    return SQL("(%s IS NOT NULL)", check.column)


def _applies(check: Check) -> SQL:
    return {
        "all": SQL("TRUE"),
        "company": SQL("d.is_company"),
        "person": SQL("NOT d.is_company"),
    }[check.applies_to]


def _sum(terms: list[SQL]) -> SQL:
    return SQL("(%s)", SQL(" + ").join(terms)) if terms else SQL("0")


def data_completeness(
    ctx: MetricsContext,
    checks: list[Check],
    default_ids: frozenset[int],
    tier_ids: dict[int, frozenset[int]],
    tier: SQL,
) -> Part:
    """Yield the percentage of what the customer's tier requires that is present.

    :param default_ids: checks of customers without tier, or whose tier names none
    :param tier_ids: checks of each tier that names some
    :param tier: the tier of table alias ``p`` in the company
    """
    columns = ("data_completeness",)
    if not checks:
        return Part(
            columns, SQL("SELECT NULL::int AS partner_id, NULL::numeric AS data_completeness")
        )

    def count(ids, present):
        terms = []
        for check in checks:
            if check.id in ids:
                flag = SQL.identifier("d", f"check_{check.id}") if present else SQL("TRUE")
                terms.append(SQL("(%s AND %s)::int", flag, _applies(check)))
        return _sum(terms)

    def by_tier(present):
        default = count(default_ids, present)
        if not tier_ids:
            return default
        cases = [
            SQL("WHEN %s THEN %s", tier_id, count(ids, present))
            for tier_id, ids in tier_ids.items()
        ]
        return SQL("CASE d.tier_id %s ELSE %s END", SQL(" ").join(cases), default)

    flags = [
        SQL("%s AS %s", _present(check), SQL.identifier(f"check_{check.id}")) for check in checks
    ]
    select = SQL(
        """
        SELECT d.partner_id,
               ROUND(100.0 * %(present)s / NULLIF(%(required)s, 0), 2) AS data_completeness
          FROM (
            SELECT p.id AS partner_id,
                   COALESCE(p.is_company, FALSE) AS is_company,
                   %(tier)s AS tier_id,
                   %(flags)s
              FROM res_partner p
             WHERE p.commercial_partner_id = p.id
               %(only)s
          ) d
        """,
        present=by_tier(True),
        required=by_tier(False),
        tier=tier,
        flags=SQL(", ").join(flags),
        only=ctx.only(SQL("p.id")),
    )
    return Part(columns, select)
