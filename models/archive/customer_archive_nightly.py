from odoo import api, fields, models
from odoo.tools import SQL

from ...queries import archive as queries
from ..common.cron import commit_progress

BATCH = 500


class CustomerArchive(models.Model):
    """What the passing of days changes: expired documents, deadlines, reminders."""

    _inherit = "customer.archive"

    @api.model
    def _cron_archive(self):
        """Count the checklists again, follow the calendar, ask about what ends and what is late.

        May run twice, late or be killed: each question is asked once.
        """
        self._refresh_completeness(SQL("a.state != 'disposed'"))
        commit_progress(self.env)
        self._refresh_deadlines()
        commit_progress(self.env)
        self._ask_about_ends()
        self._ask_about_late()

    @api.model
    def _refresh_deadlines(self):
        """Let the deadlines of open dossiers follow a changed calendar."""
        open_ones = self.search([("state", "in", ("draft", "checking", "handover"))])
        self.env.add_to_compute(self._fields["due_on"], open_ones)
        self.env.add_to_compute(self._fields["due_a_on"], open_ones)
        self.env.add_to_compute(self._fields["due_b_on"], open_ones)
        open_ones.flush_recordset(["due_on", "due_a_on", "due_b_on"])

    @api.model
    def _ask_about_ends(self):
        """Ask somebody for the next document before one ends: once for each last day."""
        Document = self.env["customer.archive.document"]
        after = 0
        while True:
            self.env.flush_all()
            rows = self.env.execute_query(
                queries.expiring_documents(fields.Datetime.now(), BATCH, after)
            )
            if not rows:
                return
            after = rows[-1][0]
            documents = Document.browse([row[0] for row in rows])
            for document in documents:
                if document._once(f"expiring {document.date_until}"):
                    document._ask_for_next()
            commit_progress(self.env, len(documents))

    @api.model
    def _ask_about_late(self):
        """Remind whoever has a late dossier: once for each deadline."""
        for archive in self.search([("is_late", "=", True)]):
            holder = {
                "draft": archive.role_a_id,
                "checking": archive.role_b_id,
                "handover": archive.archivist_id or archive.role_b_id,
            }[archive.state]
            if not archive._once(f"late {archive.state} {archive.due_on}"):
                continue
            archive.activity_schedule(
                "customer_governance.activity_type_archive_late",
                user_id=holder.id,
                summary=self.env._("The handover of %s is late", archive.title),
                note=self.env._("It was due on %s.", archive.due_on),
                date_deadline=archive.company_id._customer_today(),
            )
            commit_progress(self.env, 1)
