from collections import defaultdict

from odoo import api, fields, models

from ...engine import collection as engine

GROUPS = "customer_governance.group_sales,customer_governance.group_credit,customer_governance.group_auditor"


class ResPartner(models.Model):
    """Collection of a customer: smart button and statement."""

    _inherit = "res.partner"

    collection_amount = fields.Float(
        "Overdue to Collect",
        compute="_compute_collection",
        groups=GROUPS,
        digits=(16, 2),
        help="Overdue in company currency, without promised and disputed items, less credits.",
    )
    collection_days = fields.Integer("Oldest (days)", compute="_compute_collection", groups=GROUPS)
    collection_step_count = fields.Integer(
        "Number of Collection Steps", compute="_compute_collection_step_count", groups=GROUPS
    )

    @api.depends_context("company")
    def _compute_collection(self):
        # sudo: the groups of the fields may know what their customers owe
        steps = self.env["customer.collection.step"].sudo()
        found = steps._situations(self.env.company, self.commercial_partner_id.ids)
        for partner in self:
            claim = found[partner.commercial_partner_id.id].claim
            partner.collection_amount = float(claim.amount)
            partner.collection_days = claim.days

    def _compute_collection_step_count(self):
        counts = dict(
            self.env["customer.collection.step"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.collection_step_count = counts.get(partner.commercial_partner_id, 0)

    def action_collection_steps(self):
        """Open the collection steps of the customer."""
        self.ensure_one()
        self.env["customer.collection.step"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_collection_step_action_all"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {},
        }

    def action_print_customer_statement(self):
        """Print the statement of open items."""
        self.env["customer.collection.step"].check_access("read")
        report = self.env.ref("customer_governance.report_customer_statement")
        return report.report_action(self.commercial_partner_id)

    def _customer_statement(self):
        """Return the statement of a customer as data: items, totals by currency, age buckets.

        :raises AccessError: for users that may not read collection, or not this customer
        """
        self.ensure_one()
        self.check_access("read")
        steps = self.env["customer.collection.step"]
        steps.check_access("read")
        company, customer = self.env.company, self.commercial_partner_id
        today = company._customer_today()
        # sudo: the right was checked; the documents themselves stay closed
        rows = steps.sudo()._situations(company, customer.ids)[customer.id].rows
        borders = engine.parse_borders(company.collection_buckets)
        totals, buckets = defaultdict(float), [0.0] * (len(borders) + 2)
        items = []
        for row in rows:
            days = engine.days_overdue(row["due"], today)
            promised = row["promised_until"] and row["promised_until"] >= today
            currency = self.env["res.currency"].browse(row["currency_id"])
            items.append(
                {
                    **row,
                    "days": days,
                    "currency": currency,
                    "promised_until": row["promised_until"] if promised else None,
                }
            )
            totals[currency] += row["residual_currency"]
            buckets[engine.bucket(days, borders)] += row["residual"]
        return {
            "customer": customer,
            "company": company,
            "today": today,
            "items": items,
            "totals": list(totals.items()),
            "total": sum(row["residual"] for row in rows),
            "overdue": sum(buckets[1:]),
            "buckets": list(zip(self._statement_bucket_names(borders), buckets, strict=True)),
        }

    def _statement_bucket_names(self, borders):
        """Return the names of the age buckets."""
        lower = (1, *(border + 1 for border in borders))
        return [
            self.env._("Not due"),
            *(
                self.env._("%(low)s to %(high)s days", low=low, high=high)
                for low, high in zip(lower, borders, strict=False)
            ),
            self.env._("Over %s days", borders[-1]),
        ]
