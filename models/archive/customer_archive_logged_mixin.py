from odoo import api, models
from odoo.http import request

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
        """Return the records with the mark that reading them is no opening.

        :raises AccessError: for users who read no records of the model at all
        """
        self.browse().check_access("read")
        return self.with_context(**{QUIET: SENTINEL})

    def _note_access(self, kind, detail=None):
        """Write the access log, unless the system reads or something bigger is logged already."""
        if not self.env.su and self.env.context.get(QUIET) is not SENTINEL:
            self.env["customer.archive.access"]._note(self, kind, detail)

    def _note_opening(self):
        """Write the access log, unless the form of another model shows the record as a part."""
        asked = request.params.get("model") if request else None
        if asked in (None, self._name):
            self._note_access("open")

    def read(self, fields=None, load="_classic_read"):
        """EXTENDS base: reading is logged."""
        result = super().read(fields, load)
        self._note_opening()
        return result

    def web_read(self, specification):
        """EXTENDS web: the form of a record is logged once, not its parts."""
        # a reference in another form: ids only, for any reader of that form
        if specification == {}:
            return super().web_read(specification)
        result = super(CustomerArchiveLoggedMixin, self._quiet()).web_read(specification)
        if len(self) == 1:
            self._note_opening()
        return result

    # Odoo would choose a database that can only be read.
    read._readonly = False
    web_read._readonly = False

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """EXTENDS web: a list is no opening."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        return quiet.web_search_read(domain, specification, offset, limit, order, count_limit)

    @api.model
    @api.readonly
    def web_read_group(
        self,
        domain,
        groupby,
        aggregates=(),
        limit=None,
        offset=0,
        order=None,
        *,
        auto_unfold=False,
        opening_info=None,
        unfold_read_specification=None,
        unfold_read_default_limit=80,
        groupby_read_specification=None,
    ):
        """EXTENDS web: a list with groups or a kanban is no opening."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        return quiet.web_read_group(
            domain,
            groupby,
            aggregates,
            limit,
            offset,
            order,
            auto_unfold=auto_unfold,
            opening_info=opening_info,
            unfold_read_specification=unfold_read_specification,
            unfold_read_default_limit=unfold_read_default_limit,
            groupby_read_specification=groupby_read_specification,
        )

    @api.model
    @api.readonly
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
        """EXTENDS base: not from a database that can only be read, because it is logged."""
        return super().export_data(fields_to_export)

    export_data._readonly = False

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """EXTENDS base: an export is logged in one INSERT, also one that begins at another model."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        result = quiet._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        self._note_access("export", self.env._("%s records", len(self)))
        return result
