from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ....engine import archive_custody as engine
from ....engine.transitions import Transition, TransitionTable
from ...common.digest import for_reader
from ...common.facts import without
from ...common.guard import Facts, Kept
from .customer_archive_deed import KINDS

_lt = LazyTranslate(__name__)

CUSTODIAN = "customer_governance.group_deed"

ACTIVITY = "customer_governance.activity_type_deed_handover"

FACTS = frozenset({"receiver_id", "given_on", "checked_on", "received_on", "name"})

LISTED = frozenset({"name", "kind", "deed_number", "owner_name", "quantity", "deed_id", "sequence"})

CHECKER = frozenset({"checker_agrees", "checker_quantity"})

RECEIVER = frozenset({"receiver_agrees", "receiver_quantity"})


class CustomerArchiveDeedHandover(models.Model):
    """Deeds change hands apart from the papers: one gives, one checks, the custodian receives.

    Each of the three is a different person and signs with an own login. Checker and custodian
    compare name and number and count the pieces of every deed; what does not agree is not received.
    """

    _name = "customer.archive.deed.handover"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
        "customer.numbering.mixin",
    ]
    _description = "Deed Handover"
    _order = "id DESC"
    _check_company_auto = True
    _guards = (
        Facts(FACTS, _lt("Participants and times are recorded by the buttons.")),
        Kept(
            frozenset({"giver_id", "checker_id", "archive_id"}),
            _lt("The list has been handed over: people and dossier can no longer be changed."),
        ),
    )

    _transitions = TransitionTable(
        "draft",
        (
            Transition("give", ("draft",), "handed over", "_guard_give"),
            Transition("check", ("handed over",), "checked", "_guard_check"),
            Transition("receive", ("checked",), "received", "_guard_receive", ("group_deed",)),
            Transition("send_back", ("handed over", "checked"), "draft", "_guard_send_back"),
        ),
    )

    name = fields.Char("Number", readonly=True, copy=False)
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
    giver_id = fields.Many2one(
        "res.users",
        "Handed Over By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    checker_id = fields.Many2one(
        "res.users", "B: Checker", required=True, index=True, domain="[('share', '=', False)]"
    )
    receiver_id = fields.Many2one("res.users", "Received By", readonly=True, copy=False)
    given_on = fields.Datetime(readonly=True, copy=False)
    checked_on = fields.Datetime(readonly=True, copy=False)
    received_on = fields.Datetime(readonly=True, copy=False)
    giver_signature = fields.Image(
        "Signature: Handed Over", max_width=1024, max_height=512, copy=False
    )
    checker_signature = fields.Image(
        "Signature: Checked", max_width=1024, max_height=512, copy=False
    )
    receiver_signature = fields.Image(
        "Signature: Received", max_width=1024, max_height=512, copy=False
    )
    state = fields.Selection(
        [
            ("draft", "List"),
            ("handed over", "Handed over: to be checked"),
            ("checked", "Checked: to be received"),
            ("received", "Received"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many(
        "customer.archive.deed.handover.line", "handover_id", "Deeds", copy=True
    )
    difference_count = fields.Integer("Differences", compute="_compute_difference_count")
    note = fields.Text()

    _three_people = models.Constraint(
        "CHECK(giver_id <> checker_id AND (receiver_id IS NULL OR"
        " (receiver_id <> giver_id AND receiver_id <> checker_id)))",
        "A deed handover requires three different people: the person handing over, the "
        "checker and the deed custodian.",
    )

    @api.depends("name", "archive_id")
    def _compute_display_name(self):
        for handover in self:
            # sudo: who takes part knows the dossier
            archive = handover.sudo().archive_id
            handover.display_name = handover.name or self.env._(
                "Deeds of %s", archive.display_name or ""
            )

    @api.depends("line_ids.agrees", "state")
    def _compute_difference_count(self):
        for handover in self:
            handover.difference_count = (
                len(handover.line_ids.filtered(lambda line: not line.agrees))
                if handover.state == "received"
                else 0
            )

    # --- guard --------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Who gives is the caller, unless the custodian writes the list."""
        handovers = super().create(vals_list)
        for handover in handovers:
            if not self.env.su and not self.env.user.has_group(CUSTODIAN):
                handover.archive_id.check_access("read")
                if handover.giver_id != self.env.user:
                    raise AccessError(self.env._("You can hand over only your own deeds."))
        return handovers

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(handover.state != "draft" for handover in self):
            raise UserError(self.env._("A handover that has been submitted cannot be deleted."))

    def _is_signing(self, name):
        """Whether a signature is there where the company asks for one."""
        return bool(self[name]) or not self.company_id.archive_signature_required

    def _party_reasons(self, person, signature):
        reasons = []
        if self.env.user != person:
            reasons.append(self.env._("%s must confirm with their own login", person.name))
        if not self._is_signing(signature):
            reasons.append(self.env._("sign first"))
        return reasons

    def _guard_give(self):
        if not self.line_ids:
            return [self.env._("list the deeds")]
        return self._party_reasons(self.giver_id, "giver_signature")

    def _guard_check(self):
        reasons = self._party_reasons(self.checker_id, "checker_signature")
        return reasons + self.line_ids._missing_words("checker")

    def _guard_receive(self):
        reasons = []
        if self.env.user in (self.giver_id, self.checker_id):
            reasons.append(self.env._("three different people must take part"))
        if not self._is_signing("receiver_signature"):
            reasons.append(self.env._("sign first"))
        return reasons + self.line_ids._missing_words("receiver")

    def _guard_send_back(self):
        user = self.env.user
        if user != self.checker_id and not user.has_group(CUSTODIAN):
            return [self.env._("only the checker or the deed custodian can send it back")]
        return []

    # --- steps --------------------------------------------------------------------------------

    def action_give(self):
        """Give the deeds to the checker."""
        return self._transition("give")

    def action_check(self):
        """Confirm as the checker what was found."""
        return self._transition("check")

    def action_receive(self):
        """Receive as the custodian: deeds that agree are ours from now on."""
        return self._transition("receive")

    def action_send_back(self):
        """Send the list back to the giver; what was counted is void."""
        self._transition("send_back")
        # sudo: the right to send back was checked
        self.sudo().line_ids._clear_counts()
        return True

    def _before_transition(self, transition):
        """EXTENDS transition mixin: stamp who did the step and when."""
        result = super()._before_transition(transition)
        now = fields.Datetime.now()
        # sudo: facts that nobody may write; group, guard and right were checked
        for handover in self.sudo():
            if transition.name == "give":
                number = handover.name or handover._next_number(
                    "customer.archive.deed.handover",
                    "DH{year}-{serial:4}",
                    handover.company_id._customer_today(),
                    handover.company_id,
                )
                handover.write({"given_on": now, "name": number})
            elif transition.name == "check":
                handover.checked_on = now
            elif transition.name == "receive":
                handover.write({"received_on": now, "receiver_id": self.env.uid})
            else:
                handover.write({"given_on": False, "checked_on": False})
        return result

    def _after_transition(self, transition):
        """EXTENDS transition mixin: the deeds that agree become deeds of the dossier."""
        result = super()._after_transition(transition)
        if transition.name == "receive":
            self.line_ids._receive()
        for handover in self:
            handover._tell_next(transition.target)
        return result

    def _tell_next(self, state):
        """Give the next of the three an activity instead of the one before."""
        # sudo: the system asks, and takes back what it asked
        own = self.sudo()
        own.activity_unlink([ACTIVITY])
        if state == "handed over":
            people = own.checker_id
        elif state == "checked":
            people = own._custodians()
        elif state == "draft":
            people = own.giver_id
        else:
            return
        for user in people:
            words = for_reader(own, user)
            _ = words.env._
            summaries = {
                "handed over": _("Check the deeds"),
                "checked": _("Receive the deeds"),
                "draft": _("The deeds were sent back to you"),
            }
            words.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=summaries[state],
                date_deadline=own.company_id._customer_today(),
            )

    def _handed_over(self, passing):
        """Take away the signature of the step: who takes over has not signed."""
        for name, role, state in (
            ("giver_signature", "giver_id", "draft"),
            ("checker_signature", "checker_id", "handed over"),
        ):
            ids = [("id", "in", self.ids), ("state", "=", state), (name, "!=", False)]
            self.search([*ids, (role, "=", passing.receiver.id)]).write({name: False})

    def _custodians(self):
        """Return the deed custodians of the company who can receive: neither giver nor checker."""
        group = self.env.ref("customer_governance.group_deed")
        return self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
                ("id", "not in", (self.giver_id | self.checker_id).ids),
            ]
        )


