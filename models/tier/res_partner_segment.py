from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...queries import segments as segment_queries


class ResPartner(models.Model):
    """A customer's segments in the current company; contacts show their company's."""

    _inherit = "res.partner"

    customer_segment_assignment_ids = fields.One2many(
        "customer.segment.assignment",
        "partner_id",
        "Segment Lines",
        copy=False,
        groups="base.group_user",
    )
    customer_segment_ids = fields.Many2many(
        "customer.segment",
        string="Segments",
        compute="_compute_customer_segment_ids",
        inverse="_inverse_customer_segment_ids",
        search="_search_customer_segment_ids",
        copy=False,
        domain="[('company_id', 'in', [False, allowed_company_ids[0]])]",
        groups="base.group_user",
        help="One of each exclusive dimension. What you set by hand is pinned: "
        "the automatic rules leave it alone.",
    )

    @api.depends("commercial_partner_id", "customer_segment_assignment_ids.segment_id")
    @api.depends_context("company")
    def _compute_customer_segment_ids(self):
        # sudo: whoever reads the customer reads its classes, as it reads its tier
        lines = self.env["customer.segment.assignment"].sudo()
        groups = lines._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("segment_id.active", "=", True),
            ],
            ["partner_id"],
            ["segment_id:recordset"],
        )
        segments = {partner.id: found.sorted().ids for partner, found in groups}
        for partner in self:
            owner = partner.commercial_partner_id._origin.id
            partner.customer_segment_ids = [Command.set(segments.get(owner, []))]

    def _inverse_customer_segment_ids(self):
        """Store what was changed by hand, pinned; a newer one replaces an exclusive one."""
        Line = self.env["customer.segment.assignment"]
        company = self.env.company
        wanted = {partner: partner.customer_segment_ids for partner in self}
        present = Line.search([("partner_id", "in", self.ids), ("company_id", "=", company.id)])
        by_partner = present.grouped("partner_id")
        to_remove, to_create = Line, []
        for partner, segments in wanted.items():
            lines = by_partner.get(partner, Line)
            if partner != partner.commercial_partner_id:
                if segments != partner.commercial_partner_id.customer_segment_ids:
                    raise UserError(
                        self.env._(
                            "%(contact)s is a contact of %(company)s: classify the company.",
                            contact=partner.display_name,
                            company=partner.commercial_partner_id.display_name,
                        )
                    )
                continue
            new = segments - lines.segment_id
            for dimension, same in (
                new.filtered("dimension_id.exclusive").grouped("dimension_id").items()
            ):
                if len(same) > 1:
                    raise UserError(
                        self.env._(
                            "%(customer)s can be in one segment of '%(dimension)s' only.",
                            customer=partner.display_name,
                            dimension=dimension.name,
                        )
                    )
            replaced = new.filtered("dimension_id.exclusive").dimension_id
            to_remove |= lines.filtered(
                lambda line, kept=segments, replaced=replaced: (
                    (line.segment_id.active and line.segment_id not in kept)
                    or line.dimension_id in replaced
                )
            )
            to_create += [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "segment_id": segment.id,
                }
                for segment in new
            ]
        to_remove.unlink()
        Line.create(to_create)
        self.invalidate_recordset(["customer_segment_ids"])

    def _search_customer_segment_ids(self, operator, value):
        """Look at the lines of the current company, whatever company the segment is of."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        company = Domain("company_id", "=", self.env.company.id)
        company &= Domain("segment_id.active", "=", True)
        # any!: whoever reads the customer reads its classes, as it reads its tier
        path = "commercial_partner_id.customer_segment_assignment_ids"
        nothing = Domain.FALSE
        if operator == "in" and False in value:
            nothing = ~Domain(path, "any!", company)
            value = [v for v in value if v]
        return nothing | Domain(path, "any!", company & Domain("segment_id", operator, value))

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group by segment: a customer is counted in each of its segments."""
        if groupby_spec != "customer_segment_ids":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        self.env["customer.segment.assignment"].flush_model()
        self.env["customer.segment"].flush_model(["active"])
        join = query.make_alias(alias, "customer_segments")
        query.add_join(
            "LEFT JOIN",
            join,
            segment_queries.lines_of(self.env.company.id),
            SQL(
                "%s = %s",
                SQL.identifier(join, "partner_id"),
                SQL.identifier(alias, "commercial_partner_id"),
            ),
        )
        return SQL.identifier(join, "segment_id")

    def action_view_segment_lines(self):
        """Open the customer's segments with their origin, to pin and unpin them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_segment_assignment_action"
        )
        owner = self.commercial_partner_id
        action["domain"] = [("partner_id", "=", owner.id)]
        action["context"] = {"default_partner_id": owner.id}
        return action
