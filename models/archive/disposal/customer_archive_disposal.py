import logging
from functools import partial

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError

from ....engine.transitions import Transition, TransitionTable
from ...common.customer_request_mixin import CustomerRequestMixin
from ...common.customer_transition_mixin import TransitionRefused
from ...common.digest import for_reader, in_house
from ...common.locks import wait_for_lock

ARCHIVIST = ("group_archivist",)

APPROVERS = ("group_manager",)

STATES = [
    ("draft", "Draft"),
    ("consent", "With owner"),
    ("submitted", "Waiting for approval"),
    ("approved", "Approved"),
    ("executed", "Executed"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]

METHODS = [
    ("shred", "Shredded"),
    ("pulp", "Pulped"),
    ("burn", "Incinerated"),
    ("erase", "Files only: deleted"),
]

# Still written while a list waits or is approved; reasons to keep a dossier are part of line_ids.
LATE = {"witness_1_id", "witness_2_id", "method", "method_note", "note", "line_ids"}

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
    """A list of dossiers that are kept long enough, and how they are disposed of.

    The owner consents, somebody approves, one archivist executes while two other people witness.
    """

    _name = "customer.archive.disposal"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.request.mixin",
        "customer.numbering.mixin",
    ]
    _description = "Dossier Disposal"
    _order = "id desc"
    _transitions = TransitionTable(
        "draft",
        (
            Transition("ask", ("draft",), "consent", "_guard_ask", ARCHIVIST),
            Transition("refuse", ("consent",), "draft", "_guard_owner"),
            Transition("submit", ("consent",), "submitted", "_guard_submit"),
            Transition("approve", ("submitted",), "approved", "_guard_approve", APPROVERS),
            Transition("reject", ("submitted",), "rejected"),
            Transition("execute", ("approved",), "executed", "_guard_execute", ARCHIVIST),
            Transition(
                "cancel", ("draft", "consent", "submitted", "approved"), "cancelled", "", ARCHIVIST
            ),
        ),
    )
    _state_to = ["approved", "executed"]
    _request_facts = (
        *CustomerRequestMixin._request_facts,
        "name",
        "consented_on",
        "witness_1_on",
        "witness_2_on",
        "executed_by_id",
        "executed_on",
    )

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    class_ids = fields.Many2many(
        "customer.archive.class",
        "customer_archive_disposal_class_rel",
        "disposal_id",
        "class_id",
        "Dossier Types",
        check_company=True,
        help="Dossiers of these types; leave empty for all.",
    )
    owner_id = fields.Many2one(
        "res.users",
        "Consenting Owner",
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Is responsible for the matters of these dossiers and consents to the list.",
    )
    consented_on = fields.Datetime("Consented On", readonly=True, copy=False)
    line_ids = fields.One2many("customer.archive.disposal.line", "disposal_id", "List")
    line_count = fields.Integer("Dossiers", compute="_compute_totals")
    page_total = fields.Integer("Pages", compute="_compute_totals")
    file_total = fields.Integer("Files", compute="_compute_totals")
    method = fields.Selection(METHODS, required=True, default="shred", tracking=True)
    method_note = fields.Char(
        "Location and Executor", help="For example the shredding company and the place."
    )
    note = fields.Text()
    state = fields.Selection(
        STATES, required=True, default="draft", index=True, tracking=True, copy=False
    )
    witness_1_id = fields.Many2one(
        "res.users", "First Witness", tracking=True, copy=False, domain="[('share', '=', False)]"
    )
    witness_1_on = fields.Datetime("First Witness On", readonly=True, copy=False)
    witness_2_id = fields.Many2one(
        "res.users", "Second Witness", tracking=True, copy=False, domain="[('share', '=', False)]"
    )
    witness_2_on = fields.Datetime("Second Witness On", readonly=True, copy=False)
    executed_by_id = fields.Many2one("res.users", "Executed By", readonly=True, copy=False)
    executed_on = fields.Datetime("Executed On", readonly=True, copy=False)
    is_owner = fields.Boolean(compute="_compute_is_mine")
    is_open_witness = fields.Boolean(compute="_compute_is_mine")

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "This number is already in use."
    )

    @api.depends("line_ids.state", "line_ids.page_count", "line_ids.file_count")
    def _compute_totals(self):
        rows = self.env["customer.archive.disposal.line"]._read_group(
            [("disposal_id", "in", self.ids), ("state", "!=", "kept")],
            ["disposal_id"],
            ["__count", "page_count:sum", "file_count:sum"],
        )
        totals = {disposal: rest for disposal, *rest in rows}
        for disposal in self:
            disposal.line_count, disposal.page_total, disposal.file_total = totals.get(
                disposal._origin, (0, 0, 0)
            )

    @api.depends("owner_id", "witness_1_id", "witness_2_id", "witness_1_on", "witness_2_on")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        user = self.env.user
        for disposal in self:
            disposal.is_owner = disposal.owner_id == user
            disposal.is_open_witness = disposal.state == "approved" and (
                (disposal.witness_1_id == user and not disposal.witness_1_on)
                or (disposal.witness_2_id == user and not disposal.witness_2_on)
            )

    @api.constrains("witness_1_id", "witness_2_id")
    def _check_witnesses(self):
        for disposal in self:
            if disposal.witness_1_id and disposal.witness_1_id == disposal.witness_2_id:
                raise ValidationError(self.env._("The two witnesses must be two different people."))

    @api.model_create_multi
    def create(self, vals_list):
        """Number the lists; names and stamps come from the buttons."""
        disposals = super().create(vals_list)
        for disposal in disposals:
            company = disposal.company_id
            # sudo: the number is a fact of the system
            disposal.sudo().name = self._next_number(
                self._name,
                company.archive_disposal_pattern,
                company._customer_today(),
                company=company,
            )
        return disposals

    def _is_archivist(self):
        return self.env.su or self.env.user.has_group("customer_governance.group_archivist")

    def write(self, vals):
        """Archivists fill in the list; what others consented to or approved stays.

        A new witness or method asks the witnesses again.
        """
        if self.env.su:
            return super().write(vals)
        free = ("message_", "activity_", "rating_", "website_message_ids", "state", "review_ids")
        own = {name for name in vals if not name.startswith(free)}
        if own and not self._is_archivist():
            raise AccessError(
                self.env._(
                    "Only archivists can edit the list. Use the buttons to consent or to witness."
                )
            )
        if own & set(self._request_facts):
            raise AccessError(self.env._("Names, times and numbers are recorded by the buttons."))
        for disposal in self:
            if own - LATE and disposal.state != "draft":
                raise UserError(
                    self.env._("List %s is no longer a draft and cannot be changed.", disposal.name)
                )
            if own and disposal.state in ("executed", "rejected", "cancelled"):
                raise UserError(
                    self.env._("List %s is completed and can no longer be changed.", disposal.name)
                )
        result = super().write(vals)
        again = {"witness_1_id": ("witness_1_on",), "witness_2_id": ("witness_2_on",)}
        reset = {stamp for name in own & again.keys() for stamp in again[name]}
        if "method" in own:
            reset = {"witness_1_on", "witness_2_on"}
        if reset:
            # sudo: stamps that no longer hold
            self.sudo().write(dict.fromkeys(reset, False))
            self._ask_witnesses()
        return result

    def _get_all_validation_exceptions(self):
        """EXTENDS request mixin: the form does not lock what is named after the approval."""
        return [*super()._get_all_validation_exceptions(), *LATE]

    def _get_after_validation_exceptions(self):
        """EXTENDS request mixin: witnesses and place are named after the approval."""
        return [*super()._get_after_validation_exceptions(), *LATE]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(disposal.state != "draft" for disposal in self):
            raise UserError(self.env._("A list submitted for consent cannot be deleted."))

    # --- the way of a list: owner, approval, witnesses, execution
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
            raise AccessError(self.env._("Only archivists can edit the list."))
        if self.state != "draft":
            raise UserError(self.env._("Dossiers can be added only while the list is a draft."))
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
            return [self.env._("specify the owner, who consents to the list")]
        if not self._open_archives():
            return [self.env._("the list is empty")]
        return self._blocker_texts()

    def _guard_owner(self):
        """Return why the user cannot answer for the owner."""
        self.ensure_one()
        if not self._is_system() and self.env.user != self.owner_id:
            return [self.env._("only the owner, %s, can decide", self.owner_id.name)]
        return []

    def _guard_submit(self):
        """Return why the owner cannot consent; the approver checks the list again."""
        self.ensure_one()
        reasons = self._guard_owner() if self.state == "consent" else []
        if not self._open_archives():
            reasons.append(self.env._("there are no dossiers left on the list"))
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
                self.env._("you are a witness: a third person must execute the disposal")
            )
        for witness, on in (
            (self.witness_1_id, self.witness_1_on),
            (self.witness_2_id, self.witness_2_on),
        ):
            if witness and not on:
                reasons.append(self.env._("%s has not yet confirmed as a witness", witness.name))
        if not self._open_archives():
            reasons.append(self.env._("there are no dossiers left on the list"))
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
                self.env._("Only a witness named on an approved list can confirm, and only once.")
            )
        # sudo: the own confirmation, whose right was checked
        mine = self.sudo()
        wait_for_lock(mine)
        which = 1 if mine.witness_1_id == self.env.user else 2
        mine[f"witness_{which}_on"] = fields.Datetime.now()
        mine.activity_ids.filtered(lambda todo: todo.user_id == self.env.user).action_done()
        mine.message_post(
            body=in_house(self).env._("Confirmed as witness"), author_id=self.env.user.partner_id.id
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
                words = for_reader(disposal, user)
                words.activity_schedule(
                    TODO, summary=words.env._("Confirm as witness"), user_id=user.id
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
                            "Nothing was disposed of. Remove these dossiers from list "
                            "%(list)s or resolve the following:\n%(reasons)s",
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
                self.env._(
                    "Another user is working on a dossier of list %s. Try again later.", self.name
                )
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
            disposal.activity_unlink([TODO])
            if transition.name == "ask":
                words = for_reader(disposal, disposal.owner_id)
                summary = words.env._("Consent to disposal")
                words.activity_schedule(TODO, summary=summary, user_id=disposal.owner_id.id)
            elif transition.name == "approve":
                words = for_reader(disposal, disposal.requested_by_id)
                summary = words.env._("Name two witnesses and execute")
                words.activity_schedule(TODO, summary=summary, user_id=disposal.requested_by_id.id)
                disposal._ask_witnesses()
