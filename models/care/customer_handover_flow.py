from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...queries import handover as queries
from ..common.customer_reach_mixin import able
from ..common.digest import for_reader, in_house
from ..common.holdings import Passing
from ..common.locks import wait_for_lock
from .customer_handover import CUSTOMER

ANSWER = "handover_answer"
DECIDE = "handover_decide"
GIVE_BACK = "handover_return"


class CustomerHandover(models.Model):
    """The steps of a handover: proposed, answered, executed, and given back when it was for a time."""

    _inherit = "customer.handover"

    # --- asking -------------------------------------------------------------------------------

    def action_propose(self):
        """Count what the giver holds and ask the receivers."""
        self._check_leads()
        for handover in self:
            if handover.state == "draft":
                # sudo: lists of records of somebody else, for whom the leader answers
                handover.sudo()._count()
            handover._transition("propose", {"proposed_on": fields.Datetime.now()})
            handover.sudo()._settle_answers()  # sudo: what a receiver cannot have is refused already
        return True

    def action_accept(self):
        """Accept, as a receiver, everything that waits for an answer."""
        for handover in self:
            handover._answer_all("accepted")
        return True

    def _answer_all(self, state, reason=None):
        """Answer, as a receiver, everything that waits; one statement for however many items."""
        self.ensure_one()
        self._check_receiver()
        wait_for_lock(self)
        self.invalidate_recordset()
        if not self.can_answer:
            raise UserError(self.env._("None of these items waits for an answer."))
        self.env.flush_all()
        self.env.cr.execute(queries.answer_all(self.id, self.env.uid, state, reason))
        self.env.invalidate_all()
        self.sudo()._settle_answers()  # sudo: the answer was the caller's, what follows is not

    def action_open_mine(self):
        """Open the items that wait for the caller."""
        self.ensure_one()
        self._check_receiver()
        mine = [("receiver_id", "=", self.env.uid)]
        return self._items_action(self.env._("Your Items"), mine, group="key")

    def action_refuse(self):
        """Ask, as a receiver, for the reason and refuse everything that waits for an answer."""
        self.ensure_one()
        self._check_receiver()
        return self.env["customer.handover.refuse"]._open({"default_handover_id": self.id})

    def _check_receiver(self):
        """Refuse others than the receivers."""
        self.check_access("read")
        for handover in self:
            if self.env.user not in handover.receiver_ids.user_id:
                raise AccessError(self.env._("Only the receivers answer this handover."))

    def _settle_answers(self):
        """Go on once everything was answered: to the leader what was refused, else it is accepted."""
        for handover in self:
            handover.invalidate_recordset(["waiting_count", "refused_count"], flush=False)
            handover.receiver_ids._note_answers()
            if handover.waiting_count:
                if handover.state == "disputed":
                    handover._transition("ask_again")
            elif handover.refused_count:
                if handover.state == "proposed":
                    handover._transition("dispute")
            elif handover.state in ("proposed", "disputed"):
                handover._transition("accept", {"accepted_on": fields.Datetime.now()})

    def action_cancel(self):
        """Call it off; nothing has changed hands."""
        self._check_leads()
        return self._transition("cancel")

    def action_dispute(self):
        """Give what was refused to the leader; happens by itself after the last answer."""
        self._check_leads()
        return self._transition("dispute")

    def action_ask_again(self):
        """Ask the receivers of what the leader gave to somebody else; happens by itself."""
        self._check_leads()
        return self._transition("ask_again")

    # --- who has to do something --------------------------------------------------------------

    def _after_transition(self, transition):
        """EXTENDS transition mixin: the next one is asked, the last one no more."""
        result = super()._after_transition(transition)
        for handover in self.sudo():  # sudo: the system asks, and takes back what it asked
            handover._ask_next(transition.target)
        return result

    def _ask_next(self, state):
        self.activity_ids.filtered(
            lambda a: a.customer_reason in (ANSWER, DECIDE, GIVE_BACK)
        ).unlink()
        if state == "proposed":
            items = self.env["customer.handover.item"]._read_group(
                [("handover_id", "=", self.id), ("state", "=", "waiting")], ["receiver_id"]
            )
            for [person] in items:
                self._ask(person, ANSWER, lambda env: env._("Accept or refuse the handover"))
        elif state == "disputed":
            self._ask(self._leader(), DECIDE, lambda env: env._("Decide about the refused items"))
        elif state == "accepted" and not self.date_from:
            self._ask(self._leader(), DECIDE, lambda env: env._("Execute the accepted handover"))

    def _ask(self, person, reason, summary):
        if not person:
            return
        words = for_reader(self, person)
        words.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=person.id,
            date_deadline=self.company_id._customer_today(),
            summary=summary(words.env),
            customer_reason=reason,
        )

    def _leader(self):
        """Return who decides: who made the handover, else the leader of the team, else the head."""
        maker = self.create_uid if self.create_uid.id != SUPERUSER_ID else self.env["res.users"]
        people = able(maker, self.company_id) or able(self.team_id.user_id, self.company_id)
        return people or self.company_id._customer_head()

    # --- executing ----------------------------------------------------------------------------

    def action_execute(self):
        """Hand everything over that was accepted: all of it, or nothing.

        :raises UserError: naming what a receiver could not open or may not have
        """
        self._check_leads()
        for handover in self:
            handover._transition(
                "execute",
                {"executed_on": fields.Datetime.now(), "executed_by_id": self.env.uid},
            )
            # sudo: records of all domains change hands; who may do that was checked, what each
            # receiver may have each domain says, and whether he can open it is asked afterwards
            handover.sudo()._execute()
        return True

    def _execute(self):
        self.ensure_one()
        self._take_along_later()
        holdings = self._kinds_in("accepted")
        self._refuse_if_blocked(holdings)
        for holding in holdings:
            self.env.cr.execute(
                queries.mark_gone(self.id, holding.key, "accepted", self._rows(holding), "giver")
            )
            for receiver, records in self._move(holding):
                self._passed(holding, receiver, records, back=False)
            self._follow(holding)
            self.env.cr.execute(queries.settle_items(self.id, holding.key, "accepted", "moved"))
        self.env.flush_all()
        self.env.invalidate_all()
        self._check_opened(holdings)
        self.kind_ids._count_after()
        if self.inform_customers:
            self.env.cr.execute(
                queries.write_letters(self.id, CUSTOMER, self.env.uid, fields.Datetime.now())
            )
            self.env.invalidate_all()
        self._say("moved")

    def _kinds_in(self, state):
        """Return the kinds of which items are in a state, in their order."""
        found = self.env["customer.handover.item"]._read_group(
            [("handover_id", "=", self.id), ("state", "=", state)], ["key"]
        )
        keys = {key for [key] in found}
        return [holding for key, holding in self._holdings().items() if key in keys]

    def _take_along_later(self):
        """What came in since the count goes with its customer, where that was accepted."""
        self._list_items(later=True)
        included = set(self.kind_ids.filtered("included").mapped("key"))
        known = set(self.kind_ids.mapped("key"))
        for key, holding in self._holdings().items():
            goes = key in included or key not in known and not holding.with_rights
            self.env.cr.execute(queries.answer_later(self.id, key, CUSTOMER, goes))
        self.env.invalidate_all()
        added = self.env["customer.handover.item"]._read_group(
            [("handover_id", "=", self.id), ("later", "=", True)], ["key"], ["__count"]
        )
        self.env["customer.handover.kind"].create(
            [
                {"handover_id": self.id, "key": key, "sequence": 100, "count_before": count}
                for key, count in added
                if key not in known
            ]
        )

    def _refuse_if_blocked(self, holdings):
        """Refuse the whole where something changed since the receivers agreed."""
        groups = self.env["customer.handover.item"]._read_group(
            [("handover_id", "=", self.id), ("state", "=", "accepted")],
            ["key", "receiver_id"],
            ["res_id:array_agg"],
        )
        by_key = {holding.key: holding for holding in holdings}
        reasons = set()
        for key, receiver, ids in groups:
            reasons |= set(self._blocked(by_key[key], receiver, ids).values())
        if reasons:
            raise UserError(
                self.env._(
                    "Nothing was handed over. Take these items out first:\n%s",
                    "\n".join(f"- {reason}" for reason in sorted(reasons)),
                )
            )

    def _move(self, holding, back=False):
        """Let the records of one kind change hands; return [(receiver, records)]."""
        model = self.env[holding.model]
        field = model._fields[holding.field]
        self.env.flush_all()
        if field.type == "many2many":
            names = (field.relation, field.column1, field.column2, back)
            self.env.cr.execute(queries.join_relation(self.id, holding.key, *names))
            rows = self.env.execute_query(queries.leave_relation(self.id, holding.key, *names))
        else:
            rows = self.env.execute_query(
                queries.move_column(
                    self.id,
                    holding.key,
                    model._table,
                    holding.field,
                    back,
                    self.env.uid,
                    fields.Datetime.now(),
                )
            )
        users = self.env["res.users"]
        return [(users.browse(user), model.browse(ids)) for user, ids in rows]

    def _passed(self, holding, receiver, records, back):
        """Let the ORM and the domain know of records that changed hands."""
        records.invalidate_recordset([holding.field], flush=False)
        if holding.follows:
            kept = [records._fields[name] for name in holding.keeps]
            with self.env.protecting(kept, records):
                records.modified([holding.field])
        if not holding.moved:
            return
        giver = self.giver_id
        passing = Passing(
            receiver if back else giver,
            giver if back else receiver,
            self.duration == "temporary",
            back,
        )
        getattr(records, holding.moved)(passing)

    def _follow(self, holding):
        if not isinstance(self.env[holding.model], self.pool["mail.thread"]):
            return
        subtypes, _internal, _external = self.env["mail.message.subtype"].default_subtypes(
            holding.model
        )
        self.env.cr.execute(queries.follow(self.id, holding.key, subtypes.ids))

    def _check_opened(self, holdings):
        """Refuse the whole where a receiver could not open what he was given."""
        by_key = {h.key: h for h in holdings if h.partner or h.document}
        groups = self.env["customer.handover.item"]._read_group(
            [
                ("handover_id", "=", self.id),
                ("state", "=", "moved"),
                ("key", "in", list(by_key)),
            ],
            ["key", "receiver_id"],
            ["res_id:array_agg"],
        )
        problems = []
        for key, receiver, ids in groups:
            # sudo: in which companies somebody works
            companies = receiver.sudo().company_ids & self._companies()
            records = (
                self.env[by_key[key].model]
                .with_user(receiver)
                .with_context(allowed_company_ids=companies.ids)
                .browse(ids)
            )
            closed = len(ids) - len(records._filtered_access("read"))
            if closed:
                problems.append(
                    self.env._(
                        "%(person)s could not open %(count)s records: %(kind)s",
                        person=receiver.name,
                        count=closed,
                        kind=str(by_key[key].name),
                    )
                )
        if problems:
            raise UserError(
                self.env._(
                    "Nothing was handed over. Give the receiver the roles this takes, or take "
                    "the items out:\n%s",
                    "\n".join(f"- {problem}" for problem in problems),
                )
            )

    def _say(self, state):
        """Note on the handover, once, what changed hands; tell giver and receivers."""
        words = in_house(self, self.company_id)
        _ = words.env._
        head = _("Handed over:") if state == "moved" else _("Returned:")
        rows = Markup("").join(Markup("<li>%s</li>") % line for line in words._summary_lines(state))
        people = (self.giver_id | self.receiver_ids.user_id).filtered("active")
        self.message_post(
            body=Markup("<p>%s</p><ul>%s</ul>") % (head, rows),
            partner_ids=people.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _summary_lines(self, state):
        """Return how many items of each kind each receiver has got, or has given back."""
        names = self._kind_names()
        # sudo: what is told to those who take part
        found = (
            self.env["customer.handover.item"]
            .sudo()
            ._read_group(
                [("handover_id", "=", self.id), ("state", "=", state)],
                ["receiver_id", "key"],
                ["__count"],
            )
        )
        lines = {}
        for receiver, key, count in found:
            lines.setdefault(receiver, []).append((list(names).index(key), key, count))
        return [
            "{}: {}".format(
                receiver.name,
                ", ".join(f"{names[key]} {count}" for _place, key, count in sorted(rows)),
            )
            for receiver, rows in lines.items()
        ]

    # --- giving back --------------------------------------------------------------------------

    def action_return(self):
        """Give back what was handed over for a time and is still with the receiver."""
        self._check_leads()
        for handover in self:
            handover._transition("return", {"returned_on": fields.Datetime.now()})
            # sudo: as for the handover itself
            handover.sudo()._give_back()
        return True

    def _give_back(self):
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(queries.unfollow(self.id))
        for holding in self._kinds_in("moved"):
            held = self.env["res.users"]._customer_held(holding)
            self.env.cr.execute(queries.mark_gone(self.id, holding.key, "moved", held, "receiver"))
            for receiver, records in self._move(holding, back=True):
                self._passed(holding, receiver, records, back=True)
            self.env.cr.execute(queries.settle_items(self.id, holding.key, "moved", "returned"))
        self.env.flush_all()
        self.env.invalidate_all()
        self._say("returned")

    # --- the night ----------------------------------------------------------------------------

    @api.model
    def _due_to_execute(self, company, after, limit):
        """Return accepted handovers of a company and its branches whose day has come."""
        today = company._customer_today()
        return self.search(
            [
                ("id", ">", after),
                ("company_id", "child_of", company.id),
                ("state", "=", "accepted"),
                ("date_from", "<=", today),
            ],
            order="id",
            limit=limit,
        )

    @api.model
    def _due_to_return(self, company, after, limit):
        """Return temporary handovers of a company and its branches whose last day is over."""
        return self.search(
            [
                ("id", ">", after),
                ("company_id", "child_of", company.id),
                ("state", "=", "executed"),
                ("duration", "=", "temporary"),
                ("date_until", "<", company._customer_today()),
            ],
            order="id",
            limit=limit,
        )

    def _execute_due(self):
        """Execute what is due; what cannot be is told to the leader, once."""
        for handover in self:
            handover._do_due(handover._guard_execute(), handover.action_execute, DECIDE)

    def _return_due(self):
        """Give back what is due; what cannot be is told to the leader, once."""
        for handover in self:
            handover._do_due(handover._guard_return(), handover.action_return, GIVE_BACK)

    def _do_due(self, reasons, step, kind):
        """Make a step that is due, wholly or not at all; what is in the way is told, not repeated."""
        if not reasons:
            try:
                with self.env.cr.savepoint():
                    step()
            except UserError as error:
                reasons = [str(error)]
        if reasons:
            self._tell_stuck(kind, reasons)

    def _tell_stuck(self, reason, reasons):
        if reason in self.activity_ids.mapped("customer_reason"):
            return
        text = "\n".join(reasons)
        self._ask(self._leader(), reason, lambda env: env._("Handover is due: %s", text))

    def action_sign(self):
        """Ask giver or receiver for the signature on the list."""
        self.ensure_one()
        self.check_access("read")
        if not self.is_party:
            raise AccessError(self.env._("Only giver and receivers sign the list."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign"),
            "res_model": "customer.handover.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_handover_id": self.id},
        }

    def _sign(self, signature):
        """Sign the list as giver or receiver; called by the dialog."""
        self.ensure_one()
        self.check_access("read")
        lines = self.receiver_ids.filtered(lambda line: line.user_id == self.env.user)
        if not (self.is_giver or lines) or self.state in ("draft", "cancelled"):
            raise AccessError(self.env._("Only giver and receivers sign the list."))
        # sudo: people sign for themselves and write nothing else of the handover
        if self.is_giver:
            self.sudo().giver_signature = signature
        lines.sudo().write({"signature": signature})

    # --- what buttons open --------------------------------------------------------------------

    def _items_action(self, name, domain=(), group="key"):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_handover_item_action"
        )
        return {
            **action,
            "name": name,
            "domain": [("handover_id", "=", self.id), *domain],
            "context": {"search_default_group_key": 1} if group else {},
        }

    def action_view_items(self):
        """Open the list of all items."""
        self.ensure_one()
        self.check_access("read")
        return self._items_action(self.env._("Items"))

    def action_view_letters(self):
        """Open the letters to the customers."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_handover_letter_action"
        )
        return {**action, "domain": [("handover_id", "=", self.id)]}

    # --- the list on paper --------------------------------------------------------------------

    def _paper_kinds(self):
        """Return what the list says: [(kind, [(receiver, count)], [items])] of what is handed over."""
        items = self.env["customer.handover.item"].search(
            [("handover_id", "=", self.id), ("state", "!=", "left")],
            order="key, receiver_id, partner_id, id",
        )
        groups = items.grouped("key")
        names = self._kind_names()
        return [(name, groups[key]) for key, name in names.items() if key in groups]

    def _paper_signers(self):
        """Return who signs: [(part, name, drawn signature)]."""
        _ = self.env._
        return [
            (_("Handed over by"), self.giver_id.name, self.giver_signature),
            *((_("Received by"), line.user_id.name, line.signature) for line in self.receiver_ids),
        ]
