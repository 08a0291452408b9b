from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine import sla_policy as engine
from ...engine.transitions import Transition, TransitionTable

MANAGER = ("group_manager",)

# Places in `notice_level`: 1 = warned, 2 = told that it is late; the chain follows.
FIRST_LEVEL = 3


class CustomerSlaPolicy(models.Model):
    """Promises and the records they hold for.

    Each milestone of a record comes from the most specific published policy that has it: more
    conditions win, then the deeper one, then the sequence. Published policies are frozen; a new
    version replaces the old one. Clocks keep what they were started with. The conditions come from
    the domains whose records have deadlines.
    """

    _name = "customer.sla.policy"
    _inherit = ["customer.transition.mixin", "mail.thread"]
    _description = "SLA Policy"
    _order = "sequence, name, version DESC, id"

    _transitions = TransitionTable(
        "draft",
        (
            Transition("publish", ("draft",), "published", "_guard_publish", MANAGER),
            Transition("retire", ("published",), "retired", "", MANAGER),
        ),
    )

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="Decides between policies that are equally specific."
    )
    company_id = fields.Many2one("res.company", index=True, help="Leave empty for every company.")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_version_id = fields.Many2one(
        "customer.sla.policy", "Previous Version", readonly=True, copy=False, index="btree_not_null"
    )
    # -- which records; a domain adds conditions, an empty one fits every record
    res_model = fields.Selection(
        "_policy_models",
        "Records",
        required=True,
        default=lambda self: self._policy_models()[0][0],
        help="The records whose deadlines the policy sets.",
    )
    # -- what is promised
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        help="Leave empty for the working hours of the company.",
    )
    milestone_ids = fields.One2many("customer.sla.milestone", "policy_id", "Milestones", copy=True)
    escalation_ids = fields.One2many(
        "customer.sla.escalation", "policy_id", "Escalation", copy=True
    )
    conditions = fields.Char("Applies To", compute="_compute_conditions")
    promises = fields.Text("Promises", compute="_compute_promises")
    case_count = fields.Integer(
        compute="_compute_case_count",
        string="Cases",
        groups=(
            "customer_governance.group_sales,customer_governance.group_service,"
            "customer_governance.group_quality,customer_governance.group_auditor"
        ),
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = (
                f"{policy.name} v{policy.version}" if policy.version > 1 else policy.name
            )

    @api.model
    def _policy_models(self):
        """Return (model, name) of the models whose deadlines policies set."""
        models_ = self.env["customer.sla.mixin"]._sla_models()
        # sudo: what a model is called
        names = self.env["ir.model"].sudo()
        return [(m._name, names._get(m._name).name) for m in models_ if m._sla_has_policies]

    @api.depends("company_id", "res_model")
    @api.depends_context("lang")
    def _compute_conditions(self):
        for policy in self:
            policy.conditions = ", ".join(policy._condition_words())

    def _condition_words(self):
        """Return the conditions in words, what it holds for in general first."""
        self.ensure_one()
        _ = self.env._
        words = [_("Every case")]
        if self.company_id:
            words.append(_("company %(name)s", name=self.company_id.display_name))
        return words

    @api.depends("milestone_ids.sentence")
    @api.depends_context("lang")
    def _compute_promises(self):
        for policy in self:
            policy.promises = "\n".join(policy.milestone_ids.mapped("sentence"))

    # -- matching -----------------------------------------------------------------------------

    def _policy(self):
        """Return the policy for the engine."""
        self.ensure_one()
        return engine.Policy(**self._policy_values())

    def _policy_values(self):
        """Return what every policy has, for the engine."""
        return {
            "id": self.id,
            "sequence": self.sequence,
            "promises": tuple(line._promise() for line in self.milestone_ids),
            "company_id": self.company_id.id or 0,
            "res_model": self.res_model,
        }

    @api.model
    @tools.ormcache()
    def _published(self):
        """Return all published policies for the engine, from a cache."""
        # sudo: the promises hold for every record, whoever makes it
        policies = self.sudo().search([("state", "=", "published")])
        return tuple(policy._policy() for policy in policies)

    @api.model
    @tools.ormcache("case")
    def _promises(self, case):
        """Return the promises for an `engine.Subject`, from a cache."""
        return engine.resolve(self._published(), case)

    # -- preview ------------------------------------------------------------------------------

    def _fitting_domain(self):
        """Return the domain of the records that fit the conditions."""
        self.ensure_one()
        return Domain("company_id", "=", self.company_id.id) if self.company_id else Domain.TRUE

    def _caught_domain(self):
        """Return the domain of the records that get at least one milestone from this policy.

        A draft is looked at as if it were published in place of its previous version.
        """
        self.ensure_one()
        mine = self._policy()
        others = self.sudo().search(
            [
                ("state", "=", "published"),
                ("res_model", "=", self.res_model),
                ("id", "not in", (self | self.previous_version_id).ids),
            ]
        )
        before = [other for other in others if other._policy().rank < mine.rank]
        caught = Domain.FALSE
        for milestone in self.milestone_ids.mapped("milestone"):
            taken = Domain.OR(
                other._fitting_domain()
                for other in before
                if milestone in other.milestone_ids.mapped("milestone")
            )
            caught |= ~taken
        return self._fitting_domain() & caught

    def _compute_case_count(self):
        for policy in self:
            records = self.env[policy.res_model]
            policy.case_count = records.search_count(policy._caught_domain()) if policy.id else 0

    def action_preview(self):
        """Open the records that the policy catches."""
        self.ensure_one()
        self.env[self.res_model].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Matches %(policy)s", policy=self.display_name),
            "res_model": self.res_model,
            "view_mode": "list,form",
            "domain": list(self._caught_domain()),
        }

    # -- versions -----------------------------------------------------------------------------

    def _guard_publish(self):
        """Return why the policy cannot be published."""
        if self.milestone_ids:
            return []
        return [self.env._("it has no milestones: add one")]

    def action_publish(self):
        """Publish; the previous version is retired."""
        for policy in self:
            chain = policy.escalation_ids.sorted(lambda line: (line.hours, line.id))
            for level, line in enumerate(chain, start=FIRST_LEVEL):
                line.level = level
            policy._transition("publish")
            previous = policy.previous_version_id
            if previous.state == "published":
                previous._transition("retire")
        return True

    def action_retire(self):
        """Retire: no new record gets the policy."""
        return self._transition("retire")

    def action_new_version(self):
        """Make a draft that replaces this policy when it is published."""
        self.ensure_one()
        self.check_access("write")
        draft = self.search(
            [("previous_version_id", "=", self.id), ("state", "=", "draft")], limit=1
        )
        if not draft:
            draft = self.copy({"name": self.name})
            draft.write({"previous_version_id": self.id, "version": self.version + 1})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Policies are matched anew."""
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        """Refuse changes of a published policy; policies are matched anew."""
        if self._frozen_fields() & vals.keys() and any(policy.state != "draft" for policy in self):
            raise UserError(
                self.env._("A published policy cannot be changed. Create a new version of it.")
            )
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.model
    def _frozen_fields(self):
        """Return the names of what stays as it was published; a domain adds its conditions."""
        return {
            "name",
            "sequence",
            "company_id",
            "version",
            "previous_version_id",
            "res_model",
            "calendar_id",
            "milestone_ids",
            "escalation_ids",
        }

    def unlink(self):
        """Policies are matched anew."""
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(policy.state != "draft" for policy in self):
            raise UserError(
                self.env._(
                    "Only drafts can be deleted. Retire the policy instead: old cases refer to it."
                )
            )
