from odoo import fields, models

# What cases and their orders have deadlines for.
MILESTONES = [
    ("acknowledge", "Acknowledgement"),
    ("accept", "Dispatch accepted"),
    ("first_contact", "First contact"),
    ("first_result", "First result"),
    ("plan", "Plan"),
    ("report", "Written report"),
    ("answer", "Answer"),
    ("callback", "Call-back"),
    ("close", "Closing"),
]
STARTS = [
    ("dispatched", "Dispatch"),
    ("answered", "Answer"),
    ("closed", "Closing"),
]


def gone(selection):
    """Return what happens to records of a value that is not there any more."""
    return {name: "cascade" for name, _label in selection}


class CustomerSlaMilestone(models.Model):
    """Milestones of cases."""

    _inherit = "customer.sla.milestone"

    milestone = fields.Selection(
        selection_add=MILESTONES, default="answer", ondelete=gone(MILESTONES)
    )
    start = fields.Selection(selection_add=STARTS, ondelete=gone(STARTS))

    def _phrase_start(self):
        """EXTENDS sla: the facts of a case."""
        _ = self.env._
        return {
            "dispatched": _("the dispatch"),
            "answered": _("the answer"),
            "closed": _("the closing"),
        }.get(self.start) or super()._phrase_start()
