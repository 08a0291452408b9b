from markupsafe import Markup

from odoo import models
from odoo.tools import format_amount, format_date, format_datetime

_PENDING = "customer_governance.key_data"
SUBTYPE = "customer_governance.mt_key_data_changed"


class ResPartner(models.Model):
    """Changes of a customer's data: announced when it is key data, kept for an open data review.

    As with Odoo's own tracking the first old value of a transaction is remembered and compared when
    the transaction ends, so several writes make one message and a change that was undone makes
    none. A write with ``tracking_disable`` (an import without history) announces nothing.
    """

    _inherit = "res.partner"

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
        if not names or silent:
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
            return format_datetime(self.env, value)
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
        customers = self.browse().sudo().union(*key)._filter_known_customers()
        key = {customer: key[customer] for customer in customers}
        self._announce_key_data(self._key_data_labels(key))

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

        :param changes: ``{customer: [(label, old, new)]}``
        """
        if len(changes) == 1:
            [(customer, lines)] = changes.items()
            manager = customer.user_id.partner_id
            customer.with_context(mail_post_autofollow_author_skip=True).message_post(
                body=self._key_data_body(lines),
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
        bodies = {customer: self._key_data_body(lines) for customer, lines in changes.items()}
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
        for reader, customers in readers.items():
            body = Markup("").join(
                Markup("<p><b>%s</b></p>%s") % (customer.display_name, bodies[customer])
                for customer in customers
            )
            self.env["mail.thread"].message_notify(
                subject=self.env._("Key data of %(count)s customers changed", count=len(customers)),
                body=body,
                author_id=author.id,
                partner_ids=reader.ids,
            )

    def _key_data_body(self, lines):
        """Return the list of changes, old to new."""
        empty = self.env._("none")
        items = Markup("").join(
            Markup("<li>%s: <i>%s</i> → <b>%s</b></li>") % (label, old or empty, new or empty)
            for label, old, new in lines
        )
        return Markup("<ul>%s</ul>") % items
