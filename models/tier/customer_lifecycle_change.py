from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.lifecycle import ASKING_STATES, STATES
from ..common.digest import in_house

CAUSE_ACTIVITY = "customer_governance.activity_type_cause"


class CustomerLifecycleChange(models.Model):
    """One step of a customer's lifecycle in a company: from, to, why, and the answer to it.

    Written by the lifecycle job in SQL. Only cause and win-back measure are filled in by people.
    """

    _name = "customer.lifecycle.change"
    _inherit = ["customer.guard.mixin"]
    _description = "Lifecycle Change"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    old_state = fields.Selection(STATES, "From", readonly=True)
    new_state = fields.Selection(STATES, "To", required=True, readonly=True)
    date = fields.Date(
        required=True,
        readonly=True,
        help="Day of the change in the company's time zone.",
    )
    reasons = fields.Json(readonly=True, help="[[code, {value: ...}], ...]")
    reason = fields.Text(compute="_compute_reason")
    asked = fields.Boolean("Reason Requested", readonly=True)
    responsible_id = fields.Many2one(
        "res.users",
        "Responsible for the Reason",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    cause_id = fields.Many2one(
        "customer.lifecycle.cause",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('applies_to', 'in', ('both', new_state))]",
    )
    win_back = fields.Text("Win-back Measure")
    user_id = fields.Many2one("res.users", "Recorded By", readonly=True, ondelete="set null")
    recorded_on = fields.Date(readonly=True)
    is_asking = fields.Boolean(compute="_compute_is_asking")

    @api.depends("new_state")
    def _compute_is_asking(self):
        for change in self:
            change.is_asking = change.new_state in ASKING_STATES

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        for change in self:
            change.reason = self._render_reasons(change.reasons or [])

    @api.model
    def _render_reasons(self, reasons):
        """Sentences, in the user's language, of reasons as `engine.lifecycle` gives them.

        :param reasons: list of (code, values)
        """

        def day(values):
            return format_date(self.env, values["date"])

        sentences = {
            "no_order": lambda v: self.env._("No confirmed order."),
            "all_lost": lambda v: self.env._("All opportunities lost (%(count)s).", **v),
            "first_order": lambda v: self.env._("First order on %(day)s.", day=day(v)),
            "last_order": lambda v: self.env._("Last order on %(day)s.", day=day(v)),
            "no_order_for": lambda v: self.env._("No order for %(months)s months.", **v),
            "orders_12m": lambda v: self.env._(
                "%(count)s orders in 12 months (loyal: %(needed)s).", **v
            ),
            "satisfaction": lambda v: self.env._(
                "Last satisfaction %(value)s (loyal: %(needed)s).", **v
            ),
            "no_satisfaction": lambda v: self.env._("Satisfaction unknown."),
        }
        return " ".join(sentences[code](values) for code, values in reasons)

    def write(self, vals):
        """Take cause and win-back measure, nothing else; say so in the customer's chatter."""
        if vals.keys() - {"cause_id", "win_back"}:
            raise UserError(self.env._("The lifecycle log cannot be changed."))
        if self.filtered(lambda change: change.new_state not in ASKING_STATES):
            raise UserError(
                self.env._(
                    "Reasons are recorded only for customers that were lost or have churned."
                )
            )
        result = super().write(vals)
        for company, changes in self.grouped("company_id").items():
            # Through super: nobody writes these two, they say who filled in the others and when.
            super(CustomerLifecycleChange, changes).write(
                {"user_id": self.env.uid, "recorded_on": company._customer_today()}
            )
        self._report_answer()
        return result

    def _report_answer(self):
        """Note the answer on the customers and close the question that is answered in full."""
        bodies = {}
        for change in self:
            house = in_house(change)
            bodies[change.partner_id.id] = house.env._(
                "Reason (%(state)s): %(cause)s. Win-back measure: %(win_back)s",
                state=dict(self._fields["new_state"]._description_selection(house.env))[
                    change.new_state
                ],
                cause=change.cause_id.name or house.env._("not recorded"),
                win_back=change.win_back or house.env._("not recorded"),
            )
        self.partner_id._message_log_batch(bodies)
        answered = self.filtered(lambda change: change.cause_id and change.win_back)
        # sudo: the activity may be the team leader's, the question is answered all the same
        answered.partner_id.sudo().activity_feedback([CAUSE_ACTIVITY])

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Lines go only together with their customer (by the database)."""
        raise UserError(self.env._("The lifecycle log cannot be deleted."))
