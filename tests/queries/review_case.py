"""Reviews over made-up values: the statements and the engine get the same input."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from odoo.tests import TransactionCase
from odoo.tools import SQL

from ...engine import scoring, tiering
from ...queries import reviews
from ...queries.measures import Measure, MeasureContext

DATE_FROM, DATE_TO = date(2025, 4, 1), date(2025, 6, 30)


@dataclass
class Case:
    """Input of one review; customers are numbers from 0.

    ``values``: for each indicator {customer: value}, None for one people enter; ``entries``: for
    each indicator {customer: value or key of a choice}; ``sales``: {customer: amount};
    ``previous``, ``history``: results; ``vetoes``: (veto, {customer: value}).
    """

    rules: list
    values: list
    policy: tiering.Policy
    entries: list = field(default_factory=list)
    sales: dict = field(default_factory=dict)
    previous: dict = field(default_factory=dict)
    history: list = field(default_factory=list)
    vetoes: list = field(default_factory=list)


def values_measure(rows):
    """Make a measure that gives these values."""

    def select(_ctx):
        if not rows:
            return SQL("SELECT NULL::int AS partner_id, NULL::numeric AS value WHERE FALSE")
        pairs = SQL(", ").join(
            SQL("(%s, %s::numeric)", partner, value) for partner, value in rows.items()
        )
        return SQL("SELECT partner_id, value FROM (VALUES %s) v (partner_id, value)", pairs)

    return Measure("test", "Test", "count", select, lambda ctx, partner_id: ("res.partner", []))


class ReviewCase(TransactionCase):
    """Copies of the review tables without foreign keys, so that no records have to exist."""

    @classmethod
    def setUpClass(cls):
        """Make customers, results and the copies of the tables."""
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Scored"})
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}", "is_company": True} for number in range(30)]
        )
        cls.tiers = cls.env["customer.tier"].create(
            [
                {"name": name, "code": name, "sequence": place, "kind": "customer"}
                for place, name in enumerate(("t1", "t2", "t3", "t4"))
            ]
        )
        cls.journal_id = cls.env["account.journal"].create(
            {"name": "Sales", "code": "SCO", "type": "sale", "company_id": cls.company.id}
        ).id  # fmt: skip
        cls.env.flush_all()
        for table in ("customer_review_line", "customer_review_score"):
            cls.env.cr.execute(
                SQL(
                    "CREATE TEMP TABLE %s (LIKE %s INCLUDING ALL)",
                    SQL.identifier(table),
                    SQL.identifier("public", table),
                )
            )
            cls.addClassCleanup(
                cls.env.cr.execute, SQL("DROP TABLE pg_temp.%s", SQL.identifier(table))
            )

        # lines of the copy are no lines of the real table
        cls.env.cr.execute(
            "ALTER TABLE customer_tier_history"
            " DROP CONSTRAINT IF EXISTS customer_tier_history_review_line_id_fkey"
        )

    def ids(self, by_number):
        """Turn {number: x} into {partner id: x}."""
        return {self.partners[number].id: value for number, value in by_number.items()}

    def members(self, numbers):
        """Subselect of these customers."""
        ids = [self.partners[number].id for number in numbers]
        return SQL("SELECT id FROM res_partner WHERE id = ANY(%s)", ids)

    def plan(self, case, numbers, review_id=1, only=None, **values):
        """Plan of a review of a case; ``only``: out of turn, these customers get lines."""
        indicators = tuple(
            reviews.IndicatorPlan(
                number + 1, rule, None if rows is None else values_measure(self.ids(rows))
            )
            for number, (rule, rows) in enumerate(zip(case.rules, case.values, strict=True))
        )
        plan = reviews.ReviewPlan(
            review_id=review_id,
            context=MeasureContext(
                company_id=self.company.id,
                date_from=DATE_FROM,
                date_to=DATE_TO,
                partners=self.members(numbers),
            ),
            members=self.members(numbers if only is None else only),
            indicators=indicators,
            policy=case.policy,
            vetoes=tuple(
                reviews.VetoPlan(veto, values_measure(self.ids(rows))) for veto, rows in case.vetoes
            ),
        )
        return replace(plan, **values)

    def prepare(self, case):
        """Write what a review finds: sales, present results."""
        cr = self.env.cr
        cr.execute(SQL("TRUNCATE pg_temp.customer_review_line, pg_temp.customer_review_score"))
        cr.execute(SQL("DELETE FROM account_move WHERE company_id = %s", self.company.id))
        rows = SQL(", ").join(
            SQL("(%s, %s::numeric)", partner, amount)
            for partner, amount in self.ids(case.sales).items()
        )
        if rows:
            cr.execute(
                SQL(
                    """
                    INSERT INTO account_move (
                        journal_id, company_id, currency_id, state, move_type, auto_post, date,
                        invoice_date, partner_id, commercial_partner_id, amount_untaxed_signed)
                    SELECT %s, %s, %s, 'posted', 'out_invoice', 'no', %s, %s, p, p, amount
                      FROM (VALUES %s) v (p, amount)
                    """,
                    self.journal_id,
                    self.company.id,
                    self.company.currency_id.id,
                    DATE_TO,
                    DATE_TO,
                    rows,
                )
            )
        cr.execute(
            SQL(
                "UPDATE res_partner SET customer_tier_id = NULL WHERE id = ANY(%s)",
                self.partners.ids,
            )
        )
        for number, result in case.previous.items():
            cr.execute(
                SQL(
                    "UPDATE res_partner SET customer_tier_id = jsonb_build_object(%s, %s)"
                    " WHERE id = %s",
                    str(self.company.id),
                    result,
                    self.partners[number].id,
                )
            )

    def enter(self, plan, case):
        """Write what people entered into the scores."""
        for indicator, rule, entries in zip(
            plan.indicators, case.rules, case.entries, strict=False
        ):
            by_choice = rule.method == scoring.CHOICE
            for partner, entry in self.ids(entries).items():
                self.env.cr.execute(
                    SQL(
                        """
                        UPDATE customer_review_score s
                           SET source = 'manual', has_data = TRUE, value = %s, choice_id = %s
                          FROM customer_review_line l
                         WHERE l.id = s.line_id AND l.review_id = %s AND l.partner_id = %s
                           AND s.indicator_id = %s
                        """,
                        None if by_choice else entry,
                        entry if by_choice else None,
                        plan.review_id,
                        partner,
                        indicator.indicator_id,
                    )
                )

    def compute(self, plan):
        """Execute the statements; gives their number."""
        steps = list(reviews.compute_steps(plan))
        for _code, _params, statement in steps:
            self.env.cr.execute(statement)
        return len(steps)

    def lines(self, review_id=1):
        """Computed lines by customer number, numbers as Decimal."""
        columns = (
            "partner_id score coverage rank sales share cumulative_share ahead_share"
            " previous_tier_id computed_tier_id proposed_tier_id decided_tier_id movement"
            " below_periods manual_missing previous_score previous_rank has_score explanation id"
        ).split()
        return self._rows("customer_review_line", columns, SQL("review_id = %s", review_id))

    def scores(self, review_id=1):
        """Computed scores: {(customer number, indicator id): row}."""
        lines = {line["id"]: number for number, line in self.lines(review_id).items()}
        columns = (
            "line_id indicator_id source has_data value rank points max_points choice_id sequence"
        ).split()
        rows = self._select("customer_review_score", columns, SQL("TRUE"))
        return {
            (lines[row["line_id"]], row["indicator_id"]): row
            for row in rows
            if row["line_id"] in lines
        }

    def _rows(self, table, columns, where):
        numbers = {partner.id: number for number, partner in enumerate(self.partners)}
        rows = self._select(table, columns, where)
        found = {numbers[row["partner_id"]]: row for row in rows}
        self.assertEqual(len(found), len(rows))
        return found

    def _select(self, table, columns, where):
        # as JSON text: Odoo reads numeric columns as floats
        query = SQL(
            "SELECT to_jsonb(t)::text FROM (SELECT %s FROM %s WHERE %s) t",
            SQL(", ").join(SQL.identifier(column) for column in columns),
            SQL.identifier(table),
            where,
        )
        return [json.loads(text, parse_float=Decimal) for [text] in self.env.execute_query(query)]

    # --- the same by the engine ---------------------------------------------------------------

    def expected_scores(self, case, numbers):
        """Work out {(customer number, indicator id): (value, rank, points, choice)}."""
        found = {}
        for index, (rule, rows) in enumerate(zip(case.rules, case.values, strict=True)):
            entries = case.entries[index] if index < len(case.entries) else {}
            by_choice = rule.method == scoring.CHOICE
            known = {n: scoring.rounded(v, 6) for n, v in (rows or {}).items() if n in numbers}
            if not by_choice:
                known.update({n: v for n, v in entries.items() if n in numbers})
            places = dict(
                zip(
                    known,
                    scoring.ranks(list(known.values()), rule.higher_is_better, rule.has_floor),
                    strict=True,
                )
            )
            for number in numbers:
                value = known.get(number)
                picked = entries.get(number) if by_choice else None
                if by_choice and picked is not None:
                    value = None
                place = places.get(number) if rule.method == scoring.RANK else None
                points, _reasons = scoring.points(rule, value, place, picked)
                if by_choice and picked is None and value is not None:
                    choice = scoring.find_choice(rule.choices, segment=int(value))
                    picked = choice.key if choice else None
                found[number, index + 1] = (value, place, points, picked)
        return found

    def expected_lines(self, case, numbers):
        """Work out {customer number: (figures, decision, reasons)}."""
        scores = self.expected_scores(case, numbers)
        positions = tiering.sales_positions(case.sales)
        nothing = tiering.no_sales_position({n + 1: v for n, v in case.sales.items()})
        found = {}
        for number in numbers:
            marks = [
                scoring.Marks(
                    rule.max_points,
                    scores[number, index + 1][2] or scoring.ZERO,
                    scores[number, index + 1][2] is not None,
                )
                for index, rule in enumerate(case.rules)
            ]
            score, coverage, _reasons = scoring.total(marks)
            figures = tiering.Figures(score, coverage, positions.get(number, nothing))
            decision, reasons = tiering.decide(
                case.policy,
                figures,
                case.previous.get(number),
                [row.get(number) for row in case.history],
                [
                    (veto, scoring.rounded(rows[number], 6) if number in rows else None)
                    for veto, rows in case.vetoes
                ],
            )
            found[number] = (figures, decision, reasons)
        return found
