import logging
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, html2plaintext

from ...engine import collection as engine
from ...queries import collection as queries
from ..common.customer_reach_mixin import able, addresses_in, recipients_of, told
from ..common.customer_transition_mixin import SENTINEL
from ..common.jobs import Batches, Digest, give_back

# Customers planned in one transaction: a killed job loses no more than these.
BATCH = 200

_logger = logging.getLogger(__name__)

BATCH = 50

MAX_FAILURES = 5

# Codes in the explanation of a step whose mail came back; the second one says who had sent it.
BOUNCED = "bounced"

BY_JOB = "bounced_by_job"


@dataclass
class Situation:
    """The open items of a customer: rows as `queries.collection.open_items` gives them."""

    rows: list = field(default_factory=list)
    items: list = field(default_factory=list)
    claim: engine.Claim = engine.Claim(engine.SETTLED)


class CustomerCollectionStep(models.Model):
    """Planning: which step is due for whom, in a number of statements that does not grow."""

    _name = "customer.collection.step"
    _inherit = ["customer.collection.step", "customer.job.mixin"]
    _job_domain = "collection"

    @api.model
    def _cron_collect(self):
        """Judge promises, plan the steps that are due, send the mails; each thing once.

        Only for companies at work: nobody is dunned at night or on a holiday. Late, twice, beside
        itself or killed half-way it leaves what one clean run leaves.
        """
        now = fields.Datetime.now()
        companies = self._job_companies().filtered(lambda company: company._collection_at_work(now))
        return self._run_steps(
            [
                *(step for company in companies for step in self._company_steps(company)),
                Digest(
                    "tell:promises",
                    "customer.collection.promise",
                    "customer_governance.activity_type_collection_call",
                    lambda env, n: env._("Broken promises to pay: %(n)s", n=n),
                ),
                self.env["customer.credit.watch"]._digest(),
            ]
        )

    @api.model
    def _company_steps(self, company):
        """Return the steps of the job for a company: plan, then send."""
        # sudo: the job acts for everybody
        steps = self.sudo().with_company(company)
        return [*steps._plan_steps(company), steps._send_step(company)]

    @api.model
    def _plan_steps(self, company):
        """Return the steps that judge the promises and plan for all customers of a company."""
        today = company._customer_today()
        # under a lock: another worker does the rest of the company
        chain = {"chain": f"company {company.id}", "lock": lambda: self._lock_collection(company)}
        Promise = self.env["customer.collection.promise"]
        return [
            Batches(
                f"judge:{company.id}",
                lambda after, limit: Promise._to_judge(company, after, limit),
                lambda promises: promises._judge(company),
                BATCH,
                # those that kept or broke nothing are not written: locked later
                rows=False,
                **chain,
            ),
            Batches(
                f"plan:{company.id}",
                lambda after, limit: self._candidates(company, today, after, limit),
                lambda partners: self._plan_batch(company, partners.ids, today),
                BATCH,
                rows=False,
                **chain,
            ),
        ]

    @api.model
    def _plan_company(self, company):
        """Judge the promises and plan the steps of all customers of a company."""
        return self._run_steps(self._plan_steps(company))

    @api.model
    def _candidates(self, company, today, after, limit):
        """Return the next customers with an overdue item or an open episode."""
        self.env.flush_all()
        rows = self.env.execute_query(queries.candidates(company.id, today, after, limit))
        return self.env["res.partner"].browse(partner_id for (partner_id,) in rows)

    @api.model
    def _lock_collection(self, company):
        """Tell whether this worker may work on the company until the end of the transaction."""
        [(mine,)] = self.env.execute_query(queries.lock_company(company.id))
        return mine

    @api.model
    def _situations(self, company, partner_ids, today=None):
        """Return {partner id: Situation}, one statement for all."""
        today = today or company._customer_today()
        self.env.flush_all()
        found = defaultdict(Situation)
        keys = (
            *("partner_id", "line_id", "move_id", "name", "ref", "move_type", "date", "due"),
            *("residual", "residual_currency", "currency_id"),
            *("complaint_id", "complaint_name", "promised_until"),
        )
        for values in self.env.execute_query(queries.open_items(company.id, partner_ids, today)):
            row = dict(zip(keys, values, strict=True))
            situation = found[row["partner_id"]]
            situation.rows.append(row)
            situation.items.append(
                engine.Item(
                    row["line_id"],
                    row["due"],
                    Decimal(str(row["residual"])),
                    row["promised_until"],
                    bool(row["complaint_id"]),
                )
            )
        for partner_id in partner_ids:
            situation = found[partner_id]
            situation.claim = engine.claim(situation.items, today)
        return found

    @api.model
    def _plan_batch(self, company, partner_ids, today):
        """Decide for each customer and write the steps, episodes and reasons of the batch."""
        situations, decisions, episodes = self._decide(company, partner_ids, today)
        levels = company._collection_levels()
        self._close_episodes(
            [
                (episodes[partner_id], decision)
                for partner_id, decision in decisions.items()
                if decision.outcome == engine.SETTLED and partner_id in episodes
            ],
            today,
        )
        running = {p: d for p, d in decisions.items() if d.outcome != engine.SETTLED}
        episodes.update(self._open_new_episodes(company, running.keys() - episodes.keys(), today))
        self._explain(running, episodes)
        due = {p: d for p, d in running.items() if d.outcome == engine.STEP}
        steps = self._create_steps(company, due, situations, episodes, today)
        # once an episode: repeated, it is no news
        last = steps.filtered(lambda step: step.level_id == levels[-1] and not step.round)

        def reason(env):
            return env._("The last collection level has been reached.")

        watch = self.env["customer.credit.watch"].with_context(mail_activity_quick_update=True)
        watch._ask(company, "collection", dict.fromkeys(last.partner_id, reason))
        return steps

    @api.model
    def _decide(self, company, partner_ids, today):
        """Decide what is due for each customer; nothing is written.

        :return: {partner id: Situation}, {partner id: engine.Decision}, {partner id: open episode}
        """
        situations = self._situations(company, partner_ids, today)
        levels = company._collection_levels()
        rules = [engine.Level(level.id, level.days_overdue) for level in levels]
        episodes = self._open_episodes(company, partner_ids)
        reached, last = self._reached(episodes), self._last_steps(episodes, levels[-1:])
        nobody = self.env["customer.collection.episode"]
        decisions = {}
        for partner_id in partner_ids:
            episode = episodes.get(partner_id, nobody)
            decisions[partner_id] = engine.decide(
                situations[partner_id].items,
                rules,
                reached.get(episode),
                today,
                last.get(episode, engine.Last()),
                bool(episode.handed_over_date),
            )
        return situations, decisions, episodes

    @api.model
    def _open_episodes(self, company, partner_ids):
        """Return {partner id: open episode}."""
        episodes = self.env["customer.collection.episode"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", list(partner_ids)),
                ("date_to", "=", False),
            ]
        )
        return {episode.partner_id.id: episode for episode in episodes}

    @api.model
    def _reached(self, episodes):
        """Return {episode: days of the highest level it had}."""
        ids = [episode.id for episode in episodes.values()]
        groups = self._read_group([("episode_id", "in", ids)], ["episode_id"], ["level_days:max"])
        return dict(groups)

    @api.model
    def _last_steps(self, episodes, level):
        """Return {episode: engine.Last}: when the last level of the episodes comes again."""
        ids = [episode.id for episode in episodes.values()]
        # those of a level that was the last one before count as well
        days = level.days_overdue
        steps = self.search(
            [("episode_id", "in", ids), ("level_days", ">=", days)], order="date, round, id"
        )
        result = {}
        for episode, group in steps.grouped("episode_id").items():
            newest = group[-1]
            since = newest.date
            if newest.done_at:
                since = max(since, newest.company_id._customer_day(newest.done_at))
            waits = any(step.state == "planned" for step in group)
            result[episode] = engine.Last(level.repeat_days, None if waits else since)
        return result

    @api.model
    def _rounds(self, episodes):
        """Return {(episode, level): how many steps of it there are}."""
        ids = [episode.id for episode in episodes.values()]
        groups = self._read_group(
            [("episode_id", "in", ids)], ["episode_id", "level_id"], ["__count"]
        )
        return {(episode, level): count for episode, level, count in groups}

    @api.model
    def _sent_days(self, episodes):
        """Return {episode: days on which a letter was really sent}, the oldest first.

        A call is no letter, and a mail that came back is none.
        """
        ids = [episode.id for episode in episodes]
        done = self.search(
            [
                ("episode_id", "in", ids),
                ("state", "=", "done"),
                ("way", "in", ("mail", "letter")),
                ("done_at", "!=", False),
            ],
            order="done_at, id",
        )
        # sudo: whether the customer's mail came back, whoever plans or sends
        failed = self.env["mail.notification"].sudo()
        failed = failed.search(
            [
                ("mail_message_id.model", "=", self._name),
                ("mail_message_id.res_id", "in", done.ids),
                ("notification_type", "=", "email"),
                ("notification_status", "in", ("bounce", "exception", "canceled")),
            ]
        )
        lost = set(failed.mail_message_id.mapped("res_id"))
        result = defaultdict(list)
        for step in done:
            day = step.company_id._customer_day(step.done_at)
            if step.id not in lost and day not in result[step.episode_id]:
                result[step.episode_id].append(day)
        return result

    @api.model
    def _close_episodes(self, ended, today):
        """End the episodes of customers that owe nothing any more; their open steps fall away."""
        if not ended:
            return
        episodes = self.env["customer.collection.episode"].union(*[e for e, _d in ended])
        steps = self.search([("episode_id", "in", episodes.ids), ("state", "=", "planned")])
        episodes.write({"date_to": today, "next_date": False, "explanation": False})
        for episode, decision in ended:
            episode.explanation = [reason.as_dict() for reason in decision.reasons]
        if steps:
            steps._transition("cancel")

    @api.model
    def _open_new_episodes(self, company, partner_ids, today):
        """Begin an episode for each customer; return {partner id: episode}."""
        episodes = self.env["customer.collection.episode"].create(
            [
                {"partner_id": partner_id, "company_id": company.id, "date_from": today}
                for partner_id in sorted(partner_ids)
            ]
        )
        return {episode.partner_id.id: episode for episode in episodes}

    @api.model
    def _explain(self, decisions, episodes):
        """Keep on the episode why today nothing more is done; unchanged ones are not written."""
        for partner_id, decision in decisions.items():
            episode = episodes[partner_id]
            vals = {
                "explanation": [reason.as_dict() for reason in decision.reasons],
                "next_date": decision.next_date,
            }
            changed = {
                name: value for name, value in vals.items() if (episode[name] or None) != value
            }
            if changed:
                episode.write(changed)

    # -- steps --------------------------------------------------------------------------------
    @api.model
    def _create_steps(self, company, decisions, situations, episodes, today):
        """Create the due steps and, left out, those that a higher level passed over."""
        partners = self.env["res.partner"].browse(list(decisions))
        levels = self.env["customer.collection.level"]
        contacts = {p: self._contact_of(p) for p in partners}
        concerned = {p.id: episodes[p.id] for p in partners}
        rounds, sent = self._rounds(concerned), self._sent_days(concerned.values())
        skipped, planned = [], []
        for partner in partners:
            decision = decisions[partner.id]
            common = {
                "episode_id": episodes[partner.id].id,
                "partner_id": partner.id,
                "company_id": company.id,
                "date": today,
                "amount_overdue": float(decision.claim.amount),
                "oldest_date": decision.claim.oldest,
                "oldest_days": decision.claim.days,
            }
            skipped += self._prepare_passed(decision, common, rounds)
            planned.append(
                self._prepare_step(
                    company,
                    partner,
                    contacts[partner],
                    decision,
                    common,
                    sent[episodes[partner.id]],
                )
                | {"round": rounds.get((episodes[partner.id], levels.browse(decision.level_id)), 0)}
                | {"item_ids": self._prepare_items(situations[partner.id], decision.claim, today)}
            )
        quiet = self.with_context(tracking_disable=True, customer_transition=SENTINEL)
        quiet.create(skipped)
        steps = quiet.create(planned).with_env(self.env)
        steps.filtered(lambda step: not step.is_automatic)._ask_people()
        return steps

    @api.model
    def _contact_of(self, partner):
        """Return whom to write to, archived or not."""
        found = partner.address_get(["invoice"]).get("invoice")
        return self.env["res.partner"].browse(found) if found else partner

    @api.model
    def _prepare_passed(self, decision, common, rounds):
        levels = self.env["customer.collection.level"].browse(decision.passed)
        return [
            {
                **common,
                "level_id": level.id,
                "level_days": level.days_overdue,
                # not 0 where the level came before, with other days
                "round": sum(
                    count
                    for (episode, its), count in rounds.items()
                    if episode.id == common["episode_id"] and its == level
                ),
                "way": level.way,
                "state": "skipped",
                "explanation": [{"code": "passed_over"}],
            }
            for level in levels
        ]

    @api.model
    def _prepare_step(self, company, partner, contact, decision, common, sent):
        level = self.env["customer.collection.level"].browse(decision.level_id)
        user = level._responsible_of(partner, company)
        automatic = company.collection_mode == "send"
        way, sends, reasons = engine.choose_way(
            level.way, bool(addresses_in(contact.email)), not partner.active, automatic
        )
        lang = contact.lang or company.partner_id.lang
        said = (partner, company, decision.claim, user, sent)
        texts = level.with_context(lang=lang)._texts(*said)
        script = level.with_context(lang=user.lang)._texts(*said)["script"]
        return {
            **common,
            **texts,
            "script": script,
            "level_id": level.id,
            "level_days": level.days_overdue,
            "way": way,
            "is_automatic": sends,
            "user_id": user.id,
            "explanation": [r.as_dict() for r in (*decision.reasons, *reasons)],
        }

    @api.model
    def _prepare_items(self, situation, claim, today):
        """Return commands that copy the overdue items, with those left out marked."""
        chased = set(claim.item_ids)
        return [
            fields.Command.create(
                {
                    "move_id": row["move_id"],
                    "name": row["name"],
                    "ref": row["ref"],
                    "date": row["date"],
                    "date_due": row["due"],
                    "days": engine.days_overdue(row["due"], today),
                    "residual": row["residual_currency"],
                    "currency_id": row["currency_id"],
                    "residual_company": row["residual"],
                    "mark": "chased"
                    if row["line_id"] in chased
                    else "disputed"
                    if row["complaint_id"]
                    else "promised",
                }
            )
            for row in situation.rows
            if row["residual"] > 0 and row["due"] < today
        ]

    def _ask_people(self):
        """Give the responsible an activity for each step that a person does; they are not mailed
        one by one, the day's list shows them.
        """
        kind = self.env.ref("customer_governance.activity_type_collection_call")
        model = self.env["ir.model"]._get(self._name)
        collectors = {company: company._collection_collector() for company in self.company_id}
        self.env["mail.activity"].with_context(
            mail_activity_quick_update=True, mail_notrack=True
        ).create(
            [
                {
                    "res_model_id": model.id,
                    "res_id": step.id,
                    "activity_type_id": kind.id,
                    "user_id": user.id,
                    "date_deadline": step.date,
                    "summary": step.display_name,
                }
                for step in self
                for user in told((step.user_id, collectors[step.company_id]), step.company_id)[:1]
            ]
        )

    # --- sending: a mail goes into the queue in the transaction that marks its step as done
    @api.model
    def _send_step(self, company):
        """Return the step that sends the mails of a company that are due, while it is at work.

        A step that fails is tried again by later runs and does not stop the others.
        """

        def find(after, limit):
            if not company._collection_at_work(fields.Datetime.now()):
                return self.browse()
            return self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "planned"),
                    ("is_automatic", "=", True),
                    ("failures", "<", MAX_FAILURES),
                    ("id", ">", after),
                ],
                order="id",
                limit=limit,
            )

        return Batches(f"send:{company.id}", find, lambda steps: steps._send_due(company), BATCH)

    def _send_due(self, company):
        """Send the steps whose items still may be chased; note on each why that failed."""
        situations = self._situations(company, self.partner_id.ids)
        for step in self:
            # paid or held since it was planned: the next run ends it or sends it later
            if situations[step.partner_id.id].claim.outcome != engine.WAIT:
                continue
            try:
                with self.env.cr.savepoint():
                    step._bring_up_to_date(situations[step.partner_id.id])
                    step._send()
            except Exception as error:
                give_back(self.env, error)
                if isinstance(error, UserError):
                    _logger.warning("Collection step %s was not sent: %s", step.id, error)
                else:
                    _logger.exception("Collection step %s could not be sent", step.id)
                step._write_facts({"failures": step.failures + 1, "error": str(error)[:200]})
        gone = self.filtered(lambda s: s.failures >= MAX_FAILURES and s.state == "planned")
        gone._ask_people()

    def _bring_up_to_date(self, situation):
        """What was paid, promised or disputed since the planning is not asked for.

        A text that somebody changed stays as it is.
        """
        self.ensure_one()
        claim, company = situation.claim, self.company_id
        if float_compare(float(claim.amount), self.amount_overdue, precision_digits=2) == 0:
            return
        sent = self._sent_days(self.episode_id)[self.episode_id]
        level = self.level_id.with_context(lang=self._customer_lang())
        before = engine.Claim(
            engine.WAIT, Decimal(str(self.amount_overdue)), self.oldest_date, self.oldest_days
        )
        said = level._texts(self.partner_id, company, before, self.user_id, sent, self.date)
        vals = {
            "amount_overdue": float(claim.amount),
            "oldest_date": claim.oldest,
            "oldest_days": claim.days,
            "item_ids": [
                fields.Command.clear(),
                *self._prepare_items(situation, claim, company._customer_today()),
            ],
        }
        if self.subject == said["subject"] and html2plaintext(self.body) == html2plaintext(
            said["body"]
        ):
            now = level._texts(self.partner_id, company, claim, self.user_id, sent)
            vals |= {"subject": now["subject"], "body": now["body"]}
        self._write_facts(vals)

    def _send(self):
        """Put the mail of one step into the queue and mark the step as done."""
        self.ensure_one()
        self.company_id._customer_require("collection")
        contact = self._customer_contact()
        if not (recipients := recipients_of(contact)):
            raise UserError(self.env._("%s has no e-mail address.", self.partner_id.display_name))
        self._transition(
            "done",
            {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid, "error": False},
        )
        message = self.with_context(lang=self._customer_lang())._post_to_customer(
            self._mail_body(),
            recipients,
            automatic=True,
            subject=self.subject,
            # the queue sends after the commit: a rolled back step has sent nothing
            force_send=False,
        )
        self._remember_told(message, "reminder")
        return True

    # -- who is on the other side, who of us is told, what did not arrive ---------------------
    def _reach_partners(self):
        """EXTENDS reach mixin: the customer, and whom invoices go to."""
        return self.partner_id | self._customer_contact()

    def _reach_sender(self):
        """EXTENDS reach mixin: reminders come from who is responsible."""
        author = able(self.user_id, self.company_id).partner_id or self.company_id.partner_id
        return author.id, author.email_formatted if addresses_in(author.email) else None

    def _told_groups(self):
        """EXTENDS reach mixin: who is responsible, the collector, the head."""
        company = self.company_id
        return [self.user_id, company._collection_collector(), company._customer_head()]

    def _take_back(self, facts, message):
        """EXTENDS reach mixin: the reminder was not sent; a person does the step by another way.

        Unless there is nothing to do any more: everything is paid, or a lawyer collects.
        """
        super()._take_back(facts, message)
        over = self.episode_id.date_to or self.episode_id.handed_over_date
        if "reminder" in facts and self.state == "done" and not over:
            by_job = [{"code": BY_JOB}] if self.is_automatic else []
            self._transition(
                "undo",
                {
                    "done_at": False,
                    "done_by_id": False,
                    "is_automatic": False,
                    "way": "phone",
                    # a code: whoever reads it has another language
                    "explanation": [*(self.explanation or []), {"code": BOUNCED}, *by_job],
                },
            )

    def _give_back(self, facts, message):
        """EXTENDS reach mixin: the reminder went out after all."""
        super()._give_back(facts, message)
        if "reminder" in facts and self.state == "planned":
            codes = [reason["code"] for reason in self.explanation or []]
            self._write_facts(
                {
                    "way": "mail",
                    "is_automatic": BY_JOB in codes,
                    "explanation": [
                        reason
                        for reason in self.explanation or []
                        if reason["code"] not in (BOUNCED, BY_JOB)
                    ],
                }
            )
            done = {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid, "error": False}
            self._transition("done", done)

    def _mail_body(self):
        """Return the text with the list of items, in the customer's language."""
        step = self.with_context(lang=self._customer_lang())
        table = self.env["ir.qweb"]._render(
            "customer_governance.collection_items_table",
            {"step": step, "items": step.item_ids},
            lang=self._customer_lang(),
        )
        return Markup("%s%s") % (step.body or Markup(), table)

    def action_send(self):
        """Send the mail of the step now."""
        self.check_access("write")
        for step in self:
            if step.way != "mail":
                raise UserError(
                    self.env._(
                        "“%s” is not an e-mail step: print the letter or call.", step.display_name
                    )
                )
            # sudo: writing to the customer is the right of who may do the step; it is checked above
            step.sudo()._send()
        return True
