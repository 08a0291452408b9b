from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.sla_clock import DAY_UNITS, Spec
from ...engine.sla_policy import Promise

UNITS = [
    ("elapsed_hours", "Hours (day and night)"),
    ("working_hours", "Working hours"),
    ("working_days", "Working days"),
    ("calendar_days", "Calendar days"),
]

DUES = [
    ("day_end", "End of the day"),
    ("closing", "End of work"),
    ("same_time", "Same time of day"),
]

# Events of a record that clocks count from; a domain adds those that its facts are.
STARTS = [("received", "Case received")]


class CustomerSlaMilestone(models.Model):
    """What a policy promises by when.

    The names of the milestones come from the domains whose records have deadlines (`selection_add`
    here, in the clocks and in the escalation).
    """

    _name = "customer.sla.milestone"
    _inherit = ["customer.guard.mixin"]
    _description = "SLA Milestone"
    _order = "policy_id, sequence, id"
    _rec_name = "milestone"

    policy_id = fields.Many2one(
        "customer.sla.policy", "Policy", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    milestone = fields.Selection([], required=True)
    target = fields.Float(required=True, help="0 days: on the same day.")
    unit = fields.Selection(UNITS, required=True, default="working_days")
    has_cutoff = fields.Boolean(
        "Cut-off", default=True, help="Later events count from the next day."
    )
    cutoff = fields.Float("Cut-off Time", default=lambda self: self.env.company.sla_cutoff)
    shift = fields.Boolean(
        "Move to Working Day",
        default=True,
        help="A deadline on a weekend or holiday moves to the next working day.",
    )
    due = fields.Selection(DUES, "Due At", required=True, default="day_end")
    start = fields.Selection(STARTS, "Counted From", required=True, default="received")
    warn_percent = fields.Float(
        "Warn After (%)",
        default=lambda self: self.env.company.sla_warn_percent,
        help="Percentage of the time after which the handler is warned. 100: no warning before "
        "the deadline.",
    )
    pausable = fields.Boolean(
        "Can Pause",
        default=True,
        help="If disabled, this deadline keeps running while the case is waiting for the customer.",
    )
    sentence = fields.Char("Description", compute="_compute_sentence")

    _milestone_uniq = models.Constraint(
        "UNIQUE(policy_id, milestone)", "A policy can contain each milestone only once."
    )
    _target_valid = models.Constraint("CHECK(target >= 0)", "A target cannot be negative.")
    _cutoff_valid = models.Constraint(
        "CHECK(NOT has_cutoff OR (cutoff >= 0 AND cutoff < 24))",
        "The cut-off must be a time of day.",
    )
    _warn_valid = models.Constraint(
        "CHECK(warn_percent > 0 AND warn_percent <= 100)",
        "The warning must be after more than 0 % and at most 100 % of the time.",
    )

    @api.constrains("target", "unit")
    def _check_target(self):
        for line in self:
            if line.unit in DAY_UNITS and line.target != int(line.target):
                raise ValidationError(self.env._("A target in days must be a whole number."))

    @api.constrains("milestone", "start", "policy_id")
    def _check_start(self):
        for line in self:
            records = self.env[line.policy_id.res_model]
            if line.milestone not in records._sla_milestones:
                raise ValidationError(self.env._("These records do not have this milestone."))
            if line.start == records._sla_starts.get(line.milestone):
                raise ValidationError(self.env._("A deadline cannot be counted from its own end."))

    def _spec(self):
        """Return the promise for the engine."""
        self.ensure_one()
        return Spec(
            target=self.target,
            unit=self.unit,
            cutoff=self.cutoff if self.has_cutoff else None,
            shift=self.shift,
            due=self.due,
            calendar_id=self.policy_id.calendar_id.id or 0,
        )

    def _promise(self):
        """Return the milestone with its policy for the engine."""
        return Promise(
            milestone=self.milestone,
            policy_id=self.policy_id.id,
            spec=self._spec(),
            start=self.start,
            warn_percent=self.warn_percent,
            pausable=self.pausable,
        )

    @api.depends("milestone", "target", "unit", "has_cutoff", "cutoff", "shift", "due", "start")
    @api.depends_context("lang")
    def _compute_sentence(self):
        names = dict(self._fields["milestone"]._description_selection(self.env))
        for line in self:
            line.sentence = self.env._(
                "%(milestone)s: %(promise)s.",
                milestone=names.get(line.milestone, ""),
                promise=", ".join(filter(None, line._phrases())),
            )

    def _phrases(self):
        """Return the parts of the sentence that tells the promise."""
        return [
            self._phrase_target(self._phrase_start()),
            self._phrase_cutoff(),
            self._phrase_shift(),
            self._phrase_due(),
        ]

    def _phrase_start(self):
        """Return the event it is counted from in words; a domain adds those of its facts."""
        return self.env._("receipt") if self.start == "received" else ""

    def _phrase_target(self, start):
        _ = self.env._
        number = f"{self.target:g}"
        if self.unit in DAY_UNITS and not self.target:
            if self.unit == "working_days":
                return _("on the same working day as %(start)s", start=start)
            return _("on the same day as %(start)s", start=start)
        if self.target == 1:
            texts = {
                "elapsed_hours": _("within an hour of %(start)s", start=start),
                "working_hours": _("within a working hour of %(start)s", start=start),
                "working_days": _("within a working day of %(start)s", start=start),
                "calendar_days": _("within a day of %(start)s", start=start),
            }
        else:
            texts = {
                "elapsed_hours": _("within %(n)s hours of %(start)s", n=number, start=start),
                "working_hours": _(
                    "within %(n)s working hours of %(start)s", n=number, start=start
                ),
                "working_days": _("within %(n)s working days of %(start)s", n=number, start=start),
                "calendar_days": _("within %(n)s days of %(start)s", n=number, start=start),
            }
        return texts.get(self.unit, "")

    def _phrase_cutoff(self):
        if self.unit not in DAY_UNITS or not self.has_cutoff:
            return ""
        minutes = round(self.cutoff * 60)
        return self.env._(
            "events after %(time)s count from the next day",
            time=f"{minutes // 60:02d}:{minutes % 60:02d}",
        )

    def _phrase_shift(self):
        if not self.shift or self.unit in ("working_hours", "working_days"):
            return ""
        return self.env._("if it falls on a day off, the deadline moves to the next working day")

    def _phrase_due(self):
        if self.unit not in DAY_UNITS or self.due == "day_end":
            return ""
        if self.due == "closing":
            return self.env._("by the end of the working day")
        return self.env._("at the same time of day")

    # -- frozen with the policy ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new milestones of a published policy."""
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        """Refuse changes of a published policy."""
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def _check_draft(self):
        if any(policy.state != "draft" for policy in self.policy_id):
            raise UserError(
                self.env._("A published policy cannot be changed. Create a new version of it.")
            )
