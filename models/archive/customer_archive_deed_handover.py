from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.transitions import Transition, TransitionTable
from ..common.facts import without

CUSTODIAN = "customer_governance.group_deed"
FACTS = frozenset({"receiver_id", "given_on", "checked_on", "received_on", "name"})


class CustomerArchiveDeedHandover(models.Model):
    """Deeds change hands apart from the papers: one gives, one checks, the custodian receives.

    Each of the three is a different person and signs with an own login. Checker and custodian
    compare name and number and count the pieces of every deed; what does not agree is not received.
    """

    _name = "customer.archive.deed.handover"
    _inherit = ["mail.thread", "customer.transition.mixin", "customer.numbering.mixin"]
    _description = "Handover of Deeds"
    _order = "id DESC"
    _check_company_auto = True

    _transitions = TransitionTable(
        "draft",
        (
            Transition("give", ("draft",), "given", "_guard_give"),
            Transition("check", ("given",), "checked", "_guard_check"),
            Transition("receive", ("checked",), "received", "_guard_receive", ("group_deed",)),
            Transition("send_back", ("given", "checked"), "draft", "_guard_send_back"),
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
        "Given By",
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
    giver_signature = fields.Image("Signature: Given", max_width=1024, max_height=512, copy=False)
    checker_signature = fields.Image(
        "Signature: Checked", max_width=1024, max_height=512, copy=False
    )
    receiver_signature = fields.Image(
        "Signature: Received", max_width=1024, max_height=512, copy=False
    )
    state = fields.Selection(
        [
            ("draft", "List"),
            ("given", "Given: to check"),
            ("checked", "Checked: to receive"),
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
        "A handover of deeds takes three different people: giver, checker and deed custodian.",
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
        if not self.env.su:
            self, vals_list = without(self, vals_list, FACTS)
        handovers = super().create(vals_list)
        for handover in handovers:
            if not self.env.su and not self.env.user.has_group(CUSTODIAN):
                handover.archive_id.check_access("read")
                if handover.giver_id != self.env.user:
                    raise AccessError(self.env._("You hand over your own deeds only."))
        return handovers

    def write(self, vals):
        """People and times are recorded by the buttons, people stay once the list was given."""
        if not self.env.su:
            if not FACTS.isdisjoint(vals):
                raise AccessError(self.env._("Who took part and when is recorded by the buttons."))
            if {"giver_id", "checker_id", "archive_id"} & vals.keys() and any(
                handover.state != "draft" for handover in self
            ):
                raise UserError(self.env._("The list was given: people and dossier stay."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(handover.state != "draft" for handover in self):
            raise UserError(self.env._("A handover that was given stays on record."))

    def _is_signing(self, name):
        """Whether a signature is there where the company asks for one."""
        return bool(self[name]) or not self.company_id.archive_signature_required

    def _party_reasons(self, person, signature):
        reasons = []
        if self.env.user != person:
            reasons.append(self.env._("%s has to confirm with an own login", person.name))
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
            reasons.append(self.env._("three different people take part"))
        if not self._is_signing("receiver_signature"):
            reasons.append(self.env._("sign first"))
        return reasons + self.line_ids._missing_words("receiver")

    def _guard_send_back(self):
        user = self.env.user
        if user != self.checker_id and not user.has_group(CUSTODIAN):
            return [self.env._("the checker or the deed custodian sends back")]
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
        return result
