from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ....engine import archive_custody as engine
from ....engine.transitions import Transition, TransitionTable
from ...common.customer_request_mixin import CustomerRequestMixin
from ...common.digest import for_reader, in_house, tell
from ...common.jobs import Batches
from .barcode_picture import barcode_picture

KEEPERS = ("group_archivist", "group_deed")

BATCH = 50


class CustomerArchiveLoan(models.Model):
    """A loan slip: who borrows which papers, what for and until when."""

    _name = "customer.archive.loan"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.request.mixin",
        "customer.numbering.mixin",
        "customer.once.mixin",
        "customer.job.mixin",
    ]
    _description = "Paper Loan"
    _order = "id DESC"

    _transitions = TransitionTable(
        "draft",
        (
            Transition("request", ("draft",), "submitted", "_guard_submit"),
            Transition("approve", ("submitted",), "approved", "_guard_approve"),
            Transition("reject", ("submitted",), "rejected"),
            Transition("issue", ("approved",), "issued", "_guard_issue", KEEPERS),
            Transition("return", ("issued",), "returned", "_guard_return", KEEPERS),
            Transition("cancel", ("draft", "submitted", "approved"), "cancelled", "_guard_cancel"),
        ),
    )
    _state_to = ["approved", "issued", "returned"]
    _request_facts = (
        *CustomerRequestMixin._request_facts,
        "name",
        "is_exempt",
        "issued_by_id",
        "issued_on",
        "closed_on",
    )

    name = fields.Char("Number", readonly=True, copy=False)
    kind = fields.Selection(
        [("papers", "Dossiers and documents"), ("deeds", "Deeds")],
        "What",
        required=True,
        default=lambda self: self._default_kind(),
        help="Papers are handed out by an archivist, deeds by the deed custodian.",
    )
    borrower_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    purpose = fields.Text(required=True, help="What the documents are needed for.")
    date_from = fields.Date(
        "From", required=True, default=lambda self: self.env.company._customer_today()
    )
    date_due = fields.Date(
        "Due Back",
        required=True,
        tracking=True,
        index=True,
        default=lambda self: self._default_date_due(),
        help="The last day of the loan.",
    )
    line_ids = fields.One2many("customer.archive.loan.line", "loan_id", "Items", copy=True)
    line_count = fields.Integer("Number of Items", compute="_compute_line_count")
    out_count = fields.Integer("Still on Loan", compute="_compute_line_count")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("approved", "To be handed out"),
            ("issued", "On Loan"),
            ("returned", "Ended"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
        group_expand="_group_expand_state",
    )
    needs_approval = fields.Boolean(
        compute="_compute_needs_approval",
        help="Directors borrowing for themselves need no approval; the approval levels use this "
        "field.",
    )
    approver_ids = fields.Many2many(
        "res.users",
        string="Directors and Deputies",
        compute="_compute_approver_ids",
        compute_sudo=True,
        help="The approval level of loans refers to the directors and deputies in the settings.",
    )
    is_exempt = fields.Boolean("No Approval Required", readonly=True, copy=False)
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    days_late = fields.Integer(compute="_compute_is_overdue")
    issued_by_id = fields.Many2one("res.users", "Handed Out By", readonly=True, copy=False)
    issued_on = fields.Datetime("Handed Out On", readonly=True, copy=False)
    issue_signature = fields.Image(
        "Borrower's Signature", max_width=1024, max_height=512, copy=False
    )
    closed_on = fields.Date(readonly=True, copy=False)
    extension_ids = fields.One2many("customer.archive.loan.extension", "loan_id", "Extensions")

    _dates_valid = models.Constraint(
        "CHECK(date_due >= date_from)", "A loan cannot end before it begins."
    )
    _open_idx = models.Index("(company_id, date_due) WHERE state = 'issued'")

    # --- reminders: before the last day, on it and while it is late, each once
    _job_domain = "archive"

    @api.model
    def _group_expand_state(self, states, domain):
        """Show the columns of the board in the order of the steps."""
        return [name for name in self._fields["state"].get_values(self.env) if name in states]

    @api.model
    def _default_kind(self):
        """Who reads no dossiers, as a deed custodian, borrows deeds."""
        return "papers" if self.env["customer.archive"].has_access("read") else "deeds"

    @api.model
    def _default_date_due(self):
        return self.env.company._archive_last_day()

    @api.depends("name", "borrower_id.name")
    def _compute_display_name(self):
        for loan in self:
            loan.display_name = loan.name or self.env._("Loan of %s", loan.borrower_id.name or "")

    @api.depends("line_ids.state")
    def _compute_line_count(self):
        counts = {}
        # sudo: how many; a borrower may not read the deeds of the loan
        lines = self.env["customer.archive.loan.line"].sudo()
        for loan, state, count in lines._read_group(
            [("loan_id", "in", self._origin.ids)], ["loan_id", "state"], ["__count"]
        ):
            counts.setdefault(loan.id, {})[state] = count
        for loan in self:
            states = counts.get(loan._origin.id, {})
            loan.line_count = sum(states.values())
            loan.out_count = states.get("issued", 0)

    @api.depends("borrower_id", "requested_by_id", "company_id")
    def _compute_needs_approval(self):
        for loan in self:
            # sudo: whether the borrower is a director is no secret
            borrower = loan.borrower_id.sudo()
            loan.needs_approval = not (
                borrower
                and borrower == loan.requested_by_id
                and borrower in loan.company_id._archive_directors()
            )

    @api.depends("company_id")
    def _compute_approver_ids(self):
        for loan in self:
            # sudo: who approves is no secret
            company = loan.company_id.sudo()
            loan.approver_ids = company._archive_directors() | company.archive_deputy_ids

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        for loan in self:
            late = (loan.company_id._customer_today() - loan.date_due).days if loan.date_due else 0
            loan.is_overdue = loan.state == "issued" and late > 0
            loan.days_late = late if loan.is_overdue else 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: the day in each company
        late = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_due", "<", company._customer_today())
            for company in self.env["res.company"].sudo().search([])
        ) & Domain("state", "=", "issued")
        return Domain.OR(late if wanted else ~late for wanted in set(value))

    @api.constrains("kind", "line_ids")
    def _check_kind(self):
        for loan in self:
            # sudo: the rule holds for lines the user cannot read
            kinds = set(loan.sudo().line_ids.mapped("kind"))
            if kinds and (kinds == {"deed"}) != (loan.kind == "deeds"):
                raise ValidationError(
                    self.env._(
                        "Papers and deeds must be lent on separate loan slips because they "
                        "have different custodians."
                    )
                )

    # --- guard --------------------------------------------------------------------------------
    @api.model
    def _is_keeper(self, kind):
        """Whether the user hands out and takes back what a loan of this kind holds."""
        group = "group_deed" if kind == "deeds" else "group_archivist"
        return self.env.su or self.env.user.has_group(f"customer_governance.{group}")

    @api.model_create_multi
    def create(self, vals_list):
        """People borrow for themselves; archivists write slips for others."""
        loans = super().create(vals_list)
        for loan in loans:
            if loan.borrower_id != self.env.user and not loan._is_keeper(loan.kind):
                raise AccessError(self.env._("You can borrow only for yourself."))
        return loans

    def write(self, vals):
        """What was asked for stays as it was; a later day comes from an extension."""
        frozen = {"borrower_id", "date_due", "date_from", "purpose", "company_id", "kind"}
        frozen &= vals.keys()
        if frozen and not self.env.su:
            if any(loan.state != "draft" for loan in self):
                raise UserError(
                    self.env._(
                        "This loan slip is no longer a draft. Request an extension to keep the "
                        "items longer."
                    )
                )
            borrower = vals.get("borrower_id")
            if borrower and borrower != self.env.uid:
                if any(not loan._is_keeper(vals.get("kind", loan.kind)) for loan in self):
                    raise AccessError(self.env._("You can borrow only for yourself."))
        if vals.get("issue_signature") and len(self.borrower_id) > 1:
            raise UserError(self.line_ids._one_person_text())
        if "issue_signature" in vals and not self.env.su:
            if any(loan.state != "approved" or not loan._is_keeper(loan.kind) for loan in self):
                raise UserError(self.env._("The borrower signs when the papers are handed out."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_requested(self):
        if any(loan.state not in ("draft", "cancelled") for loan in self):
            raise UserError(self.env._("A requested loan slip cannot be deleted."))

    def _guard_submit(self):
        """Return why it cannot be asked for."""
        lines = self.sudo().line_ids  # sudo: the rule holds for lines the user cannot read
        if not lines:
            return [self.env._("choose what to borrow")]
        reasons = lines._not_available()
        today = self.company_id._customer_today()
        if self.date_due < today:
            reasons.append(self.env._("it would be due back before today"))
        return reasons

    def _guard_issue(self):
        """Return why it cannot be handed out now."""
        if not self._is_keeper(self.kind):
            return [self.env._("these papers are kept by another archive")]
        reasons = self.line_ids._not_available()
        if self.company_id.archive_signature_required and not self.issue_signature:
            reasons.append(self.env._("the borrower must sign"))
        if self.kind == "deeds":
            reasons += self.line_ids._not_taken_out()
        return reasons

    def _guard_return(self):
        if self.line_ids.filtered(lambda line: line.state == "issued"):
            return [self.env._("some papers are still on loan")]
        return []

    def _guard_cancel(self):
        """Return which deeds left the safe for this slip: they go back before it is cancelled."""
        # sudo: where the deed is, for a borrower who may not read it
        return [
            self.env._(
                "“%s” was taken out of the safe for this loan slip: the deed custodian must "
                "first put it back with the button “Put Back into Safe” and a witness",
                line.name,
            )
            for line in self.sudo().line_ids._deeds_out()
        ]

    # --- staff handover -----------------------------------------------------------------------
    def _handover_refusals(self, receiver):
        """Return {id: why this user cannot take over the loan}.

        Deeds go from the custodian to one person; papers to who may read their dossiers.
        """
        deeds = self.filtered(lambda loan: loan.kind == "deeds")
        reasons = dict.fromkeys(
            deeds.ids,
            self.env._("Deeds must be returned to the deed custodian and lent again."),
        )
        papers = self - deeds
        dossiers = papers.line_ids.dossier_id
        closed = dossiers - dossiers.with_user(receiver)._filtered_access("read").with_env(self.env)
        unreadable = papers.filtered(lambda loan: loan.line_ids.dossier_id & closed)
        return reasons | dict.fromkeys(
            unreadable.ids,
            self.env._("%s cannot read the dossiers these papers belong to.", receiver.name),
        )

    def _handed_over(self, passing):
        """Note on the slips who has the papers now: the one who signed for them was another."""
        body = in_house(self).env._(
            "The papers were handed over by %(giver)s to %(receiver)s.",
            giver=passing.giver.name,
            receiver=passing.receiver.name,
        )
        self._message_log_batch(dict.fromkeys(self.ids, body))

    # --- asking -------------------------------------------------------------------------------
    def action_request(self):
        """Ask for the loan; directors who ask for themselves are approved at once."""
        for loan in self:
            loan._transition("request")
            # sudo: the number is given by the system, to a slip that was really asked for
            loan.sudo().name = loan.name or loan._next_number(
                "customer.archive.loan",
                loan.company_id.archive_loan_pattern,
                loan.company_id._customer_today(),
                loan.company_id,
            )
            loan._request_approval()
            if not loan.review_ids:
                loan._approve_exempt()
        return True

    def action_submit(self):
        """EXTENDS request mixin: same as asking for the loan."""
        return self.action_request()

    def _approve_exempt(self):
        """Approve a loan that no approval level asks about, and say so on it."""
        self.ensure_one()
        # sudo: no approval level applies, so there is nobody to ask
        loan = self.sudo()
        loan._transition("approve")
        loan.write({"is_exempt": True, "approved_by_id": False})
        loan.message_post(
            body=in_house(self).env._(
                "No approval required: none of the approval levels applies (directors "
                "borrowing for themselves are exempt)."
            )
        )

    def _after_transition(self, transition):
        """EXTENDS request mixin: tell the archive what to hand out."""
        result = super()._after_transition(transition)
        if transition.name == "reject":
            self._tell_borrower(lambda env, name: env._("Your loan %s was not approved.", name))
        if transition.name == "cancel":
            self._cancel_open_moves()
        if transition.name == "approve":
            self._tell_borrower(
                lambda env, name: env._(
                    "Your loan %s is approved: collect it from the archive.", name
                )
            )
        return result

    def _tell_borrower(self, text):
        """Tell each borrower; ``text(env, number)`` is in the reader's language."""
        for loan in self:
            # sudo: a message to the borrower about the own loan
            loan = for_reader(loan.sudo(), loan.borrower_id)
            loan.message_notify(
                partner_ids=loan.borrower_id.partner_id.ids, body=text(loan.env, loan.name or "")
            )

    def action_extend(self):
        """Open the request for a later day."""
        self.ensure_one()
        self.check_access("write")
        return self.env["customer.archive.loan.extension"]._ask_dialog(
            self.env._("Extend Loan"),
            "customer_archive_loan_extension_view_form_request",
            loan_id=self.id,
        )

    def _get_after_validation_exceptions(self):
        """EXTENDS request mixin: what happens to an approved slip."""
        return [
            *super()._get_after_validation_exceptions(),
            "issue_signature",
            "date_due",
            "line_ids",
            "extension_ids",
        ]

    # --- reminders: before the last day, on it and while it is late, each once
    @api.model
    def _cron_remind(self):
        """Remind the borrowers of all companies."""
        return self._run_steps(self._remind_step(company) for company in self._job_companies())

    @api.model
    def _remind_step(self, company):
        """Return the step that reminds the borrowers of one company.

        A loan that fails is tried by the next run.
        """
        today = company._customer_today()
        policy = engine.ReminderPolicy(
            company.archive_loan_remind_days, company.archive_loan_remind_every
        )
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "issued"),
            ("date_due", "<=", engine.remind_from(today, policy)),
        ]
        return Batches(
            f"remind:{company.id}",
            lambda after, limit: self.search(
                [*domain, ("id", ">", after)], order="id", limit=limit
            ),
            lambda loans: loans._remind(today, policy),
            BATCH,
        )

    def _remind(self, today, policy):
        """Send what is due today."""
        by_key = {}
        for loan in self:
            key = engine.reminder(loan.date_due, today, policy)
            if key:
                by_key.setdefault(key, self.browse())
                by_key[key] |= loan
        told = defaultdict(list)
        for key, loans in by_key.items():
            for loan in loans._once(f"remind:{key}"):
                for user in loan._reminded(key):
                    told[user].append(loan)
        for user, loans in told.items():
            self.browse().concat(*loans)._send_reminder(user, today)

    def _send_reminder(self, user, today):
        """Tell a person of the loans, in one message; the borrower gets an activity on each."""
        words = self.with_context(lang=user.lang or self.env.lang)
        if len(self) == 1:
            self.message_notify(
                partner_ids=user.partner_id.ids,
                body=words._reminder_text(today),
            )
        else:
            rows = [(loan._name, loan.id, loan._reminder_text(today), "") for loan in words]
            subject = words.env._("Loans to return: %(n)s", n=len(self))
            tell(words.env, user, subject, rows)
        xmlid = "customer_governance.mail_activity_archive_loan"
        for loan in words.filtered(lambda one: one.borrower_id == user):
            if not loan.activity_search([xmlid]):
                # quick: the message has told it already
                loan.with_context(mail_activity_quick_update=True).activity_schedule(
                    xmlid,
                    date_deadline=loan.date_due,
                    summary=loan._reminder_text(today),
                    user_id=user.id,
                )

    def _reminder_text(self, today):
        """Return what the borrower is asked for, in the language of the context."""
        self.ensure_one()
        late = (today - self.date_due).days
        if late > 0:
            return self.env._(
                "%(loan)s is %(days)s days overdue: return the papers or request an extension.",
                loan=self.name,
                days=late,
            )
        return self.env._(
            "%(loan)s ends on %(day)s: return the papers or request an extension.",
            loan=self.name,
            day=self.date_due,
        )

    def _reminded(self, key):
        """Return who is told: the borrower; from the second round on also who handed it out."""
        kind, _due, *number = key.split(":")
        people = self.borrower_id
        if kind == engine.OVERDUE and int(number[0]) >= 1:
            people |= self.issued_by_id
        return people

    # --- the slip carries what the desk scans
    def _slip_barcode(self):
        """Return the barcode of the slip, empty without a number."""
        self.ensure_one()
        return self.name and barcode_picture(self.name)
