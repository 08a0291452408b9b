from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.mail.tools.alias_error import AliasError

from ..common.customer_reach_mixin import told


class CustomerComplaintTeam(models.Model):
    """A team that takes in or works on complaints; its e-mail address creates complaints."""

    _name = "customer.complaint.team"
    _inherit = ["mail.alias.mixin", "mail.thread", "customer.company.mixin"]
    _description = "Complaint Team"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    department = fields.Selection(
        lambda self: self.env["customer.complaint.team"]._departments(),
        required=True,
        default="business",
    )
    user_id = fields.Many2one("res.users", "Team Leader", tracking=True)
    member_ids = fields.Many2many(
        "res.users",
        "customer_complaint_team_member_rel",
        "team_id",
        "user_id",
        "Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    callback_user_id = fields.Many2one(
        "res.users", "Call-backs Done By", help="Team that calls customers back after the answer."
    )
    takes_complaints = fields.Boolean(
        "Receives Complaints",
        default=True,
        help="If disabled, the team only works on dispatches, for example production.",
    )
    alias_id = fields.Many2one(help="E-mails to this address create complaints for this team.")
    decision_count = fields.Integer("Decisions Pending", compute="_compute_counts")
    open_count = fields.Integer("Open", compute="_compute_counts")
    late_count = fields.Integer("Overdue", compute="_compute_counts")
    warning_count = fields.Integer("Nearly Due", compute="_compute_counts")
    unassigned_count = fields.Integer("Unassigned Cases", compute="_compute_counts")
    callback_count = fields.Integer("Call-backs Due", compute="_compute_counts")
    major_count = fields.Integer("Major", compute="_compute_counts")
    returned_count = fields.Integer("Returned Dispatches", compute="_compute_counts")
    dispatch_count = fields.Integer("Dispatches to Be Accepted", compute="_compute_counts")

    @api.model
    def _departments(self):
        """Return the departments that complaints and actions are divided over."""
        _ = self.env._
        return [
            ("business", _("Business")),
            ("quality", _("Quality")),
            ("production", _("Production")),
            ("manufacturing", _("Manufacturing")),
            ("general_office", _("General office")),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """The address of a team is made before the team: what names no record is refused before that."""
        for vals in vals_list:
            self._check_customer_ids(vals)
        return super().create(vals_list)

    def _alias_get_creation_values(self):
        """EXTENDS mail: mails become complaints of this team."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get("customer.complaint").id
        if self.id:
            values["alias_defaults"] = defaults = literal_eval(self.alias_defaults or "{}")
            defaults["team_id"] = self.id
        return values

    def _alias_get_error(self, message, message_dict, alias):
        """EXTENDS mail: the address of a company that takes in no complaints here is out of service."""
        for team in self:
            if not team.company_id._customer_uses("complaint"):
                return AliasError(
                    "complaints_off", self.env._("this team does not receive complaints")
                )
        return super()._alias_get_error(message, message_dict, alias)

    def _tell_machine_mail(self, message_dict):
        """A machine wrote to the team of its own accord: somebody sees whether it is a matter."""
        self.ensure_one()
        company = self.company_id
        groups = (self.user_id, self.member_ids, company._complaint_supervisors())
        for user in told(groups, company):
            reader = self.with_context(lang=user.sudo().lang)
            reader.message_notify(
                partner_ids=user.partner_id.ids,
                subject=reader.env._(
                    "An automatic e-mail to %s did not create a case", reader.name
                ),
                body=reader.env._(
                    "“%(subject)s” from %(sender)s was kept as a note on the team. Register "
                    "a case if it is one.",
                    subject=message_dict.get("subject") or "",
                    sender=message_dict.get("email_from") or "?",
                ),
            )

    # -- supervisor's board -------------------------------------------------------------------

    @api.model
    def _board_domains(self):
        """Return the figures of the board: {field: domain on complaints}."""
        is_open = Domain("state", "in", self.env["customer.complaint"]._open_states())
        today = self.env.company._customer_today()
        return {
            "decision_count": Domain("needs_decision", "=", True),
            "open_count": is_open,
            "late_count": Domain("is_sla_overdue", "=", True),
            "warning_count": Domain("sla_state", "=", "warning"),
            "unassigned_count": is_open & Domain("user_id", "=", False),
            "major_count": is_open & Domain("severity", "=", "major"),
            "returned_count": Domain("state", "=", "registered") & Domain("return_count", ">", 0),
            "callback_count": Domain("state", "in", ("answered", "verifying"))
            & Domain(
                "visit_ids", "any", [("state", "=", "planned"), ("planned_date", "<=", today)]
            ),
        }

    def _compute_counts(self):
        complaints = self.env["customer.complaint"]
        for field, domain in self._board_domains().items():
            counts = dict(
                complaints._read_group(
                    domain & Domain("team_id", "in", self.ids), ["team_id"], ["__count"]
                )
            )
            for team in self:
                team[field] = counts.get(team, 0)
        dispatches = dict(
            self.env["customer.complaint.dispatch"]._read_group(
                [("team_id", "in", self.ids), ("state", "=", "sent")], ["team_id"], ["__count"]
            )
        )
        for team in self:
            team.dispatch_count = dispatches.get(team, 0)

    def action_open_board(self):
        """Open the complaints behind a figure of the board (`board_figure` in the context)."""
        self.env["customer.complaint"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_complaint_action"
        )
        domain = self._board_domains().get(self.env.context.get("board_figure"), Domain.TRUE)
        return {
            **action,
            "domain": list(domain & Domain("team_id", "in", self.ids)),
            "context": {"default_team_id": self.id if len(self) == 1 else False},
        }
