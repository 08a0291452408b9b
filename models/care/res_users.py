from odoo import api, models
from odoo.exceptions import RedirectWarning
from odoo.tools import SQL, LazyTranslate

from ...queries import handover as queries
from ..common.holdings import Holding
from ..common.marks import SENTINEL

_lt = LazyTranslate(__name__)

CONFIRMED = "customer_archive_user"


class ResUsers(models.Model):
    """What a user holds, as rows of one shape; nobody leaves with it unseen."""

    _inherit = "res.users"

    @api.model
    def _customer_holdings(self):
        """EXTENDS common: what users hold in Odoo's own models, and waiting approvals."""
        return [
            *super()._customer_holdings(),
            *self._sales_holdings(),
            *self._activity_holdings(),
            *self._setting_holdings(),
        ]

    @api.model
    def _sales_holdings(self):
        """Return what a salesperson works on; what is over stays with who did it."""
        order = {"model": "sale.order", "field": "user_id", "partner": "partner_id"}
        order |= {"moved": "_handed_over", "keeps": ("team_id",)}
        return [
            Holding(
                "lead",
                _lt("Opportunities"),
                "crm.lead",
                "user_id",
                domain=(("won_status", "=", "pending"),),
                partner="partner_id",
                moved="_handed_over",
                # probability, stage and day of the assignment are the opportunity's own
                follows=False,
            ),
            Holding(
                "quotation",
                _lt("Quotations"),
                domain=(("state", "in", ("draft", "sent")),),
                **order,
            ),
            Holding(
                "order",
                _lt("Orders Not Fully Invoiced"),
                domain=(("state", "=", "sale"), ("invoice_status", "!=", "invoiced")),
                **order,
            ),
            Holding(
                "invoice",
                _lt("Draft Invoices"),
                "account.move",
                "invoice_user_id",
                domain=(
                    ("state", "=", "draft"),
                    ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ),
                partner="partner_id",
                moved="_handed_over",
                follows=False,
            ),
            Holding(
                "team",
                _lt("Sales Teams (Leader)"),
                "crm.team",
                "user_id",
                label="",
                with_rights=True,
            ),
        ]

    @api.model
    def _activity_holdings(self):
        """Return what waits for a user: activities, meetings, approvals."""
        return [
            Holding(
                "activity",
                _lt("Activities"),
                "mail.activity",
                "user_id",
                document=("res_model", "res_id"),
                label="res_name",
            ),
            Holding(
                "meeting",
                _lt("Meetings (Organizer)"),
                "calendar.event",
                "user_id",
                domain=(("stop", ">=", "now"),),
                document=("res_model", "res_id"),
                moved="_handed_over",
            ),
            Holding(
                "approval",
                _lt("Waiting Approvals"),
                "tier.review",
                "reviewer_ids",
                domain=(
                    ("status", "in", ("waiting", "pending")),
                    ("definition_id.review_type", "!=", "group"),
                ),
                document=("model", "res_id"),
                label="",
                moved="_handed_over",
                with_rights=True,
            ),
        ]

    @api.model
    def _setting_holdings(self):
        """Return where the configuration names a person."""
        free = {"company": "", "label": "", "with_rights": True}
        return [
            Holding(
                "approver",
                _lt("Approval Levels (Reviewer)"),
                "tier.definition",
                "reviewer_id",
                label="",
                # approvals that were given or wait keep their people: see "approval"
                follows=False,
                with_rights=True,
            ),
            Holding(
                "activity_type",
                _lt("Activity Types (Default User)"),
                "mail.activity.type",
                "default_user_id",
                **free,
            ),
            Holding(
                "activity_plan",
                _lt("Activity Plans (Responsible)"),
                "mail.activity.plan.template",
                "responsible_id",
                **free,
            ),
            Holding("survey", _lt("Surveys"), "survey.survey", "user_id", **free),
        ]

    # --- as rows ------------------------------------------------------------------------------

    @api.model
    def _customer_held(self, holding):
        """Return SQL of what users hold of a kind: (id, user_id, partner_id, company_id, name)."""
        # sudo: who holds what is about all records; callers show numbers, or ask for rights
        model = self.env[holding.model].sudo().with_context(active_test=True)
        field = model._fields[holding.field]
        user = holding.field
        if field.type == "many2many":
            user = (field.relation, field.column1, field.column2)
        records = model._search(list(holding.domain), order="id").subselect()
        label = model._fields.get(holding.label) if holding.label else None
        if label is None or not label.store or label.translate or label.type != "char":
            name = SQL("NULL::varchar")
        else:
            name = SQL.identifier("t", label.name)
        return queries.held(
            model._table,
            user,
            records,
            self._customer_of(holding),
            self._company_of(holding),
            name,
        )

    @api.model
    def _path(self, model_name, dotted):
        """Return SQL of the value at the end of a path; a field that is only related is followed."""
        steps, model = [], self.env[model_name]
        names = dotted.split(".") if dotted else []
        while names:
            name = names.pop(0)
            field = model._fields[name]
            if not field.store and field.related:
                names = [*field.related.split("."), *names]
                continue
            comodel = self.env[field.comodel_name] if field.comodel_name else None
            steps.append((name, comodel._table if comodel is not None else None))
            if comodel is not None:
                model = comodel
        return queries.path(steps)

    @api.model
    def _customer_of(self, holding):
        if holding.document:
            return queries.commercial(
                queries.by_document(*holding.document, self._by_model("partner_id"))
            )
        if not holding.partner:
            return SQL("NULL::integer")
        return queries.commercial(self._path(holding.model, holding.partner))

    @api.model
    def _company_of(self, holding):
        if holding.document:
            return queries.by_document(*holding.document, self._by_model("company_id"))
        return self._path(holding.model, holding.company)

    @api.model
    def _by_model(self, name):
        """Return {model: (table, value)} of the documents that people are asked about."""
        target = {"partner_id": "res.partner", "company_id": "res.company"}[name]
        mixins = (self.pool["mail.thread"], self.pool["mail.activity.mixin"])
        found = {}
        for model_name, model in sorted(self.env.registry.items()):
            if model._abstract or model._transient or not model._auto or model._table_query:
                continue
            if not issubclass(model, mixins):
                continue
            if model_name == "res.partner" and name == "partner_id":
                found[model_name] = (model._table, SQL.identifier("t", "id"))
                continue
            field = model._fields.get(name)
            if field is not None and field.comodel_name == target and self._is_path(field):
                found[model_name] = (model._table, self._path(model_name, name))
        return found

    @api.model
    def _is_path(self, field):
        """Tell whether a field is a column, or leads to one by columns."""
        if field.store:
            return bool(field.column_type) and not field.company_dependent
        if not field.related:
            return False
        model = self.env[field.model_name]
        for name in field.related.split("."):
            step = model._fields[name]
            if not self._is_path(step):
                return False
            model = self.env[step.comodel_name] if step.comodel_name else model
        return True

    @api.model
    def _customer_count(self, rows):
        """Return how many rows there are."""
        return self.env.execute_query(queries.count_rows(rows))[0][0]

    def _customer_held_counts(self):
        """Return {user: {key: number}} of what the users hold, in all companies."""
        # in a form that is not saved the users are copies
        self = self._origin
        counts = {user: {} for user in self}
        for holding in self._customer_holdings():
            rows = self.env.execute_query(
                queries.count_by_user(self._customer_held(holding), self.ids)
            )
            for user_id, number in rows:
                counts[self.browse(user_id)][holding.key] = number
        return {user: found for user, found in counts.items() if found}

    # --- nobody leaves with it unseen -----------------------------------------------------------

    def _customer_leavers(self):
        """Return those of the users whom somebody wants to archive although they hold something."""
        confirmed = self.env.context.get(CONFIRMED) is SENTINEL
        company = self.env["res.company"]
        if self.env.su or confirmed or not company._customer_in_use("care"):
            return self.browse()
        active = self.filtered("active")
        return self.browse().union(*active._customer_held_counts())

    def action_archive(self):
        """EXTENDS base: what the users still hold is shown first, with the way to hand it over."""
        self.check_access("write")
        if leavers := self._customer_leavers():
            return self._customer_leave_action(self, leavers)
        return super().action_archive()

    def write(self, vals):
        """EXTENDS base: also an import or a program is told what the users still hold."""
        if "active" in vals and not vals["active"]:
            self.check_access("write")
            if leavers := self._customer_leavers():
                raise RedirectWarning(
                    self.env._(
                        "%s still holds customers or tasks. Hand them over first.",
                        ", ".join(leavers.mapped("name")),
                    ),
                    self._customer_leave_action(self, leavers),
                    self.env._("Show What Is Held"),
                )
        return super().write(vals)

    @api.model
    def _customer_leave_action(self, users, leavers):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Still Responsible"),
            "res_model": "customer.user.leave",
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "new",
            "context": {"default_user_ids": users.ids, "default_leaver_ids": leavers.ids},
        }
