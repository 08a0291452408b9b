from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.repeats import Matter, is_repeat, one_up


class CustomerComplaint(models.Model):
    """Earlier cases of the same matter: shown at intake, linked, taken more seriously."""

    _inherit = "customer.complaint"

    repeat_of_id = fields.Many2one(
        "customer.complaint",
        "Repeats",
        index="btree_not_null",
        check_company=True,
        copy=False,
        tracking=True,
        domain="[('partner_id', '=', partner_id), ('id', '!=', id)]",
        help="The first case of the same matter.",
    )
    repeat_ids = fields.One2many("customer.complaint", "repeat_of_id", "Repeated By")
    repeat_count = fields.Integer("Repeats Since", compute="_compute_case_counts")
    earlier_cases = fields.Html(
        "Earlier Cases",
        compute="_compute_earlier_cases",
        help="Cases of the customer that look like the same matter.",
    )
    earlier_count = fields.Integer(compute="_compute_earlier_cases")
    open_case_count = fields.Integer("Open Cases of the Customer", compute="_compute_case_counts")

    @api.depends("repeat_ids", "partner_id", "state")
    def _compute_case_counts(self):
        """Count open cases of the customers and repeats of the cases, in one statement."""
        is_open = Domain("state", "in", self._open_states())
        groups = self._read_group(
            Domain("partner_id", "in", self.partner_id.ids) & is_open
            | Domain("repeat_of_id", "in", self.ids),
            ["partner_id", "repeat_of_id", "state"],
            ["__count"],
        )
        open_cases, repeats = Counter(), Counter()
        for partner, first, state, count in groups:
            repeats[first] += count
            if state in self._open_states():
                open_cases[partner] += count
        for complaint in self:
            complaint.open_case_count = open_cases[complaint.partner_id]
            complaint.repeat_count = repeats[complaint._origin]

    @api.depends(
        "state",
        "partner_id",
        "category_id",
        "subject",
        "channel_id",
        "team_id",
        "received_at",
        "line_ids.product_id",
        "line_ids.sale_line_id",
        "line_ids.invoice_line_id",
    )
    def _compute_earlier_cases(self):
        # asked for at intake: a case that is worked on has its link to the first one
        found = self.filtered(lambda c: c.state == "registered")._find_repeats()
        states = dict(self._fields["state"]._description_selection(self.env))
        for complaint in self:
            earlier = found.get(complaint.id, self.browse())
            complaint.earlier_count = len(earlier)
            complaint.earlier_cases = (
                Markup("<ul class='mb-0 ps-3'>%s</ul>")
                % Markup("").join(
                    Markup("<li><a href='/odoo/customer.complaint/%s'>%s</a> %s %s – %s</li>")
                    % (
                        case._origin.id,
                        case.name or "",
                        format_date(self.env, case.received_at.date()),
                        states[case.state],
                        case.subject or "",
                    )
                    for case in earlier
                )
                if earlier
                else False
            )

    def _matter(self):
        """Return what the complaint is about, for the rule in `engine.repeats`."""
        self.ensure_one()
        documents = {("sale.order.line", i) for i in self.line_ids.sale_line_id._origin.ids}
        documents |= {("account.move.line", i) for i in self.line_ids.invoice_line_id._origin.ids}
        return Matter(
            categories=self.category_id._path() if self.category_id else (),
            products=frozenset(self.line_ids.product_id._origin.ids),
            documents=frozenset(documents),
            channel=self.channel_id.id or 0,
            team=self.team_id.id or 0,
            subject=self.subject or "",
        )

    def _find_repeats(self):
        """Return {id: earlier cases of the same matter, the newest first}, with one search.

        An agent must see at intake that the matter is known, also when another team has the case:
        number, date, status and subject are shown, the case itself stays closed without rights.
        """
        known = self.filtered(lambda c: c.partner_id and c.received_at)
        if not known:
            return {}
        days = max(known.company_id.sudo().mapped("complaint_repeat_days") or [0])
        # sudo: see above
        candidates = self.sudo().search(
            [
                ("partner_id", "in", known.partner_id.commercial_partner_id.ids),
                ("company_id", "in", known.company_id.ids),
                ("received_at", ">=", min(known.mapped("received_at")) - timedelta(days=days)),
                ("received_at", "<=", max(known.mapped("received_at"))),
                ("state", "!=", "cancelled"),
            ],
            order="received_at DESC, id DESC",
        )
        by_customer = candidates.grouped(lambda c: (c.partner_id.id, c.company_id.id))
        return {
            complaint.id: complaint._repeats_among(
                by_customer.get(
                    (complaint.partner_id.commercial_partner_id.id, complaint.company_id.id),
                    candidates.browse(),
                )
            )
            for complaint in known
        }

    def _repeats_among(self, candidates):
        """Return the candidates of the same matter that came earlier within the days."""
        self.ensure_one()
        this, own_id = self.sudo(), self._origin.id
        since = self.received_at - timedelta(days=this.company_id.complaint_repeat_days)
        earlier = candidates.filtered(
            lambda c: (
                c.id != own_id
                and c.kind == self.kind
                and since <= c.received_at <= self.received_at
                and (not own_id or c.received_at < self.received_at or c.id < own_id)
            )
        )
        if not earlier:
            return earlier
        matter = this._matter()
        return earlier.filtered(lambda c: is_repeat(matter, c._matter())[0])

    def _mark_repeats(self):
        """Link new cases to the first case of the matter and raise their severity by one."""
        found = self._find_repeats()
        for complaint in self:
            earlier = found.get(complaint.id)
            if not earlier or complaint.repeat_of_id:
                continue
            first = earlier[-1]
            complaint.write(
                {
                    "repeat_of_id": (first.repeat_of_id or first).id,
                    "severity": one_up(complaint.severity),
                }
            )

    def action_repeats(self):
        """Open the cases of the same matter that the user may see."""
        self.ensure_one()
        self.check_access("read")
        first = self.repeat_of_id or self
        return self._related_action(
            "customer_complaint_action",
            ["|", ("id", "=", first.id), ("repeat_of_id", "=", first.id)],
        )

    def action_open_cases(self):
        """Open the customer's cases that are not over."""
        self.ensure_one()
        self.check_access("read")
        return self._related_action(
            "customer_complaint_action",
            [("partner_id", "=", self.partner_id.id), ("state", "in", self._open_states())],
        )

    def action_followups(self):
        """Open the follow-up forms of the reopenings."""
        self.ensure_one()
        self.check_access("read")
        return self._related_action(
            "customer_complaint_followup_action", [("complaint_id", "=", self.id)]
        )

    def action_force_closes(self):
        """Open the requests to close the case by force."""
        self.ensure_one()
        self.check_access("read")
        return self._related_action(
            "customer_complaint_force_close_action", [("complaint_id", "=", self.id)]
        )
