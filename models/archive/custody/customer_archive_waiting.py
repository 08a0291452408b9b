"""The waiting list for what is lent: as in a library, the next one is told and has some days."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ....engine.archive_deadlines import working_days_after
from ....engine.transitions import Transition, TransitionTable
from ...common.guard import Facts

_lt = LazyTranslate(__name__)

ACTIVITY = "customer_governance.activity_type_archive_waiting"

OPEN = ("waiting", "offered")

FACTS = frozenset({"offered_on", "offered_until", "loan_id", "company_id"})


class CustomerArchiveWaiting(models.Model):
    """Somebody waits for a dossier or a document that is lent."""

    _name = "customer.archive.waiting"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.transition.mixin",
    ]
    _description = "Waiting List Position"
    _order = "archive_id, id"
    _check_company_auto = True
    _guards = (
        Facts(
            FACTS | {"archive_id", "document_id", "user_id"},
            _lt("Leave the waiting list and join it again instead."),
            unborn=FACTS,
        ),
    )

    _transitions = TransitionTable(
        "waiting",
        (
            Transition("offer", ("waiting",), "offered"),
            Transition("borrow", ("waiting", "offered"), "done"),
            Transition("expire", ("offered",), "expired"),
            Transition("leave", ("waiting", "offered"), "left"),
        ),
    )

    archive_id = fields.Many2one(
        "customer.archive",
        "Dossier",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('state', '=', 'registered')]",
    )
    document_id = fields.Many2one(
        "customer.archive.document",
        "Document Only",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('archive_id', '=', archive_id), ('medium', '!=', 'electronic')]",
        help="Leave empty for the whole dossier.",
    )
    company_id = fields.Many2one(
        related="archive_id.company_id", store=True, index=True, precompute=True
    )
    name = fields.Char("Item", compute="_compute_name", store=True, precompute=True)
    user_id = fields.Many2one(
        "res.users",
        "Waiting Person",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("offered", "Reserved"),
            ("done", "Borrowed"),
            ("expired", "Not collected"),
            ("left", "Left the list"),
        ],
        required=True,
        default="waiting",
        index=True,
        copy=False,
        tracking=True,
    )
    position = fields.Integer(
        compute="_compute_position",
        help="Number of people up to and including this one: 1 is next.",
    )
    with_id = fields.Many2one("res.users", "Borrowed By", compute="_compute_position")
    back_by = fields.Date("Due Back", compute="_compute_position")
    offered_on = fields.Date("Returned On", readonly=True, copy=False)
    offered_until = fields.Date("Retain Until", readonly=True, copy=False)
    loan_id = fields.Many2one(
        "customer.archive.loan", "Loan", readonly=True, copy=False, ondelete="set null", index=True
    )

    _entry_uniq = models.UniqueIndex(
        "(user_id, archive_id, COALESCE(document_id, 0)) WHERE state IN ('waiting', 'offered')",
        "This person is already on the waiting list.",
    )

    @api.depends("archive_id", "document_id")
    def _compute_name(self):
        for entry in self:
            # sudo: what is waited for; the right to read it is checked when the entry is made
            own = entry.sudo()
            entry.name = (own.document_id or own.archive_id).display_name

    @api.depends("name", "user_id.name")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = f"{entry.name or ''}: {entry.user_id.name or ''}"

    @api.depends("state", "archive_id.waiting_ids.state", "archive_id.loan_line_ids.state")
    def _compute_position(self):
        # sudo: how many wait and who has it, nothing else of other entries and loans
        entries = self.sudo()
        queues = entries.search(
            [("archive_id", "in", entries.archive_id.ids), ("state", "in", OPEN)], order="id"
        ).grouped("archive_id")
        lines = (
            self.env["customer.archive.loan.line"]
            .sudo()
            .search([("dossier_id", "in", entries.archive_id.ids), ("state", "=", "issued")])
            .grouped("dossier_id")
        )
        for entry in self:
            own = entry.sudo()
            before = [
                other
                for other in queues.get(own.archive_id, ())
                if other.id <= (own._origin.id or other.id) and other._overlaps(own)
            ]
            entry.position = len(before) if entry.state in OPEN else 0
            out = next((line for line in lines.get(own.archive_id, ()) if own._is_of(line)), None)
            entry.with_id = out.borrower_id.sudo(False) if out else False
            entry.back_by = out.date_due if out else False

    def _overlaps(self, other):
        """Whether the two want the same paper: a dossier holds all its documents."""
        same = not self.document_id or not other.document_id
        return self.archive_id == other.archive_id and (
            same or self.document_id == other.document_id
        )

    def _is_of(self, line):
        """Whether a line of a loan is about the paper that is waited for."""
        if line.kind == "deed" or line.dossier_id != self.archive_id:
            return False
        whole = line.kind == "archive" or not self.document_id
        return whole or line.document_id == self.document_id

    # --- guard --------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """People wait for themselves, for what they may read; archivists enter others."""
        # before the database answers that somebody else stands on the list already
        for vals in vals_list:
            self._check_person(self._customer_named(vals, "user_id") or self.env.user)
        entries = super().create(vals_list)
        for entry in entries:
            entry._check_may_wait()
        return entries

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        if not self.env.su and any(entry.state in OPEN for entry in self):
            raise UserError(self.env._("Remove the person from the waiting list first."))

    def _is_keeper(self):
        return self.env.su or self.env.user.has_group("customer_governance.group_archivist")

    def _check_person(self, user):
        if user != self.env.user and not self._is_keeper():
            raise AccessError(self.env._("You can join the waiting list only for yourself."))

    def _check_may_wait(self):
        if self.env.su:
            return
        self.archive_id.check_access("read")
        self._check_person(self.user_id)
        # sudo: state of the dossier
        if self.sudo().archive_id.state != "registered":
            raise UserError(self.env._("“%s” is not in the archive.", self.name))
        if self.document_id and self.document_id.archive_id != self.archive_id:
            raise UserError(self.env._("The document belongs to another dossier."))

    # --- steps --------------------------------------------------------------------------------

    def action_leave(self):
        """Leave the waiting list: who waits, or an archivist for others."""
        self.check_access("write")
        for entry in self:
            if entry.user_id != self.env.user and not entry._is_keeper():
                raise AccessError(self.env._("You can remove only yourself from the waiting list."))
        self._transition("leave")
        return True

    def action_borrow(self):
        """Open a new slip for what came back."""
        self.ensure_one()
        self.check_access("read")
        if self.document_id:
            line = {"kind": "document", "document_id": self.document_id.id}
        else:
            line = {"kind": "archive", "archive_id": self.archive_id.id}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Borrow"),
            "res_model": "customer.archive.loan",
            "view_mode": "form",
            "context": {
                "default_borrower_id": self.user_id.id,
                "default_line_ids": [(0, 0, line)],
            },
        }

    def _after_transition(self, transition):
        """EXTENDS transition mixin: whoever does not borrow lets the next one have it."""
        result = super()._after_transition(transition)
        # sudo: the system's own activities
        self.sudo().filtered(lambda entry: entry.state != "offered").activity_unlink([ACTIVITY])
        if transition.name in ("leave", "expire"):
            self._offer_back(self.sudo().archive_id)
        return result

    @api.model
    def _offer_back(self, archives):
        """Offer what is back in its place to those who are next; each paper to one person."""
        if not archives:
            return
        # sudo: the order of the list decides, whoever brought the paper back
        queue = self.sudo().search(
            [("archive_id", "in", archives.ids), ("state", "in", OPEN)], order="id"
        )
        if not queue:
            return
        out = (
            self.env["customer.archive.loan.line"]
            .sudo()
            .search(
                Domain("dossier_id", "in", archives.ids)
                & (Domain("state", "=", "issued") | self._promised())
            )
        )
        offered = queue.filtered(lambda entry: entry.state == "offered")
        for entry in queue - offered:
            taken = any(entry._is_of(line) for line in out)
            if not taken and not any(entry._overlaps(other) for other in offered):
                if entry.document_id and entry.document_id.paper_state != "in_place":
                    continue
                entry._offer()
                offered |= entry

    @api.model
    def _promised(self):
        """Return the domain of lines that somebody asked for: the paper is theirs already."""
        return Domain("state", "=", "requested") & Domain(
            "loan_id.state", "in", ("submitted", "approved")
        )

    def _offer(self):
        self.ensure_one()
        company = self.company_id
        today = company._customer_today()
        until = self.env["customer.working.calendar"]._within_horizon(
            company,
            today,
            lambda calendar: working_days_after(calendar, today, company.archive_waiting_days),
        )
        self._transition("offer", {"offered_on": today, "offered_until": until})
        words = self.with_context(lang=self.user_id.lang or self.env.lang)
        text = words.env._(
            "%(item)s is back and reserved for you until %(day)s: borrow it with the button "
            "“Borrow”.",
            item=self.name,
            day=fields.Date.to_string(until),
        )
        self.message_notify(partner_ids=self.user_id.partner_id.ids, body=text)
        # quick: the message has told it already; names stand in the note: the summary is read outside
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY,
            user_id=self.user_id.id,
            summary=words.env._("Kept for you: borrow it"),
            note=text,
            date_deadline=until,
        )

    @api.model
    def _expire_offers(self, company):
        """Let the next ones have what was not fetched in time; may run twice or late."""
        entries = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "offered"),
                ("offered_until", "<", company._customer_today()),
            ]
        )
        if entries:
            entries._transition("expire")

    def _give_up(self, archives):
        """Close the list of dossiers that are gone."""
        entries = self.search([("archive_id", "in", archives.ids), ("state", "in", OPEN)])
        if entries:
            entries._transition("leave")
