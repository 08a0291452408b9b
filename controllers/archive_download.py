from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.addons.web.controllers.binary import Binary
from odoo.addons.web.controllers.report import ReportController


def _is_unlogged(_controller, _rule, args):
    """Tell whether a download writes nothing: files of dossiers are logged, others are not.

    Odoo asks this before it chooses between a database that can only be read and the real one.
    """
    params = {**request.httprequest.args.to_dict(), **args}
    params.setdefault("id", params.get("attachment_id"))
    model_name = params.get("model") or "ir.attachment"
    log = request.env["customer.archive.access"]
    if model_name == "ir.attachment" and str(params.get("id") or "").isdecimal():
        # sudo: to which model the file belongs
        file = request.env["ir.attachment"].sudo().browse(int(params["id"])).exists()
        model_name = file.res_model
    return not (model_name and log._is_logged(model_name))


class ArchiveBinary(Binary):
    """Downloads of dossiers write the access log."""

    @http.route(readonly=_is_unlogged)
    def content_common(self, *args, **kwargs):
        """EXTENDS web: with a database that can be written where the log is."""
        return super().content_common(*args, **kwargs)

    @http.route(readonly=_is_unlogged)
    def content_image(self, *args, **kwargs):
        """EXTENDS web: with a database that can be written where the log is."""
        return super().content_image(*args, **kwargs)


class ArchiveAttachments(AttachmentController):
    """The first page of a file is content of it."""

    @http.route(readonly=_is_unlogged)
    def mail_attachment_pdf_first_page(self, *args, **kwargs):
        """EXTENDS mail: with a database that can be written where the log is."""
        return super().mail_attachment_pdf_first_page(*args, **kwargs)

    def _get_pdf_first_page_response(self, attachment):
        """EXTENDS mail: Odoo reads the page as the system; who asked for it is logged."""
        attachment.with_env(request.env)._archive_note_download()
        return super()._get_pdf_first_page_response(attachment)


def _prints_unlogged(_controller, _rule, args):
    """Tell whether a paper writes nothing: papers of dossiers are logged as printed."""
    report = request.env["ir.actions.report"]._get_report_from_name(args.get("reportname") or "")
    return not request.env["customer.archive.access"]._is_logged(report.model)


class ArchiveReports(ReportController):
    """Papers of dossiers write the access log."""

    @http.route(readonly=_prints_unlogged)
    def report_routes(self, *args, **kwargs):
        """EXTENDS web: with a database that can be written where the log is."""
        return super().report_routes(*args, **kwargs)
