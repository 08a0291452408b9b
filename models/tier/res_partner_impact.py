from odoo import api, models
from odoo.fields import Domain
from odoo.tools import formatLang


class ResPartner(models.Model):
    """What a change of tier means for customers: shown before a downgrade is confirmed."""

    _inherit = "res.partner"

    def _tier_change_impact(self, new_tier):
        """What changes for the customers `self` in the current company when they get `new_tier`.

        Higher domains append theirs (credit limit, service levels, contact plans). Only what
        changes is listed.

        :param new_tier: one `customer.tier`, or none
        :return: list of {"partner_id": int, "kind": key of `_tier_impact_kinds`, "text": str}
        """
        impact = []
        for partner in self.commercial_partner_id:
            for kind, text in partner._tier_measure_impact(new_tier):
                impact.append({"partner_id": partner.id, "kind": kind, "text": text})
        return impact + self.commercial_partner_id._tier_order_impact()

    @api.model
    def _tier_impact_kinds(self):
        """Headings of the impact list: [(kind, label)]."""
        return [
            ("manager", self.env._("Account management")),
            ("contact_plan", self.env._("Contact plan")),
            ("sla", self.env._("Service level")),
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
        domain &= Domain("company_id", "=", self.env.company.id)
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
