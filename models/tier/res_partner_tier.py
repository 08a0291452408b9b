from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

from ...queries import tier_breaches
from ...queries import tiers as tier_queries
from .customer_tier_history import TIER_ORIGINS

# Values of the commercial partner that its contacts carry, each one for each company.
GOVERNED_FIELDS = (
    "customer_tier_id",
    "customer_tier_since",
    "customer_tier_origin",
    "customer_lifecycle",
    "customer_lifecycle_since",
)

# In the context of a merge: an object() cannot come over RPC, so no caller can forge it.
MERGE_SENTINEL = object()

READERS = ",".join(
    f"customer_governance.group_{name}"
    for name in (
        "sales",
        "service",
        "quality",
        "credit",
        "committee",
        "manager",
        "auditor",
    )
)


class ResPartner(models.Model):
    """A customer's tier: one for each company, changed only with a reason."""

    _inherit = "res.partner"

    customer_tier_id = fields.Many2one(
        "customer.tier",
        company_dependent=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
        help="How important the customer is to the current company, and what it is entitled to.",
    )
    customer_tier_since = fields.Date(
        "In Tier since", company_dependent=True, copy=False, groups="base.group_user"
    )
    customer_tier_origin = fields.Selection(
        TIER_ORIGINS,
        "Tier Set By",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
    )
    customer_tier_reason = fields.Text(
        "Reason for Tier Change",
        compute="_compute_customer_tier_reason",
        inverse="_inverse_customer_tier_reason",
        groups="base.group_user",
        help="Enter it together with the customer tier (for imports and integrations).",
    )
    customer_tier_kind = fields.Selection(
        string="Kind of Tier", related="customer_tier_id.kind", groups="base.group_user"
    )
    customer_tier_color = fields.Integer(
        "Colour of Tier", related="customer_tier_id.color", groups="base.group_user"
    )
    customer_tier_measures = fields.Html(
        "Tier Commitments",
        related="customer_tier_id.measures",
        groups="base.group_user",
    )
    customer_tier_manager_policy = fields.Selection(
        string="Managed By",
        related="customer_tier_id.manager_policy",
        groups="base.group_user",
    )
    customer_contact_interval = fields.Integer(
        "Contact Every (days)",
        related="customer_tier_id.contact_interval_days",
        groups="base.group_user",
    )
    customer_visit_interval = fields.Integer(
        "Visit Every (days)",
        related="customer_tier_id.visit_interval_days",
        groups="base.group_user",
    )
    customer_meeting_interval = fields.Integer(
        "Strategy Meeting Every (days)",
        related="customer_tier_id.meeting_interval_days",
        groups="base.group_user",
    )
    customer_survey_interval = fields.Integer(
        "Survey Every (days)",
        related="customer_tier_id.survey_interval_days",
        groups="base.group_user",
    )
    customer_tier_sla_priority = fields.Selection(
        string="SLA Priority",
        related="customer_tier_id.sla_priority",
        groups="base.group_user",
    )
    customer_tier_why = fields.Text(
        "Why This Tier", compute="_compute_customer_tier_why", groups="base.group_user"
    )
    customer_tier_history_ids = fields.One2many(
        "customer.tier.history",
        "partner_id",
        "Tier History",
        copy=False,
        groups="base.group_user",
    )
    is_commercial_partner = fields.Boolean(
        "Is Customer Record",
        compute="_compute_is_commercial_partner",
        help="Not a contact of another partner: has its own tier and lifecycle.",
    )
    # What the form shows. With `commercial_partner_id` itself in the form a customer that is edited
    # would compute from the saved one, not from what was typed.
    customer_owner_id = fields.Many2one(
        "res.partner", compute="_compute_customer_owner_id", export_string_translation=False
    )

    # the customers of an account manager: each list that shows only theirs asks for them
    _customer_user_idx = models.Index("(user_id) WHERE user_id IS NOT NULL")

    # --- which measures of its tier a customer does not get
    has_tier_breach = fields.Boolean(
        "Unmet Commitments",
        compute="_compute_tier_breaches",
        search="_search_has_tier_breach",
        groups=READERS,
    )
    tier_breach_text = fields.Text(
        "Description of Unmet Commitments", compute="_compute_tier_breaches", groups=READERS
    )
    tier_breach_days = fields.Integer(
        "Days Overdue",
        compute="_compute_tier_breaches",
        groups=READERS,
        aggregator=None,
        help="How long the oldest commitment of the tier has been unmet.",
    )

    @api.depends("commercial_partner_id")
    def _compute_is_commercial_partner(self):
        for partner in self:
            partner.is_commercial_partner = partner.commercial_partner_id == partner

    @api.depends("commercial_partner_id")
    def _compute_customer_owner_id(self):
        for partner in self:
            partner.customer_owner_id = partner.commercial_partner_id._origin

    @api.depends("customer_tier_id", "commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_tier_why(self):
        """Reason of the last change of tier in the current company that the user may see."""
        History = self.env["customer.tier.history"]
        latest = {}
        if History.has_access("read"):
            domain = [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company._customer_company().id),
            ]
            for line in History.search(domain, order="date, id"):
                latest[line.partner_id.id] = line.reason_text
        for partner in self:
            partner.customer_tier_why = latest.get(partner.commercial_partner_id._origin.id)

    def _compute_customer_tier_reason(self):
        self.customer_tier_reason = False

    def _inverse_customer_tier_reason(self):
        """Keep nothing: `write` hands the reason to the history."""

    @api.model
    def _customer_domain(self):
        """Domain of commercial partners, the only ones that have tiers of their own."""
        return Domain("is_company", "=", True) | Domain("parent_id", "=", False)

    @api.model
    def _commercial_fields(self):
        """EXTENDS base: contacts carry their company's values."""
        return super()._commercial_fields() + list(GOVERNED_FIELDS)

    # --- changing tiers -----------------------------------------------------------------------
    def _set_customer_tier(self, tier, reason, origin, **history_vals):
        """Put the commercial partners of `self` into `tier` in the current company.

        Contacts follow, each change is a line of `customer.tier.history`; customers who are
        in the tier already are left alone. Rights are the caller's business.

        :param tier: one `customer.tier`, or none to take the tier away
        :param reason: why, text
        :param origin: key of `TIER_ORIGINS`
        :param history_vals: further columns of the history rows
        :return: list of :class:`queries.tiers.TierMove`
        """
        return self._apply_tier_changes(
            [
                tier_queries.TierChange(partner.id, tier.id or None, reason, history_vals)
                for partner in self.commercial_partner_id
            ],
            origin,
        )

    @api.model
    def _apply_tier_changes(self, changes, origin):
        """Apply decisions that differ from customer to customer; see `_set_customer_tier`.

        :param changes: list of :class:`queries.tiers.TierChange`, one for each commercial partner
        :return: list of :class:`queries.tiers.TierMove`, only those that changed something
        """
        if not changes:
            return []
        if not all((change.reason or "").strip() for change in changes):
            raise UserError(self.env._("Enter a reason for the tier change."))
        company = self.env.company._customer_company()
        self = self.with_company(company)
        History = self.env["customer.tier.history"]
        types = {name: History._fields[name].column_type[0] for name in changes[0].extra}
        names = list(GOVERNED_FIELDS[:3])
        self.env["res.partner"].flush_model([*names, "commercial_partner_id"])
        query = tier_queries.apply_tiers(
            changes, company.id, origin, company._customer_today(), self.env.uid, types
        )
        moves = [tier_queries.TierMove(*row) for row in self.env.execute_query(query)]
        self.env["res.partner"].invalidate_model([*names, "customer_tier_history_ids"])
        History.invalidate_model()
        if moves:
            moved = self.browse(move.partner_id for move in moves)
            # sudo: contacts the user cannot read carry the value as well
            members = self.sudo().with_context(active_test=False)
            members = members.search([("commercial_partner_id", "in", moved.ids)])
            members._spread_to_branches(names)
            members.modified(names)
            moved._after_tier_change(moves)
            if origin in ("manual", "import"):
                moved._log_tier_moves(moves)
        return moves

    def _after_tier_change(self, changes):
        """Hook for higher domains, once for each batch; `self` are the customers that changed.

        :param changes: list of :class:`queries.tiers.TierMove`, for the current company
        """

    def _log_tier_moves(self, moves):
        """Write changes made by hand into the chatter: reason, old and new tier."""
        Tracking = self.env["mail.tracking.value"]
        tiers = (
            self.env["customer.tier"]
            .sudo()
            .browse(
                {tier for move in moves for tier in (move.old_tier_id, move.new_tier_id) if tier}
            )
        )
        by_id = {tier.id: tier for tier in tiers}
        info = self.fields_get(["customer_tier_id"], ["type", "string"])["customer_tier_id"]
        messages = self._message_log_batch({move.partner_id: move.reason for move in moves})
        by_partner = {message.res_id: message for message in messages}
        # sudo: tracking values are written for every user by core as well
        Tracking.sudo().create(
            [
                {
                    **Tracking._create_tracking_values(
                        by_id.get(move.old_tier_id, False),
                        by_id.get(move.new_tier_id, False),
                        "customer_tier_id",
                        info,
                        self,
                    ),
                    "mail_message_id": by_partner[move.partner_id].id,
                }
                for move in moves
            ]
        )

    @api.model
    def _may_change_tier(self):
        """Whether the user may put customers into tiers by hand."""
        user = self.env.user
        return (
            self.env.su
            or user.has_group("customer_governance.group_manager")
            or user.has_group("customer_governance.group_committee")
        )

    def _check_tier_write(self, tier, reason):
        """Raise unless the user may put the commercial partners `self` into `tier`.

        :return: the reason to record
        """
        if not self._may_change_tier():
            raise AccessError(
                self.env._(
                    "Only the review committee and the head of customer governance can "
                    "change a customer's tier (%(names)s).",
                    names=", ".join(self[:5].mapped("display_name")),
                )
            )
        reason = (reason or "").strip()
        if reason:
            return reason
        if self.env.su:
            return self.env._("Set by an integration")
        raise UserError(
            self.env._(
                "A tier change needs a reason: fill in 'Reason for Tier Change' together "
                "with the tier (%(names)s to %(tier)s).",
                names=", ".join(self[:5].mapped("display_name")),
                tier=tier.name or self.env._("no tier"),
            )
        )

    def _write_customer_tier(self, tier, reason):
        """Plain write of the tier: rights, reason, no contacts, then the ordinary way."""
        changed = self.filtered(lambda partner: partner.customer_tier_id != tier)
        if not changed:
            return
        contacts = changed.filtered(lambda partner: not partner.is_commercial_partner)
        if contacts:
            raise UserError(
                self.env._(
                    "%(contact)s is a contact of %(company)s: change the tier there.",
                    contact=contacts[0].display_name,
                    company=contacts[0].commercial_partner_id.display_name,
                )
            )
        reason = changed._check_tier_write(tier, reason)
        origin = "import" if self.env.context.get("import_file") else "manual"
        changed._set_customer_tier(tier, reason, origin)

    # --- create and write ---------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Set tiers given with new partners the ordinary way, with right and reason."""
        for vals in vals_list:
            self._check_customer_ids(vals)
        keys = {*GOVERNED_FIELDS, "customer_tier_reason"}
        partners = super().create(
            [{k: v for k, v in vals.items() if k not in keys} for vals in vals_list]
        )
        wanted = {}
        for partner, vals in zip(partners, vals_list, strict=True):
            partner._check_derived_values(vals)
            if vals.get("customer_tier_id"):
                key = (vals["customer_tier_id"], vals.get("customer_tier_reason"))
                wanted.setdefault(key, self.browse())
                wanted[key] |= partner
        for (tier_id, reason), group in wanted.items():
            group._write_customer_tier(self.env["customer.tier"].browse(tier_id), reason)
        return partners

    def write(self, vals):
        """Guard the tier; keep contacts equal to their company when they change it."""
        governed = vals.keys() & {*GOVERNED_FIELDS, "customer_tier_reason"}
        moving = "parent_id" in vals or "is_company" in vals
        if not governed and not moving:
            return super().write(vals)
        self._check_customer_ids(vals)
        customers = self.filtered("is_commercial_partner") if moving else self.browse()
        result = True
        if self._is_commercial_sync(vals):
            result = super().write(vals)
        else:
            plain = {k: v for k, v in vals.items() if k not in governed}
            if plain:
                result = super().write(plain)
            if self.env.context.get("customer_merge") is not MERGE_SENTINEL:
                self._check_derived_values(vals)
                if "customer_tier_id" in vals:
                    tier = self._customer_named(vals, "customer_tier_id")
                    self._write_customer_tier(tier, vals.get("customer_tier_reason"))
        if moving:
            self._sync_governed_values(customers)
        return result

    def _is_commercial_sync(self, vals):
        """Whether core copies the values of the commercial partner to contacts."""
        governed = [name for name in GOVERNED_FIELDS if name in vals]
        if not governed or any(partner.is_commercial_partner for partner in self):
            return False
        for owner in self.commercial_partner_id:
            values = owner._convert_fields_to_values(governed)
            if any((values[name] or False) != (vals[name] or False) for name in governed):
                return False
        return True

    def _check_derived_values(self, vals):
        """Refuse values that only follow from decisions (since, origin, lifecycle)."""
        for name in GOVERNED_FIELDS[1:]:
            if name not in vals:
                continue
            field = self._fields[name]
            for partner in self:
                if field.convert_to_write(partner[name], partner) != (vals[name] or False):
                    raise UserError(
                        self.env._(
                            "'%(field)s' is determined by tier decisions and orders of the "
                            "customer and cannot be set.",
                            field=field._description_string(self.env),
                        )
                    )

    def _sync_governed_values(self, customers_before):
        """After a change of parent: contacts get their company's values, new customers none.

        :param customers_before: those of `self` that were commercial partners before
        """
        contacts = self.filtered(lambda partner: not partner.is_commercial_partner)
        freed = self - contacts - customers_before
        self.env["res.partner"].flush_model([*GOVERNED_FIELDS, "commercial_partner_id"])
        if contacts:
            members = self.sudo().with_context(active_test=False)
            members = members.search([("id", "child_of", contacts.ids)])
            self.env.cr.execute(tier_queries.sync_contacts(members.ids, GOVERNED_FIELDS))
        if freed:
            self.env.cr.execute(tier_queries.clear_partners(freed.ids, GOVERNED_FIELDS))
        if contacts or freed:
            self.env["res.partner"].invalidate_model(GOVERNED_FIELDS)

    # --- actions ------------------------------------------------------------------------------
    def action_view_tier_history(self):
        """Open the changes of the customer's tier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_tier_history_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action

    # --- what a change of tier means for customers: shown before a downgrade is confirmed
    def _tier_change_impact(self, new_tier):
        """What changes for the customers `self` in the current company when they get `new_tier`.

        Higher domains append theirs (credit limit, service levels, contact plans). Only what
        changes is listed.

        :param new_tier: one `customer.tier`, or none
        :return: list of {"partner_id": int, "kind": key of `_tier_impact_kinds`, "text": str}
        """
        impact = []
        for partner in self.commercial_partner_id:
            for kind, text in (
                *partner._tier_measure_impact(new_tier),
                *partner._tier_terms_impact(new_tier),
            ):
                impact.append({"partner_id": partner.id, "kind": kind, "text": text})
        return impact + self.commercial_partner_id._tier_order_impact()

    @api.model
    def _tier_impact_kinds(self):
        """Headings of the impact list: [(kind, label)]."""
        return [
            ("manager", self.env._("Account management")),
            ("contact_plan", self.env._("Contact plan")),
            ("sla", self.env._("Service level")),
            ("terms", self.env._("Prices and payment")),
            ("orders", self.env._("Open orders")),
        ]

    def _tier_measure_impact(self, new_tier):
        """Measures that differ between the customer's tier and the new one: [(kind, text)]."""
        old, found = self.customer_tier_id, []
        Tier = self.env["customer.tier"]

        def label(tier, name):
            options = dict(Tier._fields[name]._description_selection(self.env))
            return options.get(tier[name]) or self.env._("none")

        def days(number):
            return self.env._("every %s days", number) if number else self.env._("not planned")

        for kind, name in (("manager", "manager_policy"), ("sla", "sla_priority")):
            if label(old, name) != label(new_tier, name):
                found.append(
                    (
                        kind,
                        self.env._(
                            "%(what)s: %(old)s → %(new)s",
                            what=Tier._fields[name]._description_string(self.env),
                            old=label(old, name),
                            new=label(new_tier, name),
                        ),
                    )
                )
        plans = {
            "contact_interval_days": self.env._("Contact"),
            "visit_interval_days": self.env._("Visit"),
            "meeting_interval_days": self.env._("Strategy meeting"),
            "survey_interval_days": self.env._("Survey"),
        }
        for name, what in plans.items():
            if old[name] != new_tier[name]:
                text = self.env._(
                    "%(what)s: %(old)s → %(new)s",
                    what=what,
                    old=days(old[name]),
                    new=days(new_tier[name]),
                )
                found.append(("contact_plan", text))
        return found

    def _tier_order_impact(self):
        """Quotations and orders that are still open, with their amounts, by customer."""
        domain = Domain("partner_id.commercial_partner_id", "in", self.ids)
        domain &= Domain("company_id", "child_of", self.env.company._customer_company().id)
        domain &= Domain("state", "in", ("draft", "sent")) | (
            Domain("state", "=", "sale") & Domain("invoice_status", "!=", "invoiced")
        )
        # sudo: who may change the tier sees number and sum of the orders, not the orders
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(domain, ["partner_id", "currency_id"], ["amount_total:sum", "__count"])
        )
        totals = {}
        for partner, currency, amount, count in groups:
            key = partner.commercial_partner_id, currency
            before = totals.get(key, (0, 0))
            totals[key] = before[0] + count, before[1] + amount
        return [
            {
                "partner_id": partner.id,
                "kind": "orders",
                "text": self.env._(
                    "%(count)s open quotations and orders: %(amount)s",
                    count=count,
                    amount=formatLang(self.env, amount, currency_obj=currency),
                ),
            }
            for (partner, currency), (count, amount) in totals.items()
        ]

    def action_change_tier(self):
        """Open the wizard that changes the tier of these customers by hand."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Tier"),
            "res_model": "customer.tier.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }

    @api.model
    def get_import_templates(self):
        """EXTENDS base_import: offer the file for customers' tiers besides the others."""
        return [
            *super().get_import_templates(),
            {
                "label": self.env._("Import template for customers' tiers"),
                "template": "/customer_governance/static/csv/customer_tiers.csv",
            },
        ]

    # --- which measures of its tier a customer does not get
    @api.depends("commercial_partner_id", "customer_tier_id", "user_id", "customer_team_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_tier_breaches(self):
        """One query for all; the rows the user may see."""
        rows = self.env["customer.tier.breach"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company._customer_company().id),
            ]
        )
        by_partner = rows.grouped("partner_id")
        for partner in self:
            found = by_partner.get(partner.commercial_partner_id._origin, rows.browse())
            partner.has_tier_breach = bool(found)
            partner.tier_breach_text = "\n".join(found.mapped("reason")) or False
            partner.tier_breach_days = max(found.mapped("days_over"), default=0)

    def _search_has_tier_breach(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.env["customer.tier.breach"]._search(
            [("company_id", "=", self.env.company._customer_company().id)]
        )
        # with its table: record rules join others that have a partner too
        partners = rows.subselect(SQL.identifier(rows.table, "partner_id"))
        domain = Domain("commercial_partner_id", "in", partners)
        return domain if True in value else ~domain

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """EXTENDS base: customers by the measure that is late for the longest time.

        Those whose measure knows no days come after those with days, then all others.
        """
        if field_name != "tier_breach_days":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        self._check_field_access(self._fields[field_name], "read")
        breach = self.env["customer.tier.breach"]
        rows = breach._search([("company_id", "=", self.env.company._customer_company().id)])
        columns = (SQL.identifier(rows.table, name) for name in ("partner_id", "days_over"))
        join = query.make_alias(alias, "tier_breach_days")
        query.add_join(
            "LEFT JOIN",
            join,
            tier_breaches.longest(rows.subselect(*columns)),
            SQL(
                "%s = %s",
                SQL.identifier(join, "partner_id"),
                SQL.identifier(alias, "commercial_partner_id"),
            ),
        )
        return SQL("COALESCE(%s, -1) %s %s", SQL.identifier(join, "days"), direction, nulls)
