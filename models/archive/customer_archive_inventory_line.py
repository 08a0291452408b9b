from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

RESULTS = [
    ("open", "To count"),
    ("found", "Found"),
    ("missing", "Not found"),
    ("damaged", "Damaged"),
    ("misplaced", "In another place"),
]
COUNTED = frozenset({"result", "found_location_id", "page_counted", "note"})


class CustomerArchiveInventoryLine(models.Model):
    """One dossier or deed of an inventory: drawn by the plan, counted by its keeper."""

    _name = "customer.archive.inventory.line"
    _description = "Item of an Inventory"
    _order = "inventory_id, kind, location_name, code, id"
    _check_company_auto = True

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
        "customer.archive.location", "Place", readonly=True, ondelete="restrict", index=True
    )
    location_name = fields.Char(
        related="location_id.complete_name", string="Place Name", store=True
    )
    name = fields.Char("Item", readonly=True, required=True)
    code = fields.Char(
        "Number", compute="_compute_code", store=True, index=True, help="What the scanner reads."
    )
    points = fields.Integer("Risk", readonly=True, help="Why it was drawn: see the reasons.")
    reasons = fields.Json(readonly=True)
    why = fields.Char("Drawn Because", compute="_compute_why")
    was_lent = fields.Boolean(
        "Lent", readonly=True, help="It was out when the plan was drawn: the slip stands for it."
    )
    page_expected = fields.Integer("Pages / Pieces", readonly=True)
    page_counted = fields.Integer("Counted", help="Only where pages are counted too.")
    result = fields.Selection(RESULTS, required=True, default="open", index=True)
    found_location_id = fields.Many2one(
        "customer.archive.location", "Found In", check_company=True, ondelete="restrict", index=True
    )
    counted_by_id = fields.Many2one("res.users", readonly=True)
    counted_on = fields.Datetime(readonly=True)
    note = fields.Char("Word")

    _item_uniq = models.UniqueIndex(
        "(inventory_id, archive_id, COALESCE(deed_id, 0))", "An item is counted once."
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
            "bad_last_time": self.env._("not in order last time"),
            "late_loan": self.env._("came back late"),
            "never_counted": self.env._("never counted"),
            "risky_class": self.env._("papers hard to replace"),
            "always": self.env._("taken in any case"),
            "chance": self.env._("drawn by lot"),
        }.get(code, "")

    @api.model_create_multi
    def create(self, vals_list):
        """Items come from the plan only."""
        if not self.env.su:
            raise AccessError(self.env._("What is counted is drawn by the plan of the inventory."))
        return super().create(vals_list)

    def write(self, vals):
        """Only the count is entered, by who keeps the item, while the inventory is open."""
        if not self.env.su:
            if set(vals) - COUNTED:
                raise AccessError(
                    self.env._("What is counted is drawn by the plan of the inventory.")
                )
            self.inventory_id._check_counter()
            for kind, group in (("archive", "group_archivist"), ("deed", "group_deed")):
                if self.filtered(lambda line, kind=kind: line.kind == kind) and not (
                    self.env.user.has_group(f"customer_governance.{group}")
                ):
                    raise AccessError(
                        self.env._("Archivists count dossiers, deed custodians deeds.")
                    )
        result = super().write(vals)
        if "result" in vals:
            # sudo: who counted is recorded, not entered
            self.sudo().filtered(lambda line: line.result != "open")._stamp(self.env.uid)
        return result

    def _stamp(self, uid):
        self.write({"counted_by_id": uid, "counted_on": fields.Datetime.now()})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_inventory(self):
        if not self.env.su and any(line.inventory_id.state != "draft" for line in self):
            raise UserError(self.env._("The items stay as the plan drew them."))

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
        summaries = {
            "missing": self.env._("Search: %s was not found at the inventory", self.name),
            "damaged": self.env._("Repair or complete: %s", self.name),
            "misplaced": self.env._("Put back: %s", self.name),
        }
        record = self.deed_id if self.kind == "deed" else self.archive_id
        user = self.counted_by_id or self.inventory_id.user_id or self.env.user
        record.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summaries[self.result],
            note=self.note or "",
            user_id=user.id,
        )
