import ast

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...queries import segments as segment_queries
from .res_partner_metrics import READER_GROUPS

# Who reads `customer.segment.assignment`; for others the number of customers is absent.
ASSIGNMENT_READERS = READER_GROUPS + ",customer_governance.group_quality"


class CustomerSegment(models.Model):
    """A class of customers, set by hand or by a rule over the customers' figures."""

    _name = "customer.segment"
    _inherit = ["customer.guard.mixin"]
    _description = "Customer Segment"
    _order = "dimension_id, sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name used by imports and integrations.")
    dimension_id = fields.Many2one(
        "customer.segment.dimension", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(
        default=10,
        help="Rules are evaluated in this order; the first match applies.",
    )
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Leave empty for all companies.")
    automatic = fields.Boolean(
        "Automatic Rule",
        help="The nightly job assigns customers that match the rule.",
    )
    rule_domain = fields.Char(
        "Rule",
        default="[]",
        help="Condition on the customer's figures; if empty, it matches all customers not "
        "matched by an earlier segment.",
    )
    description = fields.Text(translate=True)
    partner_count = fields.Integer(
        "Customers", compute="_compute_partner_count", groups=ASSIGNMENT_READERS
    )

    _code_uniq = models.UniqueIndex(
        "(dimension_id, code, COALESCE(company_id, 0))",
        "The dimension already has a segment with this code.",
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

    @api.model
    def _search_display_name(self, operator, value):
        """EXTENDS base: found by the name shown as well, "Scale: Large"."""
        domain = super()._search_display_name(operator, value)
        names = [value] if isinstance(value, str) else value
        if operator in Domain.NEGATIVE_OPERATORS or not isinstance(names, (list, tuple, set)):
            return domain
        for name in names:
            dimension, colon, segment = str(name or "").partition(":")
            if colon and dimension.strip() and segment.strip():
                one = operator if isinstance(value, str) else "="
                domain = Domain(domain) | (
                    Domain("dimension_id.name", one, dimension.strip())
                    & Domain("name", one, segment.strip())
                )
        return domain

    @api.depends_context("company")
    def _compute_partner_count(self):
        """Customers in the segment in the current company."""
        counts = dict(
            self.env["customer.segment.assignment"]._read_group(
                [
                    ("segment_id", "in", self.ids),
                    ("company_id", "=", self.env.company._customer_company().id),
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
                        "The rule of segment '%(name)s' is not valid: %(error)s",
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
        for company in self.env["res.company"]._customer_companies():
            self._assign_company(company, partners)

    @api.model
    def _assign_company(self, company, partners=None):
        """Do the same for one company, one dimension at a time (two statements each)."""
        after = 0
        while after is not None:
            _done, after = self._assign_next(company, after, partners)

    @api.model
    def _assign_next(self, company, after, partners=None):
        """Assign the segments of the next dimension behind the id `after`.

        :return: (dimensions done, id of that dimension or None when no other follows)
        """
        ids = None if partners is None else partners.commercial_partner_id.ids
        # sudo: rules read the figures of all customers, whoever runs the job
        # browse(): the button above the list comes with the selected segments
        Segment = (
            self.browse().sudo().with_company(company).with_context(tz=company._customer_timezone())
        )
        Dimension = Segment.env["customer.segment.dimension"]
        following = Dimension.search([("id", ">", after or 0)], order="id", limit=2)
        dimension = following[:1]
        if not dimension:
            return 0, None
        segments = Segment.search(
            Domain("company_id", "in", [False, company.id])
            & Domain("automatic", "=", True)
            & Domain("dimension_id", "=", dimension.id)
        )
        Segment.env.flush_all()
        rules = [(s.id, Segment._matching(s, company)) for s in segments]
        args = (company.id, dimension.id, dimension.exclusive, rules, ids)
        who = {"today": company._customer_today(), "uid": self.env.uid}
        gone = Segment.env.execute_query(segment_queries.remove(*args, **who))
        new = Segment.env.execute_query(segment_queries.assign(*args, **who))
        if gone or new:
            Segment.env["customer.segment.assignment"].invalidate_model()
            Segment.env["customer.segment.past"].invalidate_model()
            Segment.env["res.partner"].invalidate_model(["customer_segment_ids"])
        return 1, dimension.id if len(following) > 1 else None

    @api.model
    def _matching(self, segment, company):
        """Subselect of the customers of a company that match the rule of a segment."""
        domain = segment._rule() & Domain("company_id", "=", company.id)
        query = self.env["customer.metrics"]._search(domain)
        return query.subselect(SQL.identifier(query.table, "partner_id"))

    def action_assign(self):
        """Try the rules now, for all customers of the current company."""
        self.check_access("write")
        self._assign_company(self.env.company._customer_company())
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
                    "Customers were manually assigned to %(names)s. Archive the segments instead.",
                    names=", ".join(used.segment_id.mapped("display_name")),
                )
            )
