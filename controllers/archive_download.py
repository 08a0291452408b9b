from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.binary import Binary


def _is_unlogged(_controller, _rule, args):
    """Tell whether a download writes nothing: files of dossiers are logged, others are not.

    Odoo asks this before it chooses between a database that can only be read and the real one.
    """
    params = {**request.httprequest.args.to_dict(), **args}
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
