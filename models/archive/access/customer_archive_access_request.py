from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ....engine.transitions import Transition, TransitionTable
from ...common.customer_request_mixin import CustomerRequestMixin
from ...common.guard import Kept

_lt = LazyTranslate(__name__)

APPROVERS = ("group_archivist", "group_manager")

STATES = [
    ("draft", "Draft"),
    ("submitted", "Waiting for approval"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("revoked", "Revoked"),
    ("cancelled", "Cancelled"),
]

FROZEN = {"purpose", "date_from", "date_to", "archive_ids", "numbers", "partner_id", "class_id"}

FROZEN |= {"company_id"}


class CustomerArchiveAccessRequest(models.Model):
    """Asks to read dossiers for a purpose and a time, beyond what the role reads.

    While it is approved and in its period the requester reads the dossiers, and only reads them.
    """

    _name = "customer.archive.access.request"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.request.mixin",
    ]
    _description = "Access Request"
    # one asks for dossiers that one does not read
    _guard_unread = ("archive_ids",)
    _order = "id desc"
    _guards = (
        Kept(
            frozenset(FROZEN),
            _lt("This request is no longer a draft and cannot be changed: submit a new one."),
        ),
    )
    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "submitted", "_guard_submit"),
            Transition("approve", ("submitted",), "approved", "_guard_approve", APPROVERS),
            Transition("reject", ("submitted",), "rejected"),
            Transition("revoke", ("approved",), "revoked"),
            Transition("cancel", ("draft", "submitted"), "cancelled"),
        ),
    )
    _state_to = ["approved", "revoked"]
    _request_facts = (*CustomerRequestMixin._request_facts, "revoked_by_id", "revoked_on")

    purpose = fields.Char(required=True, tracking=True, help="What the documents are needed for.")
    date_from = fields.Date(
        "From",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._customer_today(),
    )
    date_to = fields.Date(
        "Until",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._archive_last_day(),
        help="Last day of the access.",
    )
    numbers = fields.Char(
        "Numbers of Dossiers",
        help="Numbers of dossiers you do not have access to yet, separated by commas.",
    )
    archive_ids = fields.Many2many(
        "customer.archive",
        "customer_archive_access_request_rel",
        "request_id",
        "archive_id",
        "Dossiers",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "All of a Customer",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('is_company', '=', True)]",
    )
    class_id = fields.Many2one(
        "customer.archive.class",
        "All of a Dossier Type",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="If a customer is selected: the customer's dossiers of this type.",
    )
    state = fields.Selection(
        STATES, required=True, default="draft", index=True, tracking=True, copy=False
    )
    in_force = fields.Boolean(compute="_compute_in_force")
    revoked_by_id = fields.Many2one("res.users", "Revoked By", readonly=True, copy=False)
    revoked_on = fields.Datetime("Revoked On", readonly=True, copy=False)

    _in_force_index = models.Index("(requested_by_id) WHERE state = 'approved'")

    @api.depends("purpose", "requested_by_id.name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = f"{request.requested_by_id.name}: {request.purpose or ''}"

    @api.depends("state", "date_from", "date_to", "company_id")
    def _compute_in_force(self):
        for request in self:
            request.in_force = request._is_in_force()

    def _is_in_force(self):
        """Whether the access counts today; first and last day included."""
        self.ensure_one()
        if self.state != "approved":
            return False
        return self.date_from <= self.company_id._customer_today() <= self.date_to

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(request.date_to < request.date_from for request in self):
            raise ValidationError(self.env._("The access ends before it begins."))

    @api.model_create_multi
    def create(self, vals_list):
        """Dossiers belong to companies, not to contacts."""
        return super().create([self._to_company(vals) for vals in vals_list])

    def write(self, vals):
        """Documents belong to the company."""
        return super().write(self._to_company(vals))

    def _to_company(self, vals):
        if not (partner := self._customer_named(vals, "partner_id")):
            return vals
        return {**vals, "partner_id": partner.commercial_partner_id.id}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(request.state not in ("draft", "cancelled") for request in self):
            raise UserError(self.env._("A submitted request cannot be deleted."))

    # --- transitions --------------------------------------------------------------------------

    def _guard_submit(self):
        self.ensure_one()
        reasons = []
        if not (self.archive_ids or self.partner_id or self.class_id):
            reasons.append(self.env._("specify dossiers, a customer or a dossier type"))
        if self.date_to < self.company_id._customer_today():
            reasons.append(self.env._("its last day has passed"))
        return reasons

    def action_submit(self):
        """EXTENDS request mixin: look up the numbers first."""
        self.check_access("write")
        for request in self:
            request._find_numbers()
        return super().action_submit()

    def _find_numbers(self):
        """Add the dossiers whose numbers the requester wrote down.

        :raises UserError: names the numbers that no dossier of the company has
        """
        self.ensure_one()
        wanted = {number.strip() for number in (self.numbers or "").split(",") if number.strip()}
        if not wanted or self.state != "draft":
            return
        # sudo: the dossiers are what the request asks for; only that a number exists is told
        request = self.sudo()
        found = request.env["customer.archive"].search(
            [("name", "in", list(wanted)), ("company_id", "=", self.company_id.id)]
        )
        if missing := wanted - set(found.mapped("name")):
            raise UserError(
                self.env._(
                    "There are no dossiers with these numbers: %s", ", ".join(sorted(missing))
                )
            )
        request.archive_ids |= found

    def action_revoke(self):
        """End the access at once: the requester, an archivist or the head."""
        return self._transition("revoke")

    def _after_transition(self, transition):
        """EXTENDS request mixin: stamp who ended it."""
        result = super()._after_transition(transition)
        self.env["customer.archive"].invalidate_model(
            ["is_readable", "is_requested", "is_editable"]
        )
        if transition.name == "revoke":
            # sudo: a stamp; the right to revoke was checked by the transition
            self.sudo().write({"revoked_by_id": self.env.uid, "revoked_on": fields.Datetime.now()})
        return result

    # --- what it opens --------------------------------------------------------------------------

    @api.model
    def _archives_requested_domain(self, user):
        """Return the domain of the dossiers that requests in force open to a user."""
        # sudo: the requests of the user, whatever it may see of them
        requests = self.sudo().search(
            [("requested_by_id", "=", user.id), ("state", "=", "approved")]
        )
        domain = Domain.FALSE
        for request in requests.filtered(lambda request: request._is_in_force()):
            company = Domain("company_id", "=", request.company_id.id)
            if request.archive_ids:
                domain |= company & Domain("id", "in", request.archive_ids.ids)
            if request.partner_id or request.class_id:
                wide = company
                if request.partner_id:
                    wide &= Domain("partner_id", "=", request.partner_id.id)
                if request.class_id:
                    wide &= Domain("class_id", "=", request.class_id.id)
                domain |= wide
        return domain
