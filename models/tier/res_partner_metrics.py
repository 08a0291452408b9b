from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...queries import segments as segment_queries
from .customer_metrics import FINANCE_GROUPS

READER_GROUPS = (
    FINANCE_GROUPS + ",customer_governance.group_service"  # the supervisor implies service
)

# Field of res.partner -> field of customer.metrics that it shows.
FIGURES = {
    "customer_metrics_id": "id",
    "customer_revenue_12m": "revenue_12m",
    "customer_revenue_share": "revenue_share",
    "customer_order_count_12m": "order_count_12m",
    "customer_first_order_date": "first_order_date",
    "customer_last_order_date": "last_order_date",
    "customer_days_to_pay": "days_to_pay",
    "customer_overdue_amount": "overdue_amount",
    "customer_overdue_days": "overdue_days",
    "customer_last_contact_date": "last_contact_date",
    "customer_last_satisfaction": "last_satisfaction",
    "customer_data_completeness": "data_completeness",
}

# Who works with the figures; audit reads them.
REFRESHERS = ",".join(
    f"customer_governance.group_{role}"
    for role in ("sales", "service", "credit", "committee", "manager")
)

REFRESH_LIMIT = 500  # customers by hand at once; all of them is the nightly job's work


class ResPartner(models.Model):
    """Figures of the customer in the current company, readable, searchable and sortable on
    partners.

    They are columns of `customer.metrics`, read by a join: nothing is stored twice. Contacts show
    their company's. A user sees the figures that the record rules of `customer.metrics` let them
    see, others stay empty; searching and sorting see the same rows, so a filter does not tell what
    a column hides.
    """

    _inherit = "res.partner"

    customer_metrics_ids = fields.One2many(
        "customer.metrics", "partner_id", "Figures by Company", groups=READER_GROUPS
    )
    customer_metrics_id = fields.Many2one(
        "customer.metrics",
        "Figures",
        compute="_compute_customer_figures",
        search="_search_customer_metrics_id",
        groups=READER_GROUPS,
    )
    customer_revenue_12m = fields.Monetary(
        "Revenue (12 months)",
        compute="_compute_customer_figures",
        search="_search_customer_revenue_12m",
        groups=FINANCE_GROUPS,
    )
    customer_revenue_share = fields.Float(
        "Share of Revenue (%)",
        digits=(16, 4),
        compute="_compute_customer_figures",
        search="_search_customer_revenue_share",
        groups=FINANCE_GROUPS,
    )
    customer_has_revenue_share = fields.Boolean(
        related="customer_metrics_id.has_revenue_share",
        groups=FINANCE_GROUPS,
        export_string_translation=False,
    )
    customer_order_count_12m = fields.Integer(
        "Orders (12 months)",
        compute="_compute_customer_figures",
        search="_search_customer_order_count_12m",
        groups=READER_GROUPS,
    )
    customer_first_order_date = fields.Date(
        "First Order",
        compute="_compute_customer_figures",
        search="_search_customer_first_order_date",
        groups=READER_GROUPS,
    )
    customer_last_order_date = fields.Date(
        "Last Order",
        compute="_compute_customer_figures",
        search="_search_customer_last_order_date",
        groups=READER_GROUPS,
    )
    customer_days_to_pay = fields.Float(
        "Average Days to Pay",
        digits=(16, 2),
        compute="_compute_customer_figures",
        search="_search_customer_days_to_pay",
        groups=FINANCE_GROUPS,
        aggregator="avg",
    )
    customer_overdue_amount = fields.Monetary(
        "Overdue",
        compute="_compute_customer_figures",
        search="_search_customer_overdue_amount",
        groups=FINANCE_GROUPS,
    )
    customer_overdue_days = fields.Integer(
        "Oldest Overdue (days)",
        compute="_compute_customer_figures",
        search="_search_customer_overdue_days",
        groups=FINANCE_GROUPS,
        aggregator="max",
    )
    customer_last_contact_date = fields.Date(
        "Last Contact",
        compute="_compute_customer_figures",
        search="_search_customer_last_contact_date",
        groups=READER_GROUPS,
    )
    customer_last_satisfaction = fields.Float(
        "Last Satisfaction",
        digits=(3, 2),
        compute="_compute_customer_figures",
        search="_search_customer_last_satisfaction",
        groups=READER_GROUPS,
        aggregator="avg",
    )
    customer_data_completeness = fields.Float(
        "Data Completeness (%)",
        digits=(5, 2),
        compute="_compute_customer_figures",
        search="_search_customer_data_completeness",
        groups=READER_GROUPS,
        aggregator="avg",
    )
    customer_figures_date = fields.Datetime(
        "Figures as of", compute="_compute_customer_figures", groups=READER_GROUPS
    )

    # --- a customer's segments in the current company; contacts show their company's
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
        help="One for each exclusive dimension. Manual entries are pinned: automatic rules do "
        "not change them.",
    )

    # -- read ----------
    @api.depends("commercial_partner_id", "customer_metrics_ids")
    @api.depends_context("company", "uid", "su")
    def _compute_customer_figures(self):
        """Two queries for any number of partners: the rows the user may see, and their columns."""
        metrics = self._customer_metrics_model()
        names = [name for name in FIGURES if self._has_field_access(self._fields[name], "read")]
        rows = metrics.search_fetch(
            [
                ("company_id", "=", self.env.company._customer_company().id),
                ("partner_id", "in", self.commercial_partner_id.ids),
            ],
            [
                "partner_id",
                "computed_at",
                *(FIGURES[name] for name in names if FIGURES[name] != "id"),
            ],
        )
        by_partner = {row.partner_id.id: row for row in rows}
        nothing = metrics.browse()
        for partner in self:
            row = by_partner.get(partner.commercial_partner_id._origin.id, nothing)
            for name in FIGURES:
                if name not in names:
                    partner[name] = False
                elif name == "customer_metrics_id":
                    partner[name] = row
                else:
                    partner[name] = row[FIGURES[name]] if row else False
            partner.customer_figures_date = row.computed_at

    def _customer_metrics_model(self):
        """Return `customer.metrics` of the user; archived or other users' rows are the record
        rules' business.
        """
        return self.env["customer.metrics"]

    # -- search, sort and group ----------
    def _field_to_sql(self, alias, field_expr, query=None):
        """Read the figures from the row of the partner's customer in the current company (one LEFT
        JOIN).
        """
        column = FIGURES.get(field_expr)
        if column is None or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        metrics = self._customer_metrics_model()
        join = query.make_alias(
            alias, f"customer_metrics_{self.env.company._customer_company().id}"
        )
        condition = SQL(
            "%s = %s AND %s = %s",
            SQL.identifier(join, "partner_id"),
            SQL.identifier(alias, "commercial_partner_id"),
            SQL.identifier(join, "company_id"),
            self.env.company._customer_company().id,
        )
        if not self.env.su:
            condition = SQL(
                "%s AND %s IN %s",
                condition,
                SQL.identifier(join, "id"),
                metrics._search([]).subselect(),
            )
        query.add_join("LEFT JOIN", join, metrics._table, condition)
        return SQL.identifier(join, column)

    @api.model
    def _search_customer_figure(self, name, operator, value):
        """Return the domain on a figure: the field's own SQL condition on the joined column."""
        field = self._fields[name]

        def to_sql(model, alias, query):
            return field._condition_to_sql(name, operator, value, model, alias, query)

        return Domain.custom(to_sql=to_sql)

    def _search_customer_metrics_id(self, operator, value):
        """Follow `customer_metrics_id.x` conditions within the current company."""
        if operator not in ("in", "any"):
            return NotImplemented
        company = Domain("company_id", "=", self.env.company._customer_company().id)
        if operator == "any":
            return Domain(
                "commercial_partner_id.customer_metrics_ids", "any", company & Domain(value)
            )
        rows = Domain(
            "commercial_partner_id.customer_metrics_ids", "any", company & Domain("id", "in", value)
        )
        if False in value:
            rows |= ~Domain("commercial_partner_id.customer_metrics_ids", "any", company)
        return rows

    def _search_customer_revenue_12m(self, operator, value):
        return self._search_customer_figure("customer_revenue_12m", operator, value)

    def _search_customer_revenue_share(self, operator, value):
        return self._search_customer_figure("customer_revenue_share", operator, value)

    def _search_customer_order_count_12m(self, operator, value):
        return self._search_customer_figure("customer_order_count_12m", operator, value)

    def _search_customer_first_order_date(self, operator, value):
        return self._search_customer_figure("customer_first_order_date", operator, value)

    def _search_customer_last_order_date(self, operator, value):
        return self._search_customer_figure("customer_last_order_date", operator, value)

    def _search_customer_days_to_pay(self, operator, value):
        return self._search_customer_figure("customer_days_to_pay", operator, value)

    def _search_customer_overdue_amount(self, operator, value):
        return self._search_customer_figure("customer_overdue_amount", operator, value)

    def _search_customer_overdue_days(self, operator, value):
        return self._search_customer_figure("customer_overdue_days", operator, value)

    def _search_customer_last_contact_date(self, operator, value):
        return self._search_customer_figure("customer_last_contact_date", operator, value)

    def _search_customer_last_satisfaction(self, operator, value):
        return self._search_customer_figure("customer_last_satisfaction", operator, value)

    def _search_customer_data_completeness(self, operator, value):
        return self._search_customer_figure("customer_data_completeness", operator, value)

    # -- refresh ----------
    def action_refresh_customer_metrics(self):
        """Recompute the figures of these partners now; anybody who works with figures may.

        :raises AccessError: when the caller may not read the partners or any figures
        :raises UserError: when there are too many for a call
        """
        self.check_access("read")
        self.env["customer.metrics"].check_access("read")
        if not (self.env.su or self.env.user.has_groups(REFRESHERS)):
            raise AccessError(self.env._("Auditors can read figures but not refresh them."))
        if len(self) > REFRESH_LIMIT:
            raise UserError(
                self.env._(
                    "At most %(limit)s customers can be refreshed manually; the nightly job "
                    "refreshes all of them.",
                    limit=REFRESH_LIMIT,
                )
            )
        self.env["customer.metrics"]._refresh(self)
        return True

    # --- a customer's segments in the current company; contacts show their company's
    @api.depends("commercial_partner_id", "customer_segment_assignment_ids.segment_id")
    @api.depends_context("company")
    def _compute_customer_segment_ids(self):
        # sudo: whoever reads the customer reads its classes, as it reads its tier
        lines = self.env["customer.segment.assignment"].sudo()
        groups = lines._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company._customer_company().id),
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
        company = self.env.company._customer_company()
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
                            "%(customer)s can have only one segment in '%(dimension)s'.",
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
        company = Domain("company_id", "=", self.env.company._customer_company().id)
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
            segment_queries.lines_of(self.env.company._customer_company().id),
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
