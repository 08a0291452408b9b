from odoo import fields, models


class ResCompany(models.Model):
    """How a company counts the deadlines of its complaints."""

    _inherit = "res.company"

    sla_cutoff = fields.Float(
        "Cut-off Time",
        default=16.5,
        help="What comes in later counts from the next day. Proposed for new milestones.",
    )
    sla_warn_percent = fields.Float(
        "Warn After (%)",
        default=80,
        help="Share of the time after which the handler is warned. Proposed for new milestones.",
    )
    sla_pause_days = fields.Integer(
        "Longest Pause (days)",
        default=14,
        help="All pauses of a deadline together; after that it runs again by itself.",
    )
    sla_recalculate_after = fields.Integer(
        readonly=True, help="Last clock that was counted again since the calendar changed."
    )
    sla_is_stale = fields.Boolean(
        "Deadlines to Count Again",
        readonly=True,
        help="The calendar changed: open deadlines are being counted again.",
    )

    _sla_cutoff_valid = models.Constraint(
        "CHECK(sla_cutoff >= 0 AND sla_cutoff < 24)", "The cut-off is a time of day."
    )
    _sla_warn_valid = models.Constraint(
        "CHECK(sla_warn_percent > 0 AND sla_warn_percent <= 100)",
        "Warn after more than 0 % and at most 100 % of the time.",
    )
    _sla_pause_valid = models.Constraint(
        "CHECK(sla_pause_days > 0)", "A pause lasts at least a day."
    )
