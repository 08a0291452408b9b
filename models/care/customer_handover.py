from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import handover as engine
from ...engine.transitions import Transition, TransitionTable
from ...queries import handover as queries
from ..common.customer_reach_mixin import able
from ..common.guard import Facts, Settled

HEAD = "customer_governance.group_manager"

# The kind that says whose customer it is: what comes later goes with it.
CUSTOMER = "customer"

FACTS = frozenset(
    {
        "name",
        "proposed_on",
        "accepted_on",
        "executed_on",
        "executed_by_id",
        "returned_on",
        "giver_signature",
    }
)

# What was agreed: of a temporary handover the last day can still be moved.
AGREED = frozenset(
    {
        "giver_id",
        "company_id",
        "scope",
        "partner_ids",
        "duration",
        "reason",
        "receiver_ids",
        "kind_ids",
        "inform_customers",
    }
)

# The last day of a temporary one can be moved until it is over.
SETTLED = dict.fromkeys(("proposed", "disputed", "accepted", "executed"), AGREED) | dict.fromkeys(
    ("returned", "cancelled"), AGREED | {"date_until", "date_from"}
)


class CustomerHandover(models.Model):
    """Customers of a user, with all he holds, go to one or several others: for good or for a time.

    What a user holds each domain says in `res.users._customer_holdings`. It is listed record by record
    (`customer.handover.item`), the receivers accept or refuse, the leader decides about what was refused,
    and then all of it changes hands in one transaction, or nothing does.
    """

    _name = "customer.handover"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.transition.mixin",
        "customer.numbering.mixin",
    ]
    _description = "Customer Handover"
    _order = "id DESC"
    _mail_post_access = "read"
    _guards = (Facts(FACTS), Settled(SETTLED))

    _transitions = TransitionTable(
        "draft",
        (
            Transition("propose", ("draft",), "proposed", "_guard_propose"),
            Transition("dispute", ("proposed",), "disputed"),
            Transition("ask_again", ("disputed",), "proposed"),
            Transition("accept", ("proposed", "disputed"), "accepted", "_guard_accept"),
            Transition("execute", ("accepted",), "executed", "_guard_execute"),
            Transition("return", ("executed",), "returned", "_guard_return"),
            Transition("cancel", ("draft", "proposed", "disputed", "accepted"), "cancelled"),
        ),
    )

    name = fields.Char("Number", readonly=True, copy=False)
    giver_id = fields.Many2one(
        "res.users",
        "From",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        context={"active_test": False},
        tracking=True,
        help="Whose customers are handed over; also someone who is no longer active.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The leader of this team may lead the handover.",
    )
    receiver_ids = fields.One2many("customer.handover.receiver", "handover_id", "To", copy=True)
    scope = fields.Selection(
        [("all", "Everything"), ("chosen", "Selected customers")],
        required=True,
        default="all",
        help="Selected customers take along what is about them; what is about no customer stays.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "customer_handover_partner_rel",
        "handover_id",
        "partner_id",
        "Customers",
        domain="[('parent_id', '=', False)]",
    )
    duration = fields.Selection(
        [("permanent", "Permanent"), ("temporary", "Temporary")],
        required=True,
        default="permanent",
        tracking=True,
    )
    date_from = fields.Date(
        "Execute On",
        copy=False,
        tracking=True,
        help="An accepted handover is executed in the night before this day. Leave empty to "
        "execute it with the button.",
    )
    date_until = fields.Date(
        "Until",
        copy=False,
        tracking=True,
        help="Last day. In the following night, what is still with the receiver goes back.",
    )
    reason = fields.Text(required=True, tracking=True)
    note = fields.Text("Notes for the Receiver", help="What the receiver has to know.")
    inform_customers = fields.Boolean(
        "Inform the Customers",
        help="Each customer gets a letter that names the new contact: by e-mail in the following "
        "night, or printed where there is no address.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Waiting for the Receiver"),
            ("disputed", "Waiting for the Leader"),
            ("accepted", "Accepted"),
            ("executed", "Handed Over"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    kind_ids = fields.One2many("customer.handover.kind", "handover_id", "Count", copy=False)
    item_ids = fields.One2many("customer.handover.item", "handover_id", "Items", copy=False)
    letter_ids = fields.One2many("customer.handover.letter", "handover_id", "Letters", copy=False)
    item_count = fields.Integer("Items Listed", compute="_compute_counts")
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    moved_count = fields.Integer("Handed Over", compute="_compute_counts")
    letter_count = fields.Integer("Number of Letters", compute="_compute_letter_count")
    proposed_on = fields.Datetime(readonly=True, copy=False)
    accepted_on = fields.Datetime(readonly=True, copy=False)
    executed_on = fields.Datetime("Handed Over On", readonly=True, copy=False)
    executed_by_id = fields.Many2one("res.users", "Executed By", readonly=True, copy=False)
    returned_on = fields.Datetime(readonly=True, copy=False)
    giver_signature = fields.Binary("Signature: From", attachment=False, copy=False)
    is_led = fields.Boolean(
        compute="_compute_is_led",
        search="_search_is_led",
        help="You may lead this handover: head of customer governance, or leader of the sales team.",
    )
    is_party = fields.Boolean(compute="_compute_is_party", search="_search_is_party")
    can_answer = fields.Boolean(compute="_compute_can_answer")
    is_giver = fields.Boolean(compute="_compute_is_party")

    _date_until_set = models.Constraint(
        "CHECK(duration = 'temporary' OR date_until IS NULL)",
        "A permanent handover has no last day.",
    )
    _job_idx = models.Index("(company_id, state, id) WHERE state IN ('accepted', 'executed')")

    # --- who ----------------------------------------------------------------------------------

    @api.depends("name", "giver_id")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = handover.name or self.env._(
                "Handover of %s", handover.giver_id.name or ""
            )

    @api.depends("giver_id")
    def _compute_team_id(self):
        for handover in self:
            handover.team_id = self._team_of(handover.giver_id)

    @api.model
    def _team_of(self, user):
        """Return the sales team of a user; of somebody who left the one he was in last."""
        # sudo: in which team somebody is decides who leads the handover
        user = user.sudo()
        members = self.env["crm.team.member"].sudo().with_context(active_test=False)
        last = members.search([("user_id", "in", user.ids)], order="id DESC", limit=1)
        return user.sale_team_id or last.crm_team_id

    @api.depends("team_id.user_id")
    @api.depends_context("uid")
    def _compute_is_led(self):
        head = self.env.user.has_group(HEAD)
        for handover in self:
            # sudo: who leads the team is the question
            handover.is_led = head or handover.sudo().team_id.user_id == self.env.user

    def _search_is_led(self, operator, value):
        if operator != "in":
            return NotImplemented
        led = Domain("team_id", "any!", Domain("user_id", "=", self.env.uid))
        if self.env.user.has_group(HEAD):
            led = Domain.TRUE
        return Domain.OR(led if wanted else ~led for wanted in set(value))

    @api.depends("giver_id", "receiver_ids.user_id", "state")
    @api.depends_context("uid")
    def _compute_is_party(self):
        user = self.env.user
        for handover in self:
            # sudo: only whether the caller takes part; a draft is the leader's alone
            own = handover.sudo()
            handover.is_giver = own.giver_id == user
            handover.is_party = own.state != "draft" and user in (
                own.giver_id | own.receiver_ids.user_id
            )

    def _search_is_party(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("user_id", "=", self.env.uid)
        # a draft is the leader's alone
        asked = Domain("receiver_ids", "any!", mine) & Domain("state", "!=", "draft")
        party = Domain("giver_id", "=", self.env.uid) & Domain("state", "!=", "draft") | asked
        return Domain.OR(party if wanted else ~party for wanted in set(value))

    @api.depends("state", "item_ids.state")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        waiting = self.env["customer.handover.item"]._read_group(
            [
                ("handover_id", "in", self.ids),
                ("receiver_id", "=", self.env.uid),
                ("state", "=", "waiting"),
            ],
            ["handover_id"],
        )
        mine = {handover.id for [handover] in waiting}
        for handover in self:
            handover.can_answer = handover.state == "proposed" and handover.id in mine

    def _check_leads(self):
        """Refuse others than the head of customer governance and the leader of the giver's team."""
        if self.env.su:
            return
        self.check_access("write")
        for handover in self:
            if not handover.is_led:
                raise AccessError(
                    self.env._(
                        "Only the head of customer governance or the leader of the sales team "
                        "of %s can do this.",
                        handover.giver_id.name,
                    )
                )

    # --- figures ------------------------------------------------------------------------------

    @api.depends("item_ids.state")
    def _compute_counts(self):
        counts = {}
        # sudo: how many; who reads the handover reads its list
        for handover, state, count in (
            self.env["customer.handover.item"]
            .sudo()
            ._read_group([("handover_id", "in", self.ids)], ["handover_id", "state"], ["__count"])
        ):
            counts.setdefault(handover.id, {})[state] = count
        for handover in self:
            states = counts.get(handover.id, {})
            handover.item_count = sum(states.values())
            handover.waiting_count = states.get("waiting", 0)
            handover.refused_count = states.get("refused", 0)
            handover.moved_count = states.get("moved", 0)

    @api.depends("letter_ids")
    def _compute_letter_count(self):
        counts = dict(
            self.env["customer.handover.letter"]
            .sudo()  # sudo: how many; who reads the handover reads its letters
            ._read_group([("handover_id", "in", self.ids)], ["handover_id"], ["__count"])
        )
        for handover in self:
            handover.letter_count = counts.get(handover, 0)

    # --- guard --------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """The head and team leaders begin handovers of their people; numbers come by themselves."""
        handovers = super().create(vals_list)
        for handover in handovers:
            handover.company_id._customer_require("care")
            handover._check_leads()
            # sudo: the number is given by the system
            handover.sudo().name = handover._next_number(
                "customer.handover",
                "HO{year}-{serial:4}",
                handover.company_id._customer_today(),
                handover.company_id,
            )
        return handovers

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(handover.state != "draft" for handover in self):
            raise UserError(
                self.env._("Only drafts can be deleted. Cancel a handover that has been proposed.")
            )

    @api.model
    def _new_action(self, user, company=None):
        """Return the action that begins a handover of everything a user holds."""
        context = {"default_giver_id": user.id}
        if company:
            context["default_company_id"] = company.id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Handover"),
            "res_model": "customer.handover",
            "views": [(False, "form")],
            "view_mode": "form",
            "context": context,
        }

    # --- what is handed over ------------------------------------------------------------------

    def _companies(self):
        """Return the companies it is about: one with its branches."""
        head = self.company_id._customer_company()
        # sudo: which branches there are
        return self.env["res.company"].sudo().search([("id", "child_of", head.id)])

    def _rows(self, holding):
        """Return SQL of what the giver holds of one kind within the scope of the handover."""
        self.ensure_one()
        customers = None
        if self.scope == "chosen":
            relation = self._fields["partner_ids"]
            customers = queries.customers_in(
                relation.relation, relation.column1, relation.column2, self.id
            )
        held = self.env["res.users"]._customer_held(holding)
        return queries.in_scope(held, self.giver_id.id, self._companies().ids, customers)

    @api.model
    def _holdings(self):
        return {holding.key: holding for holding in self.env["res.users"]._customer_holdings()}

    @api.model
    def _kind_names(self):
        """Return {key: name} of the kinds of records, in the language of the environment."""
        names = {}
        # a loop: a lazy text finds the language of the method it is turned into words in
        for key, holding in self._holdings().items():
            names[key] = str(holding.name)
        return names

    def action_count(self):
        """List what the giver holds now, and who gets it; only drafts are counted anew."""
        self._check_leads()
        for handover in self:
            if handover.state != "draft":
                raise UserError(self.env._("The handover has already been counted."))
            # sudo: lists of records of somebody else, for whom the leader answers
            handover.sudo()._count()
        return True

    def _count(self):
        """Fill items and kinds: a statement each kind, however many records there are."""
        self.ensure_one()
        left_out = set(self.kind_ids.filtered(lambda kind: not kind.included).mapped("key"))
        self.env.flush_all()
        self.env.cr.execute(queries.drop_items(self.id))
        self._list_items()
        self._make_kinds(left_out)
        self._give_to_receivers()
        self._refuse_blocked(set(self._holdings()) - left_out)

    def _list_items(self, later=False):
        self.env.flush_all()
        now = fields.Datetime.now()
        for key, holding in self._holdings().items():
            kind = SQL("%s, %s", key, holding.model)
            self.env.cr.execute(
                queries.add_items(
                    self.id, self.company_id.id, kind, self._rows(holding), now, later
                )
            )
        self.env.invalidate_all()

    def _make_kinds(self, left_out):
        """Make a row for each kind there is; those left out, or reserved to the head, stay."""
        items = self.env["customer.handover.item"]
        found = dict(items._read_group([("handover_id", "=", self.id)], ["key"], ["__count"]))
        head = self.env.user.has_group(HEAD)
        reserved = {
            key for key, holding in self._holdings().items() if holding.with_rights and not head
        }
        self.kind_ids.unlink()
        self.env["customer.handover.kind"].create(
            [
                {
                    "handover_id": self.id,
                    "key": key,
                    "sequence": number,
                    "included": key not in left_out | reserved,
                    "is_reserved": key in reserved,
                    "count_before": found[key],
                }
                for number, key in enumerate(self._holdings())
                if key in found
            ]
        )
        staying = list((left_out | reserved) & found.keys())
        items.search([("handover_id", "=", self.id), ("key", "in", staying)]).write(
            {"state": "left"}
        )

    def _give_to_receivers(self):
        """Say who gets which customer, with all that is about it."""
        self.env.flush_all()
        weights = dict(self.env.execute_query(queries.count_items(self.id)))
        weights.pop(None, None)
        lines = self.receiver_ids.sorted(lambda line: (line.sequence, line.id))
        sharing = lines.filtered(lambda line: not line.partner_ids)
        named = {
            customer.commercial_partner_id.id: line.user_id.id
            for line in lines
            for customer in line.partner_ids
        }
        given = engine.distribute(weights, named, sharing.user_id.ids)
        self.env.cr.execute(queries.give_customers(self.id, sorted(given.items())))
        if rest := (sharing or lines)[:1].user_id:
            self.env.cr.execute(queries.give_rest(self.id, rest.id))
        self.env.invalidate_all()

    def _refuse_blocked(self, keys):
        """Refuse, in the name of the receivers, what they cannot have; the leader decides about it."""
        Item = self.env["customer.handover.item"]
        holdings = self._holdings()
        groups = Item._read_group(
            [
                ("handover_id", "=", self.id),
                ("state", "in", ("waiting", "accepted")),
                ("receiver_id", "!=", False),
            ],
            ["key", "receiver_id"],
            ["res_id:array_agg"],
        )
        for key, receiver, ids in groups:
            if key not in keys or key not in holdings:
                continue
            reasons = self._blocked(holdings[key], receiver, ids)
            if reasons:
                self.env.cr.execute(queries.refuse_items(self.id, key, reasons))
        self.env.invalidate_all()

    def _blocked(self, holding, receiver, ids):
        """Return {id of a record: why the receiver cannot have it}."""
        records = self.env[holding.model].browse(ids)
        needs_reading = holding.partner or holding.document
        if needs_reading and not records.with_user(receiver).sudo(False).browse().has_access(
            "read"
        ):
            text = self.env._(
                "%(person)s has no role to open this (%(kind)s).",
                person=receiver.name,
                kind=str(holding.name),
            )
            return dict.fromkeys(ids, text)
        reasons = {}
        for name in holding.apart:
            others = records.search([("id", "in", ids), (name, "=", receiver.id)])
            text = self.env._(
                "%(person)s is already “%(role)s”: these must be two different people.",
                person=receiver.name,
                role=records._fields[name]._description_string(self.env),
            )
            reasons |= dict.fromkeys(others.ids, text)
        if holding.check and ids:
            reasons |= getattr(records, holding.check)(receiver)
        return reasons

    # --- reasons ------------------------------------------------------------------------------

    def _receiver_reasons(self):
        """Return why the receivers cannot receive."""
        reasons = []
        # sudo: who works where
        people = self.sudo().receiver_ids.user_id
        if not people:
            reasons.append(self.env._("enter at least one receiver"))
        fit = able(people, self.company_id)
        for person in people:
            if person == self.giver_id:
                reasons.append(self.env._("%s cannot be giver and receiver", person.name))
            elif person not in fit:
                reasons.append(
                    self.env._(
                        "%(person)s is not an active user of %(company)s: choose another receiver",
                        person=person.name,
                        company=self.company_id.name,
                    )
                )
        return reasons

    def _guard_propose(self):
        """Return why it cannot be proposed to the receivers."""
        today = self.company_id._customer_today()
        reasons = self._receiver_reasons()
        if self.duration == "temporary" and not self.date_until:
            reasons.append(self.env._("enter the last day of the temporary handover"))
        elif self.date_until and self.date_until < max(today, self.date_from or today):
            reasons.append(self.env._("the last day is before the handover begins"))
        if self.scope == "chosen" and not self.partner_ids:
            reasons.append(self.env._("select the customers"))
        pairs = [
            (customer.id, line.id)
            for line in self.receiver_ids
            for customer in line.partner_ids.commercial_partner_id
        ]
        if twice := engine.twice_named(pairs):
            names = self.env["res.partner"].browse(sorted(twice)).mapped("name")
            reasons.append(
                self.env._("several receivers were selected for %s", ", ".join(names[:5]))
            )
        items = self.env["customer.handover.item"]
        mine = [("handover_id", "=", self.id), ("state", "in", ("waiting", "refused"))]
        if not items.search_count(mine, limit=1):
            reasons.append(self.env._("there is nothing to hand over"))
        nobody = items.search_count([*mine, ("receiver_id", "=", False)])
        if nobody and self.receiver_ids:
            reasons.append(
                self.env._(
                    "%s items would have no receiver: add one without customers of their own",
                    nobody,
                )
            )
        return reasons

    def _guard_accept(self):
        """Return what still has to be answered or decided."""
        reasons = []
        if self.waiting_count:
            reasons.append(self.env._("%s items have not been answered yet", self.waiting_count))
        if self.refused_count:
            reasons.append(
                self.env._("the leader has to decide about %s refused items", self.refused_count)
            )
        return reasons

    def _guard_execute(self):
        """Return why it cannot be executed: people who left since, nothing to hand over."""
        reasons = self._receiver_reasons()
        if not self.env["customer.handover.item"].search_count(
            [("handover_id", "=", self.id), ("state", "=", "accepted")], limit=1
        ):
            reasons.append(self.env._("there is nothing to hand over"))
        if self.duration == "temporary":
            if self.date_until and self.date_until < self.company_id._customer_today():
                reasons.append(self.env._("the last day is over"))
        return reasons

    def _guard_return(self):
        """Return why nothing can go back."""
        if self.duration != "temporary":
            return [self.env._("the handover is permanent: hand over in the other direction")]
        if not able(self.giver_id, self.company_id):
            return [
                self.env._(
                    "%s is not active any more: start a new handover from the receiver",
                    self.giver_id.name,
                )
            ]
        return []
