"""One item at the desk: it goes out, comes back counted and signed for, or is lost."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ...engine import archive_custody as engine


class CustomerArchiveLoanLine(models.Model):
    """One item at the desk."""

    _inherit = "customer.archive.loan.line"

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
            self.env._("“%s” has to be taken out of the safe first, with a witness", line.name)
            for line in self - self._deeds_out()
        ]

    def _check_desk(self):
        """Only who keeps the papers works at the desk."""
        self.check_access("write")
        for line in self:
            if not line.loan_id._is_keeper(line.loan_id.kind):
                raise AccessError(self.env._("The desk is for those who keep the papers."))

    def action_return(self):
        """Take the items back: pages counted, a word on differences, signed.

        :raises UserError: says what is missing, nothing is taken back then
        """
        self._check_desk()
        for line in self:
            if line.state != "issued":
                raise UserError(self.env._("“%s” is not out.", line.name))
            if not line.is_counted:
                raise UserError(
                    self.env._(
                        "Count the pages of “%(item)s” and tick “Counted”: %(pages)s went out.",
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
                        "“%(item)s”: %(out)s pages went out, %(back)s came back%(damage)s. Enter a word on"
                        " the difference.",
                        item=line.name,
                        out=line.page_issued,
                        back=line.page_returned,
                        damage=self.env._(", damaged") if line.is_damaged else "",
                    )
                )
            if line.company_id.archive_signature_required and not line.return_signature:
                raise UserError(self.env._("The return of “%s” has to be signed.", line.name))
            line._take_back(agrees)
        self.loan_id._close_if_back()
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
        self._after_back()
        late = (today - self.loan_id.date_due).days
        if agrees:
            text = self.env._("Back: %s", self.name)
        else:
            text = self.env._(
                "Back with a difference: %(item)s, %(out)s pages out, %(back)s back. %(note)s",
                item=self.name,
                out=self.page_issued,
                back=self.page_returned,
                note=self.return_note or "",
            )
            self.loan_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Clear up a difference: %s", self.name),
                note=self.return_note,
                user_id=self.env.uid,
            )
        if late > 0:
            text += " " + self.env._("%s days late.", late)
        self.loan_id.message_post(body=text)

    def _after_back(self):
        """Ask for the witness who puts a deed back into the safe, at its home."""
        for line in self.sudo().filtered("deed_id"):
            deed = line.deed_id
            if deed.state == "lent" and not deed.open_move_id and deed.location_id:
                deed.move_ids.create(
                    {
                        "deed_id": deed.id,
                        "direction": "in",
                        "purpose": "loan_back",
                        "location_id": deed.location_id.id,
                        "quantity": deed.quantity,
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
            "name": self.env._("Report a Loss"),
            "res_model": "customer.archive.loss",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def _check_may_report(self):
        """The borrower reports an own loss, the archive any."""
        for line in self:
            if self.env.user != line.borrower_id and not line.loan_id._is_keeper(line.loan_id.kind):
                raise AccessError(self.env._("The borrower or the archive reports a loss."))
            if line.state != "issued":
                raise UserError(self.env._("“%s” is not out.", line.name))

    def _lose(self, story):
        """Record the loss: the paper is missing, the archive and the head have to act."""
        self._check_may_report()
        if not (story or "").strip():
            raise UserError(self.env._("Say what happened."))
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
        keeper = self.loan_id.issued_by_id or self.env.user
        self.loan_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Lost: %s", self.name),
            note=self.env._("Search, secure a copy, have it declared void; then settle the loss."),
            user_id=keeper.id,
        )
        self.loan_id.message_post(
            body=self.env._("Lost: %(item)s. %(story)s", item=self.name, story=self.lost_story)
        )
        if self.dossier_id:
            self.dossier_id.message_post(body=self.env._("Lost during a loan: %s", self.name))

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
            own.loan_id.message_post(body=self.env._("Found: %s", own.name))
        return True

    def action_settle(self):
        """Close a loss: what was done about it is on record."""
        self._check_desk()
        for line in self:
            if line.state != "lost" or not (line.lost_measures or "").strip():
                raise UserError(self.env._("Enter the measures of “%s” first.", line.name))
            # sudo: fact of the desk, whose right was checked
            line.sudo().lost_settled_on = line.company_id._customer_today()
            line.loan_id.message_post(
                body=self.env._(
                    "Loss of %(item)s settled: %(measures)s",
                    item=line.name,
                    measures=line.lost_measures,
                )
            )
        return True
