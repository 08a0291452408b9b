from odoo import api, fields, models
from odoo.exceptions import ValidationError

RECIPIENTS = [
    ("handler", "Handler"),
    ("leader", "Team leader"),
    ("supervisor", "Heads of service"),
    ("manager", "Heads of customer governance"),
    ("user", "Specific user"),
]


class CustomerSlaEscalation(models.Model):
    """One link of the chain: who hears how long after a deadline passed."""

    _name = "customer.sla.escalation"
    _inherit = ["customer.guard.mixin"]
    _description = "SLA Escalation"
    _order = "policy_id, hours, id"
    _rec_name = "recipient"

    policy_id = fields.Many2one(
        "customer.sla.policy", "Policy", required=True, index=True, ondelete="cascade"
    )
    hours = fields.Float(
        "Hours After the Deadline",
        required=True,
        help="Counted in elapsed hours; the message is sent as soon as working time begins. 0: "
        "together with the message to the handler.",
    )
    milestone = fields.Selection([], help="Leave empty for every milestone of the policy.")
    recipient = fields.Selection(RECIPIENTS, required=True, default="leader")
    user_id = fields.Many2one("res.users", "User", domain="[('share', '=', False)]")
    level = fields.Integer(
        readonly=True,
        help="Position in the escalation chain, assigned when the policy is published.",
    )

    _hours_valid = models.Constraint(
        "CHECK(hours >= 0)", "Escalation must take place after the deadline."
    )

    @api.constrains("recipient", "user_id")
    def _check_user(self):
        if any(line.recipient == "user" and not line.user_id for line in self):
            raise ValidationError(self.env._("Specify which user is notified."))

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new links of a published policy."""
        lines = super().create(vals_list)
        lines.policy_id.milestone_ids._check_draft()
        return lines

    def write(self, vals):
        """Refuse changes of a published policy."""
        self.policy_id.milestone_ids._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.policy_id.milestone_ids._check_draft()
