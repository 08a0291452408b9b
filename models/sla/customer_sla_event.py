from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.sla_clock import Spec
from ...engine.sla_ledger import Event
from .customer_sla_clock import CLOCK_STATES

KINDS = [
    ("start", "Start"),
    ("pause", "Pause"),
    ("resume", "Resume"),
    ("extend", "Extension"),
    ("reopen", "Reopened"),
    ("stop", "Done"),
    ("drop", "Dropped"),
    ("miss", "Missed"),
    ("recalculate", "Recalculated"),
    ("change", "Case changed"),
    ("undo", "Taken back"),
]


class CustomerSlaEvent(models.Model):
    """One line of the ledger of a clock.

    Lines are added by `queries.sla`; nobody changes or deletes one.
    """

    _name = "customer.sla.event"
    _description = "SLA Ledger Line"
    _order = "at, id"
    _rec_name = "kind"
    _log_access = False

    clock_id = fields.Many2one(
        "customer.sla.clock", required=True, readonly=True, index=True, ondelete="cascade"
    )
    res_model = fields.Char(related="clock_id.res_model")
    res_id = fields.Many2oneReference(related="clock_id.res_id", model_field="res_model")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    at = fields.Datetime("Happened At", required=True, readonly=True)
    until = fields.Datetime("Pause Ends", readonly=True)
    amount = fields.Float("Extended By", readonly=True, help="In the unit of the deadline.")
    spec = fields.Json("Promise", readonly=True)
    reason = fields.Text(readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, help="Empty: set by the SLA job.")
    recorded_at = fields.Datetime(readonly=True)
    deadline = fields.Datetime("Deadline After", readonly=True)
    state = fields.Selection(CLOCK_STATES, "Status Afterwards", readonly=True)

    def _event(self):
        """Return the line for the engine."""
        self.ensure_one()
        # lines of the first versions name no working hours: those of their clock count
        hours = {"calendar_id": self.clock_id.calendar_id.id or 0}
        return Event(
            kind=self.kind,
            at=self.at,
            spec=Spec(**{**hours, **self.spec}) if self.spec else None,
            amount=self.amount,
            until=self.until or None,
            reason=self.reason or "",
        )

    def write(self, vals):  # pylint: disable=method-required-super  # never writes
        """Refuse: a ledger is only added to."""
        raise UserError(
            self.env._(
                "The deadline ledger cannot be changed. Later events are added as new lines."
            )
        )

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super  # never creates
        """Refuse: lines come with what they did to their clock."""
        raise UserError(self.env._("The deadline ledger is written automatically by case events."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The deadline ledger cannot be deleted."))
