import re

from werkzeug.exceptions import BadRequest

from odoo import fields, http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from odoo.tools import format_date

from odoo.addons.portal.controllers.portal import pager

from .complaint_provider import ComplaintProvider

WAYS = ("phone", "visit", "message")
MOST = 10**9
MONTHS = 12
AMOUNT = re.compile(r"\d{1,5}([.,]\d{1,2})?")


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

    # -- more time ----------------------------------------------------------------------------

    def _dispatch_page(self, dispatch, error=None, form=None, step=None, token=None):
        """EXTENDS the page of an order: for which deadlines more time may be asked, what was."""
        page = super()._dispatch_page(dispatch, error, form, step, token)
        labels = dispatch._more_time_labels()
        page.qcontext["more_time"] = [
            {
                "id": clock.id,
                "label": labels[clock.milestone],
                "when": clock.with_env(dispatch.env)._instant_words(clock.deadline),
                "unit": dict(clock._fields["unit"]._description_selection(dispatch.env))[
                    clock.unit
                ],
            }
            for clock in (() if token else dispatch._more_time_clocks())
        ]
        page.qcontext["more_time_requests"] = () if token else dispatch._more_time_requests()
        return page

    @http.route(
        "/my/dispatches/<int:dispatch_id>/more-time",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dispatch_more_time(self, dispatch_id, clock="", amount="", reason="", **kwargs):
        """Take a request for more time; who may approve an extension decides."""
        dispatch = self._own_dispatch(dispatch_id)
        form = {"clock": clock, "amount": amount, "reason": reason}
        if any(not isinstance(v, str) or len(v) > 2000 for v in form.values()):
            raise BadRequest()
        try:
            with request.env.cr.savepoint():
                if not AMOUNT.fullmatch(amount.strip()):
                    raise UserError(request.env._("Enter how much more time you need."))
                number = float(amount.strip().replace(",", "."))
                dispatch._ask_more_time(
                    int(clock) if clock.isdecimal() else 0, number, reason.strip()
                )
        except (UserError, ValidationError) as error:
            return self._dispatch_page(dispatch, str(error), form, "more_time")
        return request.redirect(f"/my/dispatches/{dispatch.id}#more_time")

    # -- figures of the months ------------------------------------------------------------------

    def _figures_domain(self):
        """Return the months that are decided, of the user's own company."""
        provider = request.env.user.partner_id.commercial_partner_id
        companies = request.env["res.company"]._customer_using("complaint")
        return [
            ("provider_id", "=", provider.id),
            ("company_id", "in", companies.ids),
            ("state", "in", ("confirmed", "paid")),
        ]

    @http.route(
        ["/my/provider-figures", "/my/provider-figures/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_provider_figures(self, page=1, **kwargs):
        """Show quota, complaints, rates and support of the months, the newest first."""
        # sudo: the domain is the right, see the class
        periods = request.env["customer.provider.period"].sudo()
        domain = self._figures_domain()
        pages = pager(
            url="/my/provider-figures",
            total=periods.search_count(domain),
            page=page,
            step=MONTHS,
        )
        months = periods.search(domain, limit=MONTHS, offset=pages["offset"])
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "figures",
            "months": [month._portal_figures() for month in months],
            "pager": pages,
            "default_url": "/my/provider-figures",
        }
        return request.render("customer_governance.portal_provider_figures", values)

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
        if "figures_count" in counters:
            # sudo: the domain is the right, see the class
            periods = request.env["customer.provider.period"].sudo()
            values["figures_count"] = periods.search_count(self._figures_domain())
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
