from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.archive_upload import MEGABYTE, check_upload

NAME_LIMIT = 200


class UploadRefused(UserError):
    """Files of a customer do not fit the link; nothing was kept."""


class CustomerArchiveUpload(models.Model):
    """Taking what the customer sends."""

    _inherit = "customer.archive.upload"

    def _receive(self, token, documents, note=""):
        """Keep the documents of a customer: all of them or none.

        :param token: the secret of the link, checked again behind the lock
        :param documents: [(id of the entry of the checklist or None, title, [(file name, bytes)])]
        :param note: a word of the customer
        :return: the new lines, as the system
        :raises UploadRefused: with all reasons: link over, quota, kind of a file, empty files
        """
        self.ensure_one()
        upload = self.sudo()  # the secret is the right
        upload.lock_for_update(allow_referencing=True)  # two uploads share one quota
        upload.invalidate_recordset()
        if not upload._takes_files_by(token):
            raise UploadRefused(self.env._("This link is over. Please ask for a new one."))
        # a lock alone would not show this transaction what another one has just stored
        upload.receipt_count += 1
        files = [file for _entry, _title, own in documents for file in own]
        stored = upload.line_ids
        allowed, reasons = check_upload(
            [(name, len(content)) for name, content in files],
            sum(stored.mapped("file_count")),
            sum(stored.mapped("size")),
            upload._quota(),
        )
        if not allowed:
            raise UploadRefused("\n".join(self._refusal_words(reason) for reason in reasons))
        lines = upload.env["customer.archive.upload.line"]
        asked = {entry.id: entry for entry in upload.requirement_ids}
        for entry_id, title, own in documents:
            entry = asked.get(entry_id, upload.requirement_ids.browse())
            line = lines.create(
                {
                    "upload_id": upload.id,
                    "requirement_id": entry.id,
                    "name": entry.name or title.strip()[:NAME_LIMIT] or own[0][0][:NAME_LIMIT],
                    "note": note,
                    "received_on": fields.Datetime.now(),
                    "file_count": len(own),
                    "size": sum(len(content) for _name, content in own),
                    "file_names": ", ".join(name for name, _content in own),
                }
            )
            line.attachment_ids = [
                (0, 0, {"name": name, "raw": content, "res_model": line._name, "res_id": line.id})
                for name, content in own
            ]
            lines |= line
        upload._tell_staff(lines)
        return lines

    def _refusal_words(self, reason):
        """Put a reason of the engine into words for the customer."""
        _, values = self.env._, dict(reason.params)
        if reason.code == "nothing":
            return _("Please choose a file.")
        if reason.code == "empty":
            return _("The file “%(name)s” is empty.", **values)
        if reason.code == "kind":
            return _(
                "The file “%(name)s” is of a kind we do not take. We take: %(allowed)s.", **values
            )
        if reason.code == "too_many":
            return _("These are %(received)s files; this link takes %(left)s more.", **values)
        return _(
            "These files are %(size).1f MB; this link takes %(left).1f MB more.",
            size=values["size"] / MEGABYTE,
            left=values["left"] / MEGABYTE,
        )

    def _tell_staff(self, lines):
        """Tell who asked: a note each time, one activity until somebody looked."""
        self.message_post(
            body=self.env._(
                "%(contact)s sent: %(documents)s",
                contact=self.contact_id.display_name,
                documents=", ".join(lines.mapped("name")),
            ),
            author_id=self.contact_id.id,
            subtype_xmlid="mail.mt_note",
        )
        kind = "customer_governance.activity_type_archive_upload"
        if not self.activity_search([kind]):
            self.activity_schedule(
                kind,
                user_id=self.user_id.id,
                summary=self.env._("Look at the files of %s", self.partner_id.name),
            )

    def _finish_look(self):
        """Mark the activity done where nothing waits any more."""
        done = self.filtered(lambda upload: not upload.waiting_count)
        done.activity_feedback(["customer_governance.activity_type_archive_upload"])
