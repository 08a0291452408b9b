from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ....engine.transitions import Transition, TransitionTable
from ....queries import archive_retention
from ...common.arguments import as_text
from ...common.digest import in_house
from ...common.facts import without
from ...common.locks import wait_for_lock
from ...complaint.customer_complaint import OPEN_STATES
from ..dossier.customer_archive import CustomerArchive as Dossier

DOCUMENT = "customer.archive.document"

# Who of the staff keeps the dates and the holds.
KEEPERS = "customer_governance.group_archivist,customer_governance.group_manager"


class CustomerArchive(models.Model):
    """The end of a dossier: what may stop it and what stays."""

    _inherit = "customer.archive"

    _transitions = TransitionTable(
        Dossier._transitions.initial,
        (
            *Dossier._transitions.transitions,
            Transition("dispose", ("registered",), "disposed"),
        ),
    )

    disposal_line_ids = fields.One2many(
        "customer.archive.disposal.line", "archive_id", "Disposals", copy=False
    )
    disposed_on = fields.Datetime("Disposed Of On", readonly=True, copy=False)

    # --- how long a dossier is kept
    retention_event = fields.Selection(related="class_id.retention_event", string="Retention Event")
    retention_event_date = fields.Date(
        "Event Date",
        copy=False,
        tracking=True,
        help="Day on which the contract ended or the case was closed; the retention period is "
        "counted from it. If empty, the end of the project is used for contracts.",
    )
    retention_until = fields.Date("Retain Until", compute="_compute_retention")
    retention_due = fields.Boolean("Due for Disposal", compute="_compute_retention")
    retention_text = fields.Char("Retention", compute="_compute_retention")

    def _disposal_blockers(self):
        """Return why dossiers cannot be disposed of now: ``{id: [reason]}``, in few queries.

        Hold, retention, open complaints of the customer and what the customer owes. Other parts of
        the archive extend it with what they know (open loans, deeds that are still in the safe).
        """
        blockers = {archive.id: [] for archive in self}
        rows = self._retention_rows()
        complaints = self._partners_with_complaints()
        exposed = self._partners_exposed()
        for archive in self:
            reasons = blockers[archive.id]
            row = rows.get(archive.id)
            customer = (archive.company_id.id, archive.partner_id.id)
            if archive.hold:
                reasons.append(self.env._("on legal hold: %s", archive.hold_reason or ""))
            if archive.state != "registered":
                reasons.append(self.env._("it has not been filed"))
            if not row or not row.is_due:
                reasons.append(archive._retention_words(row) if row else self.env._("no rule"))
            if customer in complaints:
                reasons.append(self.env._("the customer has an open complaint"))
            if customer in exposed and not archive.class_id.dispose_with_exposure:
                reasons.append(self.env._("the customer owes money or has open orders"))
        return blockers

    def _partners_with_complaints(self):
        """Return {(company id, partner id)} of customers with open complaints, in one query."""
        # sudo: only whether there is one
        groups = (
            self.env["customer.complaint"]
            .sudo()
            ._read_group(
                [
                    ("state", "in", OPEN_STATES),
                    ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ],
                ["company_id", "partner_id"],
            )
        )
        return {(company.id, partner.commercial_partner_id.id) for company, partner in groups}

    def _partners_exposed(self):
        """Return {(company id, partner id)} of customers that owe something, one query a company."""
        result = set()
        for company, archives in self.grouped("company_id").items():
            rows = archives.partner_id._credit_exposures(company)
            result |= {
                (company.id, row.partner_id)
                for row in rows.values()
                if not company.currency_id.is_zero(float(row.used)) and row.used > 0
            }
        return result

    def _disposal_copies(self):
        """Return what a list says about dossiers: ``{id: values of the line}``."""
        rows = self._retention_rows()
        counts = {
            archive.id: rest
            for archive, *rest in self.env[DOCUMENT]
            .with_context(active_test=False)
            ._read_group(
                [("archive_id", "in", self.ids)],
                ["archive_id"],
                ["__count", "page_count:sum", "file_count:sum"],
            )
        }
        result = {}
        for archive in self:
            row = rows[archive.id]
            documents, pages, files = counts.get(archive.id, (0, 0, 0))
            result[archive.id] = {
                "number": archive.name,
                "title": archive.title,
                "class_name": archive.class_id.name,
                "document_count": documents,
                "page_count": pages,
                "file_count": files,
                "rule": archive.class_id._retention_rule_text(),
                "event_date": row.event_date,
                "date_until": row.date_until,
            }
        return result

    def _destroy(self, disposal):
        """Remove the files of the dossiers and leave a stub of each.

        The rows of the attachments go now, the files leave the disk after the commit.
        """
        # sudo: follows from the execution of an approved list, whose right was checked
        archives = self.sudo()._thawed().with_context(active_test=False)
        documents = archives.document_ids
        archives._stored_files().unlink()
        documents.write({"paper_state": "destroyed", "note": False})
        archives.activity_ids.unlink()
        archives._transition("dispose")
        archives.write({"disposed_on": disposal.executed_on})
        for archive in archives:
            archive.message_post(
                body=in_house(self).env._(
                    "Disposed of by list %(list)s: %(method)s",
                    list=disposal.name,
                    method=dict(
                        disposal._fields["method"]._description_selection(in_house(self).env)
                    )[disposal.method],
                )
            )

    def unlink(self):
        """Files go with the dossier: the database deletes its documents without asking them."""
        # sudo: files of dossiers that the user may delete
        files = self.sudo()._stored_files()
        result = super().unlink()
        files.exists().unlink()
        return result

    def _stored_files(self):
        """Return all attachments of the dossiers and of what belongs to them, of the chatter too."""
        self.env.flush_all()
        everything = ["|", ("res_field", "=", False), ("res_field", "!=", False)]
        Attachment = files = self.env["ir.attachment"]
        with_files = self.env.registry.descendants(["customer.archive.files.mixin"], "_inherit")
        owners = {self._name: self}
        for name in with_files:
            model = self.env[name].with_context(active_test=False)
            if not model._abstract and "archive_id" in model._fields:
                owners[name] = model.search([("archive_id", "in", self.ids)])
        for name, records in owners.items():
            files |= Attachment.search(
                [*everything, ("res_model", "=", name), ("res_id", "in", records.ids)]
            )
        return files

    def _erasure_reasons(self):
        """Return why dossiers are not erased when a person asks for it: ``{id: reason}``.

        On hold, in retention, over and waiting for a disposal list, or a stub already. Drafts that
        nobody received have no reason.
        """
        rows = self._retention_rows()
        reasons = {}
        for archive in self:
            if archive.hold:
                reasons[archive.id] = self.env._("on legal hold: %s", archive.hold_reason or "")
            elif archive.state == "disposed":
                reasons[archive.id] = self.env._(
                    "already disposed of; only number and title remain"
                )
            elif archive.state != "draft" and archive.id in rows:
                row = rows[archive.id]
                words = archive._retention_words(row)
                reasons[archive.id] = (
                    self.env._("%s; will be added to the next disposal list", words)
                    if row.is_due
                    else words
                )
        return reasons

    # --- how long a dossier is kept
    @api.depends(
        "class_id.retention_event",
        "class_id.retention_years",
        "class_id.retention_rounding",
        "class_id.retention_forever",
        "retention_event_date",
        "date_end",
        "partner_id",
        "hold",
    )
    @api.depends_context("lang")
    def _compute_retention(self):
        rows = self._retention_rows()
        for archive in self:
            row = rows.get(archive._origin.id)
            archive.retention_until = row and row.date_until
            archive.retention_due = bool(row and row.is_due)
            archive.retention_text = row and archive._retention_words(row)

    def _retention_rows(self):
        """Return ``{id: queries.archive_retention.Row}``, in one query."""
        ids = self._origin.ids
        if not ids:
            return {}
        self.env.flush_all()
        # sudo: the rule of the class and the day of the last transaction, not what was bought
        companies = self.sudo().company_id
        statement = archive_retention.retention(
            companies._archive_clocks(), archive_retention.some(ids)
        )
        rows = map(archive_retention.Row._make, self.env.execute_query(statement))
        return {row.id: row for row in rows}

    def _retention_words(self, row):
        """Put a row of the retention list into words."""
        self.ensure_one()
        if row.reason == "kept_forever":
            return self.env._("retained permanently")
        if row.reason == "no_retention_rule":
            return self.env._("dossier type %s has no retention rule", self.class_id.name)
        if row.reason == "no_event_date":
            labels = dict(self._fields["retention_event"]._description_selection(self.env))
            return self.env._("no date yet: %s", labels.get(row.event, row.event))
        return self.env._(
            "retained until %(until)s (%(rule)s; event date %(event)s)",
            until=fields.Date.to_string(row.date_until),
            rule=self.class_id._retention_rule_text(),
            event=fields.Date.to_string(row.event_date),
        )

    def _is_keeper(self):
        """Whether the user keeps dates and holds of dossiers."""
        return self.env.su or self.env.user.has_groups(KEEPERS)

    def write(self, vals):
        """The day of the event is learnt later: archivists note it on a registered dossier too."""
        if "retention_event_date" not in vals or self._is_thawed():
            return super().write(vals)
        registered = self.filtered(lambda archive: archive.state not in ("draft", "checking"))
        archivist = "customer_governance.group_archivist"
        if not self._is_keeper() or (
            registered and not self.env.su and not self.env.user.has_group(archivist)
        ):
            raise AccessError(
                self.env._("The start date of the retention period is entered by archivists.")
            )
        self.check_access("write")
        rest = {name: value for name, value in vals.items() if name != "retention_event_date"}
        result = super().write(rest) if rest else True
        date = {"retention_event_date": vals["retention_event_date"]}
        super(CustomerArchive, self._thawed()).write(date)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """The day of the event is noted by archivists."""
        if not self._is_keeper():
            self, vals_list = without(self, vals_list, ("retention_event_date",))
        return super().create(vals_list)

    # --- legal hold: while it stands nothing of the dossier is thrown away or erased
    def _check_hold_right(self):
        self.check_access("write")
        if not self._is_keeper():
            raise AccessError(
                self.env._("Only archivists and the head can set and lift a legal hold.")
            )

    def action_hold(self, reason):
        """Put the dossiers on legal hold.

        :param reason: which proceedings ask for it; it is logged
        :raises UserError: without a reason
        """
        return self._set_hold(True, reason)

    def action_lift_hold(self, reason):
        """Lift the legal hold.

        :param reason: why the papers are no longer needed; it is logged
        :raises UserError: without a reason
        """
        return self._set_hold(False, reason)

    def _set_hold(self, hold, reason):
        self._check_hold_right()
        reason = as_text(self.env, reason, "reason")
        if not reason:
            raise UserError(self.env._("A reason is required to set or lift a legal hold."))
        changed = self.filtered(lambda archive: archive.hold != hold or hold)
        # the disposal locks the same rows: one of the two waits and sees what the other one did
        wait_for_lock(changed)
        # sudo: a fact of the button, whose right was checked
        changed.sudo()._thawed().write({"hold": hold, "hold_reason": hold and reason})
        for archive in changed:
            house = in_house(archive)
            body = house.env._("Legal hold: %s") if hold else house.env._("Legal hold lifted: %s")
            archive.message_post(body=body % reason)
        return True

    def action_open_hold(self):
        """Ask for the reason and set or lift the hold."""
        self._check_hold_right()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Legal Hold"),
            "res_model": "customer.archive.hold",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_archive_ids": self.ids,
                "default_action": "lift" if all(self.mapped("hold")) else "hold",
            },
        }

    def _check_not_held(self):
        """Refuse to throw away what is on hold.

        :raises UserError: names the dossier and the hold
        """
        # sudo: only whether there is a hold
        for archive in self.sudo():
            if archive.hold:
                raise UserError(
                    self.env._(
                        "Dossier %(dossier)s is on legal hold (%(reason)s): none of its "
                        "contents can be deleted until the hold is lifted.",
                        dossier=archive.display_name,
                        reason=archive.hold_reason,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._check_not_held()
