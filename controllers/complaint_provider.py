import contextlib

from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .complaint_portal import login_path, received_files, secret_page, send_file

PAGE = 20
FAULTS = ("yes", "no", "unclear")


class ComplaintProvider(CustomerPortal):
    """Dispatch orders to the user's own company.

    As for customers, the domain with the user's company is the right, and each step names the
    fields it takes; the secret of the link in the mail shows one order, for reading only.
    """

    def _dispatches_domain(self):
        company = request.env.user.partner_id.commercial_partner_id
        companies = request.env["res.company"]._customer_using("complaint")
        return [
            ("provider_id.commercial_partner_id", "=", company.id),
            ("company_id", "in", companies.ids),
        ]

    def _own_dispatch(self, dispatch_id):
        """Return the order to the user's company as the system, or answer 404."""
        if request.env.user._is_public():
            raise NotFound()
        # sudo: the domain is the right, see the class
        dispatch = (
            request.env["customer.complaint.dispatch"]
            .sudo()
            .search([("id", "=", dispatch_id), *self._dispatches_domain()])
        )
        if not dispatch:
            raise NotFound()
        return dispatch

    def _shown_dispatch(self, dispatch_id, token):
        """Return the order to show as the system, or answer 404; None asks for a login.

        :return: the order and whether it is only shown, by the secret of a link
        """
        if not request.env.user._is_public():
            with contextlib.suppress(NotFound):
                return self._own_dispatch(dispatch_id), False
        # sudo: the secret is the right; it is compared in constant time and expires
        dispatch = request.env["customer.complaint.dispatch"].sudo().browse(dispatch_id).exists()
        if (
            dispatch.provider_id
            and dispatch._portal_opens_by(token)
            and dispatch.company_id._customer_uses("complaint")
        ):
            lang = dispatch.provider_id.lang or request.env.lang
            request.update_context(lang=lang)
            return dispatch.with_context(lang=lang), True
        if request.env.user._is_public():
            return None, False
        raise NotFound()

    def _prepare_home_portal_values(self, counters):
        """EXTENDS portal: how many orders the company got."""
        values = super()._prepare_home_portal_values(counters)
        if "dispatch_count" in counters:
            # sudo: the domain is the right, see the class
            dispatches = request.env["customer.complaint.dispatch"].sudo()
            values["dispatch_count"] = dispatches.search_count(self._dispatches_domain())
        return values

    @http.route(
        ["/my/dispatches", "/my/dispatches/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_dispatches(self, page=1, **kwargs):
        """List the orders to the user's company."""
        # sudo: the domain is the right, see the class
        dispatches = request.env["customer.complaint.dispatch"].sudo()
        domain = self._dispatches_domain()
        pages = pager(
            url="/my/dispatches", total=dispatches.search_count(domain), page=page, step=PAGE
        )
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "dispatch",
            "dispatches": dispatches.search(domain, limit=PAGE, offset=pages["offset"]),
            "pager": pages,
            "default_url": "/my/dispatches",
        }
        return request.render("customer_governance.portal_dispatches", values)

    def _dispatch_page(self, dispatch, error=None, form=None, step=None, token=None):
        """Show an order; what was typed into the form of a refused step stays."""
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "dispatch",
            "no_breadcrumbs": bool(token),
            "dispatch": dispatch,
            # sudo: what the provider needs of the case is chosen in the template
            "complaint": dispatch.sudo().complaint_id,
            "contact": dispatch._portal_contact(),
            "deadlines": dispatch._portal_deadlines(),
            "customer_files": dispatch._portal_customer_files(),
            "messages": dispatch._portal_messages(),
            "allowed": "" if token else dispatch.available_actions or "",
            "token": token,
            "login": login_path(f"/my/dispatches/{dispatch.id}"),
            "form": {(step, key): text for key, text in (form or {}).items()},
            "error": error,
        }
        return request.render("customer_governance.portal_dispatch", values)

    @http.route(
        "/my/dispatches/<int:dispatch_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_dispatch(self, dispatch_id, access_token=None, **kwargs):
        """Show an order."""
        dispatch, by_link = self._shown_dispatch(dispatch_id, access_token)
        if not dispatch:
            return request.redirect(login_path(f"/my/dispatches/{dispatch_id}"))
        page = self._dispatch_page(dispatch, token=access_token if by_link else None)
        return secret_page(page) if by_link else page

    @http.route(
        "/my/dispatches/<int:dispatch_id>/file/<int:attachment_id>",
        type="http",
        auth="public",
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_dispatch_file(self, dispatch_id, attachment_id, access_token=None, **kwargs):
        """Send a file of the customer or of the order."""
        dispatch, _by_link = self._shown_dispatch(dispatch_id, access_token)
        if not dispatch:
            return request.redirect(login_path(f"/my/dispatches/{dispatch_id}"))
        return send_file(dispatch._portal_files(), attachment_id)

    @http.route(
        "/my/dispatches/<int:dispatch_id>/<string:step>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dispatch_step(self, dispatch_id, step, **form):
        """Accept, return, report the first result, tell progress, send files or finish an order."""
        dispatch = self._own_dispatch(dispatch_id)
        steps = {
            "accept": self._accept,
            "return": self._return,
            "report": self._report,
            "progress": self._progress,
            "done": self._done,
            "files": self._send_files,
        }
        if step not in steps:
            raise NotFound()
        texts = {key: text for key, text in form.items() if key != "files"}
        if any(not isinstance(v, str) or len(v) > 20000 for v in texts.values()):
            raise BadRequest()
        try:
            with request.env.cr.savepoint():
                steps[step](dispatch, {key: text.strip() for key, text in texts.items()})
        except (UserError, ValidationError) as error:
            return self._dispatch_page(dispatch, str(error), texts, step)
        return request.redirect(f"/my/dispatches/{dispatch.id}")

    def _accept(self, dispatch, form):
        dispatch.action_accept()

    def _return(self, dispatch, form):
        dispatch.action_return(form.get("reason") or "")

    def _report(self, dispatch, form):
        dispatch.write({"first_result": form.get("first_result") or False})
        dispatch.action_report()

    def _send_files(self, dispatch, form):
        files = received_files()
        if not files:
            raise UserError(request.env._("Please choose a file."))
        text = form.get("text") or request.env._("Files of the service provider")
        dispatch._portal_add_files(files, text, request.env.user.partner_id)

    def _progress(self, dispatch, form):
        if not form.get("text"):
            raise UserError(request.env._("Describe what was done."))
        dispatch.reply_ids.create(
            {
                "dispatch_id": dispatch.id,
                "text": form["text"],
                "author_id": request.env.user.partner_id.id,
            }
        )

    def _done(self, dispatch, form):
        if form.get("product_fault") not in FAULTS:
            raise UserError(request.env._("State whether it is a product fault."))
        dispatch.write(
            {
                "cause": form.get("cause") or False,
                "product_fault": form["product_fault"],
                "parts": form.get("parts") or False,
                "measure": form.get("measure") or False,
            }
        )
        dispatch.action_done()
