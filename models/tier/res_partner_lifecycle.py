import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...engine import lifecycle as engine
from ...queries import lifecycle as lifecycle_queries
from ...queries.tiers import TierChange
from ..common.digest import in_house
from .customer_lifecycle_change import CAUSE_ACTIVITY

# Customers in one transaction: 2,000 take about a second, an interrupted run repeats only those.
BATCH = 2000

# Sales of so many months say whether a loss is worth a question.
WORTH_MONTHS = 24


class ResPartner(models.Model):
    """Where a customer stands in its life with the current company."""

    _inherit = "res.partner"

    customer_lifecycle = fields.Selection(
        engine.STATES,
        "Lifecycle",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
        help="Updated every night from orders, opportunities and satisfaction.",
    )
    customer_lifecycle_since = fields.Date(
        "In Lifecycle Since",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
    )
    customer_team_id = fields.Many2one(
        "crm.team",
        "Customer Sales Team",
        company_dependent=True,
        check_company=True,
        groups="base.group_user",
        help="The team responsible for the customer in the current company.",
    )
    customer_lifecycle_change_ids = fields.One2many(
        "customer.lifecycle.change",
        "partner_id",
        "Lifecycle Changes",
        copy=False,
        groups="base.group_user",
    )
    customer_lifecycle_reason = fields.Text(
        "Reason for Lifecycle",
        compute="_compute_customer_lifecycle_reason",
        groups="base.group_user",
    )
    customer_cause_missing = fields.Boolean(
        "Reason Not Recorded",
        compute="_compute_customer_lifecycle_reason",
        search="_search_customer_cause_missing",
        groups="base.group_user",
    )

    @api.model
    def _commercial_fields(self):
        """EXTENDS base: contacts carry the team of their company."""
        return [*super()._commercial_fields(), "customer_team_id"]

    @api.depends("customer_lifecycle_change_ids.cause_id", "commercial_partner_id")
    @api.depends_context("company", "lang", "uid")
    def _compute_customer_lifecycle_reason(self):
        """Read the last change of each customer that the user may see."""
        Change = self.env["customer.lifecycle.change"]
        latest = {}
        if Change.has_access("read"):
            for change in Change.search(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company._customer_company().id),
                ],
                order="date, id",
            ):
                latest[change.partner_id.id] = change
        for partner in self:
            change = latest.get(partner.commercial_partner_id._origin.id, Change)
            partner.customer_lifecycle_reason = change.reason
            partner.customer_cause_missing = (
                change.asked
                and not change.cause_id
                and change.new_state == partner.customer_lifecycle
            )

    def _search_customer_cause_missing(self, operator, value):
        """Customers in lost or churned whose question of that state has no answer."""
        if operator != "in":
            return NotImplemented
        company = self.env.company._customer_company()
        missing = Domain.OR(
            Domain("customer_lifecycle", "=", state)
            & Domain(
                "commercial_partner_id.customer_lifecycle_change_ids",
                "any",
                Domain("company_id", "=", company.id)
                & Domain("new_state", "=", state)
                & Domain("asked", "=", True)
                & Domain("cause_id", "=", False),
            )
            for state in engine.ASKING_STATES
        )
        return missing if True in value else ~missing

    # --- nightly ------------------------------------------------------------------------------
    @api.model
    def _update_customer_lifecycle(self, partners=None):
        """Bring lifecycle and the tiers that follow it up to date from `customer.metrics`.

        Safe to run twice, late or after it was killed: only what differs is touched, in batches.

        :param partners: customers (or contacts of them), None for all
        """
        # sudo: the state follows from facts of all companies, whoever runs the job
        for company in self.env["res.company"]._customer_companies():
            self._update_company_lifecycle(company, partners)

    @api.model
    def _update_company_lifecycle(self, company, partners=None):
        """Do the same for one company; see `_update_customer_lifecycle`."""
        for _name, find, work, size in self._lifecycle_steps(company, partners):
            after = 0
            while batch := find(after, size):
                work(batch)
                after = batch[-1].id

    @api.model
    def _lifecycle_steps(self, company, partners=None):
        """Return the parts of the work on the lifecycle of a company: (name, find, work, size).

        ``find(after, limit)`` returns the next customers by id, ``work(customers)`` does them.
        """
        # sudo: the state follows from facts, not from what the user may see
        Partner = self.sudo().with_company(company)
        Partner = Partner.with_context(lang=company.partner_id.lang or self.env.lang)
        company = company.sudo()
        ids = None if partners is None else partners.commercial_partner_id.ids

        def unfollowed(after, limit):
            self.env.flush_all()
            sql = lifecycle_queries.tiers_to_follow(company.id, [], ids, after, limit)
            return Partner.browse(row[0] for row in self.env.execute_query(sql))

        return [
            (
                "lifecycle",
                lambda after, limit: Partner._lifecycle_changed(company, ids, after, limit),
                lambda batch: Partner._lifecycle_batch(company, batch.ids),
                BATCH,
            ),
            (
                "tiers",
                unfollowed,
                lambda batch: Partner._follow_lifecycle(company, [], {}, batch.ids),
                BATCH,
            ),
        ]

    @api.model
    def _lifecycle_changed(self, company, ids, after, limit):
        """Return the next customers whose state is not the one they have."""
        self.env.flush_all()
        sql = lifecycle_queries.changed(self._lifecycle_evaluation(company, ids), limit, after)
        return self.browse(row[0] for row in self.env.execute_query(sql))

    @api.model
    def _lifecycle_evaluation(self, company, ids):
        policy, today = company._customer_lifecycle_policy(), company._customer_today()
        return lifecycle_queries.evaluate(company.id, policy, engine.borders(policy, today), ids)

    @api.model
    def _lifecycle_batch(self, company, ids):
        """Move those of the customers whose state changed, with all that follows."""
        self.env.flush_all()
        policy, today = company._customer_lifecycle_policy(), company._customer_today()
        rows = self.env.execute_query(
            lifecycle_queries.changed(self._lifecycle_evaluation(company, ids))
        )
        steps = [self._lifecycle_step(row, company, policy, today) for row in rows]
        if not steps:
            return
        asked = self._lifecycle_responsibles(company, [s["id"] for s in steps if s["asks"]])
        rows = [
            (
                *(s[key] for key in ("id", "old", "new", "since")),
                json.dumps(s["reasons"]),
                asked.get(s["id"]),
            )
            for s in steps
        ]
        self.env.execute_query(
            lifecycle_queries.apply_states(company.id, today, self.env.uid, rows)
        )
        partners = self.browse(s["id"] for s in steps)
        names = ["customer_lifecycle", "customer_lifecycle_since"]
        self.invalidate_model([*names, "customer_lifecycle_change_ids"])
        self.env["customer.lifecycle.change"].invalidate_model()
        members = self.with_context(active_test=False)
        members = members.search([("commercial_partner_id", "in", partners.ids)])
        members._spread_to_branches(names)
        members.modified(names)
        self._after_lifecycle_steps(company, steps, asked)

    @api.model
    def _lifecycle_step(self, row, company, policy, today):
        """Explain one changed row of `queries.lifecycle.evaluate`.

        :return: {"id", "old", "new", "since", "reasons": [[code, values]], "asks"}
        """
        partner_id, old_state, state, *values, last_lost = row
        facts = engine.Facts(*values)
        decision = engine.decide(facts, policy, today)
        if decision.state != state:
            raise ValueError(
                f"Partner {partner_id} is {state} in SQL and {decision.state} in the engine"
            )
        last_lost = last_lost and company._customer_day(last_lost)
        day = engine.event_day(state, facts, policy, last_lost)
        since = engine.since(old_state, state, facts, policy, last_lost)
        return {
            "id": partner_id,
            "old": old_state,
            "new": state,
            "since": min(since or today, today),
            "reasons": [[reason.code, reason.values] for reason in decision.reasons],
            "asks": engine.asks(old_state, state, day, today, company.customer_ask_days),
        }

    def _after_lifecycle_steps(self, company, steps, asked):
        """Tell the chatter, ask for causes, plan visits, close them, let the tiers follow."""
        house = in_house(self, company)
        Change = house.env["customer.lifecycle.change"]
        labels = dict(self._fields["customer_lifecycle"]._description_selection(house.env))
        texts = {s["id"]: Change._render_reasons(s["reasons"]) for s in steps}
        known = [s for s in steps if s["old"]]
        if known:
            self.browse(s["id"] for s in known)._message_log_batch(
                {
                    s["id"]: house.env._(
                        "Lifecycle: %(old)s → %(new)s. %(reason)s",
                        old=labels[s["old"]],
                        new=labels[s["new"]],
                        reason=texts[s["id"]],
                    )
                    for s in known
                }
            )
        back = [
            s["id"]
            for s in steps
            if s["old"] in engine.ASKING_STATES and s["new"] not in engine.ASKING_STATES
        ]
        self.browse(back)._close_win_back()
        if asked and company.customer_ask_losses:
            never = {s["id"] for s in steps if s["new"] == "lost"}
            asked = self._lifecycle_worth_asking(company, asked, never)
            customers = self.browse(asked)
            customers._ask_cause(company, asked, texts)
            customers._plan_win_back(asked)
        churned = [s["id"] for s in known if s["new"] == "churned"]
        self._follow_lifecycle(company, churned, texts, [s["id"] for s in steps])

    @api.model
    def _follow_lifecycle(self, company, churned, texts, ids):
        """Let the tiers of kind prospect and lapsed, and missing ones, follow the lifecycle.

        :param churned: ids of customers that churned just now: they lose a customer tier too
        :param texts: {partner id: reason}
        :param ids: customers to stay within, None for all
        """
        self.env.flush_all()
        rows = self.env.execute_query(lifecycle_queries.tiers_to_follow(company.id, churned, ids))
        if not rows:
            return
        labels = dict(self._fields["customer_lifecycle"]._description_selection(self.env))
        Tier = self.env["customer.tier"]
        tiers = {kind: Tier._default_of_kind(kind) for kind in {row[2] for row in rows}}
        changes = [
            TierChange(
                partner_id,
                tiers[kind].id,
                self.env._(
                    "Lifecycle %(state)s. %(reason)s",
                    state=labels[state],
                    reason=texts.get(partner_id, ""),
                ).strip(),
            )
            for partner_id, state, kind in rows
            if tiers[kind]
        ]
        for start in range(0, len(changes), BATCH):
            self.with_company(company)._apply_tier_changes(
                changes[start : start + BATCH], "lifecycle"
            )

    # --- cause and win-back -------------------------------------------------------------------
    @api.model
    def _lifecycle_responsibles(self, company, ids):
        """Who answers for customers: salesperson, else team leader, else the head.

        :return: {partner id: user id}, without customers nobody answers for
        """
        if not ids:
            return {}
        head = company._customer_head().id
        rows = self.env.execute_query(lifecycle_queries.responsibles(company.id, ids))
        found = {row[0]: row[1] or row[2] or head for row in rows}
        return {partner_id: user_id for partner_id, user_id in found.items() if user_id}

    @api.model
    def _lifecycle_worth_asking(self, company, people, never):
        """Leave out losses below the company's border, and what is too much for one person.

        They stay on the list of losses; nobody is asked about them.

        :param people: {partner id: user id}
        :param never: ids of those that never bought: sales are no measure of them
        """
        kind = self.env.ref(CAUSE_ACTIVITY, raise_if_not_found=False)
        kind = kind or self.env["mail.activity.type"]
        since = fields.Date.subtract(company._customer_today(), months=WORTH_MONTHS)
        self.env.flush_all()
        rows = self.env.execute_query(lifecycle_queries.worth(company.id, list(people), since))
        busy = self.env["mail.activity"].sudo()  # sudo: how many questions people have
        groups = busy._read_group(
            [("activity_type_id", "in", kind.ids), ("user_id", "in", list(set(people.values())))],
            ["user_id"],
            ["__count"],
        )
        return engine.worth_asking(
            people,
            {
                partner_id: (place, None if partner_id in never else amount)
                for partner_id, place, amount in rows
            },
            {user.id: count for user, count in groups},
            company.customer_ask_revenue,
            company.customer_ask_most,
        )

    def _ask_cause(self, company, users, texts):
        """Ask the responsible why each customer was lost or left.

        :param users: {partner id: user id}
        """
        self._schedule_once(
            CAUSE_ACTIVITY,
            users,
            company._customer_today() + timedelta(days=company.customer_cause_days),
            texts,
        )

    def _plan_win_back(self, users):
        """Plan a visit to each customer that was lost or left: a hook, visits are a higher domain's.

        :param users: {partner id: user id} who answers for the customers `self`
        """

    def _schedule_once(self, activity_type, users, deadline, notes=None):
        """Create an activity on each customer that has no open one of the type.

        :param users: {partner id: user id}
        :param notes: {partner id: text}
        """
        kind = self.env.ref(activity_type, raise_if_not_found=False)
        if not kind:  # an administrator removed the type: nobody wants to be asked
            return
        Activity = self.env["mail.activity"].sudo()
        model_id = self.env["ir.model"]._get_id("res.partner")
        domain = [
            ("res_model_id", "=", model_id),
            ("res_id", "in", self.ids),
            ("activity_type_id", "=", kind.id),
        ]
        done = set(Activity.search(domain).mapped("res_id"))
        # quick update: a night with many losses must not send a mail for each
        Activity.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": partner.id,
                    "activity_type_id": kind.id,
                    "summary": kind.summary,
                    "note": (notes or {}).get(partner.id),
                    "user_id": users[partner.id],
                    "date_deadline": deadline,
                    "automated": True,
                }
                for partner in self
                if partner.id not in done
            ]
        )

    def _close_win_back(self):
        """Take back the questions about customers that came back by themselves."""
        if self:
            self.activity_unlink([CAUSE_ACTIVITY])

    # --- actions ------------------------------------------------------------------------------
    def action_record_cause(self):
        """Open the last loss of the customer to record cause and win-back measure."""
        self.ensure_one()
        change = self.env["customer.lifecycle.change"].search(
            [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.env.company._customer_company().id),
                ("new_state", "in", engine.ASKING_STATES),
            ],
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reason and Win-back"),
            "res_model": "customer.lifecycle.change",
            "res_id": change.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_view_lifecycle_changes(self):
        """Open the steps of the customer's lifecycle."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_lifecycle_change_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action

    # --- a customer somebody creates: looked after by an account manager and in a tier at once
    @api.model
    def default_get(self, fields):
        """EXTENDS base: an account manager's new customer is the account manager's own."""
        values = super().default_get(fields)
        if "user_id" in fields and not values.get("user_id") and self._is_creators_customer(values):
            values["user_id"] = self.env.uid
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: prospects have their tier when they are saved, not after the next night."""
        own = [self._is_creators_customer(vals) for vals in vals_list]
        partners = super().create(
            [
                {"user_id": self.env.uid, **vals} if mine else vals
                for vals, mine in zip(vals_list, own, strict=True)
            ]
        )
        # The partner of a user or a company is no customer: there nobody gives a customer rank.
        started = self.browse(
            partner.id
            for partner, mine in zip(partners, own, strict=True)
            if mine or partner.customer_rank > 0
        )
        started._start_as_customers()
        return partners

    @api.model
    def _is_creators_customer(self, vals):
        """Whether a new partner gets the current user as its account manager.

        Not what is imported, of a purchasing screen or a contact of somebody, and not what the head
        creates for others.

        :param vals: values known so far, those of the context count as well
        """
        context, user = self.env.context, self.env.user
        return not (
            self.env.su
            or vals.get("parent_id")
            or context.get("default_parent_id")
            or context.get("import_file")
            or context.get("res_partner_search_mode") == "supplier"
            or not user.has_group("customer_governance.group_sales")
            or user.has_group("customer_governance.group_manager")
        )

    def _start_as_customers(self):
        """Give figures, lifecycle and tier to new partners that are customers of the company."""
        customers = self.filtered("is_commercial_partner")
        if not customers or self.env.su:  # data of programs: the night is early enough
            return
        # sudo: state and tier follow from facts, whoever creates the customer need not have the right
        self.env["customer.metrics"].sudo()._refresh_company(self.env.company, customers)
        self.env["res.partner"]._update_company_lifecycle(self.env.company, customers)
