from odoo import fields, models

EVENTS = [
    ("contract_end", "End of the contract"),
    ("last_transaction", "Last transaction of the customer"),
    ("case_closed", "Closing of the case"),
]


class CustomerArchiveClass(models.Model):
    """How long dossiers of the class are kept: one rule for each dossier, that of its class."""

    _inherit = "customer.archive.class"

    retention_event = fields.Selection(
        EVENTS,
        "Retention Event",
        help="The retention period is counted from this day. If empty, no rule applies yet and "
        "nothing is disposed of.",
    )
    retention_years = fields.Integer(
        "Years", help="Full years after the event; 0 ends on the day of the event."
    )
    retention_rounding = fields.Selection(
        [
            ("none", "Exact day"),
            ("quarter", "End of the quarter"),
            ("year", "End of the year"),
        ],
        "Rounded To",
        required=True,
        default="year",
    )
    retention_forever = fields.Boolean("Retained Permanently", help="Never disposed of.")
    dispose_with_exposure = fields.Boolean(
        "Dispose Despite Exposure",
        help="If disabled, dossiers are kept as long as the customer has open debts or orders.",
    )

    _retention_years_valid = models.Constraint(
        "CHECK(COALESCE(retention_years, 0) BETWEEN 0 AND 200)",
        "The retention period must be between 0 and 200 years.",
    )

    def _retention_rule_text(self):
        """Return the rule in words."""
        self.ensure_one()
        if self.retention_forever:
            return self.env._("Retained permanently")
        if not self.retention_event:
            return self.env._("No retention rule")
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("retention_event", "retention_rounding")
        }
        return self.env._(
            "%(event)s + %(years)s years, %(rounding)s",
            event=labels["retention_event"][self.retention_event],
            years=self.retention_years,
            rounding=labels["retention_rounding"][self.retention_rounding].lower(),
        )
