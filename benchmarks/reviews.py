"""Reviews and metrics at scale against bare SQL for the same figures in the same run.

Fills companies of their own with made-up customers and two years of orders, invoices and payments:
a tiny one to warm up, one with a tenth of the customers, one with all. Then, through the models:
metrics refresh, review compute, the same again, a what-if over four quarters, apply. Prints
seconds, queries and peak memory, and fails where a limit is passed:

* metrics and compute within 1.5 x, apply within 3 x the bare SQL;
* the same number of queries for N and N/10 customers;
* less than 200 MB more memory;
* the same figures as the bare SQL, row by row.
"""

from datetime import date

from odoo.fields import Command
from odoo.tools import SQL

from . import metrics_bare
from . import reviews_bare as bare
from .common import fail, measured, parser, say, table
from .made_sales import make_company

START, END, BEFORE = date(2026, 7, 1), date(2026, 9, 30), date(2026, 4, 1)
# Each is run so often, in turns; the fastest counts: other work on the machine disturbed it least.
TURNS = 3
COMPUTE_LIMIT, APPLY_LIMIT, METRICS_LIMIT, MEMORY_LIMIT = 1.5, 3.0, 1.5, 200


def main(env, args):
    """Run the benchmark; return 1 where a limit is passed."""
    arguments = parser("reviews", __doc__)
    arguments.add_argument(
        "--customers", type=int, default=10_000, help="customers of the large company"
    )
    options = arguments.parse_args(args)
    if options.customers < 100:
        fail("Take at least 100 customers: less says nothing about scale.")
    env = env(context=dict(env.context, tracking_disable=True))
    runs = [
        Run(env, make_company(env, _name(env, size), customers))
        for size, customers in (
            ("warm-up", 50),
            ("small", options.customers // 10),
            ("large", options.customers),
        )
    ]
    say("Statistics of all tables, as autovacuum keeps them")
    env.cr.execute("ANALYZE")
    env.cr.commit()
    for run in runs:
        run.metrics()
        run.compute()
        run.what_if()
        run.apply()
    _warm, small, large = runs
    return report(small, large, options.customers)


def _name(env, size):
    """Name of a new company."""
    count = env["res.company"].search_count([("name", "like", "Bench %")])
    return f"Bench {count + 1} {size}"


class Run:
    """The measured steps over one company."""

    def __init__(self, env, company):
        """Make the scorecard: the shipped one for purchasing customers and a tenth indicator."""
        self.env = env(context=dict(env.context, allowed_company_ids=company.ids))
        self.company = company.with_env(self.env)
        self.steps, self.bare = {}, {}
        self.current = self.env["customer.review"]
        self.wrong = 0
        shipped = self.env.ref("customer_governance.scorecard_purchasing_quarter")
        self.scorecard = shipped.copy({"company_id": company.id, "auto_open": False})
        self.scorecard.indicator_ids = [
            Command.create(
                {
                    "sequence": 100,
                    "name": "Punctual payment",
                    "max_points": 5,
                    "measure": "days_late",
                    "method": "range",
                    "range_ids": [
                        Command.create({"is_lowest": True, "value_to": 5, "points": 5}),
                        Command.create({"value_from": 5, "value_to": 30, "points": 2}),
                        Command.create({"value_from": 30, "is_highest": True, "points": 0}),
                    ],
                }
            )
        ]
        self.scorecard.action_publish()
        self.env.cr.commit()

    def step(self, key):
        """Measure a step of the addon."""
        # Both sizes begin with the same empty caches, so their queries can be counted.
        self.env.registry.clear_all_caches()
        self.env.invalidate_all()
        measure = measured(f"{self.company.name}: {key}", self.env)
        return _Kept(self.steps, key, measure)

    def bare_step(self, key):
        """Measure a step of the bare SQL."""
        measure = measured(f"{self.company.name}: {key}, bare SQL", self.env)
        return _Kept(self.bare, key, measure)

    def review(self, start, end, **values):
        """Make a review."""
        return self.env["customer.review"].create(
            {
                "scorecard_id": self.scorecard.id,
                "company_id": self.company.id,
                "date_from": start,
                "date_to": end,
                **values,
            }
        )

    # --- steps --------------------------------------------------------------------------------

    def metrics(self):
        """Refresh the figures of all customers of the company, from nothing."""
        statement = metrics_bare.insert(self.env["customer.metrics"], self.company)
        for _turn in range(TURNS):
            bare.copy_table(self.env, "customer_metrics", "bare_metrics")
            # Else the planner compares each customer with each partner (see queries.metrics).
            self.env.cr.execute("SET LOCAL enable_nestloop TO OFF")
            with self.bare_step("metrics"):
                self.env.cr.execute(statement)
            self.env.cr.execute("SET LOCAL enable_nestloop TO DEFAULT")
            self.env.cr.execute(
                SQL("DELETE FROM customer_metrics WHERE company_id = %s", self.company.id)
            )
            with self.step("metrics"):
                self.env["customer.metrics"]._refresh_company(self.company)
            self.env.cr.commit()
        self.wrong += self.compare(
            *(
                f"SELECT * FROM {name} WHERE company_id = %(company)s"
                for name in ("customer_metrics", "bare_metrics")
            ),
            metrics_bare.COLUMNS,
            "partner_id",
            "metrics",
        )
        self.env.cr.commit()

    def compute(self):
        """Compute the quarter before (for the trend), then the measured quarter, then it again."""
        before = self.review(BEFORE, date(2026, 6, 30))
        before.action_compute()
        self.set_state(before, "applied")
        self.current = self.review(START, END)
        for _turn in range(TURNS):
            self.bare_compute()
            self.env.cr.execute(
                SQL("DELETE FROM customer_review_line WHERE review_id = %s", self.current.id)
            )
            self.set_state(self.current, "draft")
            with self.step("compute"):
                self.current.action_compute()
            self.env.cr.commit()
        self.wrong += self.compare(
            "SELECT * FROM customer_review_line WHERE review_id = %(review)s",
            "SELECT * FROM bare_line",
            bare.LINE_COLUMNS,
            "partner_id",
            "lines",
        )
        self.wrong += self.compare(
            "SELECT l.partner_id, s.* FROM customer_review_score s"
            " JOIN customer_review_line l ON l.id = s.line_id WHERE l.review_id = %(review)s",
            "SELECT l.partner_id, s.* FROM bare_score s JOIN bare_line l ON l.id = s.line_id",
            bare.SCORE_COLUMNS,
            "partner_id, indicator_id",
            "scores",
        )
        with self.step("compute again"):
            self.current.action_compute()
        self.env.cr.commit()

    def bare_compute(self):
        """Write the figures of the measured quarter by plain SQL."""
        bare.copy_table(self.env, "customer_review_line", "bare_line")
        bare.copy_table(self.env, "customer_review_score", "bare_score")
        values = self.values()
        scores = [
            bare.score(
                indicator.measure,
                indicator=indicator.id,
                sequence=number + 1,
                maximum=indicator.max_points,
                **values,
            )
            for number, indicator in enumerate(self.scorecard.indicator_ids)
        ]
        self.env.cr.commit()
        with self.bare_step("compute"):
            self.env.cr.execute(SQL(bare.INSERT_LINES, **values))
            for statement in scores:
                self.env.cr.execute(statement)
            self.env.cr.execute(SQL(bare.DECIDE, **values))
        self.env.cr.commit()

    def what_if(self):
        """Run the scorecard over four quarters without applying."""
        trial = self.env["customer.scorecard.trial"].create(
            {
                "scorecard_id": self.scorecard.id,
                "company_id": self.company.id,
                "date_to": END,
                "period_count": 4,
            }
        )
        self.env.cr.commit()
        with self.step("what-if of four quarters"):
            trial.action_run()
        self.env.cr.commit()

    def apply(self):
        """Apply the decisions to customers without a tier: each line is a change."""
        self.set_state(self.current, "approved")
        values = {**self.values(), "review": self.current.id}
        with self.env.cr.savepoint(flush=False) as savepoint:
            with self.bare_step("apply"):
                self.env.cr.execute(SQL(bare.APPLY_HISTORY, **values))
                self.env.cr.execute(SQL(bare.APPLY_TIERS, **values))
            savepoint.rollback()
        self.env.cr.commit()
        with self.step("apply"):
            self.current.action_apply()
        self.env.cr.commit()

    # --- helpers ------------------------------------------------------------------------------

    def set_state(self, review, state):
        """Put a review into a state without the people the approval takes."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE customer_review SET state = %s WHERE id = %s", state, review.id)
        )
        self.env.cr.commit()
        self.env.invalidate_all()

    def values(self):
        """Ids and dates the bare SQL names."""
        nature = self.scorecard.indicator_ids.filtered(lambda i: i.measure == "nature")
        bands = self.scorecard.band_ids.tier_id
        return {
            "review": self.current.id,
            "company": self.company.id,
            "start": START,
            "end": END,
            "before": BEFORE,
            "producer": nature.choice_ids[0].segment_id.id,
            "dealer": nature.choice_ids[1].segment_id.id,
            "choice1": nature.choice_ids[0].id,
            "choice2": nature.choice_ids[1].id,
            "strategic": bands[0].id,
            "key": bands[1].id,
            "standard": bands[2].id,
        }

    def compare(self, ours, theirs, columns, key, what):
        """Count rows that differ from the bare SQL and say so."""
        self.env.cr.execute(bare.different_rows(ours, theirs, columns, key, self.values()))
        [count] = self.env.cr.fetchone()
        if count:
            say(f"WRONG: {count:,} rows of {what} differ from the bare SQL")
        return count


class _Kept:
    """Keeps what a measured block took; of several runs the fastest."""

    def __init__(self, results, key, manager):
        self.results, self.key, self.manager = results, key, manager

    def __enter__(self):
        """Start the clock."""
        self.result = self.manager.__enter__()
        return self.result

    def __exit__(self, *error):
        """Stop the clock and keep the result."""
        self.manager.__exit__(*error)
        known = self.results.get(self.key)
        if known is None or self.result.seconds < known.seconds:
            self.results[self.key] = self.result


def report(small, large, customers):
    """Print the table, then each limit that is passed; return the exit code."""
    limits = {"metrics": METRICS_LIMIT, "compute": COMPUTE_LIMIT, "apply": APPLY_LIMIT}
    rows, problems = [], []
    for key, step in large.steps.items():
        reference = large.bare.get(key)
        ratio = step.seconds / reference.seconds if reference else None
        few = small.steps[key].queries
        rows.append(
            [
                key,
                f"{step.seconds:.2f}",
                f"{reference.seconds:.2f}" if reference else "-",
                f"{ratio:.2f}" if ratio else "-",
                step.queries,
                few,
                f"{step.memory_mb:+.1f}",
            ]
        )
        if ratio and ratio > limits[key]:
            problems.append(f"{key} takes {ratio:.2f} x the bare SQL, more than {limits[key]}")
        if few != step.queries:
            problems.append(f"{key}: {step.queries} queries, {few} for a tenth of the customers")
        if step.memory_mb >= MEMORY_LIMIT:
            problems.append(f"{key} takes {step.memory_mb:.0f} MB, limit {MEMORY_LIMIT}")
    wrong = small.wrong + large.wrong
    if wrong:
        problems.append(f"{wrong:,} rows differ from the bare SQL")
    headers = ["step", "s", "bare s", "ratio", "queries", "queries N/10", "MB"]
    print(f"\n{customers:,} customers\n{table(headers, rows)}\n")
    for problem in problems:
        print(f"LIMIT PASSED: {problem}")
    print("All limits hold." if not problems else f"{len(problems)} limits passed.")
    return 1 if problems else 0
