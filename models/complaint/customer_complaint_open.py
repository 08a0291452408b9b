from odoo import api, models

from ...queries.lists import filled_lists


class CustomerComplaint(models.Model):
    """Opening a case: its form has seven lists, and most of them are empty in most cases."""

    _inherit = "customer.complaint"

    @api.readonly
    def web_read(self, specification):
        """EXTENDS web: lists that hold nothing at all are not searched with all their rights."""
        self.browse().check_access("read")
        self._remember_empty_lists(specification)
        return super().web_read(specification)

    def _remember_empty_lists(self, names):
        """Ask for all lists in one query which are empty, and put those into the cache.

        The query sees more than the user: a list it calls empty is empty for everybody.
        """
        cases = self._origin
        lists = [
            field
            for name in names
            if (field := self._fields.get(name))
            and field.type == "one2many"
            and field.store
            and any(field._cache_missing_ids(cases))
        ]
        if not cases or not lists:
            return
        lines = [self.env[field.comodel_name] for field in lists]
        for model, field in zip(lines, lists, strict=True):
            model.flush_model([field.inverse_name])
        tables = [(m._table, f.inverse_name) for m, f in zip(lines, lists, strict=True)]
        for case_id, *filled in self.env.execute_query(filled_lists(cases.ids, tables)):
            for field, is_filled in zip(lists, filled, strict=True):
                if not is_filled:
                    field._insert_cache(cases.browse(case_id), [()])
