from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ....engine.archive_checklist import FULFILLED, STATUSES
from ....queries import archive as queries
from ...common.digest import for_reader, in_house
from ...common.facts import without

SHORTFALL_OF = {
    "missing": "paper",
    "incomplete": "pages",
    "unsigned": "signature",
    "copy": "original",
    "undated": "end_date",
    "expired": "validity",
}

# Who signs what while the dossier is in which state.
SIGNATURES = {"signature_a": "draft", "signature_b": "checking", "signature_archivist": "handover"}

STAMPS = {f"{name}_on" for name in SIGNATURES}


def _signature(label):
    # In the table: files of records can be changed by themselves, columns are frozen with the row.
    return fields.Binary(label, attachment=False, copy=False)


class CustomerArchive(models.Model):
    """The way of a dossier: A compiles, B checks, the archivist accepts.

    Each step is counted (`customer.archive.handover`) and signed.
    """

    _inherit = "customer.archive"

    missing_rule = fields.Selection(related="class_id.missing_rule")

    handover_ids = fields.One2many("customer.archive.handover", "archive_id", "Handovers")
    handover_id = fields.Many2one(
        "customer.archive.handover", "Handover in Progress", compute="_compute_handover_id"
    )
    handover_open_count = fields.Integer("Documents to Count", compute="_compute_handover_id")
    shortfall_ids = fields.One2many("customer.archive.shortfall", "archive_id", "Missing Items")
    missing_word = fields.Text(
        "Reason It Is Missing",
        copy=False,
        tracking=True,
        help="A's explanation for required documents missing at the handover.",
    )
    shortfall_count = fields.Integer("Open Missing Items", compute="_compute_shortfall_count")

    # --- the three who hand a dossier over sign, each for oneself and in one's own state
    signature_a = _signature("Signature of A")
    signature_a_on = fields.Datetime("A Signed On", readonly=True, copy=False)
    signature_b = _signature("Signature of B")
    signature_b_on = fields.Datetime("B Signed On", readonly=True, copy=False)
    signature_archivist = _signature("Signature of the Archivist")
    signature_archivist_on = fields.Datetime("Archivist Signed On", readonly=True, copy=False)
    can_sign_a = fields.Boolean(compute="_compute_can_sign")
    can_sign_b = fields.Boolean(compute="_compute_can_sign")
    can_sign_archivist = fields.Boolean(compute="_compute_can_sign")

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
            reasons.append(self.env._("no B is specified to check it"))
        if not self._is_system() and self.env.user != self.role_a_id:
            reasons.append(self.env._("only A, %s, can hand it over", self.role_a_id.name))
        unanswered = self._unanswered()
        if unanswered and not self._is_system():
            reasons.append(
                self.env._(
                    "the missing items have not been answered: %s",
                    ", ".join(unanswered.mapped("name")),
                )
            )
        return reasons + self._gap_reasons() + self._missing_signature("signature_a")

    def _gaps(self):
        """Return the names of what is missing: required documents, and pages without a range."""
        self.ensure_one()
        Requirement = self.env["customer.archive.requirement"]
        lacking = [
            entry for entry, status, _document in self._checklist() if status not in FULFILLED
        ]
        gaps = Requirement.browse(lacking).mapped("name")
        if self.class_id.missing_rule != "refuse":
            return gaps
        # page ranges are asked for where nothing may be missing
        without = self.document_ids.filtered(
            lambda one: one.is_there and one.medium != "electronic" and not one.page_from
        )
        return gaps + [
            self.env._("page numbers (from – to) of “%s”", document.name) for document in without
        ]

    def _gap_reasons(self):
        """Return why the dossier cannot go on with what is missing, as its class says."""
        rule = self.class_id.missing_rule
        if rule == "allow" or self._is_system():
            return []
        if rule == "word" and (self.missing_word or "").strip():
            return []
        gaps = self._gaps()
        if not gaps:
            return []
        if rule == "refuse":
            return [
                self.env._("dossiers of this type must be complete; missing: %s", ", ".join(gaps))
            ]
        return [self.env._("A must state why this is missing: %s", ", ".join(gaps))]

    def _guard_counted(self):
        if self._is_system() or not self.handover_id.open_count:
            return []
        return [
            self.env._(
                "%s documents have not been counted yet or have an unexplained difference: "
                "press “Count”",
                self.handover_id.open_count,
            )
        ]

    def _guard_check(self):
        """Return why B cannot pass the dossier to the archive."""
        self.ensure_one()
        if not self._is_system() and self.env.user != self.role_b_id:
            return [self.env._("only B, %s, can check it", self.role_b_id.name)]
        return self._guard_counted() + self._missing_signature("signature_b")

    def _guard_accept(self):
        """Return why the archive cannot accept the dossier."""
        self.ensure_one()
        if not self._is_system() and self.env.user in self.role_a_id | self.role_b_id:
            return [self.env._("A and B cannot accept their own dossier: ask another archivist")]
        return (
            self._guard_counted()
            + self._gap_reasons()
            + self._missing_signature("signature_archivist")
        )

    def _guard_send_back(self):
        """Return why the dossier cannot go back to A."""
        self.ensure_one()
        if not self._may_send_back():
            if self.state == "checking":
                return [self.env._("only B, %s, can send it back now", self.role_b_id.name)]
            return [self.env._("only an archivist can send it back now")]
        if not self.shortfall_count and not self._is_system():
            return [
                self.env._("nothing is missing: add to the missing items what A needs to provide")
            ]
        return []

    def _guard_take_back(self):
        """Return why A cannot have the dossier back."""
        self.ensure_one()
        if not self._is_system() and self.env.user != self.role_a_id:
            return [self.env._("only A, %s, can take it back", self.role_a_id.name)]
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

    def _handed_over(self, passing):
        """Take away signatures of the step: who takes over a role has not signed."""
        roles = {"signature_a": "role_a_id", "signature_b": "role_b_id"}
        roles["signature_archivist"] = "archivist_id"
        for name, state in SIGNATURES.items():
            signed = self.search(
                [
                    ("id", "in", self.ids),
                    ("state", "=", state),
                    (roles[name], "=", passing.receiver.id),
                    (f"{name}_on", "!=", False),
                ]
            )
            signed.write({name: False, f"{name}_on": False})

    def _check_hands_over(self):
        """Only A hands papers and deeds of a dossier over."""
        self.ensure_one()
        self.check_access("read")
        if self.env.user != self.role_a_id:
            raise AccessError(self.env._("Only A, %s, can hand it over.", self.role_a_id.name))

    def action_hand_over(self):
        """Open the dialog that hands over the papers, the deeds or both."""
        self._check_hands_over()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over")
            if self.state == "draft"
            else self.env._("Hand Over Deeds"),
            "res_model": "customer.archive.hand.over",
            "view_mode": "form",
            "target": "new",
            "context": {"default_archive_id": self.id},
        }

    def action_hand_over_deeds(self):
        """Open the dialog for deeds of a dossier whose papers are handed over already."""
        return self.action_hand_over()

    def action_take_back(self):
        """A takes the dossier back, as long as B has not passed it to the archive."""
        return self._transition("take_back")

    def action_accept(self):
        """The archivist accepts the dossier: it gets its number and stays as it is."""
        return self._transition("accept")

    def action_count(self):
        """Open the handover that is going on."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count Dossier"),
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
                self.document_ids.filtered(lambda one: one.is_there and one.medium != "electronic"),
                1,
            )
        ]

    def _unanswered(self):
        """Return the entries of the supplement list that A neither brought nor answered."""
        return (
            self.shortfall_ids.filtered(
                lambda entry: not entry.is_settled and not (entry.answer or "").strip()
            )
            - self._settled_now()
        )

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
        gaps = [row for row in self._checklist() if row[1] not in FULFILLED]
        # one paper is asked for once, whatever is wrong with it
        requirement_of = {document_id: entry for entry, _status, document_id in gaps if document_id}
        vals_list = []
        for line in self.handover_id.line_ids.filtered("is_different"):
            if line.document_id not in listed.document_id:
                kind = {"missing": "paper", "unsigned": "signature"}.get(line.result, "pages")
                vals_list.append(
                    {
                        "name": ": ".join(filter(None, (line.name, line.note))),
                        "kind": kind,
                        "document_id": line.document_id.id,
                        "requirement_id": requirement_of.get(line.document_id.id, False),
                    }
                )
        Requirement = self.env["customer.archive.requirement"]
        asked = {*listed.document_id.ids, *(vals["document_id"] for vals in vals_list)}
        known = {*listed.requirement_id.ids, *(vals["requirement_id"] for vals in vals_list)}
        for requirement_id, status, document_id in gaps:
            if requirement_id not in known and (not document_id or document_id not in asked):
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
        self._ask(archive.role_b_id, lambda env: env._("Check the dossier"), archive.due_b_on)

    def _after_check(self):
        # sudo: records of the step that was just made
        archive = self.sudo()
        archive.handover_id._finish("done")
        archive.handover_ids._begin(archive, "b_to_archive")
        # nobody named: every archivist of the company, and the first who accepts ends it for all; A and
        # B do not accept their own dossier
        people = archive.role_a_id | archive.role_b_id
        archivists = (archive.archivist_id - people) or (archive._archivists() - people)
        self._ask(archivists, lambda env: env._("Accept the dossier"), archive.due_b_on)

    def _after_send_back(self):
        # sudo: records of the step that was just made; who signed, signs again
        archive = self.sudo()
        archive.handover_id._finish("returned")
        archive.write(dict.fromkeys((*SIGNATURES, *STAMPS), False))
        self._ask(archive.role_a_id, lambda env: env._("Provide the missing items"), False)

    def _after_take_back(self):
        # sudo: records of the step that was just made; A and B sign again
        archive = self.sudo()
        archive.handover_id._finish("withdrawn")
        archive.write({**dict.fromkeys((*SIGNATURES, *STAMPS), False), "submitted_on": False})
        self._done_asking()
        archive.message_post(
            body=in_house(self).env._("%s took the dossier back.", self.role_a_id.name),
            partner_ids=archive.role_b_id.partner_id.ids,
        )

    def _after_accept(self):
        self.sudo().handover_id._finish("done")  # sudo: record of the step that was just made
        self._drop_expected()
        self._give_number()
        self._done_asking()

    def _archivists(self):
        """Return the active archivists who work in the company of the dossier."""
        group = self.env.ref("customer_governance.group_archivist")
        # sudo: who may be asked, for the system's own to-do
        users = group.sudo().all_user_ids.filtered(lambda user: user.active and not user.share)
        return users.filtered(lambda user: self.company_id in user.company_ids)

    def _ask(self, users, summary, deadline):
        """Give the next ones of the chain an activity instead of the one before.

        :param summary: ``summary(env)`` in the language of the reader
        """
        self._done_asking()
        for user in users:
            words = for_reader(self.sudo(), user)  # sudo: the system asks
            words.activity_schedule(
                "customer_governance.activity_type_archive",
                user_id=user.id,
                summary=summary(words.env),
                date_deadline=deadline or self.company_id._customer_today(),
            )

    def _done_asking(self):
        self.sudo().activity_unlink(  # sudo: the system's own activities
            ["customer_governance.activity_type_archive"]
        )

    def _take_number(self, today):
        """Take the next number of the dossier's class."""
        return self._next_number(
            "customer.archive",
            self.class_id.number_pattern,
            today,
            company=self.company_id,
            **{"class": self.class_id.code},
        )

    def _reserve_number(self):
        """Keep the number of a dossier that has none yet: its deeds are numbered like it at once.

        No number is lost by it: a dossier whose deeds were received is never deleted.
        """
        # sudo: follows from the receipt of a deed; the custodian does not write dossiers
        for archive in self.sudo():
            if not archive.name and not archive.number_reserved:
                number = archive._take_number(archive.company_id._customer_today())
                archive._thawed().write({"number_reserved": number})

    def _give_number(self):
        """Give the numbers of the dossier and of its documents; keep the checksums of the files."""
        self.ensure_one()
        today = self.company_id._customer_today()
        number = self.number_reserved or self._take_number(today)
        # sudo: facts that follow from the acceptance, whose right was checked
        archive = self.sudo()._thawed()
        archive.write(
            {
                "name": number,
                "number_reserved": False,
                "registered_on": today,
                "archivist_id": self.env.uid if not self._is_system() else self.archivist_id.id,
            }
        )
        archive.document_ids._give_numbers()
        archive.document_ids._keep_checksums()

    # --- the three who hand a dossier over sign, each for oneself and in one's own state
    @api.depends("state", "role_a_id", "role_b_id")
    @api.depends_context("uid")
    def _compute_can_sign(self):
        for archive in self:
            archive.can_sign_a = archive._may_sign("signature_a")
            archive.can_sign_b = archive._may_sign("signature_b")
            archive.can_sign_archivist = archive._may_sign("signature_archivist")

    def _may_sign(self, name):
        self.ensure_one()
        if self.state != SIGNATURES[name]:
            return False
        if name == "signature_archivist":
            return self._is_archivist() and self.env.user not in self.role_a_id | self.role_b_id
        return self.env.user == (self.role_a_id if name == "signature_a" else self.role_b_id)

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody is born with a signature of another."""
        if not self.env.su:
            closed = {*STAMPS, "submitted_on", "extra_days_a", "extra_days_b"}
            closed |= SIGNATURES.keys() - {"signature_a"}
            self, vals_list = without(self, vals_list, closed)
            vals_list = [
                {**vals, "signature_a": False}
                if vals.get("role_a_id", self.env.uid) != self.env.uid
                else vals
                for vals in vals_list
            ]
        now = fields.Datetime.now()
        return super().create(
            [
                {**vals, "signature_a_on": now} if vals.get("signature_a") else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Each signs for oneself, while it is one's turn; the time is stamped."""
        if not self.env.su:
            if vals.keys() & {*STAMPS, "submitted_on", "extra_days_a", "extra_days_b"}:
                raise AccessError(self.env._("Times and extensions are recorded automatically."))
            signed = vals.keys() & SIGNATURES.keys()
            for name in signed:
                if not all(archive._may_sign(name) for archive in self):
                    raise AccessError(
                        self.env._("You can only sign for yourself, at your own step.")
                    )
            if signed:
                now = fields.Datetime.now()
                vals = {**vals, **{f"{name}_on": vals[name] and now for name in signed}}
        return super().write(vals)

    def _missing_signature(self, name):
        if self.company_id.archive_signature_required and not self[name] and not self._is_system():
            return [self.env._("your signature is missing: draw it on the “Handover” page")]
        return []

    def _signers(self):
        """Return the three who sign the inventory: label, name, drawn signature, time."""
        self.ensure_one()
        return [
            {"label": label, "name": user.name or "", "signature": self[field], "on": on}
            for label, user, field, on in (
                (self.env._("A: responsible"), self.role_a_id, "signature_a", self.signature_a_on),
                (self.env._("B: checker"), self.role_b_id, "signature_b", self.signature_b_on),
                (
                    self.env._("Archivist"),
                    self.archivist_id,
                    "signature_archivist",
                    self.signature_archivist_on,
                ),
            )
        ]
