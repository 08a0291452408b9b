from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...engine.transitions import Transition, TransitionTable
from ...queries import sla
from ..common.customer_transition_mixin import SENTINEL
from ..common.facts import without_defaults

SERVICE = ("group_service",)
WORKERS = ("group_service", "group_quality")
OPEN_STATES = ("registered", "dispatched", "investigating", "answered", "verifying")
# Facts come from events: nobody writes them, no event overwrites the first ones.
FACTS = (
    "name",
    "acknowledged_at",
    "first_contact_at",
    "answered_at",
    "report_sent_at",
    "plan_sent_at",
    "first_closed_at",
    "closed_at",
    "reopen_count",
    "return_count",
    "unreachable",
    "escalated_at",
    "handler_ids",
    "answered_by_id",
    *sla.CASE_COLUMNS,
)
# Chosen at the intake, a fact from then on: number, deadlines and month of the figures follow.
FROZEN = (*FACTS, "received_at")
MONEY_GROUPS = (
    "customer_governance.group_service,customer_governance.group_credit,"
    "customer_governance.group_auditor"
)


class CustomerComplaint(models.Model):
    """A complaint or repair request of a customer, from registration to the verified close."""

    _name = "customer.complaint"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
        "customer.numbering.mixin",
        "customer.once.mixin",
        "customer.company.mixin",
    ]
    _description = "Complaint"
    _order = "received_at DESC, id DESC"
    _rec_names_search = ["name", "subject"]
    _primary_email = "email_from"
    _mail_post_access = "read"
    _transitions = TransitionTable(
        "registered",
        (
            Transition("dispatch", ("registered",), "dispatched", "_guard_complete", SERVICE),
            Transition("take_back", ("dispatched",), "registered"),
            Transition(
                "investigate",
                ("registered", "dispatched"),
                "investigating",
                "_guard_complete",
                WORKERS,
            ),
            Transition("answer", ("investigating",), "answered", "", WORKERS),
            Transition("request_close", ("answered",), "verifying", "", SERVICE),
            Transition("close", ("verifying",), "closed", "_guard_close", SERVICE),
            Transition(
                "reopen",
                ("answered", "verifying", "closed", "force_closed"),
                "investigating",
                "",
                SERVICE,
            ),
            Transition("force_close", OPEN_STATES, "force_closed", "_guard_force_close"),
            Transition(
                "cancel",
                ("registered", "dispatched", "investigating"),
                "cancelled",
                "_guard_cancel",
                SERVICE,
            ),
        ),
    )

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    subject = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        [("complaint", "Complaint"), ("repair", "Repair request")],
        required=True,
        default="complaint",
        tracking=True,
        help="Repair requests have their own deadlines and stay out of the complaint figures.",
    )
    severity = fields.Selection(
        [("general", "General"), ("complex", "Complex"), ("major", "Major")],
        required=True,
        default="general",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("registered", "Registered"),
            ("dispatched", "Dispatched"),
            ("investigating", "Investigating"),
            ("answered", "Answered"),
            ("verifying", "Call-back"),
            ("closed", "Closed"),
            ("force_closed", "Closed by force"),
            ("cancelled", "No complaint"),
        ],
        required=True,
        default="registered",
        index=True,
        tracking=True,
        copy=False,
        group_expand=True,
    )
    active = fields.Boolean(default=True)
    # -- who
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index=True,
        check_company=True,
        tracking=True,
        ondelete="restrict",
        help="Empty while an e-mail of an unknown sender waits for somebody to say who it is.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        index="btree_not_null",
        check_company=True,
        domain="[('id', 'child_of', partner_id)]",
    )
    email_from = fields.Char("E-mail of the Sender", copy=False)
    phone = fields.Char("Call Back On")
    team_id = fields.Many2one(
        "customer.complaint.team",
        "Team",
        index=True,
        check_company=True,
        tracking=True,
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Handler",
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    handler_ids = fields.Many2many(
        "res.users",
        "customer_complaint_handler_rel",
        "complaint_id",
        "user_id",
        "Everybody Who Handled It",
        readonly=True,
        copy=False,
        help="None of them may verify the answer with the customer.",
    )
    registered_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, default=lambda self: self.env.user
    )
    # -- what
    channel_id = fields.Many2one(
        "customer.complaint.channel",
        "Channel",
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "customer_governance.complaint_channel_hotline", raise_if_not_found=False
        ),
    )
    category_id = fields.Many2one(
        "customer.complaint.category", "Category", index=True, ondelete="restrict", tracking=True
    )
    is_quality = fields.Boolean(related="category_id.is_quality")
    description = fields.Html(sanitize_style=True)
    remedy_sought = fields.Char(help="What the customer asks for.")
    safety_relevant = fields.Boolean(tracking=True)
    received_at = fields.Datetime(
        required=True, default=lambda self: fields.Datetime.now(), index=True, copy=False
    )
    occurred_at = fields.Datetime()
    line_ids = fields.One2many("customer.complaint.line", "complaint_id", "Products", copy=True)
    # -- facts
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_by_phone = fields.Boolean("Told by Phone", copy=False)
    first_contact_at = fields.Datetime(readonly=True, copy=False)
    plan = fields.Html("Plan Told to the Customer", copy=False)
    plan_sent_at = fields.Datetime(readonly=True, copy=False)
    answer = fields.Html("Answer to the Customer", copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False, help="When the first answer went out.")
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    first_closed_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    reopen_count = fields.Integer("Times Reopened", readonly=True, copy=False)
    return_count = fields.Integer("Dispatches Returned", readonly=True, copy=False)
    unreachable = fields.Boolean("Customer Unreachable", readonly=True, copy=False)
    escalated_at = fields.Datetime("Escalated to Management", readonly=True, copy=False)
    cancel_reason = fields.Char(copy=False, tracking=True)
    # -- investigation
    root_cause = fields.Text(copy=False, tracking=True)
    product_fault = fields.Selection(
        [("yes", "Product fault"), ("no", "No product fault"), ("unclear", "Not clear")],
        copy=False,
        tracking=True,
    )
    report_facts = fields.Html(copy=False)
    report_analysis = fields.Html(copy=False)
    report_proposal = fields.Html(copy=False)
    report_sent_at = fields.Datetime("Report Sent", readonly=True, copy=False)
    # -- around it
    dispatch_ids = fields.One2many("customer.complaint.dispatch", "complaint_id", "Dispatches")
    action_ids = fields.One2many("customer.complaint.action", "complaint_id", "Actions")
    visit_ids = fields.One2many("customer.visit", "complaint_id", "Call-backs")
    followup_ids = fields.One2many("customer.complaint.followup", "complaint_id", "Follow-up Forms")
    force_close_ids = fields.One2many(
        "customer.complaint.force.close", "complaint_id", "Requests to Close by Force"
    )
    return_ids = fields.One2many("customer.complaint.return", "complaint_id", "Returns")
    compensation_ids = fields.One2many(
        "customer.compensation", "complaint_id", "Compensation", groups=MONEY_GROUPS
    )
    lesson_id = fields.Many2one(
        "customer.complaint.lesson", "Lesson Learned", copy=False, index="btree_not_null"
    )
    customer_tier_id = fields.Many2one(related="partner_id.customer_tier_id", string="Tier")

    _open_idx = models.Index(
        "(company_id, team_id, received_at)"
        " WHERE state NOT IN ('closed', 'force_closed', 'cancelled')"
    )
    _repeat_idx = models.Index("(partner_id, received_at)")
    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "This number is taken."
    )

    @api.model
    def _open_states(self):
        """Return the states of a case that is not over."""
        return OPEN_STATES

    @api.depends("company_id")
    def _compute_team_id(self):
        """Propose the team of the user in the company, else the first one that takes in complaints."""
        for company, complaints in self.grouped("company_id").items():
            teams = self.env["customer.complaint.team"].search(
                [("company_id", "=", company.id), ("takes_complaints", "=", True)]
            )
            mine = teams.filtered(lambda team: self.env.user in team.member_ids)
            for complaint in complaints:
                if not complaint.team_id or complaint.team_id.company_id != company:
                    complaint.team_id = (mine or teams)[:1]

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for complaint in self:
            parts = (complaint.name, complaint.subject)
            complaint.display_name = " ".join(part for part in parts if part)

    @api.constrains("received_at", "occurred_at")
    def _check_times(self):
        for complaint in self:
            if complaint.occurred_at and complaint.occurred_at > complaint.received_at:
                raise ValidationError(
                    self.env._("A matter cannot have occurred after the complaint about it.")
                )

    @api.constrains("contact_id", "partner_id")
    def _check_contact(self):
        for complaint in self:
            contact, customer = complaint.contact_id, complaint.partner_id
            if contact and contact.commercial_partner_id != customer.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is no contact of %(customer)s.",
                        contact=contact.display_name,
                        customer=customer.display_name or self.env._("an unknown customer"),
                    )
                )

    # -- create and write ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Register the complaints: number, repeats, deadlines, news to the management."""
        self._check_facts(*vals_list)
        self = without_defaults(self, FACTS)
        complaints = super().create([self._numbered(self._as_customer(v)) for v in vals_list])
        complaints._start_case()
        return complaints

    @api.model
    def _numbered(self, vals):
        """Return values with the next number of the month in which the complaint was received."""
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        received = fields.Datetime.to_datetime(vals.get("received_at")) or fields.Datetime.now()
        zone = company._customer_timezone()
        day = fields.Datetime.context_timestamp(self.with_context(tz=zone), received).date()
        # sudo: the pattern is a setting of the company
        pattern = company.sudo().complaint_number_pattern
        number = self._next_number("customer.complaint", pattern, day, company)
        return {**vals, "received_at": received, "name": number}

    def write(self, vals):
        """Facts come from events only; a change of what it is about is looked at again."""
        self._check_facts(vals)
        vals = self._as_customer(vals)
        if "user_id" in vals:
            self._remember_handlers()
        res = super().write(vals)
        if "partner_id" in vals or "category_id" in vals:
            self.filtered(lambda c: c.state == "registered" and not c.repeat_of_id)._mark_repeats()
        if vals.get("severity") == "major":
            self._inform_of_major()
        return res

    @api.model
    def _as_customer(self, vals):
        """Return values with a company as customer; a contact becomes the contact person."""
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        customer = partner.commercial_partner_id
        if not partner or customer == partner:
            return vals
        return {
            **vals,
            "partner_id": customer.id,
            "contact_id": vals.get("contact_id") or partner.id,
        }

    def _check_facts(self, *vals_list):
        if self.env.su or self.env.context.get("customer_transition") is SENTINEL:
            return
        written = {name for vals in vals_list for name in FACTS if vals.get(name)}
        if written or (self.ids and any(name in vals for vals in vals_list for name in FROZEN)):
            raise AccessError(
                self.env._(
                    "What happened and when comes from the events themselves, not from hand."
                )
            )

    def _write_facts(self, vals):
        """Write facts; callers checked the right to cause the event."""
        return self.with_context(customer_transition=SENTINEL).write(vals)

    def _remember_handlers(self):
        for complaint in self.filtered("user_id"):
            complaint._write_facts({"handler_ids": [fields.Command.link(complaint.user_id.id)]})

    def _start_case(self):
        """Mark repeats, start the clocks, inform of major cases."""
        self._mark_repeats()
        self._sla_start()
        self.filtered(lambda c: c.severity == "major")._inform_of_major()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        """Numbers are without gaps: a complaint that is none is cancelled with a reason."""
        raise ValidationError(
            self.env._("A complaint cannot be deleted. Cancel it and say why it is none.")
        )

    # -- links --------------------------------------------------------------------------------

    def _related_action(self, xmlid, field_domain, **context):
        """Return an action of ours on records around the complaint."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"customer_governance.{xmlid}")
        return {
            **action,
            "domain": field_domain,
            "context": {"default_complaint_id": self.id, **context},
        }

    def _customer_lang(self):
        """Return the language to write to the customer in."""
        self.ensure_one()
        return self.contact_id.lang or self.partner_id.lang or self.company_id.partner_id.lang
