import re

from odoo import api, models, tools
from odoo.exceptions import AccessError
from odoo.http import request

from ...common.customer_transition_mixin import SENTINEL

# Types of fields that are contents of a dossier and no column of a list.
CONTENTS = ("binary", "html", "json", "properties", "text")

_WORD = re.compile(r"\w+")

# In the context while records are read as a list or as part of another one: nobody opened them.
QUIET = "customer_archive_quiet"


class CustomerArchiveLoggedMixin(models.AbstractModel):
    """A record whose opening, export and printing is written to the access log.

    Opening is what delivers the contents: a record in a form, `read` over RPC, and every list that
    asks for more than the columns of lists (texts, files, the records below), of one record or of
    many, by whatever route. Rows of a list are no opening.
    """

    _name = "customer.archive.logged.mixin"
    _description = "Logged Access"

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

    @api.model
    @tools.ormcache("self._name", cache="templates")
    def _columns(self):
        """Return the names of the fields that lists, cards and calendars of the model mention."""
        # sudo: views of everybody
        views = (
            self.env["ir.ui.view"]
            .sudo()
            .search([("model", "=", self._name), ("type", "in", ("list", "kanban", "calendar"))])
        )
        words = {word for arch in views.mapped("arch_db") for word in _WORD.findall(arch or "")}
        always = {"id", "display_name", *models.MAGIC_COLUMNS}
        return frozenset(words & self._fields.keys() | always)

    @api.model
    def _delivers_contents(self, wanted, listed=True):
        """Tell whether what is asked for is more than a row of a list.

        :param wanted: names of fields, none for all of them, or a specification of the web client
        :param listed: it is a list of this model and not a part of the form of another one
        """
        if not wanted:
            return not isinstance(wanted, dict)
        names = [name for name in wanted if name in self._fields]
        if listed:
            if not self._columns().issuperset(names):
                return True
        elif any(self._is_contents(name) for name in names):
            return True
        return isinstance(wanted, dict) and any(
            self._fields[name].type in ("one2many", "many2many")
            and set((wanted[name] or {}).get("fields") or {}) - {"id", "display_name", "color"}
            for name in names
        )

    @api.model
    def _is_contents(self, name):
        return name in self._fields and self._fields[name].type in CONTENTS

    @api.model
    def _note_rows(self, rows, wanted):
        """Write the access log for rows of a list that have the contents in them."""
        if rows and self._delivers_contents(wanted):
            self.browse([row["id"] for row in rows if row.get("id")])._note_access("open")

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
        asked = request.params.get("model") if request else None
        if self._delivers_contents(specification, listed=asked in (None, self._name)):
            # also as part of the form of another model
            self._note_access("open")
        elif len(self) == 1:
            self._note_opening()
        return result

    @api.model
    def search_read(
        self, domain=None, fields=None, offset=0, limit=None, order=None, **read_kwargs
    ):
        """EXTENDS base: a list with the contents opens all of it."""
        rows = super().search_read(domain, fields, offset, limit, order, **read_kwargs)
        self._note_rows(rows, fields)
        return rows

    def onchange(self, values, field_names, fields_spec):
        """EXTENDS web: asked of a record without a change it tells all of it."""
        if self.ids and not field_names:
            self._note_access("open")
        return super().onchange(values, field_names, fields_spec)

    # Odoo would choose a database that can only be read.
    read._readonly = False
    web_read._readonly = False
    search_read._readonly = False
    onchange._readonly = False

    @api.model
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """EXTENDS web: a list is no opening, unless it asks for the contents."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        result = quiet.web_search_read(domain, specification, offset, limit, order, count_limit)
        self._note_rows(result["records"], specification)
        return result

    @api.model
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
        """EXTENDS web: a list with groups or a kanban is no opening, unless it asks for the contents."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        result = quiet.web_read_group(
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
        if unfold_read_specification:
            self._note_rows(list(_rows_of(result["groups"])), unfold_read_specification)
        return result

    def _read_group_groupby(self, alias, groupby_spec, query):
        """EXTENDS base: grouping by contents would read them, and nobody would have opened anything.

        :raises AccessError: also for a path that begins at another model
        """
        self._refuse_grouping(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        """EXTENDS base: the same for an aggregate."""
        self._refuse_grouping(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    def _refuse_grouping(self, spec):
        if not self.env.su and self._is_contents(spec.split(":")[0]):
            raise AccessError(self.env._("Dossiers cannot be grouped by their contents."))

    @api.model
    def web_name_search(self, name, specification, domain=None, operator="ilike", limit=100):
        """EXTENDS web: a list is no opening, unless it asks for the contents."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        rows = quiet.web_name_search(name, specification, domain, operator, limit)
        self._note_rows(rows, specification)
        return rows

    def web_save(self, vals, specification, next_id=None):
        """EXTENDS web: the form was open before it was saved; the next one is opened."""
        if next_id or not self or not vals:
            return super().web_save(vals, specification, next_id)
        return super(CustomerArchiveLoggedMixin, self._quiet()).web_save(vals, specification)

    def export_data(self, fields_to_export):
        """EXTENDS base: not from a database that can only be read, because it is logged."""
        return super().export_data(fields_to_export)

    # not from a database that can only be read: what they show of contents is logged
    web_search_read._readonly = False
    web_read_group._readonly = False
    web_name_search._readonly = False
    export_data._readonly = False

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """EXTENDS base: an export is logged in one INSERT, also one that begins at another model."""
        quiet = super(CustomerArchiveLoggedMixin, self._quiet())
        result = quiet._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        self._note_access("export", self.env._("%s records", len(self)))
        return result


def _rows_of(groups):
    """Yield the records that a list with groups has unfolded, on all levels."""
    for group in groups:
        yield from group.get("__records") or ()
        inner = group.get("__groups")
        yield from _rows_of(inner["groups"] if isinstance(inner, dict) else inner or ())
