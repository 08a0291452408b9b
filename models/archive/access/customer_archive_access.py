from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ....queries import archive_access

KINDS = [
    ("open", "Opened"),
    ("download", "Downloaded"),
    ("print", "Printed"),
    ("export", "Exported"),
]


def _write_again(registry, statement):
    """Write an entry whose transaction was rolled back: what was read was read."""
    with registry.cursor() as cr:
        cr.execute(statement)


class CustomerArchiveAccess(models.Model):
    """Who read a dossier, a document or a file. Nobody changes it or deletes from it."""

    _name = "customer.archive.access"
    _description = "Archive Access Log Entry"
    _order = "date desc, id desc"

    date = fields.Datetime("When", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    name = fields.Char("Dossier", readonly=True, help="Number and title at that time.")
    archive_ref = fields.Integer("ID of the Dossier", readonly=True, index=True)
    res_model = fields.Char("Object", required=True, readonly=True)
    res_id = fields.Integer("ID of the Object", readonly=True)
    detail = fields.Char(readonly=True, help="Name of the file or printed document.")
    request_id = fields.Many2one(
        "customer.archive.access.request",
        "Access Request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    purpose = fields.Char(readonly=True, help="Taken from the valid access request.")

    def init(self):
        """Let the database refuse changes too."""
        for statement in archive_access.append_only():
            self.env.cr.execute(statement)

    @api.model
    def _is_logged(self, model_name):
        """Tell whether reading records of a model is logged."""
        registry = self.env.registry
        return model_name in registry and issubclass(
            registry[model_name], registry["customer.archive.logged.mixin"]
        )

    @api.model
    def _logged_models(self):
        """Return the names of the models whose reading is logged."""
        return [
            name
            for name in self.env.registry
            if self._is_logged(name) and not self.env[name]._abstract
        ]

    @api.model
    def _note(self, records, kind, detail=None):
        """Write an entry for each record that was just read, in one INSERT.

        It is part of the transaction of the reader; when that one is rolled back the same statement
        runs on a connection of its own. So it waits for nobody, and nothing that was read is missing.
        A savepoint that is rolled back inside the transaction takes the entry along.

        :param records: dossiers or what has an ``archive_id``
        """
        ids = [record_id for record_id in records._ids if isinstance(record_id, int)]
        if not ids:
            return
        statement = archive_access.insert_entries(
            records._table,
            ids,
            model=records._name,
            kind=kind,
            detail=detail,
            uid=self.env.uid,
            now=fields.Datetime.now(),
        )
        # no flush: the statement reads what the user was allowed to read, saved before
        self.env.cr.execute(statement)
        self.env.cr.postrollback.add(partial(_write_again, self.env.registry, statement))

    def write(self, vals):
        """Nobody changes the log, not the system either."""
        if vals:
            raise AccessError(self.env._("Entries can only be added to the access log."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Entries come from reading, not from anybody's hand."""
        if not self.env.su:
            raise AccessError(self.env._("The access log is written only by reading dossiers."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Entries can only be added to the access log."))

    @api.readonly
    def action_open(self):
        """Open the dossier that was read."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.archive",
            "res_id": self.archive_ref,
            "view_mode": "form",
        }
