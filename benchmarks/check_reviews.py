"""Run the quarterly reviews on the loaded real sales and compare them with the file.

For each quarter from --first to --last (2010Q1 to 2011Q3) the review of the scorecard is created
unless it is there, and computed. Then what it says of each customer is compared with figures
calculated from the CSV file by `sales_figures.py`, which uses nothing of the addon: value, rank
and points of each indicator that comes from sales, the share of the company's sales, and the score
that follows from the points. Any difference makes the exit code 1.

Needs a database filled by `scripts/bench load_sales`.
"""

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from .common import fail, measured, parser, say, table
from .load_sales import DEFAULT_FILE, FILE_NAME
from .sales_figures import Sales, points_of_range, ranks, rounded

# Measure -> function of Sales that calculates the same from the file.
FIGURES = {
    "purchase_quantity": Sales.purchase_quantity,
    "purchase_amount": Sales.purchase_amount,
    "sales_share": Sales.sales_share,
    "abc_share": Sales.abc_share,
    "idle_months": Sales.idle_months,
    "cooperation_months": Sales.cooperation_months,
    "growth_previous": Sales.growth_previous,
}


def main(env, args):
    """Compute and compare the reviews; return 1 when anything differs."""
    options = _parser().parse_args(args)
    if not options.file.is_file():
        fail(f"{options.file} not found; pass the path of {FILE_NAME} with --file.")
    scorecard = env.ref(options.scorecard, raise_if_not_found=False)
    if not scorecard:
        fail(f"There is no scorecard {options.scorecard}.")
    env = env(context=dict(env.context, tracking_disable=True))
    with measured("Reading the file"):
        sales = Sales(options.file)
    with measured("Metrics of all customers", env):
        env["customer.metrics"]._refresh()
        env.cr.commit()
    differences = Counter()
    rows = []
    for start, end in quarters(options.first, options.last):
        review = _review(env, scorecard, start, end)
        with measured(f"Review {start} .. {end}", env):
            review.action_compute()
            env.cr.commit()
        rows += _compare(review, sales, start, end, differences)
    print(table(["Quarter and figure", "customers", "equal", "different", "max difference"], rows))
    wrong = sum(differences.values())
    say("All figures are equal." if not wrong else f"{wrong} figures differ: {dict(differences)}")
    return 1 if wrong else 0


def _parser():
    """Return the parser of the command line."""
    result = parser("check_reviews", __doc__)
    result.add_argument("--file", type=Path, default=DEFAULT_FILE, help="path of " + FILE_NAME)
    result.add_argument(
        "--scorecard",
        default="customer_governance.scorecard_purchasing_quarter",
        help="external id of a scorecard by quarter (default: %(default)s)",
    )
    result.add_argument("--first", type=quarter, default=(2010, 1), metavar="2010Q1")
    result.add_argument("--last", type=quarter, default=(2011, 3), metavar="2011Q3")
    return result


def quarter(text):
    """Return (year, number) of a quarter written as 2010Q1."""
    match = re.fullmatch(r"(\d{4})Q([1-4])", text)
    if not match:
        raise ValueError(text)
    return int(match[1]), int(match[2])


def quarters(first, last):
    """Yield first and last day of each quarter from `first` to `last`, (year, number) each."""
    year, number = first
    while (year, number) <= last:
        start = date(year, 3 * number - 2, 1)
        year, number = (year + 1, 1) if number == 4 else (year, number + 1)
        yield start, date(year, 3 * number - 2, 1) - timedelta(days=1)


def _review(env, scorecard, start, end):
    """Return the review of a quarter, made when it is missing."""
    key = {
        "scorecard_id": scorecard.id,
        "company_id": env.company.id,
        "date_from": start,
        "date_to": end,
    }
    domain = [(field, "=", value) for field, value in key.items()]
    review = env["customer.review"].search([*domain, ("state", "!=", "cancelled")], limit=1)
    return review or env["customer.review"].create(key)


def _compare(review, sales, start, end, differences):
    """Return the table rows of one review; count differences by figure."""
    label = f"{start.year} Q{(start.month + 2) // 3}"
    # Partners that are not of the file (contacts of the database) have no reference and no data.
    lines = {line.partner_id.ref or line.partner_id: line for line in review.line_ids}
    missing = sales.buyers(start, end) - lines.keys()
    rows = [_row(label, "customers who bought", len(sales.buyers(start, end)), len(missing), None)]
    differences["customers"] += len(missing)
    scores = _scores(review)
    found_points = {}
    for indicator in review.scorecard_id.indicator_ids:
        found = scores[indicator.id]
        found_points[indicator] = {ref: mark["points"] for ref, mark in found.items()}
        figure = FIGURES.get(indicator.measure)
        if figure:
            values = {
                customer: rounded(value, 6)
                for customer, value in figure(sales, start, end).items()
                if customer in lines
            }
            wanted = _marks(indicator, values)
            rows.append(_compare_marks(label, indicator, lines, wanted, found, differences))
    rows.append(_compare_share(label, sales, start, end, lines, differences))
    rows.append(_compare_score(label, review, lines, found_points, differences))
    return rows


