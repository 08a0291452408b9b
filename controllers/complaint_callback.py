from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

RESULTS = ("satisfied", "accepts", "not_solved", "false_reply")


class ComplaintCallback(http.Controller):
    """The customer answers the call-back from the link in the mail, without a login.

    Mail scanners open links: the GET only shows the question. The POST is the answer; it uses the
    link up, so that the first human answer stands.
    """

    def _visit(self, visit_id, token):
        """Return the call-back that the link opens; of a link that opens nothing, none."""
        # sudo: the token is the right; it is compared in constant time and expires
        visit = request.env["customer.visit"].sudo().browse(visit_id).exists()
        if not visit or not visit._check_callback_token(token):
            return request.env["customer.visit"]
        return visit

    def _no_question(self):
        """Return the page of a link that opens nothing.

        Used, replaced, expired and invented links get the same words: strangers learn nothing.
        """
        response = request.render("customer_governance.portal_callback_over")
        response.status_code = 404
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @http.route(
        "/complaint/callback/<int:visit_id>/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def callback_question(self, visit_id, token, **kwargs):
        """Ask whether the answer solved the matter."""
        visit = self._visit(visit_id, token)
        if not visit:
            return self._no_question()
        return self._page(visit, token)

    def _page(self, visit, token, **values):
        response = request.render(
            "customer_governance.portal_callback",
            {"visit": visit, "complaint": visit.complaint_id, "token": token, **values},
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @http.route(
        "/complaint/callback/<int:visit_id>/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def callback_answer(self, visit_id, token, **form):
        """Take the answer, once."""
        visit = self._visit(visit_id, token)
        if not visit:
            return self._no_question()
        result, comment = form.get("result"), form.get("comment") or ""
        satisfaction = form.get("satisfaction") or False
        if result not in RESULTS or satisfaction not in (False, "1", "2", "3", "4", "5"):
            return self._page(visit, token, error=request.env._("Please choose an answer."))
        if not isinstance(comment, str) or len(comment) > 20000:
            raise BadRequest()
        if not form.get("confirmed"):
            return self._page(visit, token, error=request.env._("Please confirm your answer."))
        try:
            with request.env.cr.savepoint():
                visit._answer_by_customer(token, result, satisfaction, comment.strip())
        except UserError as error:
            return self._page(visit, token, error=str(error))
        return request.render("customer_governance.portal_callback_thanks", {"visit": visit})
