from odoo.http import request

from odoo.addons.mail.controllers.thread import ThreadController
from odoo.addons.portal.controllers.mail import MailController

# Records with a page for people outside, who have no rights on the models.
PAGES = ("customer.complaint", "customer.complaint.dispatch")


class CustomerMailController(MailController):
    """The button of a mail leads people outside to the page of the record."""

    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """EXTENDS portal: a portal user goes to the page, which checks whose the record is."""
        if model in PAGES and res_id and request.session.uid and request.env.user.share:
            path = f"{request.env[model]._portal_path}/{int(res_id)}"
            if access_token:
                return request.redirect_query(path, {"access_token": access_token})
            return request.redirect(path)
        return super()._redirect_to_record(model, res_id, access_token=access_token, **kwargs)


class CustomerThreadController(ThreadController):
    """The secret of a link in a mail opens a page for reading; nobody writes by it.

    Odoo takes it for posting, files and reactions too: who may read a case may post on it
    (`_mail_post_access`), so that the model cannot tell the one from the other.
    """

    @classmethod
    def _without_secret(cls, model, params):
        """Return the parameters of a request without what a link opens a record of ours by."""
        mixin = request.env.registry["customer.portal.mixin"]
        if not isinstance(request.env.get(model or ""), mixin):
            return params
        return {key: value for key, value in params.items() if key not in ("hash", "pid", "token")}

    @classmethod
    def _get_thread_with_access_for_post(cls, thread_model, thread_id, **kwargs):
        """EXTENDS mail: without the secret."""
        params = cls._without_secret(thread_model, kwargs)
        return super()._get_thread_with_access_for_post(thread_model, thread_id, **params)

    @classmethod
    def _get_message_with_access(cls, message_id, mode="read", **kwargs):
        """EXTENDS mail: without the secret, for anything but reading."""
        if mode != "read":
            # sudo: of which model the message is
            message = request.env["mail.message"].sudo().browse(int(message_id)).exists()
            kwargs = cls._without_secret(message.model, kwargs)
        return super()._get_message_with_access(message_id, mode=mode, **kwargs)
