"""The desk: papers go out and come back, are counted and signed for; or they are lost."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain

from ...common.digest import in_house
from .customer_archive_loan_line import ItemLent

# Why the desk reminds somebody: a loss or a difference is not settled.
UNSETTLED = "unsettled"


class CustomerArchiveLoan(models.Model):
    """Handing out and taking back."""

    _inherit = "customer.archive.loan"

    deeds_out_count = fields.Integer(
        "Deeds out of Safe",
        compute="_compute_deeds_out_count",
        help="Deeds taken out of the safe for this loan slip but not yet handed out.",
    )

    # --- a slip of which everything ended, though not well
    unsettled_count = fields.Integer(
        "Not Settled",
        compute="_compute_unsettled_count",
        search="_search_unsettled_count",
        help="Lost or incompletely returned items that have not been settled.",
    )

    damaged_count = fields.Integer("Damaged", compute="_compute_damaged_count")

    def action_issue(self):
        """Hand out the papers of approved loans, counted and signed for.

        :raises ItemLent: somebody else has an item, or gets it this very moment
        """
        for loan in self:
            lines = loan.line_ids
            try:
                # one dossier is handed out at one desk at a time, alone or with its documents
                lines.sudo().dossier_id.lock_for_update(allow_referencing=True)
            except LockError as error:
                raise ItemLent(
                    self.env._(
                        "Another user is handing out papers of this loan slip right now. Try again."
                    )
                ) from error
            loan._transition("issue")
            # sudo: facts of the desk
            loan.sudo().write({"issued_by_id": self.env.uid, "issued_on": fields.Datetime.now()})
            lines._claim({"state": "issued"})
            lines._set_papers("lent")
            for line in lines:
                line._book_gap(
                    line._pages_there() - line.page_issued,
                    self.env._(
                        "%(item)s is incomplete: %(out)s of %(there)s pages were handed out "
                        "with %(slip)s.",
                        item=line.name,
                        out=line.page_issued,
                        there=line._pages_there(),
                        slip=loan.name,
                    ),
                )
            loan.message_post(
                body=in_house(self).env._("Handed out: %s", ", ".join(lines.sudo().mapped("name")))
            )
        return True

    def action_return(self):
        """Take back everything that is still out; each item was counted before."""
        self.check_access("write")
        for loan in self:
            lines = loan.line_ids.filtered(lambda line: line.state == "issued")
            if not lines:
                raise UserError(self.env._("Nothing of “%s” is on loan.", loan.display_name))
            lines.action_return()
        return True

    def _close_if_back(self):
        """Close the loans of which nothing is out any more."""
        for loan in self.filtered(lambda one: one.state == "issued"):
            if loan.sudo().line_ids.filtered(lambda line: line.state == "issued"):
                continue
            # sudo: facts of the desk, whose right was checked
            loan.sudo()._transition("return", {"closed_on": loan.company_id._customer_today()})
            loan.sudo().activity_unlink(["customer_governance.mail_activity_archive_loan"])

    def action_open_desk(self):
        """Open the desk with the items of the loan."""
        self.ensure_one()
        self.check_access("write")
        if not self._is_keeper(self.kind):
            raise AccessError(
                self.env._("The circulation desk is available only to custodians of the archive.")
            )
        desk = self.env["customer.archive.desk"].create({"kind": self.kind})
        desk._add_loan(self)
        return desk._reopen()

    def action_take_deeds_out(self):
        """Ask for the witness to take the deeds of an approved loan out of the safe."""
        for loan in self:
            loan._check_transition_state_approved()
            for line in loan.line_ids.filtered("deed_id"):
                deed = line.deed_id
                if deed.state != "in_safe" or deed.open_move_id:
                    continue
                # sudo: only the link to the loan, which nobody may type; the right on the safe is
                # checked here
                deed.check_access("write")
                self.env["customer.archive.deed.move"].sudo().create(
                    {
                        "deed_id": deed.id,
                        "direction": "out",
                        "purpose": "loan",
                        "location_id": deed.location_id.id,
                        "quantity": deed.quantity_there,
                        "custodian_id": self.env.uid,
                        "loan_line_id": line.id,
                    }
                )
        return True

    def action_put_deeds_back(self):
        """Ask for the witness to put deeds back that left the safe for a slip that is not issued."""
        for loan in self:
            loan._check_transition_state_approved()
            lines = loan.line_ids._deeds_out().filtered(lambda line: not line.deed_id.open_move_id)
            if not lines:
                raise UserError(
                    self.env._(
                        "No deed of “%s” is out of the safe, or it is already waiting for "
                        "the witness.",
                        loan.display_name,
                    )
                )
            lines._after_back()
            loan.message_post(
                body=in_house(self).env._(
                    "Being put back into the safe, waiting for witness: %s",
                    ", ".join(lines.mapped("name")),
                )
            )
        return True

    def _cancel_open_moves(self):
        """Withdraw what waits at the safe for cancelled slips: no deed leaves it for them."""
        # sudo: follows from the slip, whose right was checked
        moves = self.env["customer.archive.deed.move"].sudo()
        waiting = moves.search(
            [("loan_line_id.loan_id", "in", self.ids), ("state", "=", "waiting")]
        )
        if waiting:
            waiting.action_cancel()

    @api.depends("line_ids.state", "state")
    def _compute_deeds_out_count(self):
        # sudo: how many; a borrower may not read the deeds of the loan
        waiting = self.sudo().filtered(lambda loan: loan.state == "approved")
        out = waiting.line_ids._deeds_out().grouped("loan_id")
        for loan in self:
            loan.deeds_out_count = len(out.get(loan._origin.sudo(), ()))

    def _check_transition_state_approved(self):
        self.check_access("write")
        if not self._is_keeper("deeds"):
            raise AccessError(self.env._("Safes can be opened only by the deed custodian."))
        if self.state != "approved" or self.kind != "deeds":
            raise UserError(
                self.env._("Deeds can be taken out of the safe only for an approved loan of deeds.")
            )

    # --- a slip of which everything ended, though not well
    @api.depends(
        "line_ids.state",
        "line_ids.lost_settled_on",
        "line_ids.cleared_on",
        "line_ids.pages_short",
    )
    def _compute_unsettled_count(self):
        for loan in self:
            # sudo: how many; a borrower may not read the deeds of the loan
            lines = loan.sudo().line_ids
            loan.unsettled_count = len(lines.filtered(lambda line: line._is_unsettled()))

    def _forget_unsettled(self):
        """Take back the to-dos about losses and differences where nothing is unsettled any more."""
        # sudo: to-dos of everybody; the caller was allowed to settle the last one
        done = self.sudo().filtered(lambda loan: not loan.unsettled_count)
        done.activity_ids.filtered(lambda todo: todo.customer_reason == UNSETTLED).unlink()

    @api.depends("line_ids.is_damaged", "line_ids.state")
    def _compute_damaged_count(self):
        for loan in self:
            # sudo: how many; a borrower may not read the deeds of the loan
            lines = loan.sudo().line_ids
            loan.damaged_count = len(
                lines.filtered(lambda line: line.is_damaged and line.state == "returned")
            )

    def action_resolve(self):
        """Open the dialog of the next item that was lost or came back short."""
        self.ensure_one()
        self.check_access("read")
        lines = self.line_ids.filtered(lambda line: line._is_unsettled())
        return lines[:1].action_resolve() if lines else False

    def _search_unsettled_count(self, operator, value):
        if (operator, value) != (">", 0):
            return NotImplemented
        # sudo: only which slips; their own rules decide which are shown
        lines = self.env["customer.archive.loan.line"].sudo()
        lost = Domain("state", "=", "lost") & Domain("lost_settled_on", "=", False)
        short = Domain("pages_short", ">", 0) & Domain("cleared_on", "=", False)
        return Domain("id", "in", lines._search(lost | short).subselect("loan_id"))
