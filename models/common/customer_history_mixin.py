"""What happened before the system: imported by the head, marked, and outside what runs today."""

from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from .marks import SENTINEL
from .moments import moment_words

HEAD = "customer_governance.group_manager"
# In the context of the lists of imported history, as True: what is imported there is history. Our own
# code puts the mark there instead, which cannot come over RPC.
HISTORY = "customer_history"
# How long an import can be taken back.
DAYS_TO_REMOVE = 7


class CustomerHistoryMixin(models.AbstractModel):
    """Records of the time before the system, out of a table.

    Odoo's own import reads the file; `load` lets the head in and nobody else. The rows are stored as
    they are: no number is given, no clock starts, nobody is told, nothing of today changes. Constraints
    and computed fields of the model hold for them as for all others.

    A model says which columns a file may have, which it needs, and what must be true of them
    (`_history_check`).
    """

    _name = "customer.history.mixin"
    _inherit = ["customer.named.mixin"]
    _description = "History before the System"

    # Columns of a file, and those without which a row says nothing.
    _history_columns = ()
    _history_required = ()
    # Key of the domain that the company has to use; empty: it is always used.
    _history_domain = ""

    is_history = fields.Boolean(
        "Imported History",
        readonly=True,
        copy=False,
        help="From the time before this system: without deadlines and messages, and not counted "
        "in figures.",
    )

    # -- who, and only as a whole ---------------------------------------------------------------
    @api.model
    def _is_history_import(self):
        """Tell whether code of ours imports history."""
        return self.env.context.get(HISTORY) is SENTINEL

    @api.model
    def _is_history_list(self):
        """Tell whether the caller comes from a list of imported history."""
        return bool(self.env.context.get(HISTORY))

    @api.model
    def _check_history_right(self):
        if not self.env.su and not self.env.user.has_group(HEAD):
            raise AccessError(
                self.env._("History is imported by the head of customer governance only.")
            )

    @api.model
    def load(self, fields, data):
        """EXTENDS base: rows of a list of history are history.

        :raises AccessError: for everybody but the head of customer governance
        :raises UserError: for a column that history does not have
        """
        if not self._is_history_list():
            return super().load(fields, data)
        self._check_history_right()
        known = {"id", *self._history_columns}
        unknown = [name for name in fields if name.split("/")[0] not in known]
        if unknown:
            raise UserError(
                self.env._(
                    "These columns cannot be imported as history: %(columns)s. Leave them out.",
                    columns=", ".join(unknown),
                )
            )
        marked = self.with_context(**{HISTORY: SENTINEL})
        return super(CustomerHistoryMixin, marked).load(fields, data)

    def _load_records_create(self, vals_list):
        if self._is_history_import():
            return self._history_create(vals_list)
        return super()._load_records_create(vals_list)

    def _load_records_write(self, values):
        if self._is_history_import():
            raise UserError(
                self.env._(
                    "“%s” was imported already: imported history is not changed. Remove it and "
                    "import it again.",
                    self.display_name,
                )
            )
        return super()._load_records_write(values)

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody marks a record as history by hand."""
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name != "is_history"}
                for vals in vals_list
            ]
            if "default_is_history" in self.env.context:
                self = self.with_context(default_is_history=False)
        return super().create(vals_list)

    def write(self, vals):
        """Nobody marks a record as history by hand."""
        if "is_history" in vals and not self.env.su:
            raise AccessError(
                self.env._("Whether a record is history is decided by the import and stays.")
            )
        return super().write(vals)

    # -- the rows -------------------------------------------------------------------------------
    @api.model
    def _history_create(self, vals_list):
        """Store rows of history.

        :param vals_list: values by the names of `_history_columns`
        :return: the records
        :raises ValidationError: with what is wrong and what to do; nothing is stored then
        """
        self._check_history_right()
        if not self.env.su:
            self._guard_check_named(vals_list)
        rows = [self._history_row(vals) for vals in vals_list]
        self._history_check(rows)
        # sudo: the right was checked, and each customer and company that a row names; what follows from
        # a new record (numbers, clocks, messages, news) is passed over: that was long ago
        store = self.sudo().with_context(tracking_disable=True, **self._history_context())
        records = models.BaseModel.create(store, [{**row, "is_history": True} for row in rows])
        records._history_after()
        return records.sudo(self.env.su)

    @api.model
    def _history_row(self, vals):
        """Return the values of a row, complete: customer, company, defaults of the model."""
        if missing := [name for name in self._history_required if not vals.get(name)]:
            raise ValidationError(
                self.env._(
                    "Missing: %(columns)s.",
                    columns=", ".join(
                        self._fields[name]._description_string(self.env) for name in missing
                    ),
                )
            )
        partner = self.env["res.partner"].browse(vals["partner_id"])
        partner.check_access("read")
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        if company not in self.env.companies:
            raise AccessError(self.env._("You do not work in the company of this row."))
        if self._history_domain:
            company._customer_require(self._history_domain)
        if self._history_of_root():
            company = company._customer_company()
        return {
            **self._history_defaults(vals, company),
            **vals,
            "partner_id": partner.commercial_partner_id.id,
            "company_id": company.id,
        }

    @api.model
    def _history_context(self):
        """Return the marks with which code of ours stores the rows."""
        return {}

    @api.model
    def _history_of_root(self):
        """Tell whether the records of a branch belong to its head company."""
        return False

    @api.model
    def _history_defaults(self, vals, company):
        """Return what a row says without saying it."""
        return {}

    @api.model
    def _history_check(self, rows):
        """Refuse rows that cannot be; models add what must be true of theirs.

        :param rows: list of complete values, as `_history_row` returns them
        """

    def _history_after(self):
        """Do what the rows need once they are stored, without any effect on today."""

    @api.model
    def _history_past(self, row, *names):
        """Refuse dates that are not over, or not in the order of the names.

        :param names: of date or datetime fields; empty ones are passed over
        """
        company = self.env["res.company"].browse(row["company_id"])
        latest = name_before = None
        for name in names:
            field = self._fields[name]
            if not row.get(name):
                continue
            if field.type == "date":
                value, now = fields.Date.to_date(row[name]), company._customer_today()
            else:
                value, now = fields.Datetime.to_datetime(row[name]), fields.Datetime.now()
            if value > now:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” is not in the past: %(day)s. History ends before today.",
                        field=field._description_string(self.env),
                        day=self._history_day(value, company),
                    )
                )
            if latest and value < latest:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” (%(day)s) is earlier than “%(before)s”: check the dates.",
                        field=field._description_string(self.env),
                        day=self._history_day(value, company),
                        before=self._fields[name_before]._description_string(self.env),
                    )
                )
            latest, name_before = value, name

    @api.model
    def _history_day(self, value, company):
        """Return a date, or an instant in the company's time, in the words of the reader."""
        if isinstance(value, datetime):
            return moment_words(self.env, value, company._customer_timezone())
        return format_date(self.env, value)

    @api.model
    def _history_new(self, rows, names):
        """Refuse what is there already, in the file or in the system.

        :param names: the fields that tell one record from another
        """
        seen = set()
        keys = [tuple(self._history_value(name, row.get(name)) for name in names) for row in rows]
        # sudo: whether it is there, of rows whose customer the caller reads
        found = self.sudo().with_context(active_test=False)
        found = found.search([(names[0], "in", list({key[0] for key in keys}))])
        there = {
            tuple(self._history_value(name, record[name]) for name in names) for record in found
        }
        for row, key in zip(rows, keys, strict=True):
            if key in there or key in seen:
                raise ValidationError(
                    self.env._(
                        "This is there already: %s. Remove the row.", self._history_label(row)
                    )
                )
            seen.add(key)

    @api.model
    def _history_value(self, name, value):
        field = self._fields[name]
        if field.type == "many2one":
            return value.id if isinstance(value, models.BaseModel) else value or False
        if field.type == "date":
            return fields.Date.to_date(value) or False
        return value or False

    @api.model
    def _history_label(self, row):
        """Return what people call a row."""
        return row.get("name") or self.env["res.partner"].browse(row["partner_id"]).display_name

    # -- screens --------------------------------------------------------------------------------
    @api.model
    def action_import_history(self):
        """Open Odoo's import for a file of history."""
        self._check_history_right()
        return {
            "type": "ir.actions.client",
            "tag": "import",
            "name": self.env._("Import History"),
            "params": {"active_model": self._name, "context": {HISTORY: True}},
        }

    @api.model
    def get_import_templates(self):
        """EXTENDS base: the columns that history may have."""
        if not self._is_history_list():
            return super().get_import_templates()
        name = self._name.replace(".", "_")
        return [
            {
                "label": self.env._("Import Template for History"),
                "template": f"/customer_governance/static/csv/history_{name}.csv",
            }
        ]

    # -- taking an import back ------------------------------------------------------------------
    def action_remove_history(self):
        """Remove rows that were imported by mistake, within a few days after the import."""
        self._check_history_right()
        self.check_access("read")
        since = fields.Datetime.now() - timedelta(days=DAYS_TO_REMOVE)
        # sudo: who imported is asked, not who may delete
        rows = self.sudo()
        if not all(row.is_history and row.create_date >= since for row in rows):
            raise UserError(
                self.env._(
                    "Only imported history can be removed, and only within %s days after the "
                    "import.",
                    DAYS_TO_REMOVE,
                )
            )
        rows._history_remove()
        return True

    def _history_remove(self):
        """Delete the rows; models say what has to go with them."""
        self.with_context(**{HISTORY: SENTINEL}).unlink()
