import contextlib
from urllib.parse import quote

from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from odoo.tools import plaintext2html

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..engine.file_kinds import HEAD, is_program
from .complaint_callback import RESULTS

PAGE = 20
MAX_FILES = 10
MAX_BYTES = 25 * 1024 * 1024
MAX_TEXT = 20000


def login_path(page):
    """Return the address of the login that leads back to a page."""
    return f"/web/login?redirect={quote(page)}"


def secret_page(response):
    """Keep the address of a page with a secret out of logs, caches and search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def received_files():
    """Return the uploaded files as `[(name, content)]`; their kind is told by their content."""
    files = [f for f in request.httprequest.files.getlist("files") if f.filename]
    if len(files) > MAX_FILES:
        raise UserError(request.env._("At most %s files at a time.", MAX_FILES))
    contents = [(f.filename, f.read(MAX_BYTES + 1)) for f in files]
    if any(len(content) > MAX_BYTES for _name, content in contents):
        raise UserError(request.env._("A file is larger than 25 MB."))
    for name, content in contents:
        if not content:
            raise UserError(request.env._("The file “%(name)s” is empty.", name=name))
        # programs are no evidence; a page could act in the name of whoever opens it
        if is_program(name, content[:HEAD]):
            raise UserError(
                request.env._("The file type of “%(name)s” is not accepted.", name=name)
            )
    return contents


def send_file(files, attachment_id):
    """Send one of the files a page shows, or answer 404.

    :param files: attachments the reader may open, as the system
    """
    attachment = files.filtered(lambda a: a.id == attachment_id)
    if not attachment:
        raise NotFound()
    stream = request.env["ir.binary"].sudo()._get_stream_from(attachment)
    return stream.get_response(as_attachment=True)


class ComplaintPortal(CustomerPortal):
    """Complaints of the user's own company.

    Portal users have no rights on the models: every page searches with the user's company in the
    domain, as the system, and shows a fixed set of fields. Nothing is written on a GET. The secret
    of a link in a mail shows one case without a login, for reading only.
    """

    # -- whose ----------------------------------------------------------------------------------

    def _customer(self):
        return request.env.user.partner_id.commercial_partner_id

    def _complaints_domain(self):
        companies = request.env["res.company"]._customer_using("complaint")
        return [
            ("partner_id", "=", self._customer().id),
            ("company_id", "in", companies.ids),
            # texts of the time before were not written for the customer
            ("is_history", "=", False),
        ]

    def _check_open(self):
        """Answer 404 where the company does not take in complaints here."""
        if not request.env.company._customer_uses("complaint"):
            raise NotFound()

    def _own_complaint(self, complaint_id):
        """Return the complaint of the user's company as the system, or answer 404."""
        if request.env.user._is_public():
            raise NotFound()
        # sudo: the domain is the right, see the class
        complaint = (
            request.env["customer.complaint"]
            .sudo()
            .search([("id", "=", complaint_id), *self._complaints_domain()])
        )
        if not complaint:
            raise NotFound()
        return complaint

    def _shown_complaint(self, complaint_id, token):
        """Return the complaint to show as the system, or answer 404; None asks for a login.

        :return: the complaint and whether it is only shown, by the secret of a link
        """
        if not request.env.user._is_public():
            with contextlib.suppress(NotFound):
                return self._own_complaint(complaint_id), False
        # sudo: the secret is the right; it is compared in constant time and expires
        complaint = request.env["customer.complaint"].sudo().browse(complaint_id).exists()
        if (
            complaint
            and complaint._portal_opens_by(token)
            and complaint.company_id._customer_uses("complaint")
        ):
            lang = complaint._customer_lang() or request.env.lang
            request.update_context(lang=lang)
            return complaint.with_context(lang=lang), True
        if request.env.user._is_public():
            return None, False
        raise NotFound()

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
        self._check_open()
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

    def _repeated(self, text):
        """Return the own case that a new one repeats, as the page names it; none without.

        :raises NotFound: for the case of somebody else
        """
        text = self._text(text, 12)
        if not text.isdecimal():
            return request.env["customer.complaint"].sudo()  # sudo: empty
        found = self._own_complaint(int(text))
        return found.filtered(lambda case: case.state != "cancelled")

    def _new_values(self, form=None, error=None):
        repeated = self._repeated((form or {}).get("repeat_of"))
        return {
            "repeated": repeated,
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
    def portal_complaint_new(self, repeat_of=None, **kwargs):
        """Show the empty form, or that of a case about the same matter as an earlier one."""
        self._check_open()
        form = {}
        if repeated := self._repeated(repeat_of):
            form = {
                "repeat_of": str(repeated.id),
                "subject": repeated.subject,
                "category_id": str(repeated.category_id.id or ""),
                "kind": repeated.kind,
            }
        return request.render("customer_governance.portal_complaint_new", self._new_values(form))

    @http.route("/my/complaints/new", type="http", auth="user", website=True, methods=["POST"])
    def portal_complaint_file(self, **form):
        """File a complaint of the user's company."""
        self._check_open()
        try:
            with request.env.cr.savepoint():
                complaint = self._file_complaint(form)
        except (UserError, ValidationError) as error:
            values = self._new_values(form, str(error))
            return request.render("customer_governance.portal_complaint_new", values)
        return request.redirect(f"/my/complaints/{complaint.id}")

    def _file_complaint(self, form):
        files = received_files()
        subject, text = self._text(form.get("subject"), 200), self._text(form.get("description"))
        if not subject or not text:
            raise UserError(request.env._("Please state the subject and what happened."))
        category = self._text(form.get("category_id"), 12)
        repeated = self._repeated(form.get("repeat_of"))
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
                if category.isdecimal()
                else False,
                "partner_id": customer.id,
                "contact_id": partner.id if partner != customer else False,
                "phone": self._text(form.get("phone"), 50) or False,
                "channel_id": request.env.ref("customer_governance.complaint_channel_portal").id,
                "user_id": False,
                **({"company_id": repeated.company_id.id} if repeated else {}),
            }
        )
        if repeated and not complaint.repeat_of_id:
            # the customer says so; how grave it is the rule of repeats decides
            complaint.repeat_of_id = repeated.repeat_of_id or repeated
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

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_complaint(self, complaint_id, access_token=None, **kwargs):
        """Show a complaint with its messages and the call-back to answer."""
        complaint, by_link = self._shown_complaint(complaint_id, access_token)
        if not complaint:
            return request.redirect(login_path(f"/my/complaints/{complaint_id}"))
        response = request.render(
            "customer_governance.portal_complaint",
            self._complaint_values(complaint, token=access_token if by_link else None),
        )
        return secret_page(response) if by_link else response

    def _complaint_values(self, complaint, error=None, form=None, token=None):
        callback = complaint.visit_ids.filtered(lambda v: v._can_be_answered())
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint",
            "no_breadcrumbs": bool(token),
            "complaint": complaint,
            "state": complaint._portal_state(),
            "promises": complaint._portal_promises(),
            "dialogue": complaint._dialogue(outside=True),
            "messages": complaint._portal_messages(),
            "files": complaint._portal_files(),
            # whether it is solved is asked by a link of its own, or behind the login
            "callback": callback if not token else callback.browse(),
            "can_reopen": not token and complaint._portal_can_reopen(),
            "reopen_until": complaint._portal_reopen_until(),
            "may_repeat": not token and complaint._portal_may_repeat(),
            "token": token,
            "login": login_path(f"/my/complaints/{complaint.id}"),
            "form": form or {},
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
            files = received_files()
            if not text and not files:
                raise UserError(request.env._("Enter a message or choose a file."))
        except UserError as error:
            values = self._complaint_values(complaint, str(error), form)
            return request.render("customer_governance.portal_complaint", values)
        self._post(complaint, text or request.env._("Files of the customer"), files)
        return request.redirect(f"/my/complaints/{complaint.id}#messages")

    @http.route(
        "/my/complaints/<int:complaint_id>/reopen",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_complaint_reopen(self, complaint_id, **form):
        """Take a case up again that the customer says is not solved."""
        complaint = self._own_complaint(complaint_id)
        words, number = self._text(form.get("words")), self._text(form.get("round"), 6)
        try:
            with request.env.cr.savepoint():
                complaint._reopen_by_customer(words, int(number) if number.isdecimal() else -1)
        except UserError as error:
            values = self._complaint_values(complaint, str(error), form)
            return request.render("customer_governance.portal_complaint", values)
        return request.redirect(f"/my/complaints/{complaint.id}")

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
                raise UserError(request.env._("This question has already been answered."))
            if form.get("result") not in RESULTS or not form.get("confirmed"):
                raise UserError(request.env._("Please choose an answer and confirm it."))
            with request.env.cr.savepoint():
                visit._answer_in_portal(form["result"], comment)
        except UserError as error:
            values = self._complaint_values(complaint, str(error), form)
            return request.render("customer_governance.portal_complaint", values)
        return request.redirect(f"/my/complaints/{complaint.id}")

    @http.route(
        "/my/complaints/<int:complaint_id>/file/<int:attachment_id>",
        type="http",
        auth="public",
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_complaint_file_download(
        self, complaint_id, attachment_id, access_token=None, **kwargs
    ):
        """Send a file of a message that the customer may read."""
        complaint, _by_link = self._shown_complaint(complaint_id, access_token)
        if not complaint:
            return request.redirect(login_path(f"/my/complaints/{complaint_id}"))
        return send_file(complaint._portal_files(), attachment_id)
