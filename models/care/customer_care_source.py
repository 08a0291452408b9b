from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...queries.care_due import KINDS, Rule

KIND_NAMES = [
    ("contact", "Contact"),
    ("visit", "Visit"),
    ("meeting", "Strategy meeting"),
    ("survey", "Survey"),
]
EVENTS = [
    ("visit", "Visit held"),
    ("activity", "Activity done"),
    ("meeting", "Meeting attended"),
    ("email", "Personal e-mail"),
    ("survey", "Survey invitation"),
]
# What a contact is in companies that do not use care.
DEFAULT_RULES = [Rule("contact", event) for event in ("visit", "activity", "meeting", "email")]

assert tuple(kind for kind, _name in KIND_NAMES) == KINDS


class CustomerCareSource(models.Model):
    """What counts as a contact of a kind: the one definition behind last contacts and due dates."""

    _name = "customer.care.source"
    _inherit = ["customer.guard.mixin"]
    _description = "What Counts as Contact"
    _order = "sequence, id"
    _rec_name = "kind"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KIND_NAMES, "Counts As", required=True, default="contact")
    event = fields.Selection(
        EVENTS,
        required=True,
        default="visit",
        help="Visits count unless no one was reached, activities if their type is a customer "
        "contact, meetings if someone from the customer attended, e-mails if an employee wrote "
        "them.",
    )
    purpose = fields.Selection(
        lambda self: self.env["customer.visit"]._fields["purpose"]._description_selection(self.env),
        "Purpose of the Visit",
        help="Only visits with this purpose count. Leave empty for all purposes.",
    )

    _source_uniq = models.UniqueIndex(
        "(kind, event, COALESCE(purpose, ''))", "This is already in the list."
    )

    @api.constrains("event", "purpose")
    def _check_purpose(self):
        for source in self:
            if source.purpose and source.event != "visit":
                raise ValidationError(self.env._("Only visits have a purpose."))

    @api.model_create_multi
    def create(self, vals_list):
        """Figures of the night follow."""
        sources = super().create(vals_list)
        self._after_change()
        return sources

    def write(self, vals):
        """Figures of the night follow."""
        result = super().write(vals)
        if vals.keys() - {"sequence"}:
            self._after_change()
        return result

    @api.model
    def _after_change(self):
        """Stop using the figures of the night, which were made by other rules."""
        # sudo: whoever may change the rules may cause what follows from it
        self.env["res.company"].sudo()._care_forget_figures()

    @api.model
    def _rules(self):
        """Return the list of `queries.care_due.Rule` of all companies with care."""
        # sudo: what counts is the same for everybody
        sources = self.sudo().search_fetch([], ["kind", "event", "purpose"])
        return [Rule(source.kind, source.event, source.purpose or None) for source in sources]