def _scores(review):
    """Return {indicator id: {customer: {value, rank, points}}} of the scores that have data."""
    result = {indicator.id: {} for indicator in review.scorecard_id.indicator_ids}
    for score in review.env["customer.review.score"].search_fetch(
        [("line_id.review_id", "=", review.id), ("has_data", "=", True)],
        ["line_id", "indicator_id", "value", "rank", "points"],
    ):
        partner = score.line_id.partner_id
        result[score.indicator_id.id][partner.ref or partner] = {
            "value": Decimal(f"{score.value:.6f}"),
            "rank": score.rank,
            "points": Decimal(f"{score.points:.4f}"),
        }
    return result


def _marks(indicator, values):
    """Return {customer: {value, rank, points}} as the indicator's method has them."""
    most, step = Decimal(str(indicator.max_points)), Decimal(str(indicator.step))
    places = dict.fromkeys(values, 0)
    if indicator.method == "rank":
        places = ranks(values, indicator.lowest_first)
    ranges = [
        (
            None if row.is_lowest else Decimal(str(row.value_from)),
            None if row.is_highest else Decimal(str(row.value_to)),
            Decimal(str(row.points)),
        )
        for row in indicator.range_ids
    ]

    def points(value, place):
        if indicator.method == "rank":
            return max(Decimal(0), most - step * (place - 1))
        if indicator.method == "deduction":
            return max(Decimal(0), most - step * max(value, Decimal(0)))
        if indicator.method == "range":
            return points_of_range(ranges, value)
        target = Decimal(str(indicator.target))
        return most * min(max(value / target, Decimal(0)), Decimal(1))

    return {
        customer: {
            "value": value,
            "rank": places[customer],
            "points": rounded(points(value, places[customer]), 4),
        }
        for customer, value in values.items()
    }


def _compare_marks(label, indicator, lines, wanted, found, differences):
    """Compare one indicator for all customers that have a line; return the table row."""
    wrong, most = 0, Decimal(0)
    for customer in lines:
        mine, theirs = wanted.get(customer), found.get(customer)
        if mine != theirs:
            wrong += 1
            if mine and theirs:
                most = max(most, abs(mine["value"] - theirs["value"]))
            if differences[indicator.name] < 3:
                say(f"{label} {indicator.name}, customer {customer}: file {mine}, review {theirs}")
            differences[indicator.name] += 1
    figure = f"{indicator.name} ({indicator.measure})"
    return _row(label, figure, len(lines), wrong, most)


def _compare_share(label, sales, start, end, lines, differences):
    """Compare sales and share of the company's sales on the lines; return the table row."""
    whole = sales.company_sales(start, end)
    amounts = sales.purchase_amount(start, end)
    wrong, most = 0, Decimal(0)
    for customer, line in lines.items():
        amount = amounts.get(customer, Decimal(0))
        wanted = (rounded(amount, 2), rounded(100 * amount / whole, 4))
        found = (Decimal(f"{line.sales:.2f}"), Decimal(f"{line.share:.4f}"))
        if wanted != found:
            wrong += 1
            most = max(most, abs(wanted[1] - found[1]))
            if differences["share"] < 3:
                say(f"{label} share, customer {customer}: file {wanted}, review {found}")
            differences["share"] += 1
    return _row(label, "sales and share of sales", len(lines), wrong, most)


def _compare_score(label, review, lines, found_points, differences):
    """Compare score and coverage with what follows from the points; return the table row."""
    wrong, most = 0, Decimal(0)
    whole = sum(Decimal(str(indicator.max_points)) for indicator in found_points)
    for customer, line in lines.items():
        known = earned = Decimal(0)
        for indicator, points in found_points.items():
            if customer in points:
                known += Decimal(str(indicator.max_points))
                earned += points[customer]
        score = rounded(100 * earned / known, 2) if known else Decimal(0)
        wanted = (score, rounded(100 * known / whole, 2))
        found = (Decimal(f"{line.score:.2f}"), Decimal(f"{line.coverage:.2f}"))
        if wanted != found:
            wrong += 1
            most = max(most, abs(wanted[0] - found[0]))
            differences["score"] += 1
    return _row(label, "score and coverage", len(lines), wrong, most)


def _row(label, figure, customers, wrong, most):
    """Return a row of the table."""
    return [
        f"{label}  {figure}",
        customers,
        customers - wrong,
        wrong,
        "" if most is None else f"{most:f}",
    ]