class CustomerArchiveDeedHandoverLine(models.Model):
    """One deed of a handover, as listed by the giver and found by the two others."""

    _name = "customer.archive.deed.handover.line"
    _inherit = ["customer.guard.mixin"]
    _description = "Deed Handover Line"
    _order = "handover_id, sequence, id"

    handover_id = fields.Many2one(
        "customer.archive.deed.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True, index=True)
    handover_state = fields.Selection(related="handover_id.state", string="Handover Step")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True, default="ownership")
    deed_number = fields.Char("Certificate Number")
    owner_name = fields.Char("Registered Owner")
    quantity = fields.Integer("Pieces", required=True, default=1)
    checker_agrees = fields.Boolean("B: Name and Number Match", copy=False)
    checker_quantity = fields.Integer("B: Pieces", copy=False)
    receiver_agrees = fields.Boolean("Custodian: Name and Number Match", copy=False)
    receiver_quantity = fields.Integer("Custodian: Pieces", copy=False)
    agrees = fields.Boolean("Matches", compute="_compute_agrees", store=True)
    remark = fields.Char("Note on the Difference", copy=False)
    deed_id = fields.Many2one(
        "customer.archive.deed",
        "Deed",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="customer_governance.group_deed,customer_governance.group_auditor",
        help="Already registered; if empty, it becomes a deed of the dossier when it is received.",
    )

    _quantity_valid = models.Constraint(
        "CHECK(quantity > 0)", "A deed must have at least one original."
    )

    @api.depends(
        "quantity", "checker_agrees", "checker_quantity", "receiver_agrees", "receiver_quantity"
    )
    def _compute_agrees(self):
        for line in self:
            line.agrees, _reasons = engine.handover_agrees(
                line.quantity,
                engine.PartyCount(line.checker_agrees, line.checker_quantity),
                engine.PartyCount(line.receiver_agrees, line.receiver_quantity),
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Lines are listed before the deeds are given; counts come later."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, CHECKER | RECEIVER)
        lines = super().create(vals_list)
        lines._check_step(LISTED)
        return lines

    def write(self, vals):
        """Each party writes its own columns, in its own step."""
        self._check_step(vals.keys())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        self._check_step(LISTED)

    def _check_step(self, names):
        """Refuse columns of another party and of another step."""
        if self.env.su:
            return
        user = self.env.user
        for handover in self.handover_id:
            if LISTED & set(names) and handover.state != "draft":
                raise UserError(
                    self.env._(
                        "The deeds have been handed over: the list can no longer be changed."
                    )
                )
            if CHECKER & set(names) and (
                handover.state != "handed over" or user != handover.checker_id
            ):
                raise AccessError(
                    self.env._("Only the checker can enter the results of the check.")
                )
            if RECEIVER & set(names) and (
                handover.state != "checked"
                or user in (handover.giver_id, handover.checker_id)
                or not user.has_group("customer_governance.group_deed")
            ):
                raise AccessError(
                    self.env._("Only the deed custodian can enter what was received.")
                )
            if "remark" in names and handover.state == "received":
                raise UserError(self.env._("The handover is closed."))

    def _missing_words(self, party):
        """Return a reason for each line whose difference has no word."""
        reasons = []
        for line in self.filtered(lambda line: not (line.remark or "").strip()):
            if line[f"{party}_quantity"] != line.quantity:
                reasons.append(
                    self.env._("“%s” differs: enter a note on the difference", line.name)
                )
            elif not line[f"{party}_agrees"]:
                reasons.append(
                    self.env._(
                        "“%s”: tick “Name and Number Match”, or enter a note on the difference",
                        line.name,
                    )
                )
        return reasons

    @api.onchange("checker_agrees", "receiver_agrees")
    def _onchange_agrees(self):
        """What agrees is all there, until somebody counts less."""
        for party in ("checker", "receiver"):
            if self[f"{party}_agrees"] and not self[f"{party}_quantity"]:
                self[f"{party}_quantity"] = self.quantity

    def _clear_counts(self):
        self.write(
            {
                "checker_agrees": False,
                "receiver_agrees": False,
                "checker_quantity": 0,
                "receiver_quantity": 0,
            }
        )

    def _receive(self):
        """Make deeds of the lines that agree, pending until they are in the safe."""
        # sudo: deeds are created by the handover; the custodian has received them
        for line in self.sudo().filtered("agrees"):
            if not line.deed_id:
                line.deed_id = line.deed_id.create(
                    {
                        "archive_id": line.handover_id.archive_id.id,
                        "name": line.name,
                        "kind": line.kind,
                        "deed_number": line.deed_number,
                        "owner_name": line.owner_name,
                        "quantity": line.quantity,
                    }
                )
            line.deed_id.write(
                {"handover_id": line.handover_id.id, "received_on": line.handover_id.received_on}
            )
