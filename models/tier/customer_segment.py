import ast

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...queries import segments as segment_queries
from ..common.cron import commit_progress


class CustomerSegment(models.Model):
    """A class of customers, set by hand or by a rule over the customers' figures."""

    _name = "customer.segment"
    _description = "Customer Segment"
    _order = "dimension_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name used by imports and by other programs.")
    dimension_id = fields.Many2one(
        "customer.segment.dimension", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(
        default=10,
        help="Rules are tried in this order, the first one that matches wins.",
    )
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    automatic = fields.Boolean(
        "Automatic Rule",
        help="The nightly job puts customers that match the rule here.",
    )
    rule_domain = fields.Char(
        "Rule",
        default="[]",
        help="Condition on the customer's figures; an empty one matches all that no earlier "
        "segment took.",
    )
    description = fields.Text(translate=True)
    partner_count = fields.Integer("Customers", compute="_compute_partner_count")

    _code_uniq = models.UniqueIndex(
        "(dimension_id, code, COALESCE(company_id, 0))",
        "The dimension has a segment with this code already.",
    )

    @api.depends("name", "dimension_id.name")
    @api.depends_context("segment_dimension")
    def _compute_display_name(self):
        """Say which dimension the segment belongs to where segments of several are mixed."""
        for segment in self:
            if self.env.context.get("segment_dimension", True) and segment.dimension_id:
                segment.display_name = f"{segment.dimension_id.name}: {segment.name}"
            else:
                segment.display_name = segment.name

    @api.depends_context("company")
    def _compute_partner_count(self):
        """Customers in the segment in the current company."""
        counts = dict(
            self.env["customer.segment.assignment"]._read_group(
                [
                    ("segment_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                ],
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.partner_count = counts.get(segment._origin, 0)

    @api.constrains("rule_domain", "automatic")
    def _check_rule_domain(self):
        for segment in self.filtered("automatic"):
            try:
                segment._rule().validate(self.env["customer.metrics"])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "The rule of segment '%(name)s' is not a valid condition: %(error)s",
                        name=segment.name,
                        error=error,
                    )
                ) from error

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Find a segment by its own name, by 'Dimension: Segment' or by its code."""
        dimension, separator, own = (name or "").partition(":")
        if separator and operator in ("=", "ilike", "=ilike"):
            extra = Domain("dimension_id.name", operator, dimension.strip())
            return super().name_search(own.strip(), Domain(domain or []) & extra, operator, limit)
        return super().name_search(name, domain, operator, limit)

    def _rule(self):
        """Return the condition of the segment.

        :raises ValueError: when the text is no domain
        """
        self.ensure_one()
        return Domain(ast.literal_eval(self.rule_domain or "[]"))

    # --- nightly ------------------------------------------------------------------------------

    @api.model
    def _assign(self, partners=None):
        """Put customers into the segments whose rule they match, in all companies.

        Safe to run twice, late or after it was killed. Pinned segments stay.

        :param partners: customers (or contacts of them), None for all
        """
        # sudo: rules read the figures of all customers, whoever runs the job
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            self._assign_company(company, partners)

    @api.model
    def _assign_company(self, company, partners=None):
        """Do the same for one company, one dimension at a time (two statements each)."""
        ids = None if partners is None else partners.commercial_partner_id.ids
        # sudo: rules read the figures of all customers, whoever runs the job
        Segment = self.sudo().with_company(company).with_context(tz=company._customer_timezone())
        domain = Domain("company_id", "in", [False, company.id]) & Domain("automatic", "=", True)
        by_dimension = Segment.search(domain).grouped("dimension_id")
        Assignment = Segment.env["customer.segment.assignment"]
        Segment.env.flush_all()
        for dimension in Segment.env["customer.segment.dimension"].search(Domain.TRUE):
            segments = by_dimension.get(dimension, Segment)
            rules = [(s.id, Segment._matching(s, company)) for s in segments]
            args = (company.id, dimension.id, dimension.exclusive, rules, ids)
            today = company._customer_today()
            gone = Segment.env.execute_query(segment_queries.remove(*args))
            new = Segment.env.execute_query(
                segment_queries.assign(*args, today=today, uid=self.env.uid)
            )
            if gone or new:
                Assignment.invalidate_model()
                Segment.env["res.partner"].invalidate_model(["customer_segment_ids"])
            if not commit_progress(self.env):
                return

    @api.model
    def _matching(self, segment, company):
        """Subselect of the customers of a company that match the rule of a segment."""
        domain = segment._rule() & Domain("company_id", "=", company.id)
        query = self.env["customer.metrics"]._search(domain)
        return query.subselect(SQL.identifier(query.table, "partner_id"))

    def action_assign(self):
        """Try the rules now, for all customers of the current company."""
        self.check_access("write")
        self._assign_company(self.env.company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The automatic rules were applied."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_partners(self):
        """Open the customers in this segment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_action"
        )
        action["domain"] = [("customer_segment_ids", "in", self.ids)]
        action["context"] = {}
        action["display_name"] = self.display_name
        return action

    @api.ondelete(at_uninstall=False)
    def _unlink_except_set_by_hand(self):
        """A segment somebody put customers into is archived, not deleted."""
        # sudo: assignments of all companies count
        used = self.env["customer.segment.assignment"].sudo()
        used = used.search([("segment_id", "in", self.ids), ("origin", "=", "manual")])
        if used:
            raise UserError(
                self.env._(
                    "Customers were put into %(names)s by hand. Archive the segments instead.",
                    names=", ".join(used.segment_id.mapped("display_name")),
                )
            )
