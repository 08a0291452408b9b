from odoo import api, fields, models
from odoo.exceptions import UserError

from ...queries import tiers as tier_queries

TIER_KINDS = [("prospect", "Prospect"), ("customer", "Customer"), ("lapsed", "Lapsed")]

SLA_PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]


class CustomerTier(models.Model):
    """A grade of importance and the measures the policy grants to its customers.

    Intervals are days; 0 means that the policy does not plan this kind of contact.
    """

    _name = "customer.tier"
    _inherit = "customer.guard.mixin"
    _description = "Customer Tier"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name used by imports and integrations.")
    sequence = fields.Integer(default=10, help="The lowest number is the most important tier.")
    color = fields.Integer(default=0)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    kind = fields.Selection(
        TIER_KINDS,
        required=True,
        default="customer",
        help="Tiers for prospects and lapsed customers follow the lifecycle; tiers for customers "
        "are set by reviews.",
    )
    is_default = fields.Boolean(
        "Default for Its Kind",
        help="The tier assigned by the lifecycle: for the kind 'Customer', the tier given by the "
        "first order.",
    )
    manager_policy = fields.Selection(
        [
            ("dedicated", "Dedicated account manager"),
            ("named", "Named account manager"),
            ("team", "Sales team"),
            ("none", "None"),
        ],
        string="Account Management",
        required=True,
        default="none",
        help="Who must manage customers of this tier.",
    )
    contact_interval_days = fields.Integer(
        "Contact Every (days)",
        help="Maximum time between two contacts. 0: not planned.",
    )
    visit_interval_days = fields.Integer(
        "Visit Every (days)", help="Maximum time between two visits. 0: not planned."
    )
    meeting_interval_days = fields.Integer(
        "Strategy Meeting Every (days)",
        help="Maximum time between two strategy meetings. 0: not planned.",
    )
    survey_interval_days = fields.Integer(
        "Survey Every (days)", help="Maximum time between two surveys. 0: not planned."
    )
    sla_priority = fields.Selection(
        SLA_PRIORITIES, string="Default SLA Priority", required=True, default="1"
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Pricelist",
        company_dependent=True,
        ondelete="restrict",
        groups="product.group_product_pricelist",
        help="Given to a customer that comes into the tier and has no pricelist of its own; taken "
        "back when it leaves the tier.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Terms",
        company_dependent=True,
        ondelete="restrict",
        help="Given to a customer that comes into the tier and has no payment terms of its own; "
        "taken back when it leaves the tier.",
    )
    measures = fields.Html(
        translate=True, help="Entitlements under the policy in words; shown on the customer."
    )
    partner_count = fields.Integer("Customers", compute="_compute_partner_count")

    _code_uniq = models.Constraint("UNIQUE(code)", "Another tier already uses this code.")
    _default_uniq = models.UniqueIndex(
        "(kind) WHERE is_default AND active",
        "Only one tier of each kind can be the default.",
    )
    _intervals_positive = models.Constraint(
        "CHECK(contact_interval_days >= 0 AND visit_interval_days >= 0"
        " AND meeting_interval_days >= 0 AND survey_interval_days >= 0)",
        "An interval cannot be negative. Enter 0 if nothing is planned.",
    )

    # --- what must be on file about customers of the tier
    required_field_ids = fields.Many2many(
        "customer.data.field",
        "customer_tier_data_field_rel",
        "tier_id",
        "field_id",
        "Required Data",
        help="Data completeness is the percentage of this data on file. Leave empty for the "
        "default requirements.",
    )

    @api.depends_context("company", "uid")
    def _compute_partner_count(self):
        """Customers the user may read that are in the tier, in the current company."""
        Partner = self.env["res.partner"]
        domain = Partner._customer_domain() & fields.Domain("customer_tier_id", "in", self.ids)
        counts = dict(Partner._read_group(domain, ["customer_tier_id"], ["__count"]))
        for tier in self:
            tier.partner_count = counts.get(tier._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Move the default to the last new tier that asks for it."""
        tiers = super().create([dict(vals, is_default=False) for vals in vals_list])
        for tier, vals in zip(tiers, vals_list, strict=True):
            if vals.get("is_default"):
                tier.is_default = True
        return tiers

    def write(self, vals):
        """Take the default from the tier that had it when another one gets it."""
        if vals.get("is_default"):
            if len(self) > 1:
                raise UserError(self.env._("Choose one default tier for each kind."))
            kind = vals.get("kind", self.kind)
            others = self.search([("kind", "=", kind), ("is_default", "=", True)]) - self
            others.write({"is_default": False})
            others.flush_recordset(["is_default"])
        return super().write(vals)

    def copy_data(self, default=None):
        """Name and code of a copy are its own; it is not the default."""
        vals_list = super().copy_data(default)
        return [
            dict(
                vals,
                code=self.env._("%s_copy", tier.code),
                name=self.env._("%s (copy)", tier.name),
                is_default=False,
            )
            for tier, vals in zip(self, vals_list, strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Customers or their history refer to the tier: archive it instead."""
        used = self.browse(
            row[0]
            # sudo: the tiers of all companies' customers count, also those the user cannot see
            for row in self.sudo().env.execute_query(tier_queries.used_tiers(self.ids))
        )
        if used:
            raise UserError(
                self.env._(
                    "Customers have or have had these tiers: %(names)s. Archive the tiers instead.",
                    names=", ".join(used.mapped("name")),
                )
            )

    @api.model
    def _default_of_kind(self, kind):
        """The tier the lifecycle gives for a kind: the default, else the first in sequence.

        :return: one tier, or none when no active tier is of the kind
        """
        tiers = self.search([("kind", "=", kind)])
        return tiers.filtered("is_default")[:1] or tiers[:1]

    def action_view_partners(self):
        """Open the customers in this tier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_action"
        )
        action["context"] = {}
        action["domain"] = [
            *self.env["res.partner"]._customer_domain(),
            ("customer_tier_id", "=", self.id),
        ]
        action["display_name"] = self.name
        return action
