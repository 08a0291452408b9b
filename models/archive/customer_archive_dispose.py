from odoo import fields, models

from ...engine.transitions import Transition, TransitionTable
from ..complaint.customer_complaint import OPEN_STATES
from .customer_archive import CustomerArchive as Dossier

DOCUMENT = "customer.archive.document"


class CustomerArchive(models.Model):
    """The end of a dossier: what may stop it and what stays."""

    _inherit = "customer.archive"

    _transitions = TransitionTable(
        Dossier._transitions.initial,
        (
            *Dossier._transitions.transitions,
            Transition("dispose", ("registered",), "disposed"),
        ),
    )

    disposal_line_ids = fields.One2many(
        "customer.archive.disposal.line", "archive_id", "Disposals", copy=False
    )
    disposed_on = fields.Datetime("Disposed Of On", readonly=True, copy=False)

    def _disposal_blockers(self):
        """Return why dossiers cannot be disposed of now: ``{id: [reason]}``, in few queries.

        Hold, retention, open complaints of the customer and what the customer owes. Other parts of
        the archive extend it with what they know (open loans, deeds that are still in the safe).
        """
        blockers = {archive.id: [] for archive in self}
        rows = self._retention_rows()
        complaints = self._partners_with_complaints()
        exposed = self._partners_exposed()
        for archive in self:
            reasons = blockers[archive.id]
            row = rows.get(archive.id)
            customer = (archive.company_id.id, archive.partner_id.id)
            if archive.hold:
                reasons.append(self.env._("on legal hold: %s", archive.hold_reason or ""))
            if archive.state != "registered":
                reasons.append(self.env._("it is not registered"))
            if not row or not row.is_due:
                reasons.append(archive._retention_words(row) if row else self.env._("no rule"))
            if customer in complaints:
                reasons.append(self.env._("the customer has an open complaint"))
            if customer in exposed and not archive.class_id.dispose_with_exposure:
                reasons.append(self.env._("the customer owes money or has open orders"))
        return blockers

    def _partners_with_complaints(self):
        """Return {(company id, partner id)} of customers with open complaints, in one query."""
        # sudo: only whether there is one
        groups = (
            self.env["customer.complaint"]
            .sudo()
            ._read_group(
                [
                    ("state", "in", OPEN_STATES),
                    ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ],
                ["company_id", "partner_id"],
            )
        )
        return {(company.id, partner.commercial_partner_id.id) for company, partner in groups}

    def _partners_exposed(self):
        """Return {(company id, partner id)} of customers that owe something, one query a company."""
        result = set()
        for company, archives in self.grouped("company_id").items():
            rows = archives.partner_id._credit_exposures(company)
            result |= {
                (company.id, row.partner_id)
                for row in rows.values()
                if not company.currency_id.is_zero(float(row.used)) and row.used > 0
            }
        return result

    def _disposal_copies(self):
        """Return what a list says about dossiers: ``{id: values of the line}``."""
        rows = self._retention_rows()
        counts = {
            archive.id: rest
            for archive, *rest in self.env[DOCUMENT]
            .with_context(active_test=False)
            ._read_group(
                [("archive_id", "in", self.ids)],
                ["archive_id"],
                ["__count", "page_count:sum", "file_count:sum"],
            )
        }
        result = {}
        for archive in self:
            row = rows[archive.id]
            documents, pages, files = counts.get(archive.id, (0, 0, 0))
            result[archive.id] = {
                "number": archive.name,
                "title": archive.title,
                "class_name": archive.class_id.name,
                "document_count": documents,
                "page_count": pages,
                "file_count": files,
                "rule": archive.class_id._retention_rule_text(),
                "event_date": row.event_date,
                "date_until": row.date_until,
            }
        return result

    def _destroy(self, disposal):
        """Remove the files of the dossiers and leave a stub of each.

        The rows of the attachments go now, the files leave the disk after the commit.
        """
        # sudo: follows from the execution of an approved list, whose right was checked
        archives = self.sudo()._thawed().with_context(active_test=False)
        documents = archives.document_ids
        archives._stored_files().unlink()
        documents.write({"paper_state": "destroyed", "note": False})
        archives.activity_ids.unlink()
        archives._transition("dispose")
        archives.write({"disposed_on": disposal.executed_on})
        for archive in archives:
            archive.message_post(
                body=self.env._(
                    "Disposed of by list %(list)s: %(method)s",
                    list=disposal.name,
                    method=dict(disposal._fields["method"]._description_selection(self.env))[
                        disposal.method
                    ],
                )
            )

    def unlink(self):
        """Files go with the dossier: the database deletes its documents without asking them."""
        # sudo: files of dossiers that the user may delete
        files = self.sudo()._stored_files()
        result = super().unlink()
        files.exists().unlink()
        return result

    def _stored_files(self):
        """Return all attachments of the dossiers and of what belongs to them, of the chatter too."""
        self.env.flush_all()
        everything = ["|", ("res_field", "=", False), ("res_field", "!=", False)]
        Attachment = files = self.env["ir.attachment"]
        with_files = self.env.registry.descendants(["customer.archive.files.mixin"], "_inherit")
        owners = {self._name: self}
        for name in with_files:
            model = self.env[name].with_context(active_test=False)
            if not model._abstract and "archive_id" in model._fields:
                owners[name] = model.search([("archive_id", "in", self.ids)])
        for name, records in owners.items():
            files |= Attachment.search(
                [*everything, ("res_model", "=", name), ("res_id", "in", records.ids)]
            )
        return files

    def _erasure_reasons(self):
        """Return why dossiers are not erased when a person asks for it: ``{id: reason}``.

        On hold, in retention, over and waiting for a disposal list, or a stub already. Drafts that
        nobody received have no reason.
        """
        rows = self._retention_rows()
        reasons = {}
        for archive in self:
            if archive.hold:
                reasons[archive.id] = self.env._("on legal hold: %s", archive.hold_reason or "")
            elif archive.state == "disposed":
                reasons[archive.id] = self.env._(
                    "already disposed of, only number and title are left"
                )
            elif archive.state != "draft" and archive.id in rows:
                row = rows[archive.id]
                words = archive._retention_words(row)
                reasons[archive.id] = (
                    self.env._("%s; it goes with the next disposal list", words)
                    if row.is_due
                    else words
                )
        return reasons
