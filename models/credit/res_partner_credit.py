from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.facts import without_defaults

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
GUARDED_FIELDS = (*CREDIT_FIELDS, "credit_limit")
# Who may set a value directly, without an approved record. A limit set directly becomes an entry
# of the journal; the administrator of accounting keeps the right Odoo gives.
HEAD = ("customer_governance.group_manager",)
DIRECT_GROUPS = {
    "credit_limit": (*HEAD, "account.group_account_manager"),
    "customer_credit_hold": ("customer_governance.group_credit",),
    "customer_credit_hold_reason": ("customer_governance.group_credit",),
}
READERS = (
    "customer_governance.group_sales,customer_governance.group_credit,"
    "customer_governance.group_committee,customer_governance.group_auditor,"
    "account.group_account_invoice,account.group_account_readonly"
)


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
        help="Last day of the assessment; empty: it does not end.",
    )
    customer_credit_hold = fields.Boolean(
        "Credit Hold",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
        help="No order and no invoice that adds to the debt, whatever the limit.",
    )
    customer_credit_hold_reason = fields.Char(
        "Reason of Hold", company_dependent=True, copy=False, groups=READERS
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

    @api.model
    def _commercial_fields(self):
        """EXTENDS base: contacts carry the credit values of their company."""
        return [*super()._commercial_fields(), *CREDIT_FIELDS]

    # --- guard --------------------------------------------------------------------------------

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
        for name in GUARDED_FIELDS:
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
                        "%(contact)s is a contact of %(company)s: change the credit there.",
                        contact=contacts[0].display_name,
                        company=contacts[0].commercial_partner_id.display_name,
                    )
                )

    @api.model
    def default_get(self, fields):
        """EXTENDS base: what is guarded has no defaults but those of the settings.

        Anybody may bring defaults in the context or set own ones.
        """
        defaults = super(ResPartner, without_defaults(self, GUARDED_FIELDS)).default_get(fields)
        # as for the fallback of the field: without the user's own defaults
        settings = self.env["ir.default"].with_user(SUPERUSER_ID)
        general = settings._get_model_defaults(self._name)
        for name in defaults.keys() & GUARDED_FIELDS:
            del defaults[name]
            if name in general:
                defaults[name] = general[name]
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        """A new partner gets no limit, grade or hold from people without the right."""
        partners = super().create(vals_list)
        if self._is_credit_write():
            return partners
        for partner, vals in zip(partners, vals_list, strict=True):
            names = {name: partner for name in GUARDED_FIELDS if vals.get(name)}
            if not names:
                continue
            if partner.commercial_partner_id != partner and self._equals_company(partner, names):
                continue
            partner._check_credit_write(names)
            partner._journal_credit({name: (partner, False) for name in names})
        return partners

    @api.model
    def _equals_company(self, partner, names):
        """Whether a contact only got what its company has."""
        owner, own = partner.commercial_partner_id.sudo(), partner.sudo()  # sudo: compares only
        return all(owner[name] == own[name] for name in names)

    def write(self, vals):
        """Guard limit, grade and hold; what people with the right set is put on record."""
        if not vals.keys() & {*GUARDED_FIELDS, "parent_id"} or self._is_credit_write():
            return super().write(vals)
        changes = self._changed_credit_fields(vals)
        self._check_credit_write(changes)
        # sudo: the values before, for the record of the change
        before = {
            name: {partner: partner.sudo()[name] for partner in partners}
            for name, partners in changes.items()
        }
        owners = {p: p.commercial_partner_id for p in self} if "parent_id" in vals else {}
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
        return result

    def _credit_writing(self):
        """Return the partners with the mark that opens the guarded fields."""
        # sudo: who may decide on credit need not be able to edit the customer
        return self.sudo().with_context(**{CREDIT_KEY: CREDIT_SENTINEL})

    def _clear_credit(self):
        """A contact that became a customer of its own was never assessed."""
        for company in self.env["res.company"].sudo().search([]):  # sudo: values of all companies
            marked = self._credit_writing().with_company(company)
            marked.write({**dict.fromkeys(CREDIT_FIELDS, False), "credit_limit": 0.0})

    def _journal_credit(self, changes):
        """Put direct changes on record: the journal of limits, the history of grades."""
        company = self.env.company
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
                "company_id": self.env.company.id,
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
        """Make Odoo's own limit the one in force; unlimited is Odoo's "no limit" (0)."""
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
            raise AccessError(self.env._("Holds are set and lifted by credit control."))
        customers = self.commercial_partner_id
        customers.check_access("read")
        customers._credit_writing().write(
            {"customer_credit_hold": bool(reason), "customer_credit_hold_reason": reason or False}
        )
        for customer in customers:
            body = (
                self.env._("Credit hold: %s", reason)
                if reason
                else self.env._("The credit hold was lifted.")
            )
            # sudo: credit control need not be able to edit the customer
            customer.sudo().message_post(body=body)
        customers._credit_changed(self.env.company)

    def action_credit_hold(self):
        """Hold the customer; the reason may be made precise in the field beside the button."""
        self._set_credit_hold(self.env._("Held by %(user)s", user=self.env.user.name))
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
