from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.transitions import Transition, TransitionTable
from ..common.customer_reach_mixin import able
from ..common.customer_transition_mixin import SENTINEL
from ..common.digest import for_reader
from ..common.facts import without_defaults

# What one call of `_transition` may write and nobody else: the outcome of a visit.
FACTS = ("reported_at", "reported_by_id")


class CustomerVisit(models.Model):
    """A planned or held contact with a customer: on site, by phone, by letter or online.

    planned -> done | missed | cancelled; a missed or cancelled visit can be planned again.
    """

    _name = "customer.visit"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
        "customer.company.mixin",
    ]
    _description = "Customer Visit"
    _order = "planned_date, id"
    _transitions = TransitionTable(
        "planned",
        (
            Transition("done", ("planned", "missed"), "done", guard="_guard_done"),
            Transition("miss", ("planned",), "missed"),
            Transition("cancel", ("planned", "missed"), "cancelled"),
            Transition("replan", ("missed", "cancelled"), "planned"),
        ),
    )

    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
        ondelete="restrict",
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Contact Person",
        domain="[('id', 'child_of', partner_id)]",
        check_company=True,
        help="Customer to be visited.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Visitor",
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who visits or calls the customer.",
    )
    way = fields.Selection(
        [
            ("onsite", "On site"),
            ("phone", "Phone"),
            ("letter", "Letter"),
            ("online", "Online"),
        ],
        required=True,
        default="phone",
    )
    purpose = fields.Selection(
        [
            ("care", "Care"),
            ("after_sale", "After sale"),
            ("after_service", "After service"),
            ("verification", "Verification of a complaint"),
            ("meeting", "Key-account meeting"),
            ("win_back", "Win back"),
            ("survey", "Survey"),
        ],
        required=True,
        default="care",
        index=True,
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Done"),
            ("missed", "Not Held"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        index=True,
        tracking=True,
        copy=False,
    )
    planned_date = fields.Date(
        required=True, index=True, default=lambda self: self.env.company._customer_today()
    )
    done_date = fields.Date("Held On", copy=False, tracking=True)
    reported_at = fields.Datetime(readonly=True, copy=False)
    reported_by_id = fields.Many2one("res.users", "Reported By", readonly=True, copy=False)
    is_late_report = fields.Boolean(
        "Reported Late", compute="_compute_is_late_report", store=True, precompute=True
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    summary = fields.Text(copy=False, help="What was discussed and agreed.")
    satisfaction = fields.Selection(
        [
            ("1", "Very dissatisfied"),
            ("2", "Dissatisfied"),
            ("3", "Neutral"),
            ("4", "Satisfied"),
            ("5", "Very satisfied"),
        ],
        copy=False,
        tracking=True,
    )
    no_contact = fields.Boolean(
        "No One Reached",
        copy=False,
        help="The visit took place, but nobody from the customer was reached: it does not count "
        "as a contact.",
    )
    issues = fields.Text(copy=False, help="What the customer is dissatisfied with or requests.")
    promised_date = fields.Date(
        "Answer Promised By",
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="No immediate answer was possible: the customer was promised one by this date.",
    )
    promised_kept = fields.Boolean("Promise Kept", copy=False, tracking=True)
    promise_overdue = fields.Boolean(
        compute="_compute_promise_overdue", search="_search_promise_overdue"
    )
    signature = fields.Binary("Customer's Signature", attachment=True, copy=False)
    signed_by = fields.Char(copy=False, help="Name of the person who signed.")
    cancel_reason = fields.Char(copy=False, tracking=True)
    next_date = fields.Date(
        "Next Contact",
        copy=False,
        help="When this visit is completed, a visit of the same kind is planned for this date.",
    )
    opportunity_ids = fields.One2many("crm.lead", "customer_visit_id", "Opportunities")
    color = fields.Integer(compute="_compute_color")

    _late_report_idx = models.Index("(company_id, done_date) WHERE is_late_report")

    # -- computed -----------------------------------------------------------------------------

    @api.depends("purpose", "partner_id")
    def _compute_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for visit in self:
            parts = (purposes.get(visit.purpose), visit.partner_id.name)
            visit.name = " – ".join(part for part in parts if part) or False

    @api.depends("reported_at", "done_date", "company_id")
    def _compute_is_late_report(self):
        for visit in self:
            late = False
            if visit.reported_at and visit.done_date:
                limit = visit.done_date + timedelta(days=visit.company_id.visit_report_days)
                late = visit._local_date(visit.reported_at) > limit
            visit.is_late_report = late

    @api.depends("state", "planned_date")
    def _compute_is_overdue(self):
        today = self.env.company._customer_today()
        for visit in self:
            visit.is_overdue = bool(
                visit.state == "planned" and visit.planned_date and visit.planned_date < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._customer_today()
        overdue = Domain("state", "=", "planned") & Domain("planned_date", "<", today)
        return Domain.OR([overdue if wanted else ~overdue for wanted in set(value)])

    @api.depends("promised_date", "promised_kept")
    def _compute_promise_overdue(self):
        today = self.env.company._customer_today()
        for visit in self:
            visit.promise_overdue = bool(
                visit.promised_date and not visit.promised_kept and visit.promised_date < today
            )

    def _search_promise_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._customer_today()
        overdue = Domain("promised_date", "<", today) & Domain("promised_kept", "=", False)
        return Domain.OR([overdue if wanted else ~overdue for wanted in set(value)])

    @api.depends("state", "is_overdue")
    def _compute_color(self):
        """Colour of the calendar and the cards: red overdue, green done, grey cancelled."""
        colors = {"done": 10, "missed": 1, "cancelled": 0, "planned": 4}
        for visit in self:
            visit.color = 1 if visit.is_overdue else colors.get(visit.state, 0)

    def _local_date(self, moment):
        """Return the company's date of a moment in UTC."""
        return self.company_id._customer_day(moment)

    # -- checks and writes --------------------------------------------------------------------

    @api.constrains("contact_id", "partner_id")
    def _check_contact(self):
        for visit in self:
            if visit.contact_id and (
                visit.contact_id.commercial_partner_id != visit.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s.",
                        contact=visit.contact_id.display_name,
                        customer=visit.partner_id.display_name,
                    )
                )

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

    @api.model_create_multi
    def create(self, vals_list):
        """A contact given as the customer becomes the contact person of the customer."""
        self._check_facts(*vals_list)
        self = without_defaults(self, FACTS)
        return super().create([self._as_customer(vals) for vals in vals_list])

    def write(self, vals):
        """A contact given as the customer becomes the contact person of the customer."""
        self._check_facts(vals)
        return super().write(self._as_customer(vals))

    def _check_facts(self, *vals_list):
        """When and by whom a visit was reported comes from reporting it."""
        if self.env.su or self.env.context.get("customer_transition") is SENTINEL:
            return
        if any(name in vals for vals in vals_list for name in FACTS):
            raise ValidationError(self.env._("The time of a report cannot be entered manually."))

    # -- transitions --------------------------------------------------------------------------

    def _guard_done(self):
        """Return what a full record of the visit still lacks."""
        reasons = []
        if self.way == "onsite" and not self.signature:
            reasons.append(self.env._("An on-site visit requires the customer's signature."))
        if self.done_date and self.done_date > self.company_id._customer_today():
            reasons.append(self.env._("The date of a completed visit cannot be in the future."))
        if not self._has_content():
            reasons.append(self.env._("Enter a summary or the customer's satisfaction."))
        return reasons

    def _has_content(self):
        """Tell whether anything was recorded about the visit."""
        return bool(self.summary or self.satisfaction or self.issues or self.signature)

    def action_report(self):
        """Button: report the visit, or ask first for what the report lacks."""
        self.ensure_one()
        self._check_transition("done", guarded=False)
        if not self._guard_done():
            return self.action_done()
        view = self.env.ref("customer_governance.customer_visit_view_form_report")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Visit"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {
                "default_done_date": fields.Date.to_string(self.company_id._customer_today())
            },
        }

    def action_done(self):
        """Report the visit; without a date it was held today."""
        for visit in self:
            visit._transition(
                "done",
                {
                    "done_date": visit.done_date or visit.company_id._customer_today(),
                    "reported_at": fields.Datetime.now(),
                    "reported_by_id": self.env.uid,
                },
            )
        self._plan_next()
        self._chase_promises()
        return True

    def action_miss(self):
        """The visit did not happen."""
        return self._transition("miss")

    def action_cancel(self):
        """The visit is not needed any more."""
        return self._transition("cancel")

    def action_replan(self):
        """Plan a missed or cancelled visit again."""
        return self._transition("replan")

    def _after_transition(self, transition):
        res = super()._after_transition(transition)
        if transition.name in ("done", "cancel"):
            self.activity_ids.filtered(
                lambda a: a.activity_type_id == self.env.ref("mail.mail_activity_data_todo")
            ).action_feedback()
        return res

    def _plan_next(self):
        """Plan the next visit where the visitor set its date by hand."""
        following = [
            {
                "partner_id": visit.partner_id.id,
                "contact_id": visit.contact_id.id,
                "company_id": visit.company_id.id,
                "user_id": visit.user_id.id,
                "way": visit.way,
                "purpose": "care" if visit.purpose == "verification" else visit.purpose,
                "planned_date": visit.next_date,
            }
            for visit in self
            if visit.next_date
        ]
        if following:
            self.create(following)

    def _chase_promises(self):
        """Remind the visitor of the answer the customer was promised."""
        for visit in self.filtered(lambda v: v.promised_date and not v.promised_kept):
            user = able(visit.user_id, visit.company_id) or self.env.user
            words = for_reader(visit, user)
            words.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=visit.promised_date,
                user_id=user.id,
                summary=words.env._("Answer promised to %s", visit.partner_id.display_name),
            )

    def action_promise_kept(self):
        """The promised answer was given to the customer."""
        self.check_access("write")
        self.write({"promised_kept": True})
        self.activity_feedback(["mail.mail_activity_data_todo"])
        return True

    # -- one click ----------------------------------------------------------------------------

    def action_create_opportunity(self):
        """Open a new opportunity with what the customer said."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Opportunity"),
            "res_model": "crm.lead",
            "view_mode": "form",
            "context": {
                "default_type": "opportunity",
                "default_partner_id": (self.contact_id or self.partner_id).id,
                "default_name": self.name,
                "default_description": self.issues or self.summary or False,
                "default_customer_visit_id": self.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_create_activity(self):
        """Open the dialog that plans an activity on the visit."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan Activity"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids, "active_id": self.id},
        }
