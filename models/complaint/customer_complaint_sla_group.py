from odoo import models

from ...queries import sla as queries


class CustomerComplaint(models.Model):
    """Counts by deadline status, for the coloured bars over the columns of the kanban."""

    _inherit = "customer.complaint"

    def _read_group_groupby(self, alias, groupby_spec, query):
        """EXTENDS base: the status depends on now, so the statement works it out.

        It is made of the domains that search and compute use: one truth.
        """
        if groupby_spec != "sla_state":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields[groupby_spec], "read")
        # sudo: the state of the deadlines belongs to the case, which the query limits to readable
        cases = self.sudo()
        cases.env["customer.sla.clock"].flush_model(
            ["state", "deadline", "warn_at", "paused_until"]
        )
        return queries.first_of(
            [
                (domain.optimize_full(cases)._to_sql(cases, alias, query), state)
                for state, domain in cases._sla_state_domains().items()
            ]
        )
