from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine import archive_custody as engine
from ...engine.transitions import Transition, TransitionTable
from ..common.facts import without

DEED = ("group_deed",)
KINDS = [
    ("ownership", "Certificate of ownership"),
    ("other_right", "Certificate of another right"),
    ("pledge", "Registration of a pledge or mortgage"),
    ("guarantee", "Letter of guarantee"),
    ("security_paper", "Security, bill or deposit receipt"),
    ("other", "Other"),
]
# Where the deed is when it secures what the customer owes: lent, it is out of our hands.
SECURING = ("in_safe",)
# Recorded by handover and moves, never typed.
FACTS = frozenset(
    {"location_id", "serial", "handover_id", "received_on", "returned_on", "returned_to"}
)
VALUE_FIELDS = frozenset(
    {"valuation", "currency_id", "rate", "valuation_date", "date_until", "active"}
)


class CustomerArchiveDeed(models.Model):
    """An original that proves ownership or a pledge: handled like cash.

    It comes by an own handover of three parties, lies in a safe that takes two different people to
    open, and goes back to the customer only when what the customer owes stays covered.
    """

    _name = "customer.archive.deed"
    _inherit = ["mail.thread", "mail.activity.mixin", "customer.transition.mixin"]
    _description = "Deed"
    _order = "archive_id DESC, serial, id"
    _rec_names_search = ["number", "name", "deed_number", "owner_name"]
    _check_company_auto = True

    _transitions = TransitionTable(
        "pending",
        (
            Transition("store", ("pending", "lent", "missing"), "in_safe", "_guard_store", DEED),
            Transition("lend", ("in_safe",), "lent", "", DEED),
            Transition("give_back", ("in_safe",), "returned", "_guard_give_back", DEED),
            Transition("miss", ("in_safe", "lent"), "missing", "", DEED),
        ),
    )

    archive_id = fields.Many2one(
        "customer.archive", "Dossier", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="archive_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="archive_id.partner_id",
        string="Customer",
        store=True,
        index=True,
        precompute=True,
    )
    serial = fields.Integer(readonly=True, copy=False, help="Position among the dossier's deeds.")
    number = fields.Char(
        compute="_compute_number", store=True, index=True, help="The dossier's number and a serial."
    )
    name = fields.Char(required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="ownership", tracking=True)
    deed_number = fields.Char(
        "Number of the Authority", tracking=True, help="As printed on the deed."
    )
    authority = fields.Char("Issued By")
    owner_name = fields.Char("Owner on the Deed", tracking=True, help="As printed on the deed.")
    quantity = fields.Integer(
        "Pieces", required=True, default=1, tracking=True, help="How many originals there are."
    )
    date_issued = fields.Date("Issued On")
    date_until = fields.Date(
        "Valid Until", tracking=True, help="After this day it secures nothing."
    )
    state = fields.Selection(
        [
            ("pending", "Not in the safe yet"),
            ("in_safe", "In the safe"),
            ("lent", "Lent"),
            ("returned", "Returned to the customer"),
            ("missing", "Missing"),
        ],
        required=True,
        default="pending",
        index=True,
        tracking=True,
        copy=False,
    )
    active = fields.Boolean(default=True)
    location_id = fields.Many2one(
        "customer.archive.location",
        "Safe",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Its home: it stays reserved while the deed is lent.",
    )
    handover_id = fields.Many2one(
        "customer.archive.deed.handover", "Received With", readonly=True, copy=False, index=True
    )
    received_on = fields.Datetime(readonly=True, copy=False)
    returned_on = fields.Datetime("Given Back On", readonly=True, copy=False)
    returned_to = fields.Char("Returned To", readonly=True, copy=False)
    move_ids = fields.One2many("customer.archive.deed.move", "deed_id", "In and Out of the Safe")
    open_move_id = fields.Many2one(
        "customer.archive.deed.move", "Waits for the Witness", compute="_compute_open_move_id"
    )
    valuation = fields.Monetary("Appraised Value", tracking=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    valuation_date = fields.Date("Valued On", tracking=True)
    rate = fields.Float(
        "Counts For (%)",
        default=70.0,
        digits=(16, 2),
        tracking=True,
        help="Share of the value that secures what the customer owes.",
    )
    secured_amount = fields.Monetary("Secures", compute="_compute_secured", store=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    secured_company_amount = fields.Monetary(
        "Secures (company currency)",
        compute="_compute_secured",
        store=True,
        currency_field="company_currency_id",
        help="At the exchange rate of the day of the valuation.",
    )
    note = fields.Text()

    _serial_uniq = models.UniqueIndex(
        "(archive_id, serial) WHERE serial > 0", "The dossier has a deed with this serial."
    )
    _quantity_valid = models.Constraint("CHECK(quantity > 0)", "A deed has at least one original.")
    _rate_valid = models.Constraint(
        "CHECK(rate BETWEEN 0 AND 100)", "A deed counts for 0 to 100 % of its value."
    )
    _valuation_valid = models.Constraint("CHECK(valuation >= 0)", "A value cannot be below 0.")

    # --- what it shows ------------------------------------------------------------------------

    @api.depends("archive_id.name", "serial")
    def _compute_number(self):
        for deed in self:
            number = deed.sudo().archive_id.name  # sudo: the number is part of the deed's
            deed.number = f"{number}-D{deed.serial:02d}" if number and deed.serial else False

    @api.depends("number", "name")
    def _compute_display_name(self):
        for deed in self:
            deed.display_name = " ".join(filter(None, (deed.number, deed.name)))

    @api.depends("move_ids.state")
    def _compute_open_move_id(self):
        moves = (
            self.env["customer.archive.deed.move"]
            .search([("deed_id", "in", self._origin.ids), ("state", "=", "waiting")])
            .grouped("deed_id")
        )
        for deed in self:
            deed.open_move_id = moves.get(deed._origin, False)

    @api.depends("valuation", "rate", "currency_id", "valuation_date", "company_id")
    def _compute_secured(self):
        for deed in self:
            currency = deed.currency_id
            quantum = Decimal(1).scaleb(-currency.decimal_places) if currency else Decimal("0.01")
            amount = engine.secured(
                Decimal(f"{deed.valuation or 0:.6f}"), Decimal(f"{deed.rate or 0:.2f}"), quantum
            )
            deed.secured_amount = float(amount)
            own = deed.company_id.currency_id
            day = deed.valuation_date or fields.Date.context_today(deed)
            deed.secured_company_amount = (
                currency._convert(float(amount), own, deed.company_id, day)
                if currency and own
                else float(amount)
            )

    @api.constrains("location_id")
    def _check_safe(self):
        for deed in self:
            if deed.location_id and not deed.location_id.is_safe:
                raise ValidationError(
                    self.env._(
                        "“%s” is no safe: deeds are kept in a safe.",
                        deed.location_id.complete_name,
                    )
                )

    # --- guard --------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Deeds are numbered within their dossier; where they are is recorded by the moves."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, FACTS)
        deeds = super().create(vals_list)
        # sudo: the serial counts deeds of all, also of archived ones
        for archive, group in deeds.sudo().grouped("archive_id").items():
            archive.lock_for_update(allow_referencing=True)
            last = max(archive.with_context(active_test=False).deed_ids.mapped("serial"), default=0)
            for position, deed in enumerate(group.sorted("id"), start=1):
                deed.serial = last + position
        return deeds

    def write(self, vals):
        """Facts come from handover and moves; a new value is looked at by credit control's check."""
        if not self.env.su and not FACTS.isdisjoint(vals):
            raise AccessError(
                self.env._(
                    "Where a deed is, is recorded when it is put into or taken out of the safe."
                )
            )
        frozen = {"archive_id", "quantity", "deed_number", "name", "kind"} & vals.keys()
        if frozen and not self.env.su and any(deed.handover_id for deed in self):
            raise UserError(
                self.env._(
                    "Name, number and quantity were checked by three people and stay as they are."
                )
            )
        result = super().write(vals)
        if not VALUE_FIELDS.isdisjoint(vals):
            self._security_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_received(self):
        if any(deed.state != "pending" or deed.handover_id for deed in self):
            raise UserError(self.env._("A deed that was received stays on record."))

    # --- transitions, made by moves (customer_archive_deed_move.py) ---------------------------

    def _guard_store(self):
        if not self.handover_id:
            return [
                self.env._(
                    "its handover is not complete: name, number and quantity are checked by three parties first"
                )
            ]
        return []

    def _guard_give_back(self):
        """Return why the customer cannot have it: what is owed has to stay covered."""
        allowed, reasons = self._return_decision()
        return [] if allowed else [self._return_text(reason) for reason in reasons]

    def _return_decision(self):
        """Return ``(allowed, reasons)`` of engine.archive_custody.may_return, of this moment."""
        self.ensure_one()
        # sudo: the custodian need not be able to read what the customer owes; the answer is told
        customer = self.sudo().partner_id.with_company(self.company_id)
        standing = customer._credit_standings(self.company_id).get(customer.id)
        if standing is None:
            return True, ()
        held = Decimal(f"{self.secured_company_amount:.6f}") if self._is_security() else Decimal(0)
        exposure = engine.Exposure(
            used=standing.used,
            limit=standing.limit,
            unlimited=standing.unlimited,
            securities=standing.secured,
            is_blocked=standing.is_blocked,
        )
        return engine.may_return(exposure, held)

    def _return_text(self, reason):
        """Put a reason into the words of the user."""
        values = dict(reason.params)
        money = self.company_id.currency_id.format
        if reason.code == "blocked":
            return self.env._(
                "the customer is on credit hold and owes %s", money(float(values["used"]))
            )
        return self.env._(
            "the customer owes %(used)s; the limit of %(limit)s and the deeds that remain (%(remaining)s)"
            " do not cover %(missing)s of it. It can go back once that is paid or otherwise secured",
            used=money(float(values["used"])),
            limit=money(float(values["limit"])),
            remaining=money(float(values["remaining"])),
            missing=money(float(values["missing"])),
        )

    def _is_security(self):
        self.ensure_one()
        today = self.company_id._customer_today()
        return (
            self.active
            and self.state in SECURING
            and (not self.date_until or self.date_until >= today)
        )

    def _after_transition(self, transition):
        """EXTENDS transition mixin: what secures the customer changed."""
        result = super()._after_transition(transition)
        self._security_changed()
        return result

    def _security_changed(self):
        """Let credit control's check look at the customers again."""
        # sudo: the custodian has no right on orders; they are only looked at again
        for company, deeds in self.sudo().grouped("company_id").items():
            deeds.partner_id.with_company(company)._credit_changed(company)

    # --- buttons ------------------------------------------------------------------------------

    def _plan_move(self, direction, purpose):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put into the Safe")
            if direction == "in"
            else self.env._("Take out of the Safe"),
            "res_model": "customer.archive.deed.move",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_deed_id": self.id,
                "default_direction": direction,
                "default_purpose": purpose,
                "default_location_id": self.location_id.id,
            },
        }

    def action_store(self):
        """Open the dialog that puts the deed into a safe."""
        return self._plan_move("in", "keep")

    def action_give_back(self):
        """Open the dialog that gives the deed back to the customer, after a look at the exposure."""
        self.ensure_one()
        self._check_transition("give_back")
        return self._plan_move("out", "customer")

    def action_miss(self):
        """Record that the deed cannot be found."""
        self._transition("miss")
        for deed in self:
            deed._tell_missing()
        return True

    def _tell_missing(self):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Deed missing: report the loss, have it declared void and replaced"),
            user_id=self.env.uid,
        )
