from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.transitions import Transition, TransitionTable
from ...queries import data_review as queries
from ..common.customer_transition_mixin import SENTINEL
from ..common.jobs import Batches, Digest, Step

ACTIVITY = "customer_governance.mail_activity_type_data_review"

FACTS = {
    "partner_id",
    "company_id",
    "date",
    "deadline",
    "date_done",
    "reviewer_id",
    "completeness",
    "escalation_level",
}

CLOSED = ("confirmed", "corrected", "cancelled")

BATCH = 500  # reviews escalated between two commits


class CustomerDataReview(models.Model):
    """Periodic confirmation that what is on file about a customer is still true.

    A cron opens one for each customer whose data was not reviewed for the company's interval. The
    reviewer confirms the data, or corrects it on the customer: what was changed meanwhile is kept
    as corrections. One that passes its deadline escalates to the account manager, then to the
    leader of the sales team, then to the head of customer governance, once each.
    """

    _name = "customer.data.review"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
        "customer.once.mixin",
        "customer.company.mixin",
        "customer.job.mixin",
    ]
    _description = "Data Review"
    _order = "deadline, id"
    _rec_name = "partner_id"

    _transitions = TransitionTable(
        "due",
        (
            Transition(
                "confirm", ("due",), "confirmed", "_guard_close", ("group_sales", "group_service")
            ),
            Transition(
                "correct", ("due",), "corrected", "_guard_correct", ("group_sales", "group_service")
            ),
            Transition("cancel", ("due",), "cancelled", "", ("group_manager",)),
        ),
    )

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Account Manager")
    state = fields.Selection(
        [
            ("due", "Due"),
            ("confirmed", "Confirmed"),
            ("corrected", "Corrected"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="due",
        index=True,
        tracking=True,
        copy=False,
    )
    date = fields.Date(
        "Due since",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._customer_today(),
    )
    deadline = fields.Date(
        required=True, readonly=True, default=lambda self: self._default_deadline()
    )
    date_done = fields.Date("Reviewed On", readonly=True, copy=False)
    reviewer_id = fields.Many2one("res.users", "Reviewer", readonly=True, copy=False)
    completeness = fields.Float(
        "Completeness at Review (%)", digits=(5, 2), readonly=True, copy=False, aggregator="avg"
    )
    note = fields.Text("Remark", help="Who confirmed the data on the customer's side, and how.")
    correction_ids = fields.One2many(
        "customer.data.correction", "review_id", "Corrections", readonly=True
    )
    correction_count = fields.Integer(compute="_compute_correction_count")
    escalation_level = fields.Integer(
        readonly=True,
        copy=False,
        aggregator="max",
        help="1: account manager, 2: team leader, 3: head of customer governance was notified.",
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    # The customer's data, shown as it is now; correcting it here is correcting the customer.
    customer_data_status = fields.Json(related="partner_id.customer_data_status")
    partner_name = fields.Char("Name", related="partner_id.name", readonly=False)
    partner_vat = fields.Char("Tax ID", related="partner_id.vat", readonly=False)
    partner_phone = fields.Char("Phone", related="partner_id.phone", readonly=False)
    partner_email = fields.Char("E-mail", related="partner_id.email", readonly=False)
    partner_street = fields.Char("Street", related="partner_id.street", readonly=False)
    partner_zip = fields.Char("ZIP", related="partner_id.zip", readonly=False)
    partner_city = fields.Char("City", related="partner_id.city", readonly=False)
    partner_country_id = fields.Many2one(
        "res.country", "Country", related="partner_id.country_id", readonly=False
    )
    partner_industry_id = fields.Many2one(
        "res.partner.industry", "Industry", related="partner_id.industry_id", readonly=False
    )
    partner_legal_representative = fields.Char(
        related="partner_id.customer_legal_representative", readonly=False
    )
    partner_business_scope = fields.Text(
        related="partner_id.customer_business_scope", readonly=False
    )
    partner_registered_address = fields.Char(
        related="partner_id.customer_registered_address", readonly=False
    )
    partner_is_company = fields.Boolean(related="partner_id.is_company")

    _one_open_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE state = 'due'",
        "A data review is already open for this customer.",
    )

    # --- the job of the data reviews: open what is due, escalate what is overdue
    _job_of_heads = True

    def _merge_partners(self, column, sources, target):
        """Customers become one: of their open reviews that with the earliest deadline remains."""
        due = self.search([(column, "in", (sources | target).ids), ("state", "=", "due")])
        for reviews in due.grouped("company_id").values():
            kept = reviews.sorted(lambda r: (r.deadline, r.partner_id != target, r.id))[:1]
            if others := reviews - kept:
                others.with_context(customer_transition=SENTINEL).write({"state": "cancelled"})
                others.activity_ids.unlink()

    def _default_deadline(self):
        company = self.env.company._customer_company()
        return company._customer_today() + timedelta(days=company.customer_data_review_days)

    # -- computed ----------
    @api.depends("correction_ids")
    def _compute_correction_count(self):
        counts = dict(
            self.env["customer.data.correction"]._read_group(
                [("review_id", "in", self.ids)], ["review_id"], ["__count"]
            )
        )
        for review in self:
            review.correction_count = counts.get(review._origin, 0)

    @api.model
    def _overdue_domain(self, days=0):
        """Domain of due reviews that are more than `days` past their deadline in their company."""
        companies = self.env["res.company"].sudo().search([])  # each with its own day
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "due")
            & Domain("deadline", "<", company._customer_today() - timedelta(days=days))
            for company in companies
        )

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        for review in self:
            review.is_overdue = bool(
                review.state == "due"
                and review.deadline
                and review.deadline < review.company_id._customer_today()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._overdue_domain() if True in value else ~self._overdue_domain()

    # -- transitions ----------
    def _guard_close(self):
        """Return reasons against closing: only those who look after the customer may."""
        if not self.partner_id.active:
            return [self.env._("The customer is archived.")]
        return []

    def _guard_correct(self):
        """Return reasons against closing as corrected."""
        if not self.correction_ids:
            return [
                self.env._(
                    "Nothing has been changed since the review became due. Change the "
                    "customer's data first, or confirm that it is correct."
                )
            ]
        return self._guard_close()

    def action_confirm(self):
        """The data was compared and is right now; what was changed meanwhile makes it corrected."""
        self._finish_changes()
        corrected = self.filtered("correction_ids")
        if corrected:
            corrected._close("correct")
        return (self - corrected)._close("confirm")

    def action_correct(self):
        """The data was compared and corrected on the customer."""
        self._finish_changes()
        return self._close("correct")

    def action_cancel(self):
        """No review is needed, for example because the customer is being closed."""
        return self._close("cancel")

    def _finish_changes(self):
        """Record the changes that this very transaction made to the customers' data."""
        self.env.flush_all()
        self.env["res.partner"]._finish_key_data()
        self.invalidate_recordset(["correction_ids"])

    def _close(self, name):
        """Make a closing transition with reviewer, date and completeness; end the activities."""
        self.check_access("write")
        for company, reviews in self.grouped("company_id").items():
            for percent, group in reviews.grouped(
                lambda review, company=company: (
                    review.partner_id.with_company(company).customer_data_percent
                )
            ).items():
                group._transition(
                    name,
                    {
                        "reviewer_id": self.env.uid,
                        "date_done": company._customer_today(),
                        "completeness": percent,
                    },
                )
        # sudo: activities of the escalation belong to other people, they are done for all
        self.sudo().activity_unlink([ACTIVITY])
        return True

    @api.model_create_multi
    def create(self, vals_list):
        """A review is of a customer, not of its contact."""
        reviews = super().create(vals_list)
        for review in reviews:
            if review.partner_id != review.partner_id.commercial_partner_id:
                raise UserError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s: review the data of the "
                        "customer instead.",
                        contact=review.partner_id.display_name,
                        customer=review.partner_id.commercial_partner_id.display_name,
                    )
                )
        return reviews

    def write(self, vals):
        """Reviewer and date follow from the buttons; a closed review stays as it is."""
        facts = vals.keys() & FACTS
        moving = self.env.context.get("customer_transition") is SENTINEL
        if facts and not moving and not self.env.su:
            raise UserError(self.env._("Use the buttons: these values cannot be entered directly."))
        if not self.env.su and any(review.state in CLOSED for review in self):
            raise UserError(self.env._("A completed data review cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_finished(self):
        """Finished reviews are the proof that the data was checked."""
        if any(review.state in ("confirmed", "corrected") for review in self):
            raise UserError(self.env._("A completed data review cannot be deleted."))

    # -- corrections ----------
    @api.model
    def _record_corrections(self, changes):
        """Keep changes of customers' data as corrections of their open reviews.

        :param changes: ``{customer: [(label, old, new)]}``
        """
        if not changes:
            return
        # sudo: corrections are evidence, written for whoever changes the customer's data
        reviews = self.sudo().search(
            [("state", "=", "due"), ("partner_id", "in", [customer.id for customer in changes])]
        )
        by_id = {customer.id: lines for customer, lines in changes.items()}
        self.env["customer.data.correction"].sudo().create(
            [
                {
                    "review_id": review.id,
                    "label": label,
                    "old_value": old,
                    "new_value": new,
                    "user_id": self.env.uid,
                }
                for review in reviews
                for label, old, new in by_id[review.partner_id.id]
            ]
        )

    # --- the job of the data reviews: open what is due, escalate what is overdue

    # -- due list ----------
    @api.model
    def _cron_data_reviews(self):
        """Open due reviews, cancel those of archived customers, escalate the overdue ones."""
        companies = self._job_companies()
        gone = Domain("state", "=", "due") & Domain("partner_id.active", "=", False)
        return self._run_steps(
            [
                Batches(
                    "archived",
                    self._next_of(gone & Domain("company_id", "in", companies.ids)),
                    lambda reviews: reviews._close("cancel"),
                    BATCH,
                ),
                *(
                    Step(
                        f"open:{company.id}",
                        lambda _after, c=company: (len(self._open_due(c)), None),
                    )
                    for company in companies
                ),
                *self._escalation_steps(companies),
            ]
        )

    @api.model
    def _next_of(self, domain):
        """Return the function that finds the next reviews of a domain by id."""
        return lambda after, limit: self.search(
            Domain("id", ">", after) & domain, order="id", limit=limit
        )

    @api.model
    def _open_due(self, company):
        """Open a review for every customer of the company that is due; return the new ones.

        Conditions are "since at least", so a job that did not run for a while catches up, and one
        open review for each customer is guarded by a unique index, so running twice does nothing.
        """
        months = company.customer_data_review_months
        if not months:
            return self.browse()
        self.env.flush_all()
        partner = self.env["res.partner"].with_company(company)
        query = partner._as_query(ordered=False)
        today = company._customer_today()
        due = queries.due_customers(
            company.id,
            partner._field_to_sql("p", "customer_tier_id", query),
            months,
            today,
            company._customer_timezone(),
        )
        rows = self.env.execute_query(
            queries.create_due(
                due,
                company.id,
                today,
                today + timedelta(days=company.customer_data_review_days),
                self.env.uid,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()
        return self.browse(row[0] for row in rows)

    # -- escalation ----------
    @api.model
    def _escalation_steps(self, companies):
        """Ask the next person for every overdue review whose turn has come, once each."""
        for level in (1, 2, 3):
            for company in companies:
                days = company.customer_data_review_escalation_days * (level - 1)
                due = [
                    ("company_id", "=", company.id),
                    ("state", "=", "due"),
                    ("escalation_level", "<", level),
                    ("deadline", "<", company._customer_today() - timedelta(days=days)),
                ]
                yield Batches(
                    f"escalate:{level}:{company.id}",
                    self._next_of(Domain(due)),
                    lambda reviews, level=level: reviews._escalate(level),
                    BATCH,
                )
        yield Digest(
            "tell",
            self._name,
            ACTIVITY,
            lambda env, n: env._("Overdue data reviews: %(n)s", n=n),
        )

    @api.model
    def _escalate_overdue(self):
        """Escalate the overdue reviews of all companies; see `_escalation_steps`."""
        return self._run_steps(self._escalation_steps(self._job_companies()))

    def _escalation_users(self):
        """Return the ``(review id, user id)`` pairs of open activities of the escalation."""
        rows = self.env["mail.activity"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ],
            ["res_id", "user_id"],
        )
        return {(res_id, user.id) for res_id, user in rows}

    def _escalate(self, level):
        """Plan an activity for the person of an escalation level; `self` are of one company."""
        company = self.company_id
        activity_type = self.env.ref(ACTIVITY)
        head = company._customer_head() if level == 3 else self.env["res.users"]
        model_id = self.env["ir.model"]._get_id(self._name)
        asked = self._escalation_users()
        values = []
        for review in self._once(f"overdue:{level}"):
            owner = review.partner_id.user_id
            leader = (review.partner_id.customer_team_id or owner.sale_team_id).user_id
            user = {1: owner or leader, 2: leader, 3: head}[level] or company._customer_head()
            if not user or (review.id, user.id) in asked:
                continue  # who was asked as account manager is not asked again as the leader
            values.append(
                {
                    "res_model_id": model_id,
                    "res_id": review.id,
                    "activity_type_id": activity_type.id,
                    "summary": self.env._(
                        "Data review overdue: %s", review.partner_id.display_name
                    ),
                    "date_deadline": company._customer_today(),
                    "user_id": user.id,
                    "automated": True,  # ends with the review
                }
            )
        # quick: one message about all of them follows, hundreds of e-mails at once would be none
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values)
        self.write({"escalation_level": level})
