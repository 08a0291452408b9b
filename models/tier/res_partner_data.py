from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount, format_date

from ...engine.completeness import completeness
from ..common.facts import refuse_future
from ..common.moments import moment_words

DATA_FIELDS = (
    "customer_legal_representative",
    "customer_business_scope",
    "customer_registered_address",
    "customer_registered_capital",
    "customer_registered_capital_currency_id",
    "customer_founding_date",
    "customer_employee_count",
)

_PENDING = "customer_governance.key_data"

SUBTYPE = "customer_governance.mt_key_data_changed"

GROUPS = (
    "customer_governance.group_sales,customer_governance.group_service,"
    "customer_governance.group_credit,customer_governance.group_committee,"
    "customer_governance.group_manager,customer_governance.group_auditor"
)

# Rows of a table of the card: the last ones, the card is no history.
LAST = 10


class ResPartner(models.Model):
    """Data of a customer that Odoo lacks, and what is still missing of the required data.

    They belong to the commercial partner, contacts carry them.
    """

    _inherit = "res.partner"

    customer_legal_representative = fields.Char(
        "Legal Representative", help="Person legally authorised to sign for the company."
    )
    customer_business_scope = fields.Text(
        "Business Scope", help="Activities the company is licensed to carry out."
    )
    customer_registered_address = fields.Char(
        "Registered Address",
        help="Registered office according to the commercial register, even if it is the same as "
        "the address.",
    )
    customer_registered_capital_currency_id = fields.Many2one(
        "res.currency",
        "Currency of Capital",
        default=lambda self: self.env.company.currency_id,
    )
    customer_registered_capital = fields.Monetary(
        "Registered Capital", currency_field="customer_registered_capital_currency_id"
    )
    customer_founding_date = fields.Date("Founded On")
    customer_employee_count = fields.Integer("Employees")

    # Instant, while the form is edited; lists and filters read `customer_data_completeness`.
    customer_data_status = fields.Json(
        "Data Completeness",
        compute="_compute_customer_data_status",
        compute_sudo=True,
        groups="base.group_user",
        help="{percent, required, present, missing: [{id, label, field}]}; percent is null "
        "when nothing is required.",
    )
    customer_data_percent = fields.Float(
        "Data Completeness Now (%)",
        digits=(5, 2),
        compute="_compute_customer_data_status",
        compute_sudo=True,
        groups="base.group_user",
    )

    # --- data reviews and collected information of a customer
    customer_data_review_ids = fields.One2many(
        "customer.data.review", "partner_id", "Data Reviews", groups=GROUPS
    )
    customer_data_review_state = fields.Selection(
        [("due", "Due"), ("overdue", "Overdue"), ("done", "Done")],
        "Data Review",
        compute="_compute_customer_data_review",
        groups=GROUPS,
    )
    customer_data_review_date = fields.Date(
        "Data Last Reviewed", compute="_compute_customer_data_review", groups=GROUPS
    )
    customer_information_ids = fields.One2many(
        "customer.information", "partner_id", "Information Collected", groups=GROUPS
    )
    customer_information_count = fields.Integer(
        "Information", compute="_compute_customer_information_count", groups=GROUPS
    )

    @api.constrains("customer_founding_date")
    def _check_founding_date(self):
        refuse_future(self, ("customer_founding_date",))

    @api.model
    def _commercial_fields(self):
        """EXTENDS base: contacts carry their company's values."""
        return super()._commercial_fields() + list(DATA_FIELDS)

    # The fields of the shipped list, so that the form follows while it is edited; a field that an
    # admin adds to the list is seen when the form is saved.
    @api.depends(
        "commercial_partner_id",
        "is_company",
        "name",
        "vat",
        "phone",
        "email",
        "website",
        "street",
        "city",
        "country_id",
        "industry_id",
        "company_registry",
        "bank_ids",
        "child_ids.type",
        "child_ids.active",
        "child_ids.is_company",
        "customer_tier_id",
        *DATA_FIELDS,
    )
    @api.depends_context("company", "lang")
    def _compute_customer_data_status(self):
        """Check what the tier requires; the same rules in SQL are `queries.completeness`."""
        _every, default, tiers = self.env["customer.data.field"]._requirements()
        for partner in self:
            customer = partner.commercial_partner_id or partner
            required = tiers.get(customer.customer_tier_id._origin.id, default)
            required = required._applicable(customer)
            missing = required.filtered(lambda item, who=customer: not item._is_present(who))
            percent = completeness(len(required), len(required) - len(missing))
            partner.customer_data_percent = float(percent or 0)
            partner.customer_data_status = {
                "percent": None if percent is None else float(percent),
                "required": len(required),
                "present": len(required) - len(missing),
                "missing": [
                    {"id": item.id, "label": item.name, "field": item._form_field()}
                    for item in missing
                ],
            }

    # --- changes of a customer's data: announced when it is key data, kept for an open data
    def write(self, vals):
        """Remember the old values of data that the policy watches."""
        own, contact, own_listed, contact_listed = self.env["customer.data.field"]._watched_fields()
        names = vals.keys() & (own | contact | own_listed | contact_listed)
        if not names or not self.ids:
            return super().write(vals)
        self._remember_key_data(names)
        result = super().write(vals)
        self._skip_core_tracking(vals.keys() & own)
        return result

    def _remember_key_data(self, names):
        """Keep the old values as text; the first ones of the transaction win."""
        precommit = self.env.cr.precommit
        precommit.add(self._finish_key_data)
        pending = precommit.data.setdefault(_PENDING, {})
        silent = bool(self.env.context.get("tracking_disable"))
        for partner in self.filtered("id"):
            old = pending.setdefault(partner.id, {"silent": silent, "values": {}})
            for name in names:
                if name not in old["values"]:
                    old["values"][name] = partner._key_data_text(name)

    def _skip_core_tracking(self, names):
        """Take key data out of Odoo's tracking of the customers: one message is enough."""
        tracked = self.env.cr.precommit.data.get("mail.tracking.res.partner", {})
        silent = self.env.context.get("tracking_disable")
        if not names or silent or not self.env.company.sudo().customer_announce_key_data:
            return
        for customer in self.filtered(lambda partner: partner.commercial_partner_id == partner):
            values = tracked.get(customer.id)
            if values:
                for name in names:
                    values.pop(name, None)
                if names & {"street", "street2", "city", "zip", "country_id", "state_id"}:
                    values.pop("contact_address_inline", None)

    def _key_data_text(self, name):
        """Return the value of a field as people read it."""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type in ("many2one", "many2many"):
            return ", ".join(value.sudo().mapped("display_name"))  # names as the form shows them
        if value is None or value is False:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "datetime":
            # read by people of the team, in a message: the day of the house
            return moment_words(self.env, value, self.env.company._customer_timezone())
        if field.type == "monetary":
            currency = self[field.get_currency_field(self)]
            return format_amount(self.env, value, currency) if currency else str(value)
        return str(value)

    def _finish_key_data(self):
        """Compare, then record corrections of open reviews and announce key data; runs once."""
        pending = self.env.cr.precommit.data.pop(_PENDING, {})
        # sudo: the announcement is the policy's, whatever the user may read of the customer
        partners = self.sudo().browse(pending).exists()
        changes = {}  # customer: [(contact or none, field name, old, new, silent)]
        for partner in partners:
            customer = partner.commercial_partner_id
            own = partner == customer
            for name, old in pending[partner.id]["values"].items():
                new = partner._key_data_text(name)
                if old.strip() != new.strip():
                    who = self.browse() if own else partner
                    changes.setdefault(customer, []).append(
                        (who, name, old, new, pending[partner.id]["silent"])
                    )
        if not changes:
            return
        own, contact, own_listed, contact_listed = self.env["customer.data.field"]._watched_fields()
        listed, key = {}, {}
        for customer, lines in changes.items():
            for who, name, old, new, silent in lines:
                if name in (contact_listed if who else own_listed):
                    listed.setdefault(customer, []).append((who, name, old, new))
                if name in (contact if who else own) and not silent:
                    key.setdefault(customer, []).append((who, name, old, new))
        self.env["customer.data.review"]._record_corrections(self._key_data_labels(listed))
        # sudo: a setting of the company, whoever changes its customers
        if not self.env.company.sudo().customer_announce_key_data:
            return
        customers = self.browse().sudo().union(*key)._filter_known_customers()
        key = {customer: key[customer] for customer in customers}
        self._announce_key_data(key)

    def _key_data_labels(self, changes):
        """Turn ``{customer: [(contact, field name, old, new)]}`` into labels people know."""
        names = {name for lines in changes.values() for _who, name, _old, _new in lines}
        labels = (
            {
                name: info["string"]
                for name, info in self.sudo().fields_get(names, ["string"]).items()
            }
            if names
            else {}
        )
        return {
            customer: [
                (f"{labels[name]} ({who.name or ''})" if who else labels[name], old, new)
                for who, name, old, new in lines
            ]
            for customer, lines in changes.items()
        }

    def _filter_known_customers(self):
        """Return those that are customers: with a rank, or with figures in some company."""
        if not self:
            return self
        rows = self.env["customer.metrics"].sudo().search([("partner_id", "in", self.ids)])
        known = rows.partner_id
        return self.filtered(lambda partner: partner.customer_rank > 0 or partner in known)

    # -- messages ----------
    def _announce_key_data(self, changes):
        """Post old and new values on each customer and tell account managers and followers.

        :param changes: ``{customer: [(contact, field name, old, new)]}``
        """
        if len(changes) == 1:
            [customer] = changes
            manager = customer.user_id.partner_id
            # the account manager reads it; nobody else need follow the customer
            words = self.with_context(lang=manager.sudo().lang or self.env.lang)
            [lines] = words._key_data_labels(changes).values()
            customer.with_context(mail_post_autofollow_author_skip=True).message_post(
                body=words._key_data_body(lines),
                author_id=self.env.user.partner_id.id,
                message_type="notification",
                subtype_xmlid=SUBTYPE,
                partner_ids=(manager - self.env.user.partner_id).ids,
            )
        elif changes:
            self._announce_key_data_batch(changes)

    def _announce_key_data_batch(self, changes):
        """Post on many customers at once, in a number of queries that does not grow with them.

        Everybody concerned gets one list of all the changes instead of a message for each customer.
        """
        author = self.env.user.partner_id
        subtype = self.env.ref(SUBTYPE)
        bodies = self._key_data_bodies(changes)
        self.env["mail.message"].sudo().create(
            [
                {
                    "model": "res.partner",
                    "res_id": customer.id,
                    "body": body,
                    "author_id": author.id,
                    "email_from": author.email_formatted,
                    "reply_to": author.email_formatted,  # else Odoo looks it up for each
                    "message_type": "notification",
                    "subtype_id": subtype.id,
                    "is_internal": True,
                    "record_name": customer.display_name,
                }
                for customer, body in bodies.items()
            ]
        )
        readers = {}
        for customer in bodies:
            manager = customer.user_id.partner_id
            if manager and manager != author:
                readers.setdefault(manager, self.browse())
                readers[manager] |= customer
        followers = (
            self.env["mail.followers"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "res.partner"),
                    ("res_id", "in", [customer.id for customer in bodies]),
                    ("subtype_ids", "in", subtype.ids),
                    ("partner_id.partner_share", "=", False),
                    ("partner_id", "!=", author.id),
                ]
            )
        )
        for follower in followers:
            readers.setdefault(follower.partner_id, self.browse())
            readers[follower.partner_id] |= self.sudo().browse(follower.res_id)
        own = {}
        for reader, customers in readers.items():
            lang = reader.sudo().lang or self.env.lang
            words = self.with_context(lang=lang)
            if lang not in own:
                own[lang] = words._key_data_bodies(changes)
            body = Markup("").join(
                Markup("<p><b>%s</b></p>%s") % (customer.display_name, own[lang][customer])
                for customer in customers
            )
            words.env["mail.thread"].message_notify(
                subject=words.env._(
                    "Key data of %(count)s customers changed", count=len(customers)
                ),
                body=body,
                author_id=author.id,
                partner_ids=reader.ids,
            )

    def _key_data_bodies(self, changes):
        """Return ``{customer: list of changes}`` in the language of the environment."""
        return {
            customer: self._key_data_body(lines)
            for customer, lines in self._key_data_labels(changes).items()
        }

    def _key_data_body(self, lines):
        """Return the list of changes, old to new."""
        empty = self.env._("none")
        items = Markup("").join(
            Markup("<li>%s: <i>%s</i> → <b>%s</b></li>") % (label, old or empty, new or empty)
            for label, old, new in lines
        )
        return Markup("<ul>%s</ul>") % items

    # --- data reviews and collected information of a customer
    def _compute_customer_data_review(self):
        """State of the reviews that the user may see in the current company."""
        company = self.env.company._customer_company()
        customers = self.commercial_partner_id
        Review = self.env["customer.data.review"]
        domain = [("partner_id", "in", customers.ids), ("company_id", "=", company.id)]
        done = dict(Review._read_group(domain, ["partner_id"], ["date_done:max"]))
        deadline = dict(
            Review._read_group([*domain, ("state", "=", "due")], ["partner_id"], ["deadline:min"])
        )
        today = company._customer_today()
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.customer_data_review_date = done.get(customer, False)
            if limit := deadline.get(customer):
                partner.customer_data_review_state = "overdue" if limit < today else "due"
            else:
                partner.customer_data_review_state = "done" if done.get(customer) else False

    def _compute_customer_information_count(self):
        """Count what the user may read."""
        counts = dict(
            self.env["customer.information"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.customer_information_count = counts.get(
                partner.commercial_partner_id._origin, 0
            )

    def action_view_data_reviews(self):
        """Open the due review of the customer, else the list of its reviews."""
        self.ensure_one()
        Review = self.env["customer.data.review"]
        Review.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_data_review_action"
        )
        customer = self.commercial_partner_id
        action["domain"] = [("partner_id", "=", customer.id)]
        action["context"] = {"default_partner_id": customer.id}
        due = Review.search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.env.company._customer_company().id),
                ("state", "=", "due"),
            ]
        )
        if due:
            action.update(res_id=due.id, view_mode="form", views=[(False, "form")])
        return action

    def action_start_data_review(self):
        """Open a data review of the customer now; for its account manager and the head.

        :raises AccessError: for others
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        Review = self.env["customer.data.review"]
        Review.check_access("write")
        customer.check_access("read")
        due = [
            ("partner_id", "=", customer.id),
            ("company_id", "=", self.env.company._customer_company().id),
            ("state", "=", "due"),
        ]
        # sudo: account managers do not create reviews over RPC, only through this button and only
        # for customers whose reviews they may work on, which is checked on the very record
        if not Review.sudo().search_count(due):
            review = Review.sudo().create({"partner_id": customer.id}).sudo(False)
            if not review.has_access("write"):
                raise AccessError(
                    self.env._(
                        "%(customer)s is not one of your customers.", customer=customer.display_name
                    )
                )
        return self.action_view_data_reviews()

    def action_view_information(self):
        """Open what was learned about the customer."""
        self.ensure_one()
        self.env["customer.information"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_information_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action

    # --- the customer on a sheet of paper, for whoever visits or decides
    def _card_may(self, *names):
        """Tell whether the reader may read fields of the customer: what one may not is absent."""
        return all(
            name in self._fields and self._has_field_access(self._fields[name], "read")
            for name in names
        )

    def _card_records(self, model, domain, order, limit=LAST):
        """Return records about the customer that the reader may read; none without the right."""
        records = self.env.get(model)
        if records is None or not records.has_access("read"):
            return self.browse()
        return records.search(domain, order=order, limit=limit)

    def _customer_card(self):
        """Return the customer and what is around it, each only as far as the reader may see it."""
        self.ensure_one()
        company = self.env.company
        customer = self.commercial_partner_id.with_company(company)
        # figures are kept for the company with its branches, a branch shows those
        head = company._customer_company()
        own = ("partner_id", "=", customer.id)
        here = [own, ("company_id", "child_of", head.id)]
        return {
            "customer": customer,
            "company": company,
            "today": company._customer_today(),
            "contacts": customer.child_ids.filtered(lambda p: p.type == "contact"),
            **self._card_figures([own, ("company_id", "=", head.id)]),
            "visits": self._card_records(
                "customer.visit", [*here, ("state", "in", ("planned", "done"))], "planned_date DESC"
            ),
            "complaints": self._card_records("customer.complaint", here, "received_at DESC"),
            "dossiers": self._card_records("customer.archive", here, "id DESC"),
        }

    @api.model
    def _card_figures(self, domain):
        """Return the row of figures and those of its fields that the reader may read."""
        figures = self._card_records("customer.metrics", domain, "id", limit=1)
        wanted = (
            "first_order_date",
            "last_order_date",
            "order_count_12m",
            "revenue_12m",
            "overdue_amount",
            "days_to_pay",
            "last_contact_date",
            "data_completeness",
        )
        names = [
            name
            for name in wanted
            if figures and figures._has_field_access(figures._fields[name], "read")
        ]
        return {"figures": figures, "figure_names": names}
