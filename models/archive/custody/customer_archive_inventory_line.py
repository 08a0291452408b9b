from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ...common.customer_reach_mixin import told
from ...common.digest import for_reader, in_house
from ...common.guard import Only, SystemOnly

_lt = LazyTranslate(__name__)

RESULTS = [
    ("open", "To be counted"),
    ("found", "Found"),
    ("missing", "Not found"),
    ("damaged", "Damaged"),
    ("misplaced", "Misplaced"),
]

COUNTED = frozenset({"result", "found_location_id", "page_counted", "note"})


class CustomerArchiveInventoryLine(models.Model):
    """One dossier or deed of an inventory: drawn by the plan, counted by its keeper."""

    _name = "customer.archive.inventory.line"
    _inherit = ["customer.guard.mixin"]
    _description = "Inventory Item"
    _order = "inventory_id, kind, location_name, code, id"
    _check_company_auto = True
    _guards = (
        SystemOnly(_lt("Items to be counted are determined by the inventory plan.")),
        Only(COUNTED, _lt("Items to be counted are determined by the inventory plan.")),
    )

    inventory_id = fields.Many2one(
        "customer.archive.inventory", required=True, index=True, ondelete="cascade"
    )
    inventory_state = fields.Selection(related="inventory_id.state", string="Status")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    kind = fields.Selection(
        [("archive", "Dossier"), ("deed", "Deed")], required=True, readonly=True
    )
    archive_id = fields.Many2one(
        "customer.archive", "Dossier", readonly=True, index=True, ondelete="cascade"
    )
    deed_id = fields.Many2one(
        "customer.archive.deed",
        "Deed",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="customer_governance.group_deed,customer_governance.group_auditor",
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index=True)
    location_id = fields.Many2one(
        "customer.archive.location", "Location", readonly=True, ondelete="restrict", index=True
    )
    location_name = fields.Char(
        related="location_id.complete_name", string="Location Name", store=True
    )
    name = fields.Char("Item", readonly=True, required=True)
    code = fields.Char(
        "Number", compute="_compute_code", store=True, index=True, help="Code read by the scanner."
    )
    points = fields.Integer("Risk", readonly=True, help="Reason for inclusion in the sample.")
    reasons = fields.Json(readonly=True)
    why = fields.Char("Sampling Reason", compute="_compute_why")
    was_lent = fields.Boolean(
        "Lent",
        readonly=True,
        help="It was on loan when the sample was drawn: the loan slip represents it.",
    )
    page_expected = fields.Integer("Pages / Pieces", readonly=True)
    page_counted = fields.Integer("Counted", help="Only if pages are also counted.")
    result = fields.Selection(RESULTS, required=True, default="open", index=True)
    found_location_id = fields.Many2one(
        "customer.archive.location", "Found In", check_company=True, ondelete="restrict", index=True
    )
    counted_by_id = fields.Many2one("res.users", readonly=True)
    counted_on = fields.Datetime(readonly=True)
    note = fields.Char("Note")

    _item_uniq = models.UniqueIndex(
        "(inventory_id, archive_id, COALESCE(deed_id, 0))", "An item can be counted only once."
    )

    @api.depends("archive_id.name", "deed_id.number")
    def _compute_code(self):
        for line in self.sudo():  # sudo: the number is on the item the counter holds
            line.code = line.deed_id.number if line.kind == "deed" else line.archive_id.name

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_why(self):
        for line in self:
            texts = [line._reason_text(reason) for reason in line.reasons or []]
            line.why = ", ".join(filter(None, texts)) or (
                self.env._("all deeds are counted") if line.kind == "deed" else ""
            )

    def _reason_text(self, reason):
        """Put a reason of the draw into the words of the reader."""
        code = reason.get("code")
        if code == "lent":
            return self.env._("lent %s times", reason["times"])
        if code == "not_counted_since":
            return self.env._("not counted since %s", reason["date"])
        return {
            "bad_last_time": self.env._("discrepancy last time"),
            "late_loan": self.env._("returned late"),
            "never_counted": self.env._("never counted"),
            "risky_class": self.env._("documents that are hard to replace"),
            "always": self.env._("always included"),
            "chance": self.env._("random selection"),
        }.get(code, "")

    def write(self, vals):
        """Only the count is entered, by who keeps the item, while the inventory is open."""
        if not self.env.su:
            self.inventory_id._check_counter()
            for kind, group in (("archive", "group_archivist"), ("deed", "group_deed")):
                if self.filtered(lambda line, kind=kind: line.kind == kind) and not (
                    self.env.user.has_group(f"customer_governance.{group}")
                ):
                    raise AccessError(
                        self.env._("Archivists count dossiers; deed custodians count deeds.")
                    )
            self._check_still_kept()
        result = super().write(vals)
        if "result" in vals:
            # sudo: who counted is recorded, not entered
            self.sudo().filtered(lambda line: line.result != "open")._stamp(self.env.uid)
        return result

    def _check_still_kept(self):
        """Refuse to book what left the archive for good since the plan was drawn.

        :raises UserError: names the item and where it went
        """
        for line in self.sudo():  # sudo: the state of what the counter holds
            gone = line.deed_id.state == "returned" if line.deed_id else False
            if gone or (not line.deed_id and line.archive_id.state == "disposed"):
                record = line.deed_id or line.archive_id
                state = dict(record._fields["state"]._description_selection(self.env))[record.state]
                raise UserError(
                    self.env._(
                        "“%(item)s” has the status “%(state)s”: it no longer needs to be counted.",
                        item=line.name,
                        state=state,
                    )
                )

    @api.model
    def _take_off(self, domain, why):
        """Take items that left the archive off the inventories that are being counted.

        What was counted stays; a note on the inventory says what left and why.
        """
        # sudo: follows from a disposal or a return whose right was checked
        lines = self.sudo().search(
            [*domain, ("result", "=", "open"), ("inventory_id.state", "=", "counting")]
        )
        for inventory, own in lines.grouped("inventory_id").items():
            inventory.message_post(
                body=in_house(self).env._(
                    "Removed from the count, %(why)s: %(items)s",
                    why=why,
                    items=", ".join(own.mapped("name")),
                )
            )
        lines.unlink()

    def _stamp(self, uid):
        self.write({"counted_by_id": uid, "counted_on": fields.Datetime.now()})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_inventory(self):
        if not self.env.su and any(line.inventory_id.state != "draft" for line in self):
            raise UserError(self.env._("The items follow the sample and cannot be changed."))

    # --- count --------------------------------------------------------------------------------

    def _found_at(self, place):
        """Book that the items were seen in a place (none: not said where)."""
        for line in self:
            right = not place or place == line.location_id
            line.write(
                {
                    "result": "found" if right else "misplaced",
                    "found_location_id": (place or line.location_id).id,
                }
            )

    def action_found(self):
        """It is in its place, or rightly lent, and whole."""
        for line in self:
            line._found_at(line.location_id)
        return True

    def action_missing(self):
        """It is neither in its place nor rightly lent."""
        self.write({"result": "missing", "found_location_id": False})
        return True

    def action_damaged(self):
        """It is there, but damaged or not complete."""
        self.write({"result": "damaged"})
        return True

    def _take_effect(self):
        """Bring the records up to date and ask somebody to follow up what is not in order."""
        for line in self:
            if line.result == "missing":
                line._miss()
            if line.result in ("missing", "damaged", "misplaced"):
                line._follow_up()
        archives = self.filtered(lambda line: line.kind == "archive").archive_id
        for day, lines in (
            self.filtered(lambda line: line.kind == "archive")
            .grouped(lambda line: line.inventory_id.date)
            .items()
        ):
            (archives & lines.archive_id)._thawed().write({"last_reviewed_on": day})

    def _miss(self):
        """A missing dossier has no papers in place, a missing deed secures nothing."""
        if self.kind == "deed":
            if self.deed_id.state in ("in_safe", "lent"):
                self.deed_id._transition("miss")
        else:
            self.archive_id.document_ids._set_paper_state("missing", ("in_place",))

    def _follow_up(self):
        record = self.deed_id if self.kind == "deed" else self.archive_id
        groups = (self.counted_by_id, self.inventory_id.user_id)
        user = told(groups, self.inventory_id.company_id)[:1] or self.env.user
        record = for_reader(record, user)
        _ = record.env._
        summaries = {
            "missing": _("Search: not found at the inventory"),
            "damaged": _("Repair or complete"),
            "misplaced": _("Put back into its place"),
        }
        # quick: an inventory has many of these, each by mail would be none
        record.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summaries[self.result],
            # its name stands in the note: the summary is read outside
            note=": ".join(filter(None, (self.name, self.note))),
            user_id=user.id,
        )
