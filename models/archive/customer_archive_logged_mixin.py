from odoo import models

from ..common.customer_transition_mixin import SENTINEL

# In the context while records are read as a list or as part of another one: nobody opened them.
QUIET = "customer_archive_quiet"


class CustomerArchiveLoggedMixin(models.AbstractModel):
    """A record whose opening, export and printing is written to the access log.

    Opening is a single record in a form, or `read` over RPC. Rows of a list are no opening.
    """

    _name = "customer.archive.logged.mixin"
    _description = "Reading is logged"

    def _quiet(self):
        """Return the records with the mark that reading them is no opening."""
        return self.with_context(**{QUIET: SENTINEL})

    def _note_access(self, kind, detail=None):
        """Write the access log, unless the system reads or something bigger is logged already."""
        if not self.env.su and self.env.context.get(QUIET) is not SENTINEL:
            self.env["customer.archive.access"]._note(self, kind, detail)

    def read(self, fields=None, load="_classic_read"):
        """EXTENDS base: reading is logged."""
        result = super().read(fields, load)
        self._note_access("open")
        return result

    def web_read(self, specification):
        """EXTENDS web: the form of a record is logged once, not its parts."""
        result = super(CustomerArchiveLoggedMixin, self._quiet()).web_read(specification)
        if len(self) == 1:
            self._note_access("open")
        return result

    # Odoo would choose a database that can only be read.
    read._readonly = False
    web_read._readonly = False

    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """EXTENDS web: a list is no opening."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        return quiet.web_search_read(domain, specification, offset, limit, order, count_limit)

    def web_name_search(self, name, specification, domain=None, operator="ilike", limit=100):
        """EXTENDS web: a list is no opening."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        return quiet.web_name_search(name, specification, domain, operator, limit)

    def web_save(self, vals, specification, next_id=None):
        """EXTENDS web: the form was open before it was saved; the next one is opened."""
        if next_id or not self:
            return super().web_save(vals, specification, next_id)
        return super(CustomerArchiveLoggedMixin, self._quiet()).web_save(vals, specification)

    def export_data(self, fields_to_export):
        """EXTENDS base: an export is logged, all records in one INSERT."""
        result = super(CustomerArchiveLoggedMixin, self._quiet()).export_data(fields_to_export)
        self._note_access("export", self.env._("%s records", len(self)))
        return result

    export_data._readonly = False
