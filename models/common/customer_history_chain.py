"""Past values of a customer that change from time to time: tiers, grades."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...queries import history


class CustomerHistoryChain(models.AbstractModel):
    """History of a value that changes: each change begins where the one before it ended."""

    _name = "customer.history.chain"
    _inherit = ["customer.history.mixin"]
    _description = "History of a Changing Value"

    # The columns of the value before and after a change.
    _history_chain = ("", "")

    @api.model
    def _history_of_root(self):
        return True

    @api.model
    def _history_check(self, rows):
        """EXTENDS history: before what was recorded here, and one change a day."""
        super()._history_check(rows)
        today = self.env.company._customer_today()
        for row in rows:
            self._history_past(row, "date")
            if fields.Date.to_date(row["date"]) == today:
                raise ValidationError(
                    self.env._("A change of today is made on the customer, not imported.")
                )
        first = self._history_first(rows)
        for row in rows:
            day = first.get((row["partner_id"], row["company_id"]))
            if day and fields.Date.to_date(row["date"]) >= day:
                raise ValidationError(
                    self.env._(
                        "%(customer)s has changes recorded here from %(day)s on: history must be "
                        "earlier.",
                        customer=self._history_label(row),
                        day=format_date(self.env, day),
                    )
                )
        self._history_new(rows, ("partner_id", "company_id", "date"))

    @api.model
    def _history_first(self, rows):
        """Return {(customer id, company id): day of the first change recorded here}."""
        self.flush_model(["partner_id", "company_id", "date", "is_history"])
        partners, companies = ({row[name] for row in rows} for name in ("partner_id", "company_id"))
        query = history.first_regular(self._table, partners, companies)
        return {(partner, company): day for partner, company, day in self.env.execute_query(query)}

    def _history_after(self):
        """EXTENDS history: what each change began with."""
        super()._history_after()
        self._history_link(self.partner_id.ids, self.company_id.ids)

    @api.model
    def _history_link(self, partner_ids, company_ids):
        self.flush_model()
        old, new = self._history_chain
        self.env.cr.execute(history.chain(self._table, old, new, partner_ids, company_ids))
        self.invalidate_model([old])

    def _history_remove(self):
        """EXTENDS history: the rest is one chain again."""
        partners, companies = self.partner_id.ids, self.company_id.ids
        super()._history_remove()
        self._history_link(partners, companies)
