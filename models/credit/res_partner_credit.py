from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date, formatLang

from ..common.digest import in_house
from ..common.facts import unforged, without_defaults
from .account_move import KINDS

# In the context of changes that come from an approved record: an object cannot come over RPC.
CREDIT_SENTINEL = object()

CREDIT_KEY = "customer_credit_write"

# Values of the commercial partner that its contacts carry, each one for each company.
CREDIT_FIELDS = (
    "customer_credit_grade_id",
    "customer_credit_grade_since",
    "customer_credit_valid_until",
    "customer_credit_hold",
    "customer_credit_hold_reason",
)

# Odoo's own fields that a decision on credit sets, guarded where the company uses credit.
NATIVE_FIELDS = ("credit_limit", "property_payment_term_id", "trust")

GUARDED_FIELDS = (*CREDIT_FIELDS, *NATIVE_FIELDS)

# Whose debt is whose: computed from the parent. `queries.credit_exposure` reads it.
FIGURES = frozenset({"commercial_partner_id"})

# What it is computed from.
OWNER_FIELDS = frozenset({"parent_id", "is_company"})

# Who may set a value directly, without an approved record. A limit set directly becomes an entry
# of the journal; the administrator of accounting keeps the right Odoo gives.
HEAD = ("customer_governance.group_manager",)

DIRECT_GROUPS = {
    "credit_limit": (*HEAD, "account.group_account_manager"),
    "property_payment_term_id": (*HEAD, "account.group_account_manager"),
    "trust": (*HEAD, "account.group_account_manager"),
    "customer_credit_hold": ("customer_governance.group_credit",),
    "customer_credit_hold_reason": ("customer_governance.group_credit",),
}

READERS = (
    "customer_governance.group_sales,customer_governance.group_credit,"
    "customer_governance.group_committee,customer_governance.group_auditor,"
    "account.group_account_invoice,account.group_account_readonly"
)

BROKEN_DAYS = 365


