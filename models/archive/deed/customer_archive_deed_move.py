from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ....engine.transitions import Transition, TransitionTable
from ....queries import credit_exposure
from ...common.digest import for_reader, in_house
from ...common.guard import Facts, Kept

_lt = LazyTranslate(__name__)

CUSTODIAN = "customer_governance.group_deed"

# Recorded by the buttons.
FACTS = frozenset(
    {"custodian_id", "witness_id", "witness_quantity", "confirmed_on", "loan_line_id"}
)

# What the witness was asked about.
ASKED = frozenset({"deed_id", "direction", "purpose", "location_id", "quantity", "asked_id"})


class CustomerArchiveDeedMove(models.Model):
    """A deed goes into or out of the safe: the custodian asks, a second person confirms.

    Both log in themselves: nobody types the name of the other. Until the witness has confirmed
    nothing has moved.
    """

    _name = "customer.archive.deed.move"
    _inherit = [
        "customer.confidential.mixin",
        "customer.transition.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Safe Movement"
    _order = "id DESC"
    _check_company_auto = True
    _guards = (
        Facts(FACTS, _lt("Custodian and witness must confirm with their own logins.")),
        Kept(
            ASKED | {"received_by", "signature"},
            _lt("This entry is closed and can no longer be changed."),
            states=("waiting",),
        ),
    )

    _transitions = TransitionTable(
        "waiting",
        (
            Transition("confirm", ("waiting",), "done", "_guard_confirm"),
            Transition("cancel", ("waiting",), "cancelled"),
        ),
    )

    deed_id = fields.Many2one(
        "customer.archive.deed", "Deed", required=True, index=True, ondelete="restrict"
    )
    deed_name = fields.Char(
        "Name of the Deed", compute="_compute_deed_name", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="deed_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="deed_id.partner_id", string="Customer", store=True, index=True, precompute=True
    )
    direction = fields.Selection(
        [("in", "Into the safe"), ("out", "Out of the safe")], required=True
    )
    purpose = fields.Selection(
        [
            ("keep", "Keep"),
            ("loan", "Loan"),
            ("loan_back", "Return from loan"),
            ("customer", "Return to the customer"),
            ("rearrange", "Other safe"),
        ],
        required=True,
        default="keep",
    )
    location_id = fields.Many2one(
        "customer.archive.location",
        "Safe",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_safe', '=', True)]",
    )
    quantity = fields.Integer(
        "Pieces", required=True, help="Counted by the custodian; the witness counts again."
    )
    state = fields.Selection(
        [("waiting", "Waiting for witness"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="waiting",
        index=True,
        copy=False,
    )
    custodian_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    asked_id = fields.Many2one(
        "res.users",
        "Asked as Witness",
        index="btree_not_null",
        domain="[('share', '=', False), ('id', '!=', custodian_id)]",
        help="The user who sees and confirms this entry. If empty, another deed custodian "
        "confirms it.",
    )
    witness_id = fields.Many2one("res.users", "Witness", readonly=True, copy=False)
    witness_quantity = fields.Integer(
        "Witness Count",
        readonly=True,
        copy=False,
        help="The witness also counts the pieces without seeing the first count.",
    )
    is_mine_to_witness = fields.Boolean(compute="_compute_is_mine_to_witness")
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    loan_line_id = fields.Many2one(
        "customer.archive.loan.line", "Loan", readonly=True, copy=False, index="btree_not_null"
    )
    received_by = fields.Char("Received By", help="Person who took it on behalf of the customer.")
    signature = fields.Image("Signature", max_width=1024, max_height=512, copy=False)
    note = fields.Char()
    exposure_note = fields.Char(
        "Exposure", compute="_compute_exposure_note", help="Whether the deed can be returned now."
    )

    _open_uniq = models.UniqueIndex(
        "(deed_id) WHERE state = 'waiting'", "This deed is already waiting for a witness."
    )
    _two_people = models.Constraint(
        "CHECK(state <> 'done' OR (witness_id IS NOT NULL AND witness_id <> custodian_id))",
        "Two different people are required at the safe: the witness must not be the custodian.",
    )
    _quantity_valid = models.Constraint("CHECK(quantity > 0)", "Count the pieces.")

    @api.depends("state", "custodian_id", "asked_id")
    @api.depends_context("uid")
    def _compute_is_mine_to_witness(self):
        user = self.env.user
        custodian = user.has_group(CUSTODIAN)
        for move in self:
            asked = move.asked_id == user or (custodian and not move.asked_id)
            move.is_mine_to_witness = (
                move.state == "waiting" and asked and move.custodian_id != user
            )

    @api.depends("deed_id.number", "deed_id.name")
    def _compute_deed_name(self):
        for move in self:
            move.deed_name = (
                move.sudo().deed_id.display_name
            )  # sudo: the witness sees the name only

    @api.depends("deed_name", "direction")
    def _compute_display_name(self):
        words = dict(self._fields["direction"]._description_selection(self.env))
        for move in self:
            move.display_name = f"{move.deed_name or ''}: {words.get(move.direction, '')}"

    @api.depends("deed_id", "purpose")
    def _compute_exposure_note(self):
        for move in self:
            move.exposure_note = False
            if move.purpose == "customer" and move.deed_id and move.state == "waiting":
                # sudo: a witness may not read the deed
                reasons = move.sudo().deed_id._guard_give_back()
                move.exposure_note = "; ".join(reasons) or self.env._(
                    "The customer's debt remains covered without this deed."
                )

    @api.onchange("deed_id")
    def _onchange_deed_id(self):
        self.quantity = self.deed_id.quantity_there
        self.location_id = self.location_id or self.deed_id.location_id

    @api.constrains("location_id")
    def _check_safe(self):
        for move in self:
            if not move.location_id.is_safe:
                raise ValidationError(
                    self.env._("“%s” is not a safe.", move.location_id.complete_name)
                )
            if move.direction == "in" and not move.location_id.active:
                raise ValidationError(
                    self.env._(
                        "“%s” is no longer in use. Choose another location.",
                        move.location_id.complete_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """The custodian is who asks; what it needs is checked before the witness is troubled."""
        moves = super().create(
            [
                {"quantity": self._customer_named(vals, "deed_id").quantity_there, **vals}
                for vals in vals_list
            ]
        )
        for move in moves:
            if not self.env.su and not self.env.user.has_group(CUSTODIAN):
                raise AccessError(self.env._("Safes can be opened only by the deed custodian."))
            reasons = move._problems()
            if reasons:
                raise UserError("\n".join(reasons))
            if move.asked_id:
                move._ask_witness()
        return moves

    def write(self, vals):
        """What the witness was asked about stays."""
        open_moves = self.filtered(lambda move: move.state == "waiting" and move.asked_id)
        if not self.env.su and ASKED & vals.keys() and open_moves:
            raise UserError(
                self.env._(
                    "The witness was asked about this location and these pieces. Cancel "
                    "the entry and create a new one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        raise UserError(
            self.env._("Entries of the safe register cannot be deleted: cancel the entry.")
        )

    def _ask_witness(self):
        # sudo: the witness has no right on the entry but to confirm it
        words = for_reader(self.sudo(), self.asked_id)
        words.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=words.env._("Witness at the safe: count and confirm"),
            user_id=self.asked_id.id,
        )

    # --- confirming ---------------------------------------------------------------------------

    def _deed_transition(self):
        """Return the transition of the deed that this entry makes; empty for none."""
        if self.direction == "in":
            return "" if self.purpose == "rearrange" else "store"
        return "give_back" if self.purpose == "customer" else "lend"

    def _problems(self):
        """Return why the deed cannot move now."""
        self.ensure_one()
        deed = self.sudo().deed_id  # sudo: rules hold also for a witness who cannot read the deed
        problems = []
        if self.direction == "in" and self.purpose == "customer":
            problems.append(
                self.env._(
                    "A deed is returned to its owner from the safe and cannot be put into it "
                    "for this purpose."
                )
            )
        if self.quantity != deed.quantity_there:
            problems.append(
                self.env._(
                    "“%(deed)s” has %(right)s pieces, not %(found)s. Find the others before "
                    "it is moved.",
                    deed=deed.display_name,
                    right=deed.quantity_there,
                    found=self.quantity,
                )
            )
        name = self._deed_transition()
        if self.purpose == "rearrange":
            if deed.state != "in_safe":
                problems.append(self.env._("“%s” is not in a safe.", deed.display_name))
        elif deed.state not in deed._transitions.get(name).sources:
            state = dict(deed._fields["state"]._description_selection(self.env))[deed.state]
            problems.append(
                self.env._(
                    "“%(deed)s” has the status “%(state)s”.", deed=deed.display_name, state=state
                )
            )
        elif name == "store":
            problems += deed._guard_store()
        elif name == "give_back":
            problems += deed._guard_give_back()
            if not (self.received_by or "").strip():
                problems.append(self.env._("Enter who receives it on behalf of the customer."))
        if name == "lend" and not self.sudo().loan_line_id:
            problems.append(
                self.env._("Deeds are taken out for an approved loan: use the button of the loan.")
            )
        if self.direction == "out" and deed.location_id and self.location_id != deed.location_id:
            problems.append(self.env._("It is stored in “%s”.", deed.location_id.complete_name))
        return problems

    def _guard_confirm(self):
        """Return why this user cannot confirm: two different people, both present."""
        user, reasons = self.env.user, []
        if user == self.custodian_id:
            reasons.append(
                self.env._(
                    "two different people are required at the safe: the witness must confirm "
                    "with their own login"
                )
            )
        elif self.asked_id and user != self.asked_id:
            reasons.append(self.env._("%s was asked as witness", self.asked_id.name))
        elif not self.asked_id and not user.has_group(CUSTODIAN):
            reasons.append(self.env._("the custodian must first ask the witness"))
        return [*reasons, *self._problems()]

    def action_witness(self):
        """Open the dialog in which the witness counts and confirms."""
        self.ensure_one()
        self._check_witness_access()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count as Witness"),
            "res_model": "customer.archive.witness",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def action_confirm(self, quantity=0):
        """Confirm as the witness: the deed moves.

        :param quantity: pieces the witness counted, without being told what the custodian counted
        """
        self._check_witness_access()
        for move in self:
            if not isinstance(quantity, int) or quantity <= 0:
                raise UserError(self.env._("Count the pieces and enter the number found."))
            if quantity != move.quantity:
                raise UserError(
                    self.env._(
                        "Your count differs from that of the custodian. Count again together "
                        "before anything is moved."
                    )
                )
            # sudo: a witness has no right on safe and deed but this one
            move.sudo()._lock_customer()
            move.sudo()._transition(
                "confirm",
                {
                    "witness_id": self.env.uid,
                    "witness_quantity": quantity,
                    "confirmed_on": fields.Datetime.now(),
                },
            )
            move.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _check_witness_access(self):
        """Only people who see the entry as witness or custodian go on; the guard says the rest."""
        self.check_access("read")
        user = self.env.user
        for move in self:
            if move.asked_id != user and not user.has_group(CUSTODIAN):
                raise AccessError(self.env._("You have not been asked to be the witness."))

    def _lock_customer(self):
        """Take the customer's turn: an order that is judged at the same moment waits or repeats."""
        if self.purpose == "customer":
            self.env.cr.execute(
                credit_exposure.take_turn(self.company_id.id, (self.partner_id.id,))
            )

    def _after_transition(self, transition):
        """EXTENDS transition mixin: move the deed."""
        result = super()._after_transition(transition)
        if transition.name == "confirm":
            for move in self:
                move._move_deed()
        return result

    def _move_deed(self):
        # sudo: custodian and witness have confirmed
        deed = self.sudo().deed_id
        name = self._deed_transition()
        if name:
            deed._transition(name)
        if self.direction == "in":
            deed.location_id = self.location_id
            self.location_id._check_room()
        if self.purpose == "customer":
            deed.write(
                {
                    "returned_on": fields.Datetime.now(),
                    "returned_to": self.received_by,
                    "location_id": False,
                }
            )
        deed.message_post(
            body=in_house(self).env._(
                "%(what)s (%(safe)s): %(custodian)s, witness %(witness)s",
                what=dict(self._fields["direction"]._description_selection(in_house(self).env))[
                    self.direction
                ],
                safe=self.location_id.complete_name,
                custodian=self.custodian_id.name,
                witness=self.witness_id.name,
            )
        )

    def action_cancel(self):
        """Withdraw the entry: nothing has moved."""
        self._transition("cancel")
        # sudo: the question to the witness goes with it
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True
