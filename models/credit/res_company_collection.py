from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from ...engine import collection as engine
from ...queries import collection as queries
from ..common.customer_domain import CustomerDomain, Setup, SetupLine
from ..common.customer_reach_mixin import able, addresses_in

_lt = LazyTranslate(__name__)


class ResCompany(models.Model):
    """How a company collects overdue items."""

    _inherit = "res.company"

    collection_mode = fields.Selection(
        [
            ("send", "Plan steps and send e-mails"),
            ("plan", "Plan steps, users send"),
            ("off", "No collection"),
        ],
        "Collection",
        default="off",
        required=True,
        help="Steps are planned and e-mails sent only during the company's working time.",
    )
    collection_user_id = fields.Many2one(
        "res.users",
        "Collector",
        domain=[("share", "=", False)],
        help="Responsible for steps of levels assigned to the collector.",
    )
    collection_buckets = fields.Char(
        "Aging Buckets (days)",
        default="30,60,90",
        required=True,
        help="Upper limits of the aging buckets in statements, for example 30,60,90.",
    )

    @api.model
    def _customer_domains(self):
        domains = super()._customer_domains()
        domains["collection"] = CustomerDomain(
            name=_lt("Collection"),
            field="collection_mode",
            group="customer_governance.group_use_collection",
            icon="fa-phone",
            user_field="collection_user_id",
            on="plan",  # people look first; mails are a second decision
            off="off",
            mails="send",
        )
        return domains

    def _customer_switched_on(self, key):
        """EXTENDS common: complaints that are open hold their invoices."""
        super()._customer_switched_on(key)
        if key == "collection":
            lines = self.env["customer.complaint.line"].search(
                [
                    ("complaint_id.company_id", "in", self.ids),
                    ("complaint_id.state", "in", self.env["customer.complaint"]._open_states()),
                    ("invoice_line_id", "!=", False),
                ]
            )
            lines._hold_invoices()

    @api.constrains("collection_buckets")
    def _check_collection_buckets(self):
        for company in self:
            try:
                engine.parse_borders(company.collection_buckets)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Aging buckets must be ascending numbers of days, for example 30,60,90."
                    )
                ) from error

    def _collection_levels(self):
        """Return the levels in use: the company's own, else those shared by all companies."""
        self.ensure_one()
        levels = self.env["customer.collection.level"].search(
            [("company_id", "in", (False, self.id))], order="days_overdue, id"
        )
        return levels.filtered("company_id") or levels

    def _collection_at_work(self, now):
        """Tell whether people of the company work now: nobody is dunned at night or on holidays."""
        self.ensure_one()
        calendars = self.env["customer.working.calendar"]
        return calendars._working_time(self, now).is_working(now)

    def _collection_collector(self):
        """Return the collector, else the head of customer governance."""
        self.ensure_one()
        collector = self.collection_user_id
        return able(collector, self) or self._customer_head()

    # --- what to fill in before collection is switched on, and whom it concerns
    def _customer_setup(self, key):
        """EXTENDS common."""
        if key != "collection":
            return super()._customer_setup(key)
        _ = self.env._
        what = [
            _(
                "Overdue items are checked every working hour and the next step for each "
                "customer is planned."
            ),
            _(
                "When enabled, steps are only planned: users call, print and send. Nothing "
                "is e-mailed automatically."
            ),
            _(
                "“Send E-mails” is a separate decision: from then on, reminders for new "
                "steps are sent to customers automatically during working time."
            ),
            _("Promised or disputed items are excluded."),
        ]
        return Setup(what, self._collection_setup_fill(), self._collection_setup_today())

    def _collection_setup_fill(self):
        _ = self.env._
        company = self.sudo()  # whether things are there is all that is told
        return [
            SetupLine(
                "person",
                _("The collector is named above and is responsible for the corresponding levels"),
                None,
                bool(company.collection_user_id),
            ),
            SetupLine(
                "levels",
                _("Collection levels and their letters: review them in each language"),
                self._customer_link("customer_governance.customer_collection_level_action"),
                bool(company._collection_levels()),
            ),
            SetupLine(
                "roles",
                _("Someone has the role Credit Control"),
                self._customer_link("customer_governance.customer_role_action"),
                self._customer_has_role("group_credit"),
            ),
            SetupLine(
                "server",
                _("An outgoing e-mail server is configured"),
                self._customer_link("base.action_ir_mail_server_list"),
                bool(company.env["ir.mail_server"].search_count([], limit=1)),
            ),
        ]

    def _collection_setup_today(self):
        _ = self.env._
        company = self.sudo()  # numbers for who switches it on
        overdue, by_level, unreachable = company._collection_forecast()
        lines = [
            SetupLine(
                "overdue",
                _("Overdue customers"),
                self._customer_list(_("Overdue Customers"), "res.partner", overdue),
                count=len(overdue),
            )
        ]
        for level, partner_ids in by_level.items():
            ways = dict(level._fields["way"]._description_selection(self.env))
            lines.append(
                SetupLine(
                    f"level:{level.id}",
                    _(
                        "Customers who would receive “%(level)s” (%(way)s) today",
                        level=level.with_env(self.env).name,
                        way=ways[level.way],
                    ),
                    self._customer_list(level.with_env(self.env).name, "res.partner", partner_ids),
                    count=len(partner_ids),
                )
            )
        lines.append(
            SetupLine(
                "unreachable",
                _("Overdue customers without an e-mail address: they receive letters"),
                self._customer_list(_("Without E-mail"), "res.partner", unreachable),
                count=len(unreachable),
            )
        )
        return lines

    def _collection_forecast(self):
        """Tell what the job would plan today; nothing is written.

        :return: ids of overdue customers, {level: ids of those whose step is due}, ids of customers
            without an e-mail address
        """
        steps = self.env["customer.collection.step"].with_company(self)
        today = self._customer_today()
        self.env.flush_all()
        ids = [row[0] for row in self.env.execute_query(queries.candidates(self.id, today))]
        by_level = {}
        for partner_id, decision in steps._decide(self, ids, today)[1].items():
            if decision.outcome == engine.STEP:
                level = self.env["customer.collection.level"].browse(decision.level_id)
                by_level.setdefault(level, []).append(partner_id)
        overdue = self.env["res.partner"].browse(ids)
        unreachable = overdue.filtered(
            lambda partner: not addresses_in(steps._contact_of(partner).email)
        )
        levels = sorted(by_level, key=lambda level: level.days_overdue)
        return ids, {level: by_level[level] for level in levels}, unreachable.ids