class ResPartner(models.Model):
    """Credit grade, hold and limits of a customer: one for each company."""

    _inherit = "res.partner"

    customer_credit_grade_id = fields.Many2one(
        "customer.credit.grade",
        "Credit Grade",
        company_dependent=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )
    customer_credit_grade_since = fields.Date(
        "In Grade Since", company_dependent=True, copy=False, groups="base.group_user"
    )
    customer_credit_valid_until = fields.Date(
        "Assessment Valid Until",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
        help="Last day of the assessment; leave empty if it does not expire.",
    )
    customer_credit_hold = fields.Boolean(
        "Credit Hold",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
        help="No orders, and no invoices that increase the debt, regardless of the limit.",
    )
    customer_credit_hold_reason = fields.Char(
        "Reason for Hold", company_dependent=True, copy=False, groups=READERS
    )
    customer_credit_grade_color = fields.Integer(
        "Colour of Grade", related="customer_credit_grade_id.color", groups="base.group_user"
    )
    customer_credit_limit_ids = fields.One2many(
        "customer.credit.limit",
        "partner_id",
        "Limits",
        copy=False,
        groups="customer_governance.group_credit,customer_governance.group_auditor",
    )
    customer_credit_grade_history_ids = fields.One2many(
        "customer.credit.grade.history",
        "partner_id",
        "Grade History",
        copy=False,
        groups="customer_governance.group_credit,customer_governance.group_sales,"
        "customer_governance.group_auditor",
    )

    customer_terms_decided = fields.Boolean(
        compute="_compute_customer_terms_decided",
        groups="base.group_user",
        export_string_translation=False,
        help="Payment terms and trust come from a decision of credit control, not from this user.",
    )

    @api.depends_context("uid", "su", "company")
    def _compute_customer_terms_decided(self):
        open_ = self._credit_direct_right("property_payment_term_id")
        uses = self.env.company._customer_uses("credit")
        self.customer_terms_decided = uses and not open_

    @api.model
    def _commercial_fields(self):
        """EXTENDS base: contacts carry the credit values of their company."""
        return [*super()._commercial_fields(), *CREDIT_FIELDS]

    @api.model
    def _branch_fields(self):
        """EXTENDS the branches: credit is that of the company."""
        return (*super()._branch_fields(), *CREDIT_FIELDS, "credit_limit")

    # --- guard --------------------------------------------------------------------------------
    @api.model
    def _guarded_credit_fields(self):
        """Return what is guarded: Odoo's own fields only in a company that uses credit."""
        uses = self.env.company._customer_uses("credit")
        return GUARDED_FIELDS if uses else CREDIT_FIELDS

    def _is_credit_write(self):
        """Whether an approved record of ours is writing."""
        return self.env.context.get(CREDIT_KEY) is CREDIT_SENTINEL

    def _credit_direct_right(self, name):
        """Whether the user may set a guarded field directly, without an approved record."""
        if self.env.su:
            return True
        return any(self.env.user.has_group(group) for group in DIRECT_GROUPS.get(name, HEAD))

    def _changed_credit_fields(self, vals):
        """Return {field name: partners whose value the write would change}."""
        changes = {}
        for name in self._guarded_credit_fields():
            if name not in vals:
                continue
            field = self._fields[name]
            # sudo: some may not read the field; the values are compared, not shown
            changed = self.filtered(
                lambda partner, name=name, field=field: (
                    (field.convert_to_write(partner.sudo()[name], partner) or False)
                    != (vals[name] or False)
                )
            )
            if changed:
                changes[name] = changed
        return changes

    def _check_credit_write(self, changes):
        """Refuse direct changes by people without the right, and on contacts."""
        for name, partners in changes.items():
            if not self._credit_direct_right(name):
                raise AccessError(
                    self.env._(
                        "“%(field)s” of %(customer)s is decided by credit control: enter a credit "
                        "limit or a proposal and have it approved.",
                        field=self._fields[name]._description_string(self.env),
                        customer=partners[0].display_name,
                    )
                )
            contacts = partners.filtered(lambda p: p.commercial_partner_id != p)
            if contacts and not self.env.su:
                raise UserError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: change the credit data there.",
                        contact=contacts[0].display_name,
                        company=contacts[0].commercial_partner_id.display_name,
                    )
                )

    @api.model
    def default_get(self, fields):
        """EXTENDS base: what is guarded has no defaults but those of the settings.

        Anybody may bring defaults in the context or set own ones.
        """
        guarded = self._guarded_credit_fields()
        fields = [name for name in fields if name not in FIGURES]
        defaults = super(ResPartner, without_defaults(self, guarded)).default_get(fields)
        # as for the fallback of the field: without the user's own defaults
        settings = self.env["ir.default"].with_user(SUPERUSER_ID)
        general = settings._get_model_defaults(self._name)
        for name in defaults.keys() & set(guarded):
            del defaults[name]
            if name in general:
                defaults[name] = general[name]
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        """A new partner gets no limit, grade or hold from people without the right."""
        vals_list = [unforged(self, vals, FIGURES) for vals in vals_list]
        partners = super().create(vals_list)
        if self._is_credit_write():
            return partners
        guarded = self._guarded_credit_fields()
        for partner, vals in zip(partners, vals_list, strict=True):
            names = {
                name: partner
                for name in guarded
                if vals.get(name) and not partner._is_credit_fallback(name, vals[name])
            }
            if not names:
                continue
            if partner.commercial_partner_id != partner and self._equals_company(partner, names):
                continue
            partner._check_credit_write(names)
            partner._journal_credit({name: (partner, False) for name in names})
        return partners

    def _is_credit_fallback(self, name, value):
        """Whether a value is what everybody has whom nobody decided about: forms send it."""
        field = self._fields[name]
        return field.convert_to_write(field.get_company_dependent_fallback(self), self) == value

    @api.model
    def _equals_company(self, partner, names):
        """Whether a contact only got what its company has."""
        owner, own = partner.commercial_partner_id.sudo(), partner.sudo()  # sudo: compares only
        return all(owner[name] == own[name] for name in names)

    def write(self, vals):
        """Guard limit, grade and hold; what people with the right set is put on record."""
        vals = unforged(self, vals, FIGURES)
        if not vals.keys() & {*GUARDED_FIELDS, *OWNER_FIELDS} or self._is_credit_write():
            return super().write(vals)
        changes = self._changed_credit_fields(vals)
        self._check_credit_write(changes)
        # sudo: the values before, for the record of the change
        before = {
            name: {partner: partner.sudo()[name] for partner in partners}
            for name, partners in changes.items()
        }
        moving = vals.keys() & OWNER_FIELDS
        owners = {p: p.commercial_partner_id for p in self} if moving else {}
        result = super().write(vals)
        for name, values in before.items():
            for partner, value in values.items():
                if partner.commercial_partner_id == partner:
                    partner._journal_credit({name: (partner, value)})
        freed = self.filtered(
            lambda p: p in owners and owners[p] != p and p.commercial_partner_id == p
        )
        if freed:
            freed._clear_credit()
        moved = self.filtered(lambda p: p in owners and owners[p] != p.commercial_partner_id)
        if moved - freed:
            (moved - freed)._credit_guard_moved()
        return result

    def _credit_guard_moved(self):
        """Judge what partners that came under another customer bring along, as if it began now.

        :raises CreditHeld: the debt would be that of a customer who is not trusted with it
        """
        orders, moves = self._credit_open_documents()
        self._credit_guard_documents(orders, moves)

    def _credit_open_documents(self):
        """Return (confirmed orders, open invoices) that are owed by the partners or those below them."""
        # sudo: what customers owe is judged whoever acts
        orders = self.env["sale.order"].sudo()
        moves = self.env["account.move"].sudo()
        owned = [("partner_invoice_id", "child_of", self.ids), ("state", "=", "sale")]
        posted = [
            ("partner_id", "child_of", self.ids),
            ("move_type", "in", KINDS),
            ("state", "in", ("draft", "posted")),
        ]
        return orders.search(owned, order="id"), moves.search(posted, order="id")

    def _credit_brought(self):
        """Return the open documents of a partner that its merge with another one brings along, without
        those of companies in which it is on hold itself.
        """
        self.ensure_one()
        owner = self.sudo().commercial_partner_id  # sudo: whether it is on hold, whoever merges

        def free(document):
            company = document.company_id._customer_company()
            return not owner.with_company(company).customer_credit_hold

        orders, moves = self._credit_open_documents()
        return orders.filtered(free), moves.filtered(free)

    @api.model
    def _credit_guard_documents(self, orders, moves):
        """Judge documents that came under another customer, as if they began now.

        :raises CreditHeld: the debt would be that of a customer who is not trusted with it
        """
        moves._credit_guard_moved(orders)
        orders.filtered(lambda order: order.invoice_status != "invoiced")._credit_guard()

    def _governance_kinds(self):
        """EXTENDS the move of customers: grade, hold and limits stay with their customer."""
        kinds = super()._governance_kinds()
        companies = self.env["res.company"].search([])
        partners = [self.with_company(company) for company in companies]
        if any(partner.customer_credit_hold for partner in partners):
            kinds.append(self.env._("a credit hold"))
        if any(partner.customer_credit_grade_id for partner in partners):
            kinds.append(self.env._("a credit grade"))
        return [
            *kinds,
            *self._governance_kind(
                "customer.credit.limit",
                [("partner_id", "=", self.id), ("state", "=", "approved")],
                self.env._("a credit limit"),
            ),
        ]

    def _credit_writing(self):
        """Return the partners with the mark that opens the guarded fields."""
        # sudo: who may decide on credit need not be able to edit the customer
        return self.sudo().with_context(**{CREDIT_KEY: CREDIT_SENTINEL})

    def _clear_credit(self):
        """A contact that became a customer of its own was never assessed.

        A hold it carries along: nobody gets round it by buying through one of its contacts. Credit
        control lifts it.
        """
        cleared = set(CREDIT_FIELDS) - {"customer_credit_hold", "customer_credit_hold_reason"}
        for company in self.env["res.company"].sudo().search([]):  # sudo: values of all companies
            marked = self._credit_writing().with_company(company)
            marked.write(dict.fromkeys(cleared, False))
            if company._customer_uses("credit"):
                marked.credit_limit = 0.0

    def _journal_credit(self, changes):
        """Put direct changes on record: the journal of limits, the history of grades."""
        company = self.env.company._customer_company()
        for name, (partner, before) in changes.items():
            if name == "credit_limit":
                partner._journal_native_limit(company)
            elif name == "customer_credit_grade_id":
                origin = "import" if self.env.context.get("import_file") else "manual"
                partner._add_grade_history(before or self.env["customer.credit.grade"], origin)
                since = company._customer_today()
                partner._credit_writing().write({"customer_credit_grade_since": since})
            if name in ("credit_limit", "customer_credit_grade_id", "customer_credit_hold"):
                partner._credit_changed(company)

    def _add_grade_history(self, before, origin, reason=False, proposal=None):
        """Record that the grade was changed in the current company."""
        self.ensure_one()
        # sudo: the history is written by the change, nobody has the right to write it
        self.env["customer.credit.grade.history"].sudo().create(
            {
                "partner_id": self.id,
                "company_id": self.env.company._customer_company().id,
                "old_grade_id": before.id,
                "new_grade_id": self.sudo().customer_credit_grade_id.id,
                "date": self.env.company._customer_today(),
                "origin": origin,
                "reason": reason,
                "proposal_id": proposal.id if proposal else False,
                "user_id": self.env.uid,
            }
        )

    def _journal_native_limit(self, company):
        """An amount set directly on the customer becomes an entry; Odoo's 0 withdraws the limit."""
        self.ensure_one()
        # sudo: the right to set the limit was checked
        Limit = self.env["customer.credit.limit"].sudo().with_company(company)
        amount = self.sudo().with_company(company).credit_limit
        if not amount:
            Limit.search(
                [
                    ("partner_id", "=", self.id),
                    ("company_id", "=", company.id),
                    ("kind", "=", "permanent"),
                    ("state", "=", "approved"),
                ]
            )._transition("end")
            return
        Limit._grant(
            self,
            company,
            {
                "amount": amount,
                "origin": "native",
                "reason": self.env._("Set directly on the customer."),
            },
        )

    def _sync_native_limit(self, company):
        """Make Odoo's own limit the one in force; unlimited is Odoo's "no limit" (0).

        A company that does not use credit keeps what its people entered.
        """
        if not company._customer_uses("credit"):
            return
        exposures = self._credit_exposures(company)
        marked = self._credit_writing().with_company(company)
        fallback = marked._fields["credit_limit"].get_company_dependent_fallback(marked)
        for partner in marked:
            row = exposures.get(partner.id)
            if row is None:
                continue
            if row.limit_id:
                amount = 0.0 if row.unlimited else row.limit_amount
            else:
                amount = fallback
            if partner.credit_limit != amount:
                partner.credit_limit = amount

    # --- hold ---------------------------------------------------------------------------------
    def _set_credit_hold(self, reason):
        """Hold (with a reason) or free (without) the customers in the current company."""
        if not (self.env.su or self.env.user.has_group("customer_governance.group_credit")):
            raise AccessError(self.env._("Credit holds are set and lifted by credit control."))
        customers = self.commercial_partner_id
        customers.check_access("read")
        customers._credit_writing().write(
            {"customer_credit_hold": bool(reason), "customer_credit_hold_reason": reason or False}
        )
        for customer in customers:
            house = in_house(customer, self.env.company)
            body = (
                house.env._("Credit hold: %s", reason)
                if reason
                else house.env._("The credit hold was lifted.")
            )
            # sudo: credit control need not be able to edit the customer
            customer.sudo().message_post(body=body)
        customers._credit_changed(self.env.company._customer_company())

    def action_credit_hold(self):
        """Hold the customer; the reason may be made precise in the field beside the button."""
        self._set_credit_hold(self.env._("Placed on hold by %(user)s", user=self.env.user.name))
        return True

    def action_credit_free(self):
        """Lift the hold."""
        self._set_credit_hold(False)
        return True

    def _credit_changed(self, company):
        """Limit, grade, hold, release or security changed: look at the orders that wait."""
        # sudo: orders of other salespeople wait for the same customer
        orders = self.env["sale.order"].sudo().with_company(company)._credit_waiting(company)
        owners = self.commercial_partner_id
        self._forget_credit_exposure()
        orders.filtered(lambda order: order._credit_people() & owners)._credit_reevaluate()

    def _credit_ledger_changed(self, companies):
        """Money came in: a job looks at the orders that wait, after the entries are complete."""
        # sudo: whether anything waits is all that is read
        if self.env["sale.order"].sudo()._credit_waiting(companies, limit=1):
            self.env.ref("customer_governance.cron_credit_reevaluate").sudo()._trigger()

    # --- what the template ``credit_facts`` shows of a customer
    def _credit_facts(self, company, document=None):
        """Return the values of the template ``credit_facts``; everything is text already."""
        self.ensure_one()
        # sudo: the field is for those who may know what customers owe; only figures are shown
        partner = self.sudo().with_company(company)
        row = partner._credit_exposures(company).get(partner.id)
        if not row:
            return None
        standing = partner._credit_standings(company, {partner.id: row})[partner.id]

        def money(amount):
            return format_amount(self.env, float(amount), company.currency_id)

        days = company.customer_aging_days
        buckets = [
            (self.env._("Not due"), row.not_due),
            *(
                (self.env._("%(low)s–%(high)s days", low=n * days + 1, high=(n + 1) * days), amount)
                for n, amount in enumerate((row.overdue_1, row.overdue_2, row.overdue_3))
            ),
            (self.env._("Over %s days", 3 * days), row.overdue_4),
            (self.env._("Credits and advance payments"), row.credits),
            (self.env._("Draft invoices"), row.drafts),
            (self.env._("Orders to invoice"), row.orders),
        ]
        return {
            "limit": self._credit_facts_limit(company, row, standing, money),
            "over": bool(standing.available is not None and standing.available < 0),
            "exposure": money(row.used),
            "buckets": [(label, money(amount)) for label, amount in buckets if amount],
            "overdue": money(row.overdue) if row.overdue else None,
            "overdue_days": row.overdue_days,
            "hold": partner.customer_credit_hold
            and (partner.customer_credit_hold_reason or self.env._("On hold")),
            "customer": [
                *partner._credit_facts_grade(company),
                *partner._credit_facts_behaviour(company, money),
            ],
            "document": document and document._credit_facts_lines(),
        }

    def _credit_facts_limit(self, company, row, standing, money):
        """Return [(label, text)] of limit, security, what is left."""
        if standing.unlimited:
            return [(self.env._("Limit"), self.env._("Unlimited"))]
        if standing.limit is None:
            return [(self.env._("Limit"), self.env._("No limit set"))]
        found = [(self.env._("Limit"), money(standing.limit))]
        if standing.secured:
            found.append((self.env._("Secured"), money(standing.secured)))
        found.append((self.env._("Available"), money(standing.available)))
        if standing.use is not None and standing.limit + standing.secured:
            found.append((self.env._("Used"), f"{float(standing.use):.0f} %"))
        return found

    def _credit_facts_grade(self, company):
        grade = self.customer_credit_grade_id
        found = [(self.env._("Grade"), grade.name or self.env._("None yet"))]
        if grade and self.customer_credit_valid_until:
            day = format_date(self.env, self.customer_credit_valid_until)
            found.append((self.env._("Assessment valid until"), day))
        line = self.env["customer.review.line"].search(
            [
                ("partner_id", "=", self.id),
                ("company_id", "=", company.id),
                ("usage", "=", "credit"),
                ("state", "in", ("approved", "applied")),
                ("has_score", "=", True),
            ],
            order="id desc",
            limit=1,
        )
        if line:
            text = self.env._(
                "%(score)s out of 100 → %(grade)s",
                score=f"{line.score:.1f}",
                grade=line.decided_grade_id.name or line.computed_grade_id.name or "-",
            )
            found.append((self.env._("Last assessment"), text))
        return found

    def _credit_facts_behaviour(self, company, money):
        """Return [(label, text)] of promises and complaints."""
        today = company._customer_today()
        promises = self.env["customer.collection.promise"].search(
            [("partner_id", "=", self.id), ("company_id", "=", company.id)]
        )
        waiting = promises.filtered(lambda p: p.state == "open")
        since = today - timedelta(days=BROKEN_DAYS)
        judged = promises.filtered(lambda p: p.date >= since)
        found = [
            (
                self.env._("Promises (12 months)"),
                self.env._(
                    "%(kept)s kept, %(broken)s broken",
                    kept=len(judged.filtered(lambda p: p.state == "kept")),
                    broken=len(judged.filtered(lambda p: p.state == "broken")),
                ),
            )
        ]
        if waiting:
            texts = [
                f"{format_amount(self.env, p.amount, p.currency_id)} · {format_date(self.env, p.date)}"
                for p in waiting
            ]
            found.append((self.env._("Promised"), ", ".join(texts)))
        complaints = self.env["customer.complaint"]
        count = complaints.search_count(
            [
                ("partner_id", "child_of", self.id),
                ("company_id", "=", company.id),
                ("state", "in", complaints._open_states()),
            ]
        )
        found.append((self.env._("Open complaints"), str(count)))
        return found

    # --- the credit of customers whose tier is about to change: it does not follow the tier
    @api.model
    def _tier_impact_kinds(self):
        """EXTENDS the impact of a change of tier."""
        return [*super()._tier_impact_kinds(), ("credit", self.env._("Credit limit"))]

    def _tier_change_impact(self, new_tier):
        """EXTENDS the impact of a change of tier: limit and use, for who may know them."""
        impact = super()._tier_change_impact(new_tier)
        customers = self.commercial_partner_id
        field = customers._fields["credit_limit_amount"]
        if not self.env.company._customer_uses("credit"):
            return impact
        if not customers._has_field_access(field, "read"):
            return impact
        for partner in customers:
            limit = partner._tier_credit_limit_text()
            if limit:
                text = self.env._(
                    "%(limit)s, used %(used)s: stays until credit control decides",
                    limit=limit,
                    used=partner._tier_credit_money(partner.credit_exposure),
                )
                impact.append({"partner_id": partner.id, "kind": "credit", "text": text})
        return impact

    def _tier_credit_limit_text(self):
        """The limit in words, none where nobody decided one."""
        if self.credit_unlimited:
            return self.env._("unlimited")
        if not self.credit_has_limit:
            return ""
        return self.env._("limit %s", self._tier_credit_money(self.credit_limit_amount))

    def _tier_credit_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.credit_currency_id)
