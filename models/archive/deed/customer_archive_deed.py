from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ....engine import archive_custody as engine
from ....engine.transitions import Transition, TransitionTable
from ...common.facts import refuse_future
from ...common.guard import Facts
from ...common.locks import wait_for_lock

_lt = LazyTranslate(__name__)

DEED = ("group_deed",)

KINDS = [
    ("ownership", "Certificate of ownership"),
    ("other_right", "Certificate of third-party right"),
    ("pledge", "Pledge or mortgage registration"),
    ("guarantee", "Letter of guarantee"),
    ("security_paper", "Security, bill or certificate of deposit"),
    ("other", "Other"),
]

# Where the deed is when it secures what the customer owes: lent, it is out of our hands.
SECURING = ("in_safe",)

# Recorded by handover and moves, never typed.
FACTS = frozenset(
    {
        "location_id",
        "serial",
        "handover_id",
        "received_on",
        "returned_on",
        "returned_to",
        "quantity_missing",
    }
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
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
    ]
    _description = "Deed"
    # custodians read deeds and no dossiers; the rule asks for the company
    _guard_unread = ("archive_id",)
    _order = "archive_id DESC, serial, id"
    _rec_names_search = ["number", "name", "deed_number", "owner_name"]
    _check_company_auto = True
    _guards = (
        Facts(
            FACTS,
            _lt("The location of a deed is recorded when it is put into or taken out of the safe."),
        ),
    )

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
    serial = fields.Integer(
        readonly=True, copy=False, help="Position among the deeds of the dossier."
    )
    number = fields.Char(
        compute="_compute_number",
        store=True,
        index=True,
        help="The dossier number and a serial number.",
    )
    name = fields.Char(required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="ownership", tracking=True)
    deed_number = fields.Char("Certificate Number", tracking=True, help="As printed on the deed.")
    authority = fields.Char("Issued By")
    owner_name = fields.Char("Registered Owner", tracking=True, help="As printed on the deed.")
    quantity = fields.Integer(
        "Pieces", required=True, default=1, tracking=True, help="Number of originals."
    )
    date_issued = fields.Date("Issued On")
    date_until = fields.Date(
        "Valid Until", tracking=True, help="After this day, the deed provides no security."
    )
    state = fields.Selection(
        [
            ("pending", "Not yet in the safe"),
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
        help="Home location: it stays reserved while the deed is on loan.",
    )
    handover_id = fields.Many2one(
        "customer.archive.deed.handover", "Received With", readonly=True, copy=False, index=True
    )
    received_on = fields.Datetime(readonly=True, copy=False)
    returned_on = fields.Datetime("Returned On", readonly=True, copy=False)
    returned_to = fields.Char("Returned To", readonly=True, copy=False)
    move_ids = fields.One2many("customer.archive.deed.move", "deed_id", "Safe Movements")
    open_move_id = fields.Many2one(
        "customer.archive.deed.move", "Waiting for Witness", compute="_compute_open_move_id"
    )
    valuation = fields.Monetary("Appraised Value", tracking=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    valuation_date = fields.Date("Valued On", tracking=True)
    rate = fields.Float(
        "Security Rate (%)",
        default=70.0,
        digits=(16, 2),
        tracking=True,
        help="Percentage of the value that secures the customer's debt.",
    )
    secured_amount = fields.Monetary("Secured Amount", compute="_compute_secured", store=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    secured_company_amount = fields.Monetary(
        "Secured Amount (company currency)",
        compute="_compute_secured",
        store=True,
        currency_field="company_currency_id",
        help="At the exchange rate on the valuation date.",
    )
    note = fields.Text()

    _serial_uniq = models.UniqueIndex(
        "(archive_id, serial) WHERE serial > 0",
        "The dossier already has a deed with this serial number.",
    )
    _quantity_valid = models.Constraint(
        "CHECK(quantity > 0)", "A deed must have at least one original."
    )
    _rate_valid = models.Constraint(
        "CHECK(rate BETWEEN 0 AND 100)", "The security rate of a deed must be between 0 and 100 %."
    )
    _valuation_valid = models.Constraint("CHECK(valuation >= 0)", "A value cannot be negative.")

    # --- pieces of a deed that did not come back
    quantity_missing = fields.Integer(
        "Pieces Missing",
        readonly=True,
        copy=False,
        help="Pieces not returned from a loan. Loan slips, safe and inventory expect fewer "
        "pieces accordingly until this is resolved.",
    )
    quantity_there = fields.Integer(
        "Available Pieces", compute="_compute_quantity_there", store=True
    )

    # --- what it shows ------------------------------------------------------------------------
    @api.constrains("date_issued", "valuation_date")
    def _check_not_future(self):
        refuse_future(
            self,
            (
                "date_issued",
                "valuation_date",
            ),
        )

    @api.depends("archive_id.name", "archive_id.number_reserved", "serial")
    def _compute_number(self):
        """Number deeds like their dossier; a number once given is on a label and stays."""
        for deed in self:
            archive = deed.sudo().archive_id  # sudo: the number is part of the deed's
            number = archive.name or archive.number_reserved
            plain = deed.serial == 1 and not archive.class_id.deed_suffix
            long = number and deed.serial and f"{number}-D{deed.serial:02d}"
            if not long:
                deed.number = False
            elif deed.number in (number, long):
                deed.number = deed.number
            else:
                deed.number = number if plain else long

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
            day = deed.valuation_date or (deed.company_id or self.env.company)._customer_today()
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
                        "“%s” is not a safe: deeds must be kept in a safe.",
                        deed.location_id.complete_name,
                    )
                )

    # --- guard --------------------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Deeds are numbered within their dossier; where they are is recorded by the moves."""
        deeds = super().create(vals_list)
        # sudo: the serial counts deeds of all, also of archived ones
        for archive, group in deeds.sudo().grouped("archive_id").items():
            wait_for_lock(archive)
            last = max(archive.with_context(active_test=False).deed_ids.mapped("serial"), default=0)
            for position, deed in enumerate(group.sorted("id"), start=1):
                deed.serial = last + position
        return deeds

    def write(self, vals):
        """What three people checked stays; a new value is looked at by credit control's check."""
        frozen = {"archive_id", "quantity", "deed_number", "name", "kind"} & vals.keys()
        if frozen and not self.env.su and any(deed.handover_id for deed in self):
            raise UserError(
                self.env._(
                    "Name, number and quantity were checked by three people and cannot be changed."
                )
            )
        result = super().write(vals)
        if vals.get("handover_id"):
            self.archive_id._reserve_number()
        if not VALUE_FIELDS.isdisjoint(vals):
            self._security_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_received(self):
        if any(deed.state != "pending" or deed.handover_id for deed in self):
            raise UserError(self.env._("A received deed cannot be deleted."))

    # --- transitions, made by moves (customer_archive_deed_move.py) ---------------------------
    def _guard_store(self):
        if not self.handover_id:
            return [
                self.env._(
                    "its handover is not complete: name, number and quantity must first be "
                    "checked by three parties"
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
            "the customer owes %(used)s; the limit of %(limit)s and the remaining deeds "
            "(%(remaining)s) leave %(missing)s uncovered. The deed can be returned once "
            "this amount is paid or otherwise secured",
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
        if transition.name == "give_back":
            self.env["customer.archive.inventory.line"]._take_off(
                [("deed_id", "in", self.ids)], self.env._("returned to the customer")
            )
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
            "name": self.env._("Put into Safe")
            if direction == "in"
            else self.env._("Take out of Safe"),
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

    # --- pieces of a deed that did not come back
    @api.depends("quantity", "quantity_missing")
    def _compute_quantity_there(self):
        for deed in self:
            deed.quantity_there = max(deed.quantity - deed.quantity_missing, 0)

    def _lose_pages(self, pieces):
        """Record that so many pieces more are missing (negative: turned up)."""
        self.ensure_one()
        # sudo: follows from what was counted at the desk, whose right was checked
        own = self.sudo()
        own.quantity_missing = min(max(own.quantity_missing + pieces, 0), own.quantity)

    def _missing_now(self):
        return self.quantity_missing

    def _turn_up(self, pieces):
        """Record that pieces were found; into the safe they come with a witness who counts all."""
        self.ensure_one()
        self._lose_pages(-pieces)
        if self.state == "in_safe" and not self.open_move_id:
            self.env["customer.archive.deed.move"].create(
                {
                    "deed_id": self.id,
                    "direction": "in",
                    "purpose": "rearrange",
                    "location_id": self.location_id.id,
                }
            )

    def action_clear_up(self):
        """Open the dialog that clears up missing pieces."""
        self.ensure_one()
        self.check_access("write")
        return self.env["customer.archive"]._clear_up_dialog(deed_id=self.id)
