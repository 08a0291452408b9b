import logging
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.tools import split_every

from ...engine import collection as engine
from ...queries import collection as queries
from ..common.cron import commit_progress
from ..common.customer_transition_mixin import SENTINEL

_logger = logging.getLogger(__name__)

# Customers planned in one transaction: a killed job loses no more than these.
BATCH = 200
RETRIES = 5
CONFLICTS = (psycopg2.errors.SerializationFailure, psycopg2.errors.UniqueViolation)


@dataclass
class Situation:
    """The open items of a customer: rows as `queries.collection.open_items` gives them."""

    rows: list = field(default_factory=list)
    items: list = field(default_factory=list)
    claim: engine.Claim = engine.Claim(engine.SETTLED)


class CustomerCollectionStep(models.Model):
    """Planning: which step is due for whom, in a number of statements that does not grow."""

    _inherit = "customer.collection.step"

    @api.model
    def _cron_collect(self):
        """Judge promises, plan the steps that are due, send the mails; each thing once.

        Only for companies at work: nobody is dunned at night or on a holiday. Late, twice, beside
        itself or killed half-way it leaves what one clean run leaves.
        """
        # sudo: the job is for all companies
        companies = self.env["res.company"].sudo().search([("collection_mode", "!=", "off")])
        now = fields.Datetime.now()
        for company in companies:
            if not company._collection_at_work(now):
                continue
            steps = self.sudo().with_company(company)
            if not (steps._plan_company(company) and steps._send_company(company)):
                return False
        return True

    @api.model
    def _plan_company(self, company):
        """Plan the steps of all customers of a company; False: no time left."""
        today = company._customer_today()
        if not self._lock_collection(company):
            return True  # another worker is at it
        self.env["customer.collection.promise"]._judge(company)
        if not commit_progress(self.env):
            return False
        self.env.flush_all()
        rows = self.env.execute_query(queries.candidates(company.id, today))
        batches = list(split_every(BATCH, [partner_id for (partner_id,) in rows]))
        for number, partner_ids in enumerate(batches, 1):
            if not self._plan_safely(company, partner_ids, today):
                return True  # another worker is at it
            left = commit_progress(self.env, len(partner_ids), remaining=int(number < len(batches)))
            if not left:
                return False
        return True

    @api.model
    def _lock_collection(self, company):
        """Tell whether this worker may work on the company until the end of the transaction."""
        [(mine,)] = self.env.execute_query(queries.lock_company(company.id))
        return mine

    @api.model
    def _plan_safely(self, company, partner_ids, today):
        """Plan a batch; where one customer fails the others are planned one by one.

        :return: whether this worker may plan for the company
        """
        for _attempt in range(RETRIES):
            if not self._lock_collection(company):
                return False
            try:
                with self.env.cr.savepoint():
                    self._plan_batch(company, partner_ids, today)
                return True
            except CONFLICTS:
                # another worker committed after our transaction began: look again
                if not self.env.context.get("ir_cron_progress_id"):
                    raise
                self.env.cr.rollback()
            except Exception:
                _logger.exception(
                    "Collection of %s customers failed, one by one now", len(partner_ids)
                )
                break
        for partner_id in partner_ids:
            try:
                with self.env.cr.savepoint():
                    self._plan_batch(company, [partner_id], today)
            except Exception:
                _logger.exception("Collection of customer %s failed", partner_id)
        return True

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
        situations = self._situations(company, partner_ids, today)
        levels = company._collection_levels()
        rules = [engine.Level(level.id, level.days_overdue) for level in levels]
        episodes = self._open_episodes(company, partner_ids)
        reached = self._reached(episodes)
        decisions = {
            partner_id: engine.decide(
                situations[partner_id].items, rules, reached.get(episodes.get(partner_id)), today
            )
            for partner_id in partner_ids
        }
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
        last = steps.filtered(lambda step: step.level_id == levels[-1])
        reason = self.env._("The last level of collection is reached.")
        self.env["customer.credit.watch"]._ask(
            company, "collection", dict.fromkeys(last.partner_id, reason)
        )
        return steps

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
        contacts = {p: self._contact_of(p) for p in partners}
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
            skipped += self._prepare_passed(decision, common)
            planned.append(
                self._prepare_step(company, partner, contacts[partner], decision, common)
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
    def _prepare_passed(self, decision, common):
        levels = self.env["customer.collection.level"].browse(decision.passed)
        return [
            {
                **common,
                "level_id": level.id,
                "level_days": level.days_overdue,
                "way": level.way,
                "state": "skipped",
                "explanation": [{"code": "passed_over"}],
            }
            for level in levels
        ]

    @api.model
    def _prepare_step(self, company, partner, contact, decision, common):
        level = self.env["customer.collection.level"].browse(decision.level_id)
        user = level._responsible_of(partner, company)
        automatic = company.collection_mode == "send"
        way, sends, reasons = engine.choose_way(
            level.way, bool(contact.email), not partner.active, automatic
        )
        lang = contact.lang or company.partner_id.lang
        texts = level.with_context(lang=lang)._texts(partner, company, decision.claim, user)
        script = level.with_context(lang=user.lang)._texts(partner, company, decision.claim, user)[
            "script"
        ]
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
        self.env["mail.activity"].with_context(
            mail_activity_quick_update=True, mail_notrack=True
        ).create(
            [
                {
                    "res_model_id": model.id,
                    "res_id": step.id,
                    "activity_type_id": kind.id,
                    "user_id": step.user_id.id,
                    "date_deadline": step.date,
                    "summary": step.display_name,
                }
                for step in self
                if step.user_id
            ]
        )
