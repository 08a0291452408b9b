from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, is_html_empty

from ...engine.repeats import SEVERITIES, Matter, is_repeat, one_up
from ..common.digest import in_house
from ..common.locks import wait_for_lock
from ..common.moments import moment_words

HEAD_OF_SERVICE = "customer_governance.group_service_supervisor"


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
        help="The first case concerning the same matter.",
    )
    repeat_ids = fields.One2many("customer.complaint", "repeat_of_id", "Repeated By")
    repeat_count = fields.Integer("Repeats since", compute="_compute_case_counts")
    earlier_cases = fields.Html(
        "Earlier Cases",
        compute="_compute_earlier_cases",
        help="Other cases of the customer that may concern the same matter.",
    )
    earlier_count = fields.Integer(compute="_compute_earlier_cases")
    open_case_count = fields.Integer(
        "Number of Open Cases of the Customer", compute="_compute_case_counts"
    )

    # --- the same case twice
    duplicate_of_id = fields.Many2one(
        "customer.complaint",
        "Duplicate Of",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="restrict",
        help="The case that continues for the same matter.",
    )
    duplicate_ids = fields.One2many(
        "customer.complaint", "duplicate_of_id", "Duplicates", readonly=True
    )
    can_merge = fields.Boolean(compute="_compute_can_merge", export_string_translation=False)

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
                        format_date(self.env, case.company_id._customer_day(case.received_at)),
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
        matter, share = this._matter(), this._similar_share()
        return earlier.filtered(lambda c: is_repeat(matter, c._matter(), share)[0])

    def _similar_share(self):
        return self.company_id.complaint_similarity / 100

    def _mark_repeats(self, at_receipt=False):
        """Link new cases to the first case of the matter, one severity above the last one.

        Deadlines that run already get no later by that.

        :param at_receipt: new promises count from the receipt, not from now
        """
        found = self._find_repeats()
        # by time of receipt: each case is as grave as those before it made it
        for complaint in self.sorted(lambda c: (c.received_at, c.id)):
            earlier = found.get(complaint.id)
            if earlier and not complaint.repeat_of_id:
                complaint._repeats(earlier, complaint.received_at if at_receipt else None)
        self._adopt_later()

    def _repeats(self, earlier, at=None):
        """Link a case to the first one of its matter, one severity above the one before it.

        :param earlier: cases of the matter that came before, the newest first
        """
        self.ensure_one()
        last, first = earlier[0], earlier[-1]
        severity = max(self.severity, one_up(last.severity), key=SEVERITIES.index)
        values = {"repeat_of_id": (first.repeat_of_id or first).id, "severity": severity}
        self._changed_because(self.env._("Repeat of %s.", last.name), at).write(values)

    def _adopt_later(self):
        """Cases that were entered before, but came in later, repeat the ones entered now.

        So the order of entry makes no difference. Cases that are over keep their severity.
        """
        known = self.filtered(lambda c: c.partner_id and c.received_at and c.state != "cancelled")
        if not known:
            return
        days = max(known.company_id.sudo().mapped("complaint_repeat_days") or [0])
        # sudo: as `_find_repeats`
        later = self.sudo().search(
            [
                ("partner_id", "in", known.partner_id.commercial_partner_id.ids),
                ("company_id", "in", known.company_id.ids),
                ("received_at", ">", min(known.mapped("received_at"))),
                ("received_at", "<=", max(known.mapped("received_at")) + timedelta(days=days)),
                ("state", "!=", "cancelled"),
                ("id", "not in", known.ids),
            ],
            order="received_at, id",
        )
        if not later:
            return
        found = later._find_repeats()
        for case in later:
            earlier = found.get(case.id, case.browse())
            if not earlier & known.sudo():
                continue
            first = earlier[-1].repeat_of_id or earlier[-1]
            present = case.repeat_of_id
            if present and present.received_at <= first.received_at:
                continue
            if case.state in case._open_states():
                case._repeats(earlier)
            else:
                case.write({"repeat_of_id": first.id})

    # -- the same case twice ------------------------------------------------------------------

    @api.depends("state", "user_id", "partner_id")
    @api.depends_context("uid")
    def _compute_can_merge(self):
        head = self.env.user.has_group(HEAD_OF_SERVICE)
        for case in self:
            mine = head or case.user_id == self.env.user
            case.can_merge = bool(
                mine and case.partner_id and ",cancel," in (case.available_actions or "")
            )

    def action_merge_dialog(self):
        """Ask which case goes on, and why this one is a duplicate."""
        self.ensure_one()
        return self._ask("customer.complaint.merge", self.env._("Merge Duplicate"))

    def _merge_into(self, main, reason):
        """Cancel the case as a duplicate of another one of the customer, which goes on.

        :raises AccessError: for others than the head of service and the handler
        :raises UserError: for a case that cannot be a duplicate of the other
        """
        self.ensure_one()
        self.check_access("write")
        head = self.env.su or self.env.user.has_group(HEAD_OF_SERVICE)
        if not head and self.user_id != self.env.user:
            raise AccessError(
                self.env._("A case can be merged by its handler or the head of service only.")
            )
        main.check_access("read")
        wait_for_lock((self | main).sudo())
        (self | main).invalidate_recordset(["state", "duplicate_of_id"])
        if not (reason or "").strip():
            raise UserError(self.env._("State why this is a duplicate."))
        if reasons := self._no_duplicate_of(main):
            raise UserError("\n".join(reasons))
        words = in_house(self).env._(
            "Duplicate of %(case)s: %(reason)s", case=main.name, reason=reason.strip()
        )
        self.cancel_reason = words
        self._transition("cancel", {"duplicate_of_id": main.id})
        self._sla_drop(words)
        self._case_over()
        # sudo: the caller may end this case; what follows from it concerns cases of others too
        self.sudo()._move_links_to(main.sudo())
        self.sudo()._copy_talk_to(main.sudo())
        self.sudo()._tell_merged(main.sudo())

    def _no_duplicate_of(self, main):
        """Return why the case cannot be merged into another one."""
        _ = self.env._
        reasons = []
        if main == self:
            reasons.append(_("A case cannot be merged into itself."))
        if (
            not self.partner_id
            or main.partner_id != self.partner_id
            or main.company_id != self.company_id
        ):
            reasons.append(_("Only cases of the same customer can be merged."))
        if main.state not in self._open_states():
            reasons.append(_("%s is closed: choose a case that continues.", main.name))
        # sudo: whether somebody works on it is all that is told
        if self.sudo().dispatch_ids.filtered(lambda d: d.state in ("sent", "accepted", "reported")):
            reasons.append(
                _("%s has open dispatches: cancel them, or merge the other case.", self.name)
            )
        return reasons

    def _move_links_to(self, main):
        """What repeated or duplicated this case does so with the one that goes on."""
        earlier, own = self.repeat_of_id, self.repeat_ids
        self.duplicate_ids._write_facts({"duplicate_of_id": main.id})
        self.repeat_of_id = False
        (own - main).repeat_of_id = main.repeat_of_id - self or main
        if main.repeat_of_id == self:
            main.repeat_of_id = earlier - main

    def _copy_talk_to(self, main):
        """Keep statement, messages and files of the duplicate as a note on the case that goes on.

        Who works on that one need not have the right to read this one.
        """
        house = in_house(self, self.company_id)
        zone = self.company_id._customer_timezone()
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False)]
        )
        said = self.message_ids.filtered(
            lambda m: m.message_type in ("comment", "email") and not is_html_empty(m.body)
        ).sorted("id")
        rows = [
            Markup("<p><strong>%s</strong> %s</p><div style='margin-left: 1em'>%s</div>")
            % (
                message.author_id.name or message.email_from or "",
                moment_words(house.env, message.date, zone),
                message.body,
            )
            for message in said
        ]
        head = house.env._("%s was merged into this case.", self.display_name)
        main.message_post(
            body=Markup("<p>%s</p>%s%s") % (head, self.description or "", Markup("").join(rows)),
            subtype_xmlid="mail.mt_note",
            attachment_ids=files.copy({"res_id": main.id}).ids,
        )
        self.message_post(
            body=house.env._("Continued as %s.", main.display_name), subtype_xmlid="mail.mt_note"
        )

    def _tell_merged(self, main):
        """Tell the customer under which number the matter goes on; else somebody tells it."""
        xmlid = "customer_governance.mail_template_complaint_merged"
        whom = self._customer_recipients()
        if whom and self.env.ref(xmlid, raise_if_not_found=False):
            message = main._post_template(xmlid, source=self, automatic=True, recipients=whom)
            if self._was_reached(message):
                return
        main._tell(
            lambda env, name=self.name: env._(
                "%s was merged into this case: inform the customer of the number", name
            ),
            "merged",
        )

    def _guard_restore(self):
        return [] if self.duplicate_of_id else [self.env._("Only a duplicate can be reopened.")]

    def action_restore(self):
        """It is no duplicate after all: the case goes on, with the deadlines it had."""
        for case in self:
            main = case.sudo().duplicate_of_id
            case._transition("restore", {"duplicate_of_id": False, "cancel_reason": False})
            case._sla_rematch(in_house(case).env._("Not a duplicate of %s.", main.name))
            house = in_house(case.sudo(), case.company_id)  # sudo: both cases hear of it
            for record, other in ((house, main), (main.with_env(house.env), house)):
                record.message_post(
                    body=house.env._("Not a duplicate of %s.", other.display_name),
                    subtype_xmlid="mail.mt_note",
                )
            case._tell(
                lambda env: env._("Not a duplicate: the case continues, inform the customer"),
                "restored",
            )
        return True

    def action_open_main(self):
        """Open the case that goes on."""
        self.ensure_one()
        self.check_access("read")
        return self.duplicate_of_id.action_open_case()

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
