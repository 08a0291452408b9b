from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tier.res_partner_tier import MERGE_SENTINEL

READERS = ",".join(
    f"customer_governance.group_{role}" for role in ("sales", "service", "manager", "auditor")
)
# Written together; branches have them from their company.
BY_HAND = ("next_contact_date", "next_contact_reason", "next_contact_set_on")


class ResPartner(models.Model):
    """What is agreed about contacts with a customer, and whether it may be contacted at all."""

    _inherit = "res.partner"

    next_contact_date = fields.Date(
        "Next Contact",
        company_dependent=True,
        copy=False,
        groups=READERS,
        help="Set by the account manager instead of the date of the contact plan. It holds until the "
        "next contact.",
    )
    next_contact_reason = fields.Char(
        "Reason for a Later Contact", company_dependent=True, copy=False, groups=READERS
    )
    next_contact_set_on = fields.Date(
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=READERS,
        export_string_translation=False,
    )
    care_due_ids = fields.One2many(
        "customer.care.due", compute="_compute_care_due_ids", string="Due Contacts", groups=READERS
    )
    care_interval_ids = fields.One2many(
        "customer.care.interval", "partner_id", "Own Intervals", copy=False, groups=READERS
    )
    care_block_ids = fields.One2many(
        "customer.care.block", "partner_id", "Do Not Contact", copy=False, groups=READERS
    )

    @api.depends("next_contact_date", "care_interval_ids", "care_block_ids")
    @api.depends_context("company", "uid")
    def _compute_care_due_ids(self):
        """What is due in the current company, as far as the user may read it."""
        domain = [
            ("partner_id", "in", self.ids),
            ("company_id", "=", self.env.company._customer_company().id),
        ]
        rows = self.env["customer.care.due"].search(domain, order="due_date, id")
        found = rows.grouped("partner_id")
        for partner in self:
            partner.care_due_ids = found.get(partner._origin)

    @api.model
    def _branch_fields(self):
        """EXTENDS tier: what is set by hand holds in the branches as well."""
        return (*super()._branch_fields(), *BY_HAND)

    # -- the next contact, set by hand --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS base: a date set with a new customer is set by hand, today."""
        if not any(vals.keys() & set(BY_HAND) for vals in vals_list):
            return super().create(vals_list)
        own = [{k: v for k, v in vals.items() if k in BY_HAND[:2]} for vals in vals_list]
        rest = [{k: v for k, v in vals.items() if k not in BY_HAND} for vals in vals_list]
        partners = super().create(rest)
        for partner, vals in zip(partners, own, strict=True):
            if vals.get("next_contact_date"):
                partner.write(vals)
        return partners

    def write(self, vals):
        """EXTENDS base: who is responsible sets the next contact, with a reason where it is later
        than planned.
        """
        merging = self.env.context.get("customer_merge") is MERGE_SENTINEL
        if vals.keys().isdisjoint(BY_HAND) or merging:
            return super().write(vals)
        vals = {name: value for name, value in vals.items() if name != "next_contact_set_on"}
        day = fields.Date.to_date(vals.get("next_contact_date"))
        reason = (vals.get("next_contact_reason") or "").strip()
        self._check_next_contact(day, reason)
        if "next_contact_date" in vals:
            today = self.env.company._customer_today()
            vals |= {
                "next_contact_reason": reason or False,
                "next_contact_set_on": today if day else False,
            }
        return super().write(vals)

    def _check_next_contact(self, day, reason):
        """Refuse a date by people who are not responsible, on contacts, in the past, or later than
        planned without a reason.

        :raises AccessError: for others than the account manager, the team leader and the head
        """
        contacts = self.filtered(lambda partner: not partner.is_commercial_partner)
        if contacts:
            raise UserError(
                self.env._(
                    "%(contact)s is a contact of %(company)s: set the next contact there.",
                    contact=contacts[0].display_name,
                    company=contacts[0].commercial_partner_id.display_name,
                )
            )
        user = self.env.user
        head = self.env.su or user.has_group("customer_governance.group_manager")
        sales = user.has_group("customer_governance.group_sales")
        if not head and not (sales and all(partner.is_mine for partner in self)):
            raise AccessError(
                self.env._("Only the account manager can set the next contact of a customer.")
            )
        if not day:
            return
        if day < self.env.company._customer_today():
            raise UserError(self.env._("The next contact cannot be in the past."))
        if reason:
            return
        for partner_id, planned in self._care_planned_dates().items():
            if planned and day > planned:
                raise UserError(
                    self.env._(
                        "The contact plan asks for a contact with %(customer)s by %(day)s: enter a "
                        "reason for a later date.",
                        customer=self.browse(partner_id).display_name,
                        day=format_date(self.env, planned),
                    )
                )

    def _care_planned_dates(self):
        """Return {partner id: day}: when the contact plan alone asks for the next contact.

        None where nothing is planned. What is overdue is planned for today.
        """
        company = self.env.company._customer_company()
        due = self.env["customer.care.due"].sudo()  # sudo: the caller was checked, or only asks
        rows = due.search_fetch(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", company.id),
                ("kind", "=", "contact"),
            ],
            ["partner_id", "plan_date"],
        )
        planned = {row.partner_id.id: row.plan_date for row in rows if row.plan_date}
        today = company._customer_today()
        return {
            partner.id: partner.id in planned
            and due._next_working_day(company, max(planned[partner.id], today))
            or None
            for partner in self
        }

    def action_set_next_contact(self):
        """Open the dialog that sets the next contact by hand."""
        self.ensure_one()
        self._check_next_contact(None, "")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Next Contact"),
            "res_model": "customer.care.next",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_company_id": self.env.company._customer_company().id,
            },
        }

    # -- may it be contacted ------------------------------------------------------------------

    def _care_blocked(self, purpose):
        """Return {partner id: reason} of the partners not to be contacted for a purpose now.

        What holds for a customer holds for its contacts. Complaints and collection do not ask.

        :param purpose: "care", "marketing" or "survey"
        """
        company = self.env.company._customer_company()
        if not company._customer_uses("care"):
            return {}
        # sudo: whether somebody may be contacted is asked by all who want to
        blocks = (
            self.env["customer.care.block"]
            .sudo()
            .search(
                Domain("company_id", "=", company.id)
                & Domain("partner_id", "in", self.commercial_partner_id.ids)
                & Domain("purpose", "in", ("all", purpose))
                & (
                    Domain("last_day", "=", False)
                    | Domain("last_day", ">=", company._customer_today())
                )
            )
        )
        reasons = {block.partner_id.id: block.reason for block in blocks}
        return {
            partner.id: reasons[partner.commercial_partner_id.id]
            for partner in self
            if partner.commercial_partner_id.id in reasons
        }

    def _care_check_mail(self, purpose):
        """Refuse an e-mail to a customer that does not want any.

        :raises UserError: with the reason
        """
        self.ensure_one()
        if reason := self._care_blocked(purpose).get(self.id):
            raise UserError(
                self.env._(
                    "%(customer)s must not be contacted: %(reason)s",
                    customer=self.display_name,
                    reason=reason,
                )
            )
        if not self.email_normalized:
            raise UserError(self.env._("%s has no e-mail address.", self.display_name))
        # sudo: whether the address is on the list
        listed = self.env["mail.blacklist"].sudo()
        if listed.search_count([("email", "=", self.email_normalized)], limit=1):
            raise UserError(
                self.env._(
                    "%s does not want e-mails: the address is on the blacklist.", self.display_name
                )
            )
