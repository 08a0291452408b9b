from odoo import fields, models


class ResCompany(models.Model):
    """How a company counts its deadlines."""

    _inherit = "res.company"

    sla_cutoff = fields.Float(
        "Cut-off Time",
        default=16.5,
        help="Later events count from the next day. Default for new milestones.",
    )
    sla_warn_percent = fields.Float(
        "Warn After (%)",
        default=80,
        help="Percentage of the time after which the handler is warned. Default for new "
        "milestones.",
    )
    sla_pause_days = fields.Integer(
        "Longest Pause (days)",
        default=14,
        help="Total of all pauses of a deadline; after that it resumes automatically.",
    )
    sla_recalculate_after = fields.Integer(
        readonly=True, help="Last clock recalculated since the calendar was changed."
    )
    sla_is_stale = fields.Boolean(
        "Deadlines to Recalculate",
        readonly=True,
        help="The calendar was changed: open deadlines are being recalculated.",
    )

    _sla_cutoff_valid = models.Constraint(
        "CHECK(sla_cutoff >= 0 AND sla_cutoff < 24)", "The cut-off must be a time of day."
    )
    _sla_warn_valid = models.Constraint(
        "CHECK(sla_warn_percent > 0 AND sla_warn_percent <= 100)",
        "The warning must be after more than 0 % and at most 100 % of the time.",
    )
    _sla_pause_valid = models.Constraint(
        "CHECK(sla_pause_days > 0)", "A pause must last at least one day."
    )

    def _after_calendar_change(self):
        """EXTENDS calendar: open deadlines follow, through their ledgers."""
        super()._after_calendar_change()
        companies = self.filtered(lambda c: not c.sla_is_stale or c.sla_recalculate_after)
        if not companies:
            return
        companies.write({"sla_is_stale": True, "sla_recalculate_after": 0})
        cron = self.env.ref("customer_governance.cron_sla", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # sudo: the job counts again, whoever changed the calendar
