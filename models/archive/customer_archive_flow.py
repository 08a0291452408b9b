from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ...engine.archive_checklist import FULFILLED, STATUSES
from ...queries import archive as queries
from .customer_archive_signatures import SIGNATURES, STAMPS

SHORTFALL_OF = {
    "missing": "paper",
    "unsigned": "signature",
    "copy": "original",
    "undated": "validity",
    "expired": "validity",
}


class CustomerArchive(models.Model):
    """The way of a dossier: A compiles, B checks, the archivist accepts.

    Each step is counted (`customer.archive.handover`) and signed.
    """

    _inherit = "customer.archive"

    handover_ids = fields.One2many("customer.archive.handover", "archive_id", "Handovers")
    handover_id = fields.Many2one(
        "customer.archive.handover", "Handover Going On", compute="_compute_handover_id"
    )
    handover_open_count = fields.Integer("Documents to Count", compute="_compute_handover_id")
    shortfall_ids = fields.One2many("customer.archive.shortfall", "archive_id", "Supplement List")
    shortfall_count = fields.Integer(
        "Open Entries of the Supplement List", compute="_compute_shortfall_count"
    )

    @api.depends("handover_ids.state", "handover_ids.open_count")
    def _compute_handover_id(self):
        for archive in self:
            step = archive.handover_ids.filtered(lambda step: step.state == "open")[:1]
            archive.handover_id = step
            archive.handover_open_count = step.open_count

    @api.depends("shortfall_ids.is_settled")
    def _compute_shortfall_count(self):
        for archive in self:
            archive.shortfall_count = len(
                archive.shortfall_ids.filtered(lambda entry: not entry.is_settled)
            )

    # --- who is who ---------------------------------------------------------------------------

    def _is_system(self):
        """Whether the database's own user acts: loading of an old archive; nobody over RPC."""
        return self.env.su and self.env.uid == SUPERUSER_ID

    def _is_archivist(self):
        return self.env.user.has_group("customer_governance.group_archivist")

    def _may_send_back(self):
        """Tell whether the user has the dossier in hand to check or accept it."""
        self.ensure_one()
        if self._is_system():
            return True
        if self.state == "checking":
            return self.env.user == self.role_b_id
        return self.state == "handover" and self._is_archivist()

    # --- guards -------------------------------------------------------------------------------

    def _guard_submit(self):
        """Return why A cannot hand the dossier to B."""
        self.ensure_one()
        reasons = []
        if not self.role_b_id:
            reasons.append(self.env._("nobody is named as B, who checks it"))
        if not self._is_system() and self.env.user != self.role_a_id:
            reasons.append(self.env._("only A, %s, hands it over", self.role_a_id.name))
        unanswered = (
            self.shortfall_ids.filtered(
                lambda entry: not entry.is_settled and not (entry.answer or "").strip()
            )
            - self._settled_now()
        )
        if unanswered and not self._is_system():
            reasons.append(
                self.env._(
                    "the supplement list waits for an answer: %s",
                    ", ".join(unanswered.mapped("name")),
                )
            )
        return reasons + self._missing_signature("signature_a")

    def _guard_counted(self):
        if self._is_system() or not self.handover_id.open_count:
            return []
        return [
            self.env._(
                "%s documents are not counted yet, or differ without a word: press “Count”",
                self.handover_id.open_count,
            )
        ]

    def _guard_check(self):
        """Return why B cannot pass the dossier to the archive."""
        self.ensure_one()
        if not self._is_system() and self.env.user != self.role_b_id:
            return [self.env._("only B, %s, checks it", self.role_b_id.name)]
        return self._guard_counted() + self._missing_signature("signature_b")

    def _guard_accept(self):
        """Return why the archive cannot accept the dossier."""
        self.ensure_one()
        if not self._is_system() and self.env.user in self.role_a_id | self.role_b_id:
            return [self.env._("A and B do not accept their own dossier: ask another archivist")]
        return self._guard_counted() + self._missing_signature("signature_archivist")

    def _guard_send_back(self):
        """Return why the dossier cannot go back to A."""
        self.ensure_one()
        if not self._may_send_back():
            if self.state == "checking":
                return [self.env._("only B, %s, sends it back now", self.role_b_id.name)]
            return [self.env._("only an archivist sends it back now")]
        if not self.shortfall_count and not self._is_system():
            return [
                self.env._("nothing is missing: write into the supplement list what A has to bring")
            ]
        return []

    # --- steps --------------------------------------------------------------------------------

    def action_submit(self):
        """A hands the dossier to B."""
        return self._transition("submit")

    def action_check(self):
        """B passes the dossier to the archive."""
        return self._transition("check")

    def action_send_back(self):
        """B or the archivist sends the dossier back to A, with the list of what is missing."""
        self.check_access("write")
        for archive in self:
            if archive.state in ("checking", "handover") and archive._may_send_back():
                archive._list_shortfalls()
        return self._transition("send_back")

    def action_accept(self):
        """The archivist accepts the dossier: it gets its number and stays as it is."""
        return self._transition("accept")

    def action_count(self):
        """Open the handover that is going on."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count the Dossier"),
            "res_model": "customer.archive.handover",
            "res_id": self.handover_id.id,
            "view_mode": "form",
            "target": "current",
        }

    def _handover_expected(self):
        """Return values of the lines that the receiver counts; deeds are added by their model."""
        self.ensure_one()
        return [
            {
                "document_id": document.id,
                "barcode": document.barcode,
                "name": document.name,
                "section": document.section_id.name,
                "sequence": number,
                "is_original": document.is_original,
                "pages_expected": document.page_count,
            }
            for number, document in enumerate(
                self.document_ids.filtered(lambda one: one.medium != "electronic"), 1
            )
        ]

    def _settled_now(self):
        """Return the open entries of the supplement list whose document is there by now."""
        good = {
            requirement_id
            for requirement_id, status, _document in self._checklist()
            if status in FULFILLED
        }
        return self.shortfall_ids.filtered(
            lambda entry: not entry.is_settled and entry.requirement_id.id in good
        )

    def _checklist(self):
        """Return (id of the entry, status, id of the best document) of the whole checklist."""
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            queries.checklist(fields.Datetime.now(), SQL("a.id = %s", self.id))
        )
        return [(row[4], STATUSES[row[6]], row[5]) for row in rows]

    def _list_shortfalls(self):
        """Put on the supplement list what was counted as missing and what the checklist lacks."""
        self.ensure_one()
        listed = self.shortfall_ids.filtered(lambda entry: not entry.is_settled)
        vals_list = []
        for line in self.handover_id.line_ids.filtered("is_different"):
            if line.document_id not in listed.document_id:
                kind = {"missing": "paper", "unsigned": "signature"}.get(line.result, "pages")
                vals_list.append(
                    {
                        "name": ": ".join(filter(None, (line.name, line.note))),
                        "kind": kind,
                        "document_id": line.document_id.id,
                    }
                )
        Requirement = self.env["customer.archive.requirement"]
        for requirement_id, status, document_id in self._checklist():
            if status not in FULFILLED and requirement_id not in listed.requirement_id.ids:
                vals_list.append(
                    {
                        "name": Requirement.browse(requirement_id).name,
                        "kind": SHORTFALL_OF[status],
                        "requirement_id": requirement_id,
                        "document_id": document_id,
                    }
                )
        # sudo: the list follows from what was counted; the right was checked
        self.env["customer.archive.shortfall"].sudo().create(
            [{"archive_id": self.id, "asked_by_id": self.env.uid, **vals} for vals in vals_list]
        )

    def _after_transition(self, transition):
        """EXTENDS transition mixin: open and close the counted steps."""
        result = super()._after_transition(transition)
        for archive in self:
            getattr(archive, f"_after_{transition.name}", lambda: None)()
        return result

    def _after_submit(self):
        # sudo: records of the step that was just made
        archive = self.sudo()
        self._settled_now().sudo().write({"settled_on": fields.Datetime.now()})
        archive.shortfall_ids.filtered(lambda entry: not entry.is_settled and entry.answer).write(
            {"settled_on": fields.Datetime.now()}
        )
        archive.submitted_on = archive.company_id._customer_today()
        archive.handover_ids._begin(archive, "a_to_b")
        self._ask(archive.role_b_id, self.env._("Check the dossier"), archive.due_b_on)

    def _after_check(self):
        # sudo: records of the step that was just made
        archive = self.sudo()
        archive.handover_id._finish("done")
        archive.handover_ids._begin(archive, "b_to_archive")
        self._ask(archive.archivist_id, self.env._("Accept the dossier"), archive.due_b_on)

    def _after_send_back(self):
        # sudo: records of the step that was just made; who signed, signs again
        archive = self.sudo()
        archive.handover_id._finish("returned")
        archive.write(dict.fromkeys((*SIGNATURES, *STAMPS), False))
        self._ask(archive.role_a_id, self.env._("Bring what is on the supplement list"), False)

    def _after_accept(self):
        self.sudo().handover_id._finish("done")  # sudo: record of the step that was just made
        self._give_number()
        self._done_asking()

    def _ask(self, user, summary, deadline):
        """Give the next one of the chain an activity instead of the one before."""
        self._done_asking()
        if not user:
            return
        # sudo: the system asks
        self.sudo().activity_schedule(
            "customer_governance.activity_type_archive",
            user_id=user.id,
            summary=summary,
            date_deadline=deadline or self.company_id._customer_today(),
        )

    def _done_asking(self):
        self.sudo().activity_unlink(  # sudo: the system's own activities
            ["customer_governance.activity_type_archive"]
        )

    def _give_number(self):
        """Give the numbers of the dossier and of its documents; keep the checksums of the files."""
        self.ensure_one()
        today = self.company_id._customer_today()
        archive_class = self.class_id
        number = self._next_number(
            "customer.archive",
            archive_class.number_pattern,
            today,
            company=self.company_id,
            **{"class": archive_class.code},
        )
        # sudo: facts that follow from the acceptance, whose right was checked
        archive = self.sudo()._thawed()
        archive.write(
            {
                "name": number,
                "registered_on": today,
                "archivist_id": self.env.uid if not self._is_system() else self.archivist_id.id,
            }
        )
        archive.document_ids._give_numbers()
        archive.document_ids._keep_checksums()
