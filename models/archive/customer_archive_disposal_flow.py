import logging
from collections import defaultdict
from functools import partial

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ..common.customer_transition_mixin import TransitionRefused

_logger = logging.getLogger(__name__)
# In the data of the transaction's commit hooks: the file store is cleaned once.
CLEANED = "customer_archive_files"
TODO = "mail.mail_activity_data_todo"


def _clean_file_store(registry):
    """Remove files nobody refers to any more from the disk, after the commit.

    Odoo's own collector takes a lock, keeps every file that some attachment still refers to and
    forgets files whose deletion was rolled back. When it cannot get its lock, or the process dies
    before, the nightly run removes them: the list of candidates is on disk already.
    """
    try:
        with registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["ir.attachment"]._gc_file_store()
    except psycopg2.Error:
        _logger.warning(
            "Files of disposed dossiers are removed by the nightly cleanup", exc_info=True
        )


class CustomerArchiveDisposal(models.Model):
    """The way of a list: owner, approval, witnesses, execution."""

    _inherit = "customer.archive.disposal"

    def _open_archives(self):
        """Return the dossiers that are to be disposed of, whoever asks."""
        # sudo: the dossiers of the list; owner, approver and witnesses do not read them otherwise
        return self.sudo().line_ids.filtered(lambda line: line.state == "open").archive_id

    def _blocker_texts(self):
        """Return why dossiers of the list cannot be disposed of now, in words."""
        self.ensure_one()
        archives = self._open_archives()
        blockers = archives._disposal_blockers()
        return [
            f"{archive.name}: {reason}"
            for archive in archives
            for reason in blockers.get(archive.id, ())
        ]

    def action_fill(self):
        """Put all dossiers on the list that are due by their rule and on no other open list."""
        self.ensure_one()
        self.check_access("write")
        if not self._is_archivist():
            raise AccessError(self.env._("Archivists fill in the list."))
        if self.state != "draft":
            raise UserError(self.env._("Dossiers are put on a list while it is a draft."))
        Line = self.env["customer.archive.disposal.line"]
        domain = [
            ("is_due", "=", True),
            ("hold", "=", False),
            ("company_id", "=", self.company_id.id),
        ]
        if self.class_ids:
            domain.append(("class_id", "in", self.class_ids.ids))
        due = self.env["customer.archive.retention"].search(domain).archive_id
        # sudo: lists of others too
        taken = Line.sudo().search(
            [("archive_id", "in", due.ids), ("state", "in", ("open", "disposed"))]
        )
        wanted = due - taken.archive_id - self.line_ids.archive_id
        Line.create([{"disposal_id": self.id, "archive_id": archive.id} for archive in wanted])
        return True

    def action_take_off_blocked(self):
        """Take the dossiers off the list that cannot be disposed of now; the reason is noted."""
        self.ensure_one()
        self.check_access("write")
        archives = self._open_archives()
        blockers = archives._disposal_blockers()
        for line in self.line_ids:
            if line.state == "open" and blockers.get(line.archive_id.id):
                line.keep_reason = "; ".join(blockers[line.archive_id.id])
        return True

    # --- guards -------------------------------------------------------------------------------

    def _guard_ask(self):
        """Return why the owner cannot be asked."""
        self.ensure_one()
        if not self.owner_id:
            return [self.env._("name the owner, who consents to the list")]
        if not self._open_archives():
            return [self.env._("the list is empty")]
        return self._blocker_texts()

    def _guard_owner(self):
        """Return why the user cannot answer for the owner."""
        self.ensure_one()
        if not self._is_system() and self.env.user != self.owner_id:
            return [self.env._("only the owner, %s, decides", self.owner_id.name)]
        return []

    def _guard_submit(self):
        """Return why the owner cannot consent; the approver checks the list again."""
        self.ensure_one()
        reasons = self._guard_owner() if self.state == "consent" else []
        if not self._open_archives():
            reasons.append(self.env._("no dossier is left on the list"))
        return reasons + self._blocker_texts()

    def _guard_execute(self):
        """Return which signature is missing. The dossiers are checked under lock afterwards."""
        self.ensure_one()
        reasons = []
        witnesses = self.witness_1_id | self.witness_2_id
        if len(witnesses) < 2:
            reasons.append(self.env._("two witnesses are needed"))
        if self.env.user in witnesses:
            reasons.append(
                self.env._("you are a witness: a third person executes, these are three people")
            )
        for witness, on in (
            (self.witness_1_id, self.witness_1_on),
            (self.witness_2_id, self.witness_2_on),
        ):
            if witness and not on:
                reasons.append(self.env._("%s has not confirmed as a witness yet", witness.name))
        if not self._open_archives():
            reasons.append(self.env._("no dossier is left on the list"))
        return reasons

    # --- buttons ------------------------------------------------------------------------------

    def action_ask(self):
        """Ask the owner to consent."""
        return self._transition("ask")

    def action_refuse(self):
        """The owner does not consent: back to the archivist."""
        return self._transition("refuse")

    def action_consent(self):
        """The owner consents; the list waits for the approval."""
        return self.action_submit()

    def action_witness(self):
        """Confirm as a witness, by oneself: the papers of this list are disposed of by this method."""
        self.ensure_one()
        self.check_access("read")
        if not self.is_open_witness:
            raise AccessError(
                self.env._("Only a witness named on an approved list confirms, and only once.")
            )
        # sudo: the own confirmation, whose right was checked
        mine = self.sudo()
        mine.lock_for_update(allow_referencing=True)
        which = 1 if mine.witness_1_id == self.env.user else 2
        mine[f"witness_{which}_on"] = fields.Datetime.now()
        mine.activity_ids.filtered(lambda todo: todo.user_id == self.env.user).action_done()
        mine.message_post(
            body=self.env._("Confirmed as a witness"), author_id=self.env.user.partner_id.id
        )
        return True

    def action_execute(self):
        """Dispose of the dossiers: the files are removed, a stub of each stays.

        Everything is checked again with the dossiers locked. One transaction: when it fails or is
        killed nothing has happened; the files leave the disk after the commit.

        :raises TransitionRefused: a dossier is on hold, lent, owed for, ...
        :raises LockError: somebody works on a dossier of the list
        """
        return self._transition("execute")

    def _ask_witnesses(self):
        """Give an activity to the witnesses of approved lists who have not confirmed."""
        # sudo: activities of other people
        for disposal in self.sudo().filtered(lambda disposal: disposal.state == "approved"):
            missing = self.env["res.users"].browse()
            if not disposal.witness_1_on:
                missing |= disposal.witness_1_id
            if not disposal.witness_2_on:
                missing |= disposal.witness_2_id
            asked = disposal.activity_ids.user_id
            for user in missing - asked:
                disposal.activity_schedule(
                    TODO, summary=self.env._("Confirm as a witness"), user_id=user.id
                )

    # --- hooks of the transitions ---------------------------------------------------------------

    def _before_transition(self, transition):
        """EXTENDS transition mixin: check the dossiers again, locked until the commit."""
        result = super()._before_transition(transition)
        if transition.name == "execute":
            for disposal in self:
                disposal._lock_dossiers()
                if reasons := disposal._blocker_texts():
                    raise TransitionRefused(
                        self.env._(
                            "Nothing was disposed of. Take these dossiers off list %(list)s or settle"
                            " the matter:\n%(reasons)s",
                            list=disposal.name,
                            reasons="\n".join(f"- {reason}" for reason in reasons),
                        )
                    )
        return result

    def _lock_dossiers(self):
        """Lock dossiers and documents. What changed since the transaction began repeats it.

        :raises LockError: somebody else holds one of them
        """
        self.env.flush_all()
        archives = self._open_archives().with_context(active_test=False)
        try:
            archives.lock_for_update()
            archives.document_ids.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._("Somebody works on a dossier of list %s. Try again later.", self.name)
            ) from error
        self.env.invalidate_all()

    def _after_transition(self, transition):
        """EXTENDS request mixin: stamps, and what follows for the dossiers."""
        result = super()._after_transition(transition)
        now = fields.Datetime.now()
        # sudo: facts that follow from the transition, whose right was checked
        disposals = self.sudo()
        if transition.name == "submit":
            disposals.write({"consented_on": now})
        elif transition.name in ("reject", "cancel"):
            lines = disposals.line_ids.filtered(lambda line: line.state == "open")
            lines.write({"state": "dropped"})
        elif transition.name == "execute":
            disposals.write({"executed_by_id": self.env.uid, "executed_on": now})
            for disposal in disposals:
                lines = disposal.line_ids.filtered(lambda line: line.state == "open")
                lines.archive_id._destroy(disposal)
                lines.write({"state": "disposed"})
            self._clean_file_store_after_commit()
        self._tell_next(transition)
        return result

    def _clean_file_store_after_commit(self):
        postcommit = self.env.cr.postcommit
        if not postcommit.data.get(CLEANED):
            postcommit.data[CLEANED] = True
            postcommit.add(partial(_clean_file_store, self.env.registry))

    def _tell_next(self, transition):
        """Give the next people an activity and take away those that are done."""
        for disposal in self.sudo():
            people = defaultdict(str)
            disposal.activity_unlink([TODO])
            if transition.name == "ask":
                people[disposal.owner_id] = self.env._("Consent to the disposal")
            elif transition.name == "approve":
                people[disposal.requested_by_id] = self.env._("Name two witnesses and execute")
                disposal._ask_witnesses()
            for user, summary in people.items():
                disposal.activity_schedule(TODO, summary=summary, user_id=user.id)
