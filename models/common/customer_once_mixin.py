from odoo import models

from ...queries import once


class CustomerOnceMixin(models.AbstractModel):
    """Things that must happen exactly once for a record and key, also with two workers."""

    _name = "customer.once.mixin"
    _description = "Once-Only Sending"

    def _once(self, key):
        """Return the records for which `key` is new; from now on it is remembered.

        The memory is part of the transaction: when sending fails and rolls back, it will be tried again.
        """
        if not self.ids:
            return self.browse()
        # flush nothing: the log has no computed columns and no dependants
        rows = self.env.execute_query(once.insert_once(self._name, self.ids, key))
        new = {res_id for (res_id,) in rows}
        return self.filtered(lambda record: record.id in new)
