from odoo import fields, http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from odoo.tools import format_date

from .complaint_provider import ComplaintProvider

WAYS = ("phone", "visit", "message")
MOST = 10**9


class ProviderPortal(ComplaintProvider):
    """What a provider logs itself: contacts with the customer of an order, its service volume.

    As in the base class, the domain with the user's company is the right.
    """

    @http.route(
        "/my/dispatches/<int:dispatch_id>/contact",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dispatch_contact(self, dispatch_id, way="", whom="", note="", **kwargs):
        """Log that the customer was spoken to."""
        dispatch = self._own_dispatch(dispatch_id)
        texts = [text.strip()[:2000] for text in (whom, note) if isinstance(text, str)]
        try:
            with request.env.cr.savepoint():
                if way not in WAYS or len(texts) < 2 or not texts[0]:
                    raise UserError(request.env._("State how and with whom you spoke."))
                dispatch._portal_log_contact(way, *texts, request.env.user.partner_id)
        except (UserError, ValidationError) as error:
            return self._dispatch_page(dispatch, str(error))
        return request.redirect(f"/my/dispatches/{dispatch.id}")

    # -- service volume -----------------------------------------------------------------------

    def _volume_companies(self):
        """Return the companies that gave the user's company orders, as the system."""
        # sudo: the domain is the right, see the class
        groups = (
            request.env["customer.complaint.dispatch"]
            .sudo()
            ._read_group(self._dispatches_domain(), ["company_id"])
        )
        companies = request.env["res.company"].sudo()
        return companies.union(*(company for [company] in groups)).sorted("name")

    def _prepare_home_portal_values(self, counters):
        """EXTENDS portal: how many months wait for their volume."""
        values = super()._prepare_home_portal_values(counters)
        if "volume_count" in counters:
            values["volume_count"] = sum(
                not month["quantity_known"] for month in self._volume_months()
            )
        return values

    def _volume_months(self):
        """Return the months that may be reported, as plain values for the page."""
        provider = request.env.user.partner_id.commercial_partner_id
        # sudo: months of the user's own company only
        volumes = request.env["customer.provider.volume"].sudo()
        return [
            {
                "company": company,
                "day": fields.Date.to_string(day),
                "label": format_date(request.env, day, date_format="MMMM y"),
                "quantity": volume.quantity,
                "quantity_known": bool(volume),
            }
            for company in self._volume_companies()
            for day, volume in volumes._open_months(company, provider)
        ]

    def _volume_page(self, error=None, done=False):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "volume",
            "months": self._volume_months(),
            "error": error,
            "done": done,
        }
        return request.render("customer_governance.portal_volumes", values)

    @http.route(
        "/my/volumes", type="http", auth="user", website=True, methods=["GET"], readonly=True
    )
    def portal_volumes(self, done=None, **kwargs):
        """Show the months that may be reported."""
        return self._volume_page(done=bool(done))

    @http.route("/my/volumes/report", type="http", auth="user", website=True, methods=["POST"])
    def portal_volumes_report(self, company="", month="", quantity="", **kwargs):
        """Take the volume of a month of the user's own company."""
        provider = request.env.user.partner_id.commercial_partner_id
        chosen = self._volume_companies().filtered(lambda one: str(one.id) == company)
        try:
            day = fields.Date.to_date(month)
            number = float(quantity.replace(",", "."))
        except ValueError:
            day = number = None
        refused = not chosen or not day or number is None or not 0 <= number <= MOST
        if not refused:
            # sudo: an open month of the user's own company only
            volumes = request.env["customer.provider.volume"].sudo()
            refused = not volumes._report(chosen, provider, day, number, request.env.user)
        if refused:
            return self._volume_page(
                request.env._("This month cannot be reported, or the value is not a number.")
            )
        return request.redirect("/my/volumes?done=1")
