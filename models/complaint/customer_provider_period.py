from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...engine.transitions import Transition, TransitionTable
from ..common.customer_transition_mixin import SENTINEL

SUPERVISOR = ("group_service_supervisor",)
HEAD = ("group_manager",)
# All that people write; figures come from the cases, states from the buttons.
WRITABLE = {"note"}


class CustomerProviderPeriod(models.Model):
    """A month of a service provider: complaints against the quota, rates, support.

    While it is a draft the figures follow the cases. Confirmed, it is never written again; the head
    may set it back to draft, which the history shows.
    """

    _name = "customer.provider.period"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
        "customer.complaint.rates",
        "customer.company.mixin",
    ]
    _description = "Provider Month"
    _order = "date_from DESC, provider_id, id"
    _rec_names_search = ["provider_id"]
    _transitions = TransitionTable(
        "draft",
        (
            Transition("confirm", ("draft",), "confirmed", "_guard_confirm", SUPERVISOR),
            Transition("pay", ("confirmed",), "paid", "_guard_pay", HEAD),
            Transition("reset", ("confirmed",), "draft", "", HEAD),
        ),
    )

    provider_id = fields.Many2one(
        "res.partner",
        "Service Provider",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("Month", required=True, readonly=True, index=True)
    date_to = fields.Date("Until", required=True, readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed"), ("paid", "Paid")],
        required=True,
        default="draft",
        index=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    visits = fields.Integer("Visits Last Quarter", readonly=True)
    average_visits = fields.Float("Visits a Month", digits=(16, 2), readonly=True, aggregator="avg")
    has_quota = fields.Boolean("Has a Quota", readonly=True)
    is_unlimited = fields.Boolean("Unlimited", readonly=True)
    quota = fields.Integer("Complaints Allowed", readonly=True)
    received = fields.Integer("Actual Complaints")
    open_cases = fields.Integer(
        "Still Open", readonly=True, help="Complaints of the month that are not over."
    )
    probation_until = fields.Date(
        "On Probation Until", readonly=True, help="Empty: not on probation in this month."
    )
    eligible = fields.Boolean("Eligible", readonly=True, tracking=True)
    amount = fields.Monetary("Support", readonly=True, tracking=True)
    explanation = fields.Json(readonly=True)
    reasons = fields.Html("Why", compute="_compute_reasons", sanitize=False)
    verdict = fields.Char(compute="_compute_reasons")
    line_ids = fields.One2many(
        "customer.provider.period.line", "period_id", "By Channel", readonly=True
    )
    computed_at = fields.Datetime("Computed On", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_at = fields.Datetime("Confirmed On", readonly=True, copy=False)
    paid_date = fields.Date("Paid On", readonly=True, copy=False)
    note = fields.Text()

    _month_uniq = models.UniqueIndex(
        "(company_id, provider_id, date_from)", "The provider has figures of this month already."
    )

    @api.depends("provider_id", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for period in self:
            month = format_date(self.env, period.date_from, date_format="MMMM y")
            period.display_name = " – ".join(filter(None, (period.provider_id.name, month)))

    # -- guards -------------------------------------------------------------------------------

    def write(self, vals):
        """Figures come from the cases; nobody writes them by hand."""
        marked = self.env.context.get("customer_transition") is SENTINEL
        if not self.env.su and not marked:
            own = {
                n for n in vals if self._fields[n]._module == "customer_governance"
            }  # not mail's
            if own - WRITABLE - {"state"}:  # the state has a guard of its own
                raise AccessError(
                    self.env._("Figures come from the complaints, they cannot be written.")
                )
        return super().write(vals)

    def _guard_confirm(self):
        """Return why the month is not final: it is not over, or was never computed."""
        reasons = []
        if self.date_to >= self.company_id._customer_today():
            reasons.append(self.env._("The month is not over."))
        if not self.computed_at:
            reasons.append(self.env._("The figures were not computed."))
        return reasons

    def _guard_pay(self):
        if self.eligible and self.amount > 0:
            return []
        return [self.env._("There is nothing to pay: %s", self.verdict)]

    # -- transitions --------------------------------------------------------------------------

    def action_confirm(self):
        """Fix the figures of the month."""
        return self._transition(
            "confirm", {"confirmed_by_id": self.env.uid, "confirmed_at": fields.Datetime.now()}
        )

    def action_pay(self):
        """The support was paid."""
        for period in self:
            period._transition("pay", {"paid_date": period.company_id._customer_today()})
        return True

    def action_reset(self):
        """Let the figures follow the cases again."""
        return self._transition("reset", {"confirmed_by_id": False, "confirmed_at": False})

    # -- links --------------------------------------------------------------------------------

    def action_complaints(self):
        """Open the complaints that the figures count."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_complaint_figure_action"
        )
        return {
            **action,
            "domain": [
                ("provider_id", "=", self.provider_id.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
            "context": {},
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
        }
