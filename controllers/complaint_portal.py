from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from odoo.tools import plaintext2html

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .complaint_callback import RESULTS

PAGE = 20
MAX_FILES = 10
MAX_BYTES = 25 * 1024 * 1024
MAX_TEXT = 20000


class ComplaintPortal(CustomerPortal):
    """Complaints of the user's own company.

    Portal users have no rights on the models: every page searches with the user's company in the
    domain, as the system, and shows a fixed set of fields. Nothing is written on a GET.
    """

    # -- whose ----------------------------------------------------------------------------------

    def _customer(self):
        return request.env.user.partner_id.commercial_partner_id

    def _complaints_domain(self):
        return [("partner_id", "=", self._customer().id)]

    def _own_complaint(self, complaint_id):
        """Return the complaint of the user's company as the system, or answer 404."""
        # sudo: the domain is the right, see the class
        complaint = (
            request.env["customer.complaint"]
            .sudo()
            .search([("id", "=", complaint_id), *self._complaints_domain()])
        )
        if not complaint:
            raise NotFound()
        return complaint

    def _prepare_home_portal_values(self, counters):
        """EXTENDS portal: how many complaints the company has."""
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            # sudo: the domain is the right, see the class
            cases = request.env["customer.complaint"].sudo()
            values["complaint_count"] = cases.search_count(self._complaints_domain())
        return values

    # -- what came with the form ----------------------------------------------------------------

    def _text(self, value, limit=MAX_TEXT):
        """Return a text of the form; :raises BadRequest: for anything else."""
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > limit:
            raise BadRequest()
        return value.strip()

    def _files(self):
        """Return the uploaded files as `[(name, content)]`."""
        files = [f for f in request.httprequest.files.getlist("files") if f.filename]
        if len(files) > MAX_FILES:
            raise UserError(request.env._("At most %s files at a time.", MAX_FILES))
        contents = [(f.filename, f.read(MAX_BYTES + 1)) for f in files]
        if any(len(content) > MAX_BYTES for _name, content in contents):
            raise UserError(request.env._("A file is larger than 25 MB."))
        return contents

    # -- customers ------------------------------------------------------------------------------

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_complaints(self, page=1, **kwargs):
        """List the complaints of the user's company."""
        # sudo: the domain is the right, see the class
        cases = request.env["customer.complaint"].sudo()
        domain = self._complaints_domain()
        pages = pager(url="/my/complaints", total=cases.search_count(domain), page=page, step=PAGE)
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint",
            "complaints": cases.search(domain, limit=PAGE, offset=pages["offset"]),
            "pager": pages,
            "default_url": "/my/complaints",
        }
        return request.render("customer_governance.portal_complaints", values)

    def _new_values(self, form=None, error=None):
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint_new",
            # sudo: the names of the categories are no secret
            "categories": request.env["customer.complaint.category"]
            .sudo()
            .search([("child_ids", "=", False)]),
            "form": form or {},
            "error": error,
        }

    @http.route("/my/complaints/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_complaint_new(self, **kwargs):
        """Show the empty form."""
        return request.render("customer_governance.portal_complaint_new", self._new_values())

    @http.route("/my/complaints/new", type="http", auth="user", website=True, methods=["POST"])
    def portal_complaint_file(self, **form):
        """File a complaint of the user's company."""
        try:
            with request.env.cr.savepoint():
                complaint = self._file_complaint(form)
        except (UserError, ValidationError) as error:
            values = self._new_values(form, str(error))
            return request.render("customer_governance.portal_complaint_new", values)
        return request.redirect(f"/my/complaints/{complaint.id}")

    def _file_complaint(self, form):
        files = self._files()
        subject, text = self._text(form.get("subject"), 200), self._text(form.get("description"))
        if not subject or not text:
            raise UserError(request.env._("Please write what it is about and what happened."))
        category = self._text(form.get("category_id"), 12)
        partner, customer = request.env.user.partner_id, self._customer()
        # sudo: portal users have no rights on the model; the values are chosen one by one
        cases = request.env["customer.complaint"].sudo()
        known = request.env["customer.complaint.category"].sudo()
        complaint = cases.create(
            {
                "subject": subject,
                "description": plaintext2html(text),
                "remedy_sought": self._text(form.get("remedy_sought"), 500) or False,
                "kind": "repair" if form.get("kind") == "repair" else "complaint",
                "safety_relevant": bool(form.get("safety_relevant")),
                "category_id": known.browse(int(category)).exists().id
                if category.isdigit()
                else False,
                "partner_id": customer.id,
                "contact_id": partner.id if partner != customer else False,
                "phone": self._text(form.get("phone"), 50) or False,
                "channel_id": request.env.ref("customer_governance.complaint_channel_portal").id,
                "user_id": False,
            }
        )
        complaint.message_subscribe(partner.ids)
        if files:
            self._post(complaint, request.env._("Files of the customer"), files)
        complaint.action_register()
        return complaint

    def _post(self, record, text, files):
        """Post a message of the user; the staff is told as followers."""
        record.message_post(
            body=plaintext2html(text),
            author_id=request.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=files,
        )

    def _visible_messages(self, record):
        """Return what the customer or provider may read: no notes, nothing internal."""
        comment = request.env.ref("mail.mt_comment")
        return record.message_ids.filtered(
            lambda m: m.subtype_id == comment and not m.is_internal
        ).sorted("id")

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_complaint(self, complaint_id, error=None, **kwargs):
        """Show a complaint with its messages and the call-back to answer."""
        complaint = self._own_complaint(complaint_id)
        return request.render(
            "customer_governance.portal_complaint", self._complaint_values(complaint)
        )

    def _complaint_values(self, complaint, error=None):
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint",
            "complaint": complaint,
            "messages": self._visible_messages(complaint),
            "callback": complaint.visit_ids.filtered(lambda v: v._can_be_answered()),
            "error": error,
        }

    @http.route(
        "/my/complaints/<int:complaint_id>/message",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_complaint_message(self, complaint_id, **form):
        """Add a message and files to a complaint."""
        complaint = self._own_complaint(complaint_id)
        text = self._text(form.get("message"))
        try:
            files = self._files()
            if not text and not files:
                raise UserError(request.env._("Write a message or choose a file."))
        except UserError as error:
            values = self._complaint_values(complaint, str(error))
            return request.render("customer_governance.portal_complaint", values)
        self._post(complaint, text or request.env._("Files of the customer"), files)
        return request.redirect(f"/my/complaints/{complaint.id}#messages")

    @http.route(
        "/my/complaints/<int:complaint_id>/callback",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_complaint_callback(self, complaint_id, **form):
        """Take the customer's answer to the call-back, given in the portal."""
        complaint = self._own_complaint(complaint_id)
        visit = complaint.visit_ids.filtered(lambda v: v._can_be_answered())[:1]
        comment = self._text(form.get("comment"))
        try:
            if not visit:
                raise UserError(request.env._("This was answered already."))
            if form.get("result") not in RESULTS or not form.get("confirmed"):
                raise UserError(request.env._("Please choose an answer and confirm it."))
            with request.env.cr.savepoint():
                visit._answer_in_portal(form["result"], comment)
        except UserError as error:
            values = self._complaint_values(complaint, str(error))
            return request.render("customer_governance.portal_complaint", values)
        return request.redirect(f"/my/complaints/{complaint.id}")

    @http.route(
        "/my/complaints/<int:complaint_id>/file/<int:attachment_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def portal_complaint_file_download(self, complaint_id, attachment_id, **kwargs):
        """Send a file of a message that the customer may read."""
        complaint = self._own_complaint(complaint_id)
        return self._send_file(complaint, attachment_id)

    def _send_file(self, record, attachment_id):
        files = self._visible_messages(record).attachment_ids
        attachment = files.filtered(lambda a: a.id == attachment_id)
        if not attachment:
            raise NotFound()
        stream = request.env["ir.binary"].sudo()._get_stream_from(attachment)
        return stream.get_response(as_attachment=True)
