from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class CustomerComplaintBulk(models.TransientModel):
    """The same step for all selected cases: assign, dispatch, write to the customers.

    Each case goes through its own checks; cases that are over are left out and counted.
    """

    _name = "customer.complaint.bulk"
    _inherit = ["customer.named.mixin"]
    _description = "Complaint Mass Action"

    what = fields.Selection(
        [("assign", "Assign"), ("dispatch", "Dispatch"), ("mail", "Write to Customers")],
        required=True,
        default="assign",
    )
    complaint_ids = fields.Many2many(
        "customer.complaint",
        "customer_complaint_bulk_rel",
        string="Cases",
        required=True,
        default=lambda self: self._default_complaints(),
    )
    open_count = fields.Integer("Open Cases", compute="_compute_counts")
    over_count = fields.Integer("Closed Cases", compute="_compute_counts")
    unreachable_count = fields.Integer(
        "Customers Without an E-mail Address", compute="_compute_counts"
    )
    company_id = fields.Many2one("res.company", compute="_compute_counts")
    user_id = fields.Many2one(
        "res.users",
        "Handler",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    team_id = fields.Many2one("customer.complaint.team", "Team")
    category_id = fields.Many2one("customer.complaint.category", "Category")
    to_team_id = fields.Many2one("customer.complaint.team", "To Team")
    provider_id = fields.Many2one("res.partner", "To Provider")
    any_contact = fields.Boolean(
        "Other Contacts", help="Also offers contacts that have never been a service provider."
    )
    responsible_id = fields.Many2one("res.users", "Responsible", domain="[('share', '=', False)]")
    task = fields.Text()
    subject = fields.Char()
    body = fields.Html("Text")

    @api.model
    def _default_complaints(self):
        context = self.env.context
        if context.get("active_model") != "customer.complaint":
            return False
        return [Command.set(context.get("active_ids", []))]

    @api.onchange("provider_id")
    def _onchange_provider_id(self):
        """As in one dispatch: the provider chosen last replaces the team."""
        if self.provider_id:
            self.to_team_id = self.responsible_id = False

    @api.onchange("to_team_id")
    def _onchange_to_team_id(self):
        """As in one dispatch: the team chosen last replaces the provider."""
        if self.to_team_id:
            self.provider_id = False

    def _open(self):
        self.ensure_one()
        states = self.env["customer.complaint"]._open_states()
        return self.complaint_ids.filtered(lambda case: case.state in states)

    @api.depends("complaint_ids")
    def _compute_counts(self):
        for bulk in self:
            cases = bulk._open()
            bulk.open_count = len(cases)
            bulk.over_count = len(bulk.complaint_ids) - len(cases)
            bulk.unreachable_count = len(
                cases.filtered(lambda case: not case._customer_recipients())
            )
            companies = bulk.complaint_ids.company_id
            bulk.company_id = companies if len(companies) == 1 else False

    def action_confirm(self):
        """Do it for all open cases of the selection."""
        self.ensure_one()
        cases = self._open()
        cases.check_access("write")
        if not cases:
            raise UserError(self.env._("None of the selected cases is open."))
        return getattr(self, f"_do_{self.what}")(cases)

    def _do_assign(self, cases):
        values = {
            name: self[name].id for name in ("user_id", "team_id", "category_id") if self[name]
        }
        if not values:
            raise UserError(self.env._("Choose a handler, a team or a category."))
        cases.write(values)

    def _do_dispatch(self, cases):
        if bool(self.to_team_id) == bool(self.provider_id):
            raise UserError(self.env._("A dispatch goes either to a team or to a provider."))
        blocked = cases.filtered(
            lambda case: case.state not in ("registered", "dispatched", "investigating")
        )
        if blocked:
            raise UserError(self.env._("Already answered: %s", ", ".join(blocked.mapped("name"))))
        self.env["customer.complaint.dispatch"].create(
            [
                {
                    "complaint_id": case.id,
                    "team_id": self.to_team_id.id,
                    "provider_id": self.provider_id.id,
                    "user_id": self.responsible_id.id,
                    "task": self.task,
                }
                for case in cases
            ]
        )

    def _do_mail(self, cases):
        """Each customer gets a message of the own case; who has no address is named."""
        if is_html_empty(self.body):
            raise UserError(self.env._("Enter the text first."))
        silent = cases.filtered(lambda case: not case._customer_recipients())
        for case in cases - silent:
            case.message_post(
                body=self.body,
                subject=self.subject or case.display_name,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                **case._customer_recipients(),
            )
        if not silent:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "No e-mail address, contact by phone: %s", ", ".join(silent.mapped("name"))
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
