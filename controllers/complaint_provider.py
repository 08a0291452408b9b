from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

PAGE = 20
FAULTS = ("yes", "no", "unclear")


class ComplaintProvider(CustomerPortal):
    """Dispatch orders to the user's own company.

    As for customers, the domain with the user's company is the right, and each step names the
    fields it takes.
    """

    def _dispatches_domain(self):
        company = request.env.user.partner_id.commercial_partner_id
        return [("provider_id.commercial_partner_id", "=", company.id)]

    def _own_dispatch(self, dispatch_id):
        """Return the order to the user's company as the system, or answer 404."""
        # sudo: the domain is the right, see the class
        dispatch = (
            request.env["customer.complaint.dispatch"]
            .sudo()
            .search([("id", "=", dispatch_id), *self._dispatches_domain()])
        )
        if not dispatch:
            raise NotFound()
        return dispatch

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

    def _dispatch_page(self, dispatch, error=None):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "dispatch",
            "dispatch": dispatch,
            # sudo: what the provider needs of the case is chosen in the template
            "complaint": dispatch.sudo().complaint_id,
            "error": error,
        }
        return request.render("customer_governance.portal_dispatch", values)

    @http.route(
        "/my/dispatches/<int:dispatch_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_dispatch(self, dispatch_id, **kwargs):
        """Show an order."""
        return self._dispatch_page(self._own_dispatch(dispatch_id))

    @http.route(
        "/my/dispatches/<int:dispatch_id>/<string:step>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dispatch_step(self, dispatch_id, step, **form):
        """Accept, return, report the first result, tell progress or finish an order."""
        dispatch = self._own_dispatch(dispatch_id)
        steps = {
            "accept": self._accept,
            "return": self._return,
            "report": self._report,
            "progress": self._progress,
            "done": self._done,
        }
        if step not in steps:
            raise NotFound()
        if any(not isinstance(v, str) or len(v) > 20000 for v in form.values()):
            raise BadRequest()
        try:
            with request.env.cr.savepoint():
                steps[step](dispatch, {key: text.strip() for key, text in form.items()})
        except (UserError, ValidationError) as error:
            return self._dispatch_page(dispatch, str(error))
        return request.redirect(f"/my/dispatches/{dispatch.id}")

    def _accept(self, dispatch, form):
        dispatch.action_accept()

    def _return(self, dispatch, form):
        dispatch.action_return(form.get("reason") or "")

    def _report(self, dispatch, form):
        dispatch.write({"first_result": form.get("first_result") or False})
        dispatch.action_report()

    def _progress(self, dispatch, form):
        if not form.get("text"):
            raise UserError(request.env._("Write what was done."))
        dispatch.reply_ids.create(
            {
                "dispatch_id": dispatch.id,
                "text": form["text"],
                "author_id": request.env.user.partner_id.id,
            }
        )

    def _done(self, dispatch, form):
        if form.get("product_fault") not in FAULTS:
            raise UserError(request.env._("Say whether it is a product fault."))
        dispatch.write(
            {
                "cause": form.get("cause") or False,
                "product_fault": form["product_fault"],
                "parts": form.get("parts") or False,
                "measure": form.get("measure") or False,
            }
        )
        dispatch.action_done()
