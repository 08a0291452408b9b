from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ....engine.archive_deadlines import Deadlines, handover_deadlines
from ....engine.transitions import Transition, TransitionTable
from ....queries import archive as queries
from ...common.digest import for_reader, schedule
from ...common.jobs import Batches, Digest, Step

ARCHIVIST = ("group_archivist",)

CLOSED = ("registered", "disposed")

STATES = [
    ("draft", "Compiling"),
    ("checking", "With B"),
    ("handover", "With archive"),
    ("registered", "Filed"),
    ("disposed", "Disposed of"),
]

FIGURES = ("required_count", "missing_count", "completeness")

# What of a document the checklist looks at.
LOOKED_AT = (
    "active",
    "archive_id",
    "date_until",
    "file_count",
    "is_original",
    "is_signed",
    "is_there",
    "medium",
    "pages_missing",
    "paper_state",
    "requirement_id",
)

BATCH = 500

ASKED = 100

EXPIRY = "customer_governance.activity_type_archive_expiry"

LATE = "customer_governance.activity_type_archive_late"


class CustomerArchive(models.Model):
    """A dossier: the papers and files of one matter of one customer.

    Role A compiles it, role B checks it, an archivist accepts it and gives it its number. From then
    on it is frozen (`customer_archive_freeze.py`).
    """

    _name = "customer.archive"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.transition.mixin",
        "customer.numbering.mixin",
        "customer.once.mixin",
        "customer.job.mixin",
        "customer.history.mixin",
    ]
    _description = "Dossier"
    _order = "id desc"
    _rec_names_search = ["name", "title", "partner_id.name"]

    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "checking", "_guard_submit"),
            Transition("check", ("checking",), "handover", "_guard_check"),
            Transition("accept", ("handover",), "registered", "_guard_accept", ARCHIVIST),
            Transition("send_back", ("checking", "handover"), "draft", "_guard_send_back"),
            Transition("take_back", ("checking",), "draft", "_guard_take_back"),
        ),
    )

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    number_reserved = fields.Char(
        readonly=True,
        copy=False,
        help="Assigned when its first deed was received; the dossier takes this number when it "
        "is filed.",
    )
    title = fields.Char(required=True, tracking=True)
    class_id = fields.Many2one(
        "customer.archive.class",
        "Dossier Type",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    class_color = fields.Integer(related="class_id.color", string="Class Color")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('is_company', '=', True)]",
    )
    order_id = fields.Many2one(
        "sale.order", "Order", index="btree_not_null", ondelete="restrict", check_company=True
    )
    project = fields.Char(help="The project to which the documents belong.")
    contract_ref = fields.Char("Contract", help="Contract number.")
    date_end = fields.Date(
        "End of Project",
        tracking=True,
        help="The deadlines of the handover are counted from this day.",
    )
    date_opened = fields.Date(
        "Opened On",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.company._customer_today(),
    )
    role_a_id = fields.Many2one(
        "res.users",
        "A: Responsible",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Compiles the dossier and is accountable for it.",
    )
    role_b_id = fields.Many2one(
        "res.users",
        "B: Checker",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
        help="Checks the dossier before it goes to the archive.",
    )
    archivist_id = fields.Many2one(
        "res.users",
        "Archivist",
        index="btree_not_null",
        tracking=True,
        copy=False,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("customer_governance.group_archivist").ids),
        ],
    )
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
        group_expand="_group_expand_state",
    )
    registered_on = fields.Date("Filed On", readonly=True, copy=False)
    document_ids = fields.One2many(
        "customer.archive.document", "archive_id", "Contents", copy=False
    )
    document_count = fields.Integer(compute="_compute_document_count")
    page_total = fields.Integer("Pages", compute="_compute_page_total", store=True)
    hold = fields.Boolean("Legal Hold", readonly=True, copy=False, tracking=True)
    hold_reason = fields.Char(readonly=True, copy=False, tracking=True)
    last_reviewed_on = fields.Date("Last Reviewed", readonly=True, copy=False)

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "This number is already in use."
    )

    # --- how much of its checklist a dossier holds today
    required_count = fields.Integer(
        "Required Documents", compute="_compute_completeness", store=True
    )
    missing_count = fields.Integer(
        "Missing Documents",
        compute="_compute_completeness",
        store=True,
        help="Not available, not compliant or no longer valid.",
    )
    completeness = fields.Float(
        "Complete (%)",
        compute="_compute_completeness",
        store=True,
        digits=(5, 2),
        aggregator="avg",
        help="Percentage of required documents that are available, compliant and valid. Also 0 "
        "if no documents are required.",
    )

    _missing_index = models.Index("(partner_id) WHERE missing_count > 0")

    # --- what the passing of days changes: expired documents, deadlines, reminders
    _job_domain = "archive"

    # --- until when A and B must have handed the dossier over
    submitted_on = fields.Date("Handed to B On", readonly=True, copy=False)
    extra_days_a = fields.Integer("Extension of A (working days)", readonly=True, copy=False)
    extra_days_b = fields.Integer("Extension of B (working days)", readonly=True, copy=False)
    due_a_on = fields.Date("A to B Until", compute="_compute_deadlines", store=True)
    due_b_on = fields.Date("B to Archive Until", compute="_compute_deadlines", store=True)
    due_on = fields.Date(
        "Due",
        compute="_compute_deadlines",
        store=True,
        index="btree_not_null",
        help="The deadline of the person who currently has the dossier; none once it has been "
        "filed.",
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    @api.model
    def _group_expand_state(self, states, domain):
        """Show the columns of the board in the order of the steps."""
        return [key for key, _label in STATES if key in states]

    @api.depends("name", "title")
    def _compute_display_name(self):
        for archive in self:
            archive.display_name = " ".join(filter(None, (archive.name, archive.title)))

    @api.depends("document_ids.is_there")
    def _compute_document_count(self):
        counts = dict(
            self.env["customer.archive.document"]._read_group(
                [("archive_id", "in", self.ids), ("is_there", "=", True)],
                ["archive_id"],
                ["__count"],
            )
        )
        for archive in self:
            archive.document_count = counts.get(archive._origin, 0)

    @api.depends("document_ids.page_count", "document_ids.is_there")
    def _compute_page_total(self):
        """Pages of all documents, covers included; of none that is expected only."""
        for archive in self:
            archive.page_total = sum(archive.document_ids.filtered("is_there").mapped("page_count"))

    @api.constrains("partner_id")
    def _check_partner(self):
        for archive in self:
            if archive.partner_id.commercial_partner_id != archive.partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(contact)s” is a contact: the dossier belongs to the company "
                        "%(customer)s.",
                        contact=archive.partner_id.display_name,
                        customer=archive.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("order_id", "partner_id")
    def _check_order(self):
        for archive in self:
            # sudo: only whether the order is the customer's
            customer = archive.sudo().order_id.partner_id.commercial_partner_id
            if customer and customer != archive.partner_id:
                raise ValidationError(self.env._("The order belongs to another customer."))

    @api.constrains("role_a_id", "role_b_id")
    def _check_roles(self):
        for archive in self:
            if archive.role_a_id == archive.role_b_id:
                raise ValidationError(
                    self.env._("A and B must be two different people: B checks what A compiled.")
                )

    @api.constrains("archivist_id")
    def _check_archivist(self):
        for archive in self:
            # sudo: whether the person named is an archivist
            archivist = archive.archivist_id.sudo()
            if archivist and not archivist.has_group("customer_governance.group_archivist"):
                raise ValidationError(self.env._("%s is not an archivist.", archivist.name))

    @api.constrains("class_id")
    def _check_class(self):
        self.document_ids._check_class()

    @api.model_create_multi
    def create(self, vals_list):
        """Dossiers belong to the company of the customer, not to a contact."""
        for vals in vals_list:
            company = self._customer_named(vals, "company_id") or self.env.company
            company._customer_require("archive")
        return super().create(
            [
                {
                    **vals,
                    "partner_id": customer.commercial_partner_id.id,
                }
                if (customer := self._customer_named(vals, "partner_id"))
                else vals
                for vals in vals_list
            ]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        """Only what nobody received yet can be thrown away."""
        self._check_never_handed_over()

    # --- how much of its checklist a dossier holds today
    @api.depends(
        "class_id", "date_opened", "pages_missing", *(f"document_ids.{name}" for name in LOOKED_AT)
    )
    def _compute_completeness(self):
        self.env["customer.archive.document"].flush_model(LOOKED_AT)
        self.env["customer.archive"].flush_model(
            ["class_id", "company_id", "date_opened", "pages_missing"]
        )
        ids = self._origin.ids
        rows = self.env.execute_query(
            queries.figures(fields.Datetime.now(), SQL("a.id = ANY(%s)", ids))
        )
        found = {archive_id: figures for archive_id, *figures in rows}
        for archive in self:
            archive.update(
                dict(zip(FIGURES, found.get(archive._origin.id, (0, 0, 0)), strict=True))
            )

    @api.model
    def _refresh_completeness(self, where):
        """Write the figures of dossiers by one statement.

        :param where: SQL condition on ``a`` (customer_archive)
        """
        self.env.flush_all()
        self.env.cr.execute(queries.refresh(fields.Datetime.now(), where))
        self.env["customer.archive"].invalidate_model(FIGURES)

    # --- contracts and invoices come from their own forms in one click
    @api.model
    def _file_document(self, source, customer, name, requirement, content, order=None):
        """File a PDF of a business document in the customer's transaction dossier.

        The draft dossier of the order is used; without one a new draft is made for the caller.
        Filed again the file is replaced, as long as the dossier was not handed over.

        :param source: the record the PDF is of
        :param content: function that returns the PDF as bytes; called only where it is needed
        :return: the dossier
        """
        Document = self.env["customer.archive.document"]
        filed = Document.search(
            [("source_model", "=", source._name), ("source_id", "=", source.id)],
            order="id desc",
            limit=1,
        )
        archive = filed.archive_id
        if filed and archive.state != "draft":
            return archive
        if not filed:
            archive = self._transaction_dossier(customer, source.company_id, order)
            # sudo: where it comes from is written by code of ours only; the dossier is the caller's
            filed = archive.sudo()._fill_row(
                {
                    "name": name,
                    "requirement_id": requirement.id,
                    "medium": "electronic",
                    "is_original": False,
                    "source_model": source._name,
                    "source_id": source.id,
                }
            )
        filed = filed.sudo()
        filed.attachment_ids.unlink()
        filed.attachment_ids = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{name.replace('/', '-')}.pdf",
                    "raw": content(),
                    "mimetype": "application/pdf",
                }
            )
        )
        return archive

    @api.model
    def _transaction_dossier(self, customer, company, order):
        """Return the open transaction dossier of the order, or a new one of the caller."""
        archive_class = self.env.ref("customer_governance.archive_class_trade")
        if order:
            found = self.search(
                [
                    ("class_id", "=", archive_class.id),
                    ("order_id", "=", order.id),
                    ("state", "=", "draft"),
                ],
                limit=1,
            )
            if found:
                return found
        return self.with_company(company).create(
            {
                "title": order.name if order else customer.name,
                "class_id": archive_class.id,
                "partner_id": customer.id,
                "company_id": company.id,
                "order_id": order.id if order else False,
                "contract_ref": order.client_order_ref if order else False,
            }
        )

    def _action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.archive",
            "res_id": self.id,
            "view_mode": "form",
        }

    # --- what the passing of days changes: expired documents, deadlines, reminders
    @api.model
    def _cron_archive(self):
        """Count the checklists again, follow the calendar, ask about what ends and what is late.

        May run twice, late or be killed: each question is asked once.
        """
        companies = self._job_companies()
        mine = Domain("company_id", "in", companies.ids)
        return self._run_steps(
            [
                *(
                    Step(f"count:{company.id}", lambda _after, c=company: self._count_company(c))
                    for company in companies
                ),
                Batches(
                    "deadlines",
                    self._next_of(mine & Domain("state", "in", ("draft", "checking", "handover"))),
                    lambda archives: archives._refresh_deadlines(),
                    BATCH,
                ),
                Batches(
                    "ends",
                    lambda after, limit: self._next_ending(companies, after, limit),
                    lambda documents: documents._ask_about_end(),
                    ASKED,
                    rows=False,
                ),
                Batches(
                    "late",
                    self._next_of(mine & Domain("is_late", "=", True)),
                    lambda archives: archives._ask_about_late(),
                    ASKED,
                    rows=False,
                ),
                Digest(
                    "tell:ends",
                    self._name,
                    EXPIRY,
                    lambda env, n: env._("Expiring documents: %(n)s to replace", n=n),
                ),
                Digest(
                    "tell:late",
                    self._name,
                    LATE,
                    lambda env, n: env._("Overdue dossier handovers: %(n)s", n=n),
                ),
            ]
        )

    @api.model
    def _next_of(self, domain):
        """Return the function that finds the next dossiers of a domain by id."""
        return lambda after, limit: self.search(
            Domain("id", ">", after) & domain, order="id", limit=limit
        )

    @api.model
    def _count_company(self, company):
        self._refresh_completeness(SQL("a.state != 'disposed' AND a.company_id = %s", company.id))
        return 1, None

    def _refresh_deadlines(self):
        """Let the deadlines of open dossiers follow a changed calendar."""
        names = ["due_on", "due_a_on", "due_b_on"]
        for name in names:
            self.env.add_to_compute(self._fields[name], self)
        self.flush_recordset(names)

    @api.model
    def _next_ending(self, companies, after, limit):
        """Return the next documents somebody has to be asked about."""
        self.env.flush_all()
        sql = queries.expiring_documents(fields.Datetime.now(), limit, after, companies.ids)
        rows = self.env.execute_query(sql)
        return self.env["customer.archive.document"].browse(row[0] for row in rows)

    def _ask_about_late(self):
        """Remind whoever has a late dossier: once for each deadline."""
        for (state, due_on), archives in self.grouped(lambda a: (a.state, a.due_on)).items():
            new = archives._once(f"late {state} {due_on}")
            quick = new.with_context(mail_activity_quick_update=True)
            for user, group in quick.grouped(lambda a: a._late_holder()).items():
                words = for_reader(group, user)
                due = format_date(words.env, due_on)
                schedule(
                    group,
                    LATE,
                    dict.fromkeys(group.ids, user),
                    # titles stand in the note: the summary is read outside
                    words.env._("The handover is late"),
                    {
                        archive: words.env._(
                            "“%(title)s” was due on %(day)s.", title=archive.title, day=due
                        )
                        for archive in group
                    },
                    {archive.id: archive.company_id._customer_today() for archive in group},
                )

    def _late_holder(self):
        self.ensure_one()
        return {
            "draft": self.role_a_id,
            "checking": self.role_b_id,
            "handover": self.archivist_id or self.role_b_id,
        }[self.state]

    # --- until when A and B must have handed the dossier over
    @api.depends(
        "date_end",
        "submitted_on",
        "extra_days_a",
        "extra_days_b",
        "state",
        "company_id.archive_days_a",
        "company_id.archive_days_b",
    )
    def _compute_deadlines(self):
        """Registered dossiers keep the deadlines they had."""
        for archive in self:
            if archive.state in ("registered", "disposed"):
                archive.due_a_on, archive.due_b_on = archive.due_a_on, archive.due_b_on
                archive.due_on = False
                continue
            deadlines = archive._handover_deadlines()
            archive.due_a_on, archive.due_b_on = deadlines.a, deadlines.b
            archive.due_on = deadlines.a if archive.state == "draft" else deadlines.b

    def _handover_deadlines(self):
        self.ensure_one()
        known = [day for day in (self.date_end, self.submitted_on) if day]
        if not known or not self.company_id:
            return Deadlines(None, None)
        company = self.company_id
        return self.env["customer.working.calendar"]._within_horizon(
            company,
            min(known),
            lambda calendar: handover_deadlines(
                calendar,
                self.date_end or None,
                self.submitted_on or None,
                company.archive_days_a + self.extra_days_a,
                company.archive_days_b + self.extra_days_b,
            ),
        )

    @api.depends("due_on")
    def _compute_is_late(self):
        for archive in self:
            archive.is_late = bool(
                archive.due_on and archive.due_on < archive.company_id._customer_today()
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: the time zones of the companies; the dossiers keep their own rights
        companies = self.env["res.company"].sudo().search([])
        late = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("due_on", "<", company._customer_today())
            for company in companies
        )
        return Domain.OR(late if wanted else ~late for wanted in set(value))

    def action_ask_extension(self):
        """Ask for more working days for the step the dossier is in."""
        self.ensure_one()
        return self.env["customer.archive.extension"]._ask_dialog(
            self.env._("Request More Time"),
            "customer_archive_extension_view_form_request",
            archive_id=self.id,
            step="a_to_b" if self.state == "draft" else "b_to_archive",
        )

    # --- dossiers from a table
    @api.model
    def get_import_templates(self):
        """EXTENDS base: an example to fill in."""
        if self._is_history_list():
            return super().get_import_templates()
        return [
            {
                "label": self.env._("Import Template for Dossiers"),
                "template": "/customer_governance/static/csv/dossiers.csv",
            }
        ]

    # --- dossiers that were filed before the system
    _history_domain = "archive"
    _history_columns = (
        "name",
        "company_id",
        "partner_id",
        "class_id",
        "title",
        "order_id",
        "project",
        "contract_ref",
        "date_end",
        "date_opened",
        "registered_on",
        "role_a_id",
        "role_b_id",
        "archivist_id",
        "location_id",
        "retention_event_date",
        "document_ids",
    )
    _history_required = ("name", "partner_id", "class_id", "title", "registered_on")

    @api.model
    def _history_defaults(self, vals, company):
        """EXTENDS history: filed, opened no later than that."""
        return {"state": "registered", "date_opened": vals["registered_on"]}

    @api.model
    def _history_check(self, rows):
        """EXTENDS history: the dossier was filed, under a number that no other has."""
        super()._history_check(rows)
        for row in rows:
            self._history_past(row, "date_opened", "registered_on")
        self._history_new(rows, ("name", "company_id"))

    def _history_after(self):
        """EXTENDS history: documents are numbered after their dossier, no number is given twice."""
        super()._history_after()
        self.document_ids._give_numbers()
        for (company, archive_class), archives in self.grouped(
            lambda archive: (archive.company_id, archive.class_id)
        ).items():
            pattern = archive_class.number_pattern
            self._remember_numbers(self._name, pattern, archives.mapped("name"), company)
