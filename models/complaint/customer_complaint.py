from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import html2plaintext, plaintext2html

from ...engine.transitions import Transition, TransitionTable
from ...queries import sla
from ...queries.handover import link_rows
from ...queries.lists import filled_lists
from ..common.customer_transition_mixin import SENTINEL
from ..common.facts import without_defaults
from ..common.moments import moment_words

SERVICE = ("group_service",)

SUPERVISOR = ("group_service_supervisor",)

WORKERS = ("group_service", "group_quality")

OPEN_STATES = ("registered", "dispatched", "investigating", "answered", "verifying")

# Facts come from events: nobody writes them, no event overwrites the first ones.
FACTS = (
    "name",
    "acknowledged_at",
    "first_contact_at",
    "answered_at",
    "last_answered_at",
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
    "was_complaint",
    "signed_off_at",
    "signed_off_by_id",
    "duplicate_of_id",
    *sla.RECORD_COLUMNS,
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
        "customer.portal.mixin",
        "customer.reach.mixin",
        "customer.transition.mixin",
        "customer.numbering.mixin",
        "customer.once.mixin",
        "customer.company.mixin",
        "customer.history.mixin",
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
            Transition("answer", ("investigating",), "answered", "_guard_answer", WORKERS),
            # by the system: the answer did not arrive
            Transition("unanswer", ("answered",), "investigating", "_guard_unanswer"),
            Transition("request_close", ("answered",), "verifying", "", SERVICE),
            Transition("close", ("verifying",), "closed", "_guard_close", SERVICE),
            Transition(
                "reopen",
                ("answered", "verifying", "closed", "force_closed"),
                "investigating",
                "_guard_reopen",
                SERVICE,
            ),
            Transition(
                "conclude",
                ("registered", "dispatched", "investigating"),
                "closed",
                "_guard_conclude",
                WORKERS,
            ),
            Transition("force_close", OPEN_STATES, "force_closed", "_guard_force_close"),
            Transition(
                "cancel",
                ("registered", "dispatched", "investigating"),
                "cancelled",
                "_guard_cancel",
                SERVICE,
            ),
            # of a duplicate only
            Transition("restore", ("cancelled",), "registered", "_guard_restore", SUPERVISOR),
        ),
    )

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    subject = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("repair", "Repair request"),
            ("anomaly", "Anomaly (no loss)"),
        ],
        required=True,
        default="complaint",
        tracking=True,
        help="Repair requests have their own deadlines and figures. An anomaly is a quality "
        "deviation without loss to the customer: it is recorded on the same form, no one is "
        "informed or called back, and it can become a complaint.",
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
            ("force_closed", "Administratively closed"),
            ("cancelled", "Not a complaint"),
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
        help="Empty as long as the sender of an e-mail has not been identified.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        index="btree_not_null",
        check_company=True,
        domain="[('id', 'child_of', partner_id)]",
    )
    email_from = fields.Char("E-mail of the Sender", copy=False)
    phone = fields.Char("Call-back Number")
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
        "All Previous Handlers",
        readonly=True,
        copy=False,
        help="None of these users may verify the answer with the customer.",
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
    remedy_sought = fields.Char("Requested Remedy", help="What the customer requests.")
    safety_relevant = fields.Boolean(tracking=True)
    received_at = fields.Datetime(
        required=True, default=lambda self: fields.Datetime.now(), index=True, copy=False
    )
    occurred_at = fields.Datetime()
    line_ids = fields.One2many("customer.complaint.line", "complaint_id", "Products", copy=True)
    # -- facts
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_by_phone = fields.Boolean("Informed by Phone", copy=False)
    first_contact_at = fields.Datetime(readonly=True, copy=False)
    plan = fields.Html("Plan Sent to the Customer", copy=False)
    plan_sent_at = fields.Datetime(readonly=True, copy=False)
    answer = fields.Html("Answer to the Customer", copy=False)
    answered_at = fields.Datetime(
        "First Answered",
        readonly=True,
        copy=False,
        help="When the first answer was given: the figures count this one.",
    )
    last_answered_at = fields.Datetime(
        "Last Answered",
        readonly=True,
        copy=False,
        help="When the present answer was given; after a reopening it is a later one than the first.",
    )
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    first_closed_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    reopen_count = fields.Integer("Times Reopened", readonly=True, copy=False)
    return_count = fields.Integer("Returned Dispatches", readonly=True, copy=False)
    unreachable = fields.Boolean("Customer Unreachable", readonly=True, copy=False)
    escalated_at = fields.Datetime("Escalated to Management", readonly=True, copy=False)
    cancel_reason = fields.Char(copy=False, tracking=True)
    # -- investigation
    root_cause = fields.Text(copy=False, tracking=True)
    product_fault = fields.Selection(
        [("yes", "Product fault"), ("no", "No product fault"), ("unclear", "Unclear")],
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
        "customer.complaint.force.close", "complaint_id", "Administrative Closure Requests"
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
        "(company_id, name) WHERE name IS NOT NULL", "This number is already in use."
    )

    # --- a matter that the media took up costs its provider the support of the month
    media_exposure = fields.Boolean(
        "In the Media",
        tracking=True,
        help="Reported in the press, on radio or on television, or spread on social media.",
    )

    # --- a complaint that was raised at a visit
    visit_id = fields.Many2one(
        "customer.visit",
        "Raised During Visit",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="set null",
    )

    # --- lessons of similar cases, shown while a case is worked on
    suggested_lesson_ids = fields.Many2many(
        "customer.complaint.lesson",
        string="Lessons from Similar Cases",
        compute="_compute_suggested_lessons",
    )

    # --- the intake dialog: plain text that Tab leaves again, and files that come with the
    story = fields.Text("Customer's Statement", compute="_compute_story", inverse="_inverse_story")
    intake_attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        compute="_compute_intake_attachments",
        inverse="_inverse_intake_attachments",
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
        # number, month and deadlines follow from the receipt for ever; a clock may be a bit fast
        latest = fields.Datetime.now() + timedelta(minutes=15)
        for complaint in self:
            if complaint.received_at and complaint.received_at > latest:
                raise ValidationError(
                    self.env._(
                        "A complaint cannot be received in the future (%(moment)s): check the date.",
                        moment=moment_words(
                            self.env,
                            complaint.received_at,
                            complaint.company_id._customer_timezone(),
                        ),
                    )
                )
            if complaint.occurred_at and complaint.occurred_at > complaint.received_at:
                raise ValidationError(
                    self.env._("The date of occurrence cannot be later than the complaint.")
                )

    @api.constrains("contact_id", "partner_id")
    def _check_contact(self):
        for complaint in self:
            contact, customer = complaint.contact_id, complaint.partner_id
            if contact and contact.commercial_partner_id != customer.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s.",
                        contact=contact.display_name,
                        customer=customer.display_name or self.env._("an unknown customer"),
                    )
                )

    # -- create and write ---------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Register the complaints: number, repeats, deadlines, news to the management."""
        for vals in vals_list:
            company = self._customer_named(vals, "company_id") or self.env.company
            company._customer_require("complaint")
        self._check_facts(*vals_list)
        self = without_defaults(self, FACTS)
        complaints = super().create([self._numbered(self._as_customer(v)) for v in vals_list])
        complaints._start_case()
        return complaints

    @api.model
    def _numbered(self, vals):
        """Return values with the next number of the month in which the complaint was received."""
        company = self._customer_named(vals, "company_id") or self.env.company
        received = fields.Datetime.to_datetime(vals.get("received_at")) or fields.Datetime.now()
        day = company._customer_day(received)
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
        if vals.get("safety_relevant"):
            self._inform_of_danger()
        if vals.get("user_id"):
            self._forget_reminders("new")
        return res

    @api.model
    def _as_customer(self, vals):
        """Return values with a company as customer; a contact becomes the contact person."""
        partner = self._customer_named(vals, "partner_id")
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
                self.env._("These facts are recorded automatically and cannot be entered manually.")
            )

    def _write_facts(self, vals):
        """Write facts; callers checked the right to cause the event."""
        return self.with_context(customer_transition=SENTINEL).write(vals)

    def _remember_handlers(self):
        for complaint in self.filtered("user_id"):
            complaint._write_facts({"handler_ids": [fields.Command.link(complaint.user_id.id)]})

    def _handed_over(self, passing):
        """Remember who handled the cases: none of them verifies the answer with the customer."""
        relation = self._fields["handler_ids"]
        self.env.cr.execute(
            link_rows(
                relation.relation, relation.column1, relation.column2, self.ids, passing.giver.id
            )
        )
        self.invalidate_recordset(["handler_ids"], flush=False)

    def _start_case(self):
        """Start the clocks, mark repeats, inform of major cases."""
        self._sla_start()
        # with the clocks at work: to be taken more seriously gives nobody more time
        self._mark_repeats(at_receipt=True)
        self.filtered(lambda c: c.severity == "major")._inform_of_major()
        self._announce()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        """Numbers are without gaps: a complaint that is none is cancelled with a reason."""
        if self._is_history_import():
            return
        raise ValidationError(
            self.env._(
                "A complaint cannot be deleted. Cancel it and state why it is not a complaint."
            )
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

    # --- opening a case: its form has seven lists, and most of them are empty in most cases
    @api.readonly
    def web_read(self, specification):
        """EXTENDS web: lists that hold nothing at all are not searched with all their rights."""
        # without fields only names are asked for: of a case that another document links to, shown to
        # those who may not read the case itself
        if specification != {}:
            self.browse().check_access("read")
            self._remember_empty_lists(specification)
        return super().web_read(specification)

    def _remember_empty_lists(self, names):
        """Ask for all lists in one query which are empty, and put those into the cache.

        The query sees more than the user: a list it calls empty is empty for everybody.
        """
        cases = self._origin
        lists = [
            field
            for name in names
            if (field := self._fields.get(name))
            and field.type == "one2many"
            and field.store
            and any(field._cache_missing_ids(cases))
        ]
        if not cases or not lists:
            return
        lines = [self.env[field.comodel_name] for field in lists]
        for model, field in zip(lines, lists, strict=True):
            model.flush_model([field.inverse_name])
        tables = [(m._table, f.inverse_name) for m, f in zip(lines, lists, strict=True)]
        for case_id, *filled in self.env.execute_query(filled_lists(cases.ids, tables)):
            for field, is_filled in zip(lists, filled, strict=True):
                if not is_filled:
                    field._insert_cache(cases.browse(case_id), [()])

    # --- lessons of similar cases, shown while a case is worked on
    @api.depends("state", "category_id", "line_ids.product_id", "lesson_id")
    def _compute_suggested_lessons(self):
        """Suggest lessons from the moment on somebody works on the case."""
        lessons = self.env["customer.complaint.lesson"]
        worked_on = self.filtered(lambda case: case.state != "registered")
        found = lessons._suggest(worked_on) if worked_on and lessons.has_access("read") else {}
        for case in self:
            case.suggested_lesson_ids = found.get(case, lessons)

    # --- the intake dialog: plain text that Tab leaves again, and files that come with the
    @api.depends("description")
    def _compute_story(self):
        for complaint in self:
            complaint.story = html2plaintext(complaint.description or "")

    def _inverse_story(self):
        for complaint in self:
            complaint.description = plaintext2html(complaint.story or "")

    def _compute_intake_attachments(self):
        self.intake_attachment_ids = False

    def _inverse_intake_attachments(self):
        """The files belong to the case; the caller has to have the right to each of them."""
        for complaint in self:
            complaint.intake_attachment_ids.write(
                {"res_model": complaint._name, "res_id": complaint.id}
            )

    # --- cases from a table
    @api.model
    def get_import_templates(self):
        """EXTENDS base: an example to fill in."""
        if self._is_history_list():
            return super().get_import_templates()
        return [
            {
                "label": self.env._("Import Template for Complaints"),
                "template": "/customer_governance/static/csv/complaints.csv",
            }
        ]

    # --- cases of the time before the system
    _history_domain = "complaint"
    _history_columns = (
        "name",
        "company_id",
        "partner_id",
        "contact_id",
        "phone",
        "subject",
        "kind",
        "severity",
        "state",
        "channel_id",
        "category_id",
        "team_id",
        "user_id",
        "received_at",
        "occurred_at",
        "first_contact_at",
        "answered_at",
        "closed_at",
        "description",
        "remedy_sought",
        "answer",
        "root_cause",
        "product_fault",
        "reopen_count",
        "unreachable",
        "cancel_reason",
    )
    _history_required = ("name", "partner_id", "subject", "received_at")

    def _guard_reopen(self):
        """A case from before the system has no deadlines that could start again."""
        if self.is_history:
            return [
                self.env._(
                    "it was imported as history: register a new case, which is linked as a repeat."
                )
            ]
        return []

    @api.model
    def _history_defaults(self, vals, company):
        """EXTENDS history: what a file leaves out was not recorded; nobody is put in."""
        partner = self.env["res.partner"].browse(vals["partner_id"])
        return {
            "state": "closed",
            "channel_id": False,
            "team_id": False,
            "user_id": False,
            "contact_id": partner.id if partner != partner.commercial_partner_id else False,
            "first_closed_at": vals.get("closed_at") or False,
        }

    @api.model
    def _history_check(self, rows):
        """EXTENDS history: the case is over, in the order of its steps."""
        super()._history_check(rows)
        for row in rows:
            if row["state"] in OPEN_STATES:
                raise ValidationError(
                    self.env._(
                        "%s is open: register open cases as usual, history has those that are "
                        "over.",
                        row["name"],
                    )
                )
            if row["state"] != "cancelled" and not row.get("closed_at"):
                raise ValidationError(
                    self.env._("%s: the date on which the case was closed is missing.", row["name"])
                )
            self._history_past(row, "received_at", "first_contact_at", "closed_at")
            self._history_past(row, "received_at", "answered_at", "closed_at")
        self._history_new(rows, ("name", "company_id"))

    def _history_after(self):
        """EXTENDS history: no number is given a second time."""
        super()._history_after()
        for company, cases in self.grouped("company_id").items():
            pattern = company.complaint_number_pattern
            self._remember_numbers("customer.complaint", pattern, cases.mapped("name"), company)
