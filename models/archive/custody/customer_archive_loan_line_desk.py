"""One item at the desk: it goes out, comes back counted and signed for, or is lost."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ....engine import archive_custody as engine
from ...common.customer_reach_mixin import able
from ...common.digest import for_reader, in_house
from .customer_archive_loan_desk import UNSETTLED


class CustomerArchiveLoanLine(models.Model):
    """One item at the desk."""

    _inherit = "customer.archive.loan.line"

    # --- what comes back short is missing from its dossier, document or deed
    pages_short = fields.Integer(
        "Pages Short", compute="_compute_pages_short", store=True, help="Fewer than handed out."
    )
    cleared_on = fields.Date(
        "Resolved On", readonly=True, copy=False, help="The pages that were not returned."
    )

    def _set_papers(self, state):
        """Bring the state of the papers up to date: a dossier takes its documents along."""
        for line in self.sudo():  # sudo: follows from the loan, whose right was checked
            documents = line.document_id or line.archive_id.document_ids
            sources = ("in_place",) if state == "lent" else ("lent",)
            documents._set_paper_state(state, sources)

    def _deeds_out(self):
        """Return the lines whose deed left the safe for them and is not back, in one query."""
        # sudo: the rule holds whoever asks
        lines = self.sudo().filtered(lambda line: line.deed_id.state == "lent")
        moves = self.env["customer.archive.deed.move"].sudo()
        last = {}
        for move in moves.search(
            [("deed_id", "in", lines.deed_id.ids), ("state", "=", "done")], order="id"
        ):
            last[move.deed_id] = move
        return self.browse(
            [
                line.id
                for line in lines
                if line.deed_id in last
                and last[line.deed_id].direction == "out"
                and last[line.deed_id].loan_line_id == line
            ]
        )

    def _not_taken_out(self):
        """Return the deeds that were not taken out of the safe for this loan."""
        return [
            self.env._("“%s” must first be taken out of the safe with a witness", line.name)
            for line in self - self._deeds_out()
        ]

    def _check_desk(self):
        """Only who keeps the papers works at the desk."""
        self.check_access("write")
        for line in self:
            if not line.loan_id._is_keeper(line.loan_id.kind):
                raise AccessError(
                    self.env._(
                        "The circulation desk is available only to custodians of the archive."
                    )
                )

    def action_return(self):
        """Take the items back: pages counted, a word on differences, signed.

        :raises UserError: says what is missing, nothing is taken back then
        """
        self._check_desk()
        for line in self:
            if line.state != "issued":
                raise UserError(self.env._("“%s” is not on loan.", line.name))
            if not line.is_counted:
                raise UserError(
                    self.env._(
                        "Count the pages of “%(item)s” and tick “Counted”: %(pages)s were "
                        "handed out.",
                        item=line.name,
                        pages=line.page_issued,
                    )
                )
            agrees, reasons = engine.check_count(
                line.page_issued, line.page_returned, line.is_damaged, line.return_note
            )
            if reasons:
                raise UserError(
                    self.env._(
                        "“%(item)s”: %(out)s pages were handed out, %(back)s "
                        "returned%(damage)s. Enter a note on the difference.",
                        item=line.name,
                        out=line.page_issued,
                        back=line.page_returned,
                        damage=self.env._(", damaged") if line.is_damaged else "",
                    )
                )
            if line.company_id.archive_signature_required and not line.return_signature:
                raise UserError(self.env._("The return of “%s” must be signed.", line.name))
            line._take_back(agrees)
        self.loan_id._close_if_back()
        self.env["customer.archive.waiting"]._offer_back(self.dossier_id)
        return True

    def _take_back(self, agrees):
        today = self.company_id._customer_today()
        # sudo: facts of the desk, whose right was checked
        self.sudo().write(
            {
                "state": "returned",
                "has_difference": not agrees,
                "returned_on": today,
                "returned_to_id": self.env.uid,
            }
        )
        self._set_papers("in_place")
        house = in_house(self)
        self._book_gap(
            self.page_issued - self.page_returned,
            house.env._(
                "%(item)s was returned incomplete: %(back)s of %(out)s pages.",
                item=self.name,
                out=self.page_issued,
                back=self.page_returned,
            ),
        )
        self._after_back()
        late = (today - self.loan_id.date_due).days
        damaged = self._fields["is_damaged"]._description_string(house.env)
        note = ", ".join(filter(None, (self.is_damaged and damaged, self.return_note)))
        if agrees:
            text = house.env._("Returned: %s", self.name)
        else:
            text = house.env._(
                "Returned with a difference: %(item)s, %(out)s pages out, %(back)s "
                "returned. %(note)s",
                item=self.name,
                out=self.page_issued,
                back=self.page_returned,
                note=note,
            )
            self.loan_id.activity_schedule(
                "mail.mail_activity_data_todo",
                # its name stands in the note: the summary is read outside
                summary=self.env._("Resolve a difference"),
                note=": ".join(filter(None, (self.name, note))),
                user_id=self.env.uid,
                customer_reason=UNSETTLED,
            )
        if late > 0:
            text += " " + house.env._("%s days overdue.", late)
        self.loan_id.message_post(body=text)

    def _after_back(self):
        """Ask for the witness who puts a deed back into the safe, at its home."""
        for line in self.sudo().filtered("deed_id"):
            deed = line.deed_id
            if deed.state == "lent" and not deed.quantity_there:
                deed._transition("miss")  # nothing of it came back
            elif deed.state == "lent" and not deed.open_move_id and deed.location_id:
                deed.move_ids.create(
                    {
                        "deed_id": deed.id,
                        "direction": "in",
                        "purpose": "loan_back",
                        "location_id": deed.location_id.id,
                        "quantity": deed.quantity_there,
                        "custodian_id": self.env.uid,
                        "loan_line_id": line.id,
                    }
                )

    # --- lost ---------------------------------------------------------------------------------
    def action_lose(self):
        """Open the dialog that reports a loss."""
        self.check_access("read")
        self._check_may_report()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Loss"),
            "res_model": "customer.archive.loss",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def _check_may_report(self):
        """The borrower reports an own loss, the archive any."""
        for line in self:
            if self.env.user != line.borrower_id and not line.loan_id._is_keeper(line.loan_id.kind):
                raise AccessError(
                    self.env._("Losses can be reported by the borrower or the archive.")
                )
            if line.state != "issued":
                raise UserError(self.env._("“%s” is not on loan.", line.name))

    def _lose(self, story):
        """Record the loss: the paper is missing, the archive and the head have to act."""
        self._check_may_report()
        if not (story or "").strip():
            raise UserError(self.env._("Describe what happened."))
        for line in self:
            # sudo: facts of the loss; who reports it was checked
            own = line.sudo()
            documents = own.document_id or own.archive_id.document_ids
            own.write(
                {
                    "state": "lost",
                    "lost_on": own.company_id._customer_today(),
                    "lost_by_id": self.env.uid,
                    "lost_story": story,
                }
            )
            documents._set_paper_state("missing", ("lent", "in_place"))
            if own.deed_id.state == "lent":
                own.deed_id._transition("miss")
            own._tell_loss()
        self.loan_id._close_if_back()
        return True

    def _tell_loss(self):
        self.ensure_one()
        keeper = able(self.loan_id.issued_by_id, self.loan_id.company_id) or self.env.user
        words = for_reader(self.loan_id, keeper)
        words.activity_schedule(
            "mail.mail_activity_data_todo",
            # its name stands in the note: the summary is read outside
            summary=words.env._("Papers lost"),
            note=words.env._(
                "%s: search, secure a copy, have it declared void; then settle the loss.", self.name
            ),
            user_id=keeper.id,
            customer_reason=UNSETTLED,
        )
        self.loan_id.message_post(
            body=in_house(self).env._(
                "Lost: %(item)s. %(story)s", item=self.name, story=self.lost_story
            )
        )
        if self.dossier_id:
            self.dossier_id.message_post(
                body=in_house(self).env._("Lost during a loan: %s", self.name)
            )

    def action_found(self):
        """A lost item turned up: back in its place."""
        self._check_desk()
        for line in self:
            if line.state != "lost":
                raise UserError(self.env._("“%s” is not lost.", line.name))
            # sudo: facts of the desk, whose right was checked
            own = line.sudo()
            own.write(
                {
                    "state": "returned",
                    "returned_on": own.company_id._customer_today(),
                    "returned_to_id": self.env.uid,
                }
            )
            documents = own.document_id or own.archive_id.document_ids
            documents._set_paper_state("in_place", ("missing",))
            own.loan_id.message_post(body=in_house(self).env._("Found: %s", own.name))
        self.loan_id._forget_unsettled()
        self.env["customer.archive.waiting"]._offer_back(self.dossier_id)
        return True

    def action_open_settle(self):
        """Open the dialog that settles a loss."""
        self.ensure_one()
        self._check_desk()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle Loss"),
            "res_model": "customer.archive.settle",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_line_id": self.id,
                "default_measures": self.lost_measures or False,
            },
        }

    def action_settle(self):
        """Close a loss: what was done about it is on record."""
        self._check_desk()
        for line in self:
            if line.state != "lost" or not (line.lost_measures or "").strip():
                raise UserError(self.env._("Enter the measures for “%s” first.", line.name))
            # sudo: fact of the desk, whose right was checked
            line.sudo().lost_settled_on = line.company_id._customer_today()
            line.loan_id.message_post(
                body=in_house(self).env._(
                    "Loss of %(item)s settled: %(measures)s",
                    item=line.name,
                    measures=line.lost_measures,
                )
            )
        self.loan_id._forget_unsettled()
        return True

    # --- what comes back short is missing from its dossier, document or deed
    @api.depends("state", "page_issued", "page_returned")
    def _compute_pages_short(self):
        for line in self:
            back = line.state == "returned" and line.is_counted
            line.pages_short = max(line.page_issued - line.page_returned, 0) if back else 0

    def _book_gap(self, pages, text):
        """Keep what is really there, and say so on the dossier."""
        self.ensure_one()
        if not pages:
            return
        item = self.sudo()._item()  # sudo: follows from what was counted at the desk
        item._lose_pages(pages)
        if self.dossier_id and pages > 0:
            # sudo: the note is the system's
            self.sudo().dossier_id.message_post(body=text)

    def action_resolve(self):
        """Open the dialog that settles the loss, or that clears up what came back short."""
        self.ensure_one()
        self._check_desk()
        if self.state == "lost":
            return self.action_open_settle()
        # sudo: to get at the item; its own rights are checked with the user's
        item = self.sudo()._item().with_env(self.env)
        if not item.sudo()._missing_now():
            # the pages belong to one of its documents: they are resolved there
            return item.get_formview_action()
        return item.action_clear_up()

    def _is_unsettled(self):
        """Whether somebody still has to act: a loss not settled, pages not cleared up."""
        self.ensure_one()
        lost = self.state == "lost" and not self.lost_settled_on
        return lost or bool(self.pages_short and not self.cleared_on)

    @api.model
    def _clear_lines(self, item, note, is_found):
        """Settle the slips of an item of which nothing is missing any more.

        :param is_found: what was lost is back; else the record says that it is gone
        """
        # sudo: facts of the desk; who clears up was checked
        own = item.sudo()
        if item._name == "customer.archive.deed":
            domain = Domain("deed_id", "=", item.id)
        elif item._name == "customer.archive.document" and own.archive_id.gap_count:
            domain = Domain("document_id", "=", item.id)
        else:
            archive = own if item._name == "customer.archive" else own.archive_id
            domain = Domain("dossier_id", "=", archive.id)
            if archive.gap_count:
                return
        short = Domain("pages_short", ">", 0) & Domain("cleared_on", "=", False)
        shorts = self.sudo().search(domain & short)
        for line in shorts:
            line.cleared_on = line.company_id._customer_today()
        lost = self.sudo().search(
            domain & Domain("state", "=", "lost") & Domain("lost_settled_on", "=", False)
        )
        today = item.company_id._customer_today()
        for line in lost.filtered(lambda line: not line.deed_id):
            papers = (line.document_id or line.archive_id.document_ids).filtered("active")
            papers = papers.filtered(lambda paper: paper.medium != "electronic")
            if "missing" in papers.mapped("paper_state"):
                continue
            values = {"lost_measures": line.lost_measures or note, "lost_settled_on": today}
            if is_found:
                values |= {
                    "state": "returned",
                    "returned_on": today,
                    "returned_to_id": self.env.uid,
                }
            line.write(values)
        (shorts | lost).loan_id._forget_unsettled()

    # --- what is kept for somebody is lent to nobody else
    def _kept_for(self):
        """Return the offers that stand against these lines, in one query: ``{line: entry}``."""
        # sudo: whom it is kept for is told to who asks for it
        offers = (
            self.env["customer.archive.waiting"]
            .sudo()
            .search([("archive_id", "in", self.sudo().dossier_id.ids), ("state", "=", "offered")])
        )
        kept = {}
        for line in self.sudo():
            offer = next((one for one in offers if one._is_of(line)), None)
            if offer and offer.user_id != line.loan_id.borrower_id:
                kept[line] = offer
        return kept

    def _not_available(self):
        """EXTENDS loans: what is kept for the next one of the waiting list."""
        return super()._not_available() + [
            self.env._(
                "“%(item)s” is reserved for %(who)s until %(day)s",
                item=line.name,
                who=offer.user_id.name,
                day=fields.Date.to_string(offer.offered_until),
            )
            for line, offer in self._kept_for().items()
        ]
