from odoo import fields, models

from ...engine.complaint_figures import COUNTS, RATES
from ...queries import complaint_figures as queries

_SPECS = {f"{name}:avg": name for name in RATES}


class CustomerComplaintRates(models.AbstractModel):
    """Counts of complaints and the rates that follow from them (`engine.complaint_figures`).

    The rate of a group is the sum of the numerators by the sum of the denominators, whatever the
    rows are; a group without a denominator has no rate, which is neither 0 nor 100.
    """

    _name = "customer.complaint.rates"
    _description = "Counts and Rates of Complaints"

    received = fields.Integer("Complaints", readonly=True)
    replied_in_time = fields.Integer("Replied on Time", readonly=True)
    contacted = fields.Integer("First Contact on Time", readonly=True)
    false_replies = fields.Integer("False Replies", readonly=True)
    unreachable = fields.Integer("Unreachable", readonly=True)
    reachable = fields.Integer("Reachable", readonly=True)
    called_back = fields.Integer(
        "Called Back",
        readonly=True,
        help="The customer was reached in a call-back, and the case had a deadline for closing.",
    )
    closed_first_time = fields.Integer(
        "Closed First Time",
        readonly=True,
        help="Called back, closed within the deadline and never reopened.",
    )
    closed = fields.Integer(
        "Closed in Month",
        readonly=True,
        help="Closed with the customer's consent by the cut-off of the month; administrative "
        "closures are excluded.",
    )
    to_close = fields.Integer(
        "To Close",
        readonly=True,
        help="Received in the month and reachable, and web cases carried over from earlier months.",
    )
    carried = fields.Integer(
        "Carried Over",
        readonly=True,
        help="Web cases from earlier months that were open at the previous cut-off.",
    )
    satisfied = fields.Integer(readonly=True)
    repeats = fields.Integer(readonly=True)
    reopened = fields.Integer(readonly=True)
    media_cases = fields.Integer("In the Media", readonly=True)

    reply_rate = fields.Float(
        "Reply Timeliness (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="First replies within their deadline / complaints received.",
    )
    contact_rate = fields.Float(
        "First Contact on Time (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="First contact within the hours of the settings (24) / complaints received.",
    )
    first_time_rate = fields.Float(
        "First-time Closure (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Closed within the deadline without reopening / complaints called back.",
    )
    closure_rate = fields.Float(
        "Monthly Closure (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Closed by the cut-off of the month / (received - unreachable + web cases carried over).",
    )
    satisfaction_rate = fields.Float(
        "Satisfaction (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Satisfied / (received - unreachable).",
    )
    repeat_rate = fields.Float(
        "Recurrence (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Repeats of an earlier complaint / complaints received.",
    )
    reopen_rate = fields.Float(
        "Reopened (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Reopened at least once / complaints received.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """Divide sums instead of averaging rates; no denominator gives no value."""
        name = _SPECS.get(aggregate_spec)
        if name is None:
            return super()._read_group_select(aggregate_spec, query)
        return queries.rate(
            name,
            lambda count: super(CustomerComplaintRates, self)._read_group_select(
                f"{count}:sum", query
            ),
        )

    def _rate_words(self, name):
        """Return a rate as text, empty without a denominator.

        :param name: one of `engine.complaint_figures.RATES`
        """
        self.ensure_one()
        _part, whole = RATES[name]
        return f"{self[name]:.2f} %" if self[whole] else ""

    def _totals_vals(self, totals):
        """Return counts and rates of `engine.complaint_figures.Totals` as values to write."""
        counts = {name: getattr(totals, name) for name in COUNTS}
        return {**counts, **{name: float(totals.rate(name) or 0) for name in RATES}}
