from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_date

from ..engine.archive_upload import MEGABYTE
from ..models.archive.upload.customer_archive_upload import PATH

ROUTE = f"{PATH}/<int:upload_id>/<string:token>"
MAX_REQUEST = 256 * MEGABYTE
MAX_NOTE = 2000
MAX_TITLE = 200


class ArchiveUpload(http.Controller):
    """The customer sends documents from the link in the mail, without a login.

    The GET only shows what is asked for and what came; a POST keeps all its files or none. Nothing
    can be read back by the link: files go one way.
    """

    def _upload(self, upload_id, token):
        """Return the link's record as the system, or None when the secret opens nothing now."""
        # sudo: the token is the right; it is compared in constant time and expires
        upload = request.env["customer.archive.upload"].sudo().browse(upload_id).exists()
        if not upload or not upload._takes_files_by(token):
            return None
        if lang := upload.contact_id.lang:
            request.update_context(lang=lang)
            return upload.with_context(lang=lang)
        return upload

    def _page(self, template, values, status=200):
        response = request.render(f"customer_governance.{template}", values, status=status)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    def _show(self, upload, token, **values):
        """Show what is asked for, what came and what the link still takes."""
        quota = upload._quota()
        left = quota.size - sum(upload.line_ids.mapped("size"))
        kinds, _ = sorted(quota.endings), upload.env._
        limits = _(
            "The link accepts files until %(day)s: %(files)s more files, %(mb)s MB in total.",
            day=format_date(upload.env, upload.expires_on),
            files=max(quota.files - sum(upload.line_ids.mapped("file_count")), 0),
            mb=round(max(left, 0) / MEGABYTE, 1),
        )
        return self._page(
            "portal_archive_upload",
            {
                "upload": upload,
                "asked": upload._asked_for(),
                "token": token,
                "received": upload.line_ids.sorted("id"),
                "limits": limits,
                "kinds": _("Accepted file types: %s.", ", ".join(kinds)) if kinds else "",
                "accept": ",".join(f".{kind}" for kind in kinds) or None,
                "form": {},
                "error": None,
                "sent": False,
                **values,
            },
        )

    def _over(self):
        return self._page("portal_archive_upload_over", {}, status=404)

    @http.route(
        ROUTE, type="http", auth="public", website=True, sitemap=False, methods=["GET"],
        readonly=True,
    )  # fmt: skip
    def upload_page(self, upload_id, token, sent=None, **kwargs):
        """Ask for the documents."""
        upload = self._upload(upload_id, token)
        return self._show(upload, token, sent=bool(sent)) if upload else self._over()

    @http.route(
        ROUTE, type="http", auth="public", website=True, sitemap=False, methods=["POST"],
        csrf=False,  # the secret in the address is what a token of the form would be
        max_content_length=MAX_REQUEST,
    )  # fmt: skip
    def upload_files(self, upload_id, token, **form):
        """Take the files: all or none."""
        upload = self._upload(upload_id, token)
        if not upload:
            return self._over()
        title, note = form.get("title") or "", form.get("note") or ""
        if not (isinstance(title, str) and isinstance(note, str)):
            raise BadRequest()
        try:
            if len(title) > MAX_TITLE or len(note) > MAX_NOTE:
                raise UserError(upload.env._("Please shorten the text: it is too long."))
            with request.env.cr.savepoint():
                upload._receive(token, self._documents(upload, title), note.strip())
        except UserError as error:
            return self._show(upload, token, error=str(error), form=form)
        return request.redirect(f"{PATH}/{upload.id}/{token}?sent=1", local=True)

    def _documents(self, upload, title):
        """Return what came with the form, as `_receive` wants it; at most one byte too many is read."""
        limit = upload._quota().size + 1
        documents = []
        fields = [(entry.id, f"files_{entry.id}") for entry in upload._asked_for()]
        for entry_id, field in (*fields, (None, "files_other")):
            files = [
                (file.filename.replace("\\", "/").rpartition("/")[2], file.read(limit))
                for file in request.httprequest.files.getlist(field)
                if file.filename
            ]
            if files:
                documents.append((entry_id, title, files))
        return documents
