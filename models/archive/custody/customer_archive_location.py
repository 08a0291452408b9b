from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ....queries import archive_custody
from ...common.locks import wait_for_lock
from .barcode_picture import barcode_picture
from .labels import Label, sheets

KINDS = [
    ("room", "Room"),
    ("cabinet", "Cabinet"),
    ("shelf", "Shelf"),
    ("box", "Box"),
    ("safe", "Safe"),
]

# Who arranges places; safes are for the deed custodian (and the head, who configures).
PAPER_KEEPERS = ("customer_governance.group_archivist", "customer_governance.group_manager")

SAFE_KEEPERS = ("customer_governance.group_deed", "customer_governance.group_manager")


class LocationFull(ValidationError):
    """There is no place left."""


class CustomerArchiveLocation(models.Model):
    """A place of the archive: room, cabinet, shelf, box or safe, one inside the other."""

    _name = "customer.archive.location"
    _inherit = "customer.company.mixin"
    _description = "Archive Location"
    _parent_name = "parent_id"
    _parent_store = True
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "barcode"]
    _order = "complete_name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    complete_name = fields.Char(
        "Location", compute="_compute_complete_name", store=True, recursive=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, default="shelf")
    parent_id = fields.Many2one(
        "customer.archive.location",
        "Inside",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("customer.archive.location", "parent_id", "Contains")
    active = fields.Boolean(default=True)
    barcode = fields.Char(
        copy=False,
        help="Printed on the label of the location; unique within the company. Empty: not "
        "labelled.",
    )
    is_safe = fields.Boolean(
        compute="_compute_is_safe",
        store=True,
        recursive=True,
        help="A safe, or a location inside one: only the deed custodian can use it, with a "
        "witness.",
    )
    has_capacity = fields.Boolean("Limited")
    capacity = fields.Integer(
        help="Number of dossiers or deeds located here, including locations inside it."
    )
    fill_count = fields.Integer(
        "Occupied",
        compute="_compute_fill",
        help="Dossiers and deeds located here, including those on loan.",
    )
    fill_rate = fields.Float("Occupied (%)", compute="_compute_fill", digits=(16, 0))
    humidity_note = fields.Char("Humidity", help="Measured and permitted values.")
    fire_note = fields.Char("Fire Protection", help="Detector, extinguisher, next inspection.")
    note = fields.Text()
    archive_ids = fields.One2many("customer.archive", "location_id", "Dossiers")

    _barcode_uniq = models.UniqueIndex(
        "(company_id, barcode) WHERE barcode IS NOT NULL",
        "This barcode is already used for another location.",
    )
    _capacity_valid = models.Constraint(
        "CHECK(capacity >= 0)", "A capacity cannot be negative; clear “Limited” for no limit."
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for location in self:
            parts = (location.parent_id.complete_name, location.name)
            location.complete_name = " / ".join(filter(None, parts))

    @api.depends("kind", "parent_id.is_safe")
    def _compute_is_safe(self):
        for location in self:
            location.is_safe = location.kind == "safe" or location.parent_id.is_safe

    @api.depends("capacity", "has_capacity")
    def _compute_fill(self):
        taken = self._taken()
        for location in self:
            location.fill_count = taken.get(location._origin.id, 0)
            location.fill_rate = (
                100 * location.fill_count / location.capacity
                if location.has_capacity and location.capacity
                else 0
            )

    def _taken(self):
        """Return {location id: places taken}, in one query."""
        if not self._origin.ids:
            return {}
        self.env["customer.archive"].flush_model(["location_id", "state"])
        self.env["customer.archive.deed"].flush_model(["location_id", "state"])
        self.flush_model(["parent_path"])
        return dict(self.env.execute_query(archive_custody.location_fill(self._origin.ids)))

    @api.constrains("parent_id")
    def _check_tree(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A location cannot be inside itself."))

    @api.constrains("is_safe", "kind", "parent_id")
    def _check_content(self):
        """What is kept here must still be allowed here."""
        # sudo: whether anything is here, not what
        for location in self.sudo():
            inside = [("location_id", "child_of", location.id)]
            if location.is_safe:
                if self.env["customer.archive"].sudo().search_count(inside, limit=1):
                    raise ValidationError(
                        self.env._(
                            "“%s” contains dossiers: move them before making it a safe.",
                            location.complete_name,
                        )
                    )
            elif self.env["customer.archive.deed"].sudo().search_count(inside, limit=1):
                raise ValidationError(
                    self.env._(
                        "“%s” contains deeds: it must remain a safe until they are taken out.",
                        location.complete_name,
                    )
                )

    def _with_parents(self):
        """Return the places and all places they are inside of."""
        ids = {
            int(part)
            for location in self
            for part in (location.parent_path or "").split("/")
            if part
        }
        return self.browse(sorted(ids))

    def _check_room(self):
        """Refuse a place that holds more than it can, itself or one it is inside of.

        The limited places are locked first: two people cannot take the last place at once.

        :raises LocationFull: names the place and its capacity
        """
        # sudo: a shelf is full whoever may read the room
        limited = self.sudo()._with_parents().filtered("has_capacity")
        if not limited:
            return
        wait_for_lock(limited)
        taken = limited._taken()
        for location in limited:
            if taken.get(location.id, 0) > location.capacity:
                raise LocationFull(
                    self.env._(
                        "“%(place)s” is full: it has room for %(capacity)s. Choose another "
                        "location.",
                        place=location.complete_name,
                        capacity=location.capacity,
                    )
                )

    def _check_empty(self):
        """Refuse to archive places that something has its home in, in few queries.

        :raises UserError: names each place, also one inside, and what is still there
        """
        places = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        inside = [("location_id", "in", places.ids)]
        # sudo: how much is there, whoever arranges the place; names only of what the user reads
        Archive = self.env["customer.archive"].sudo().with_context(active_test=False)
        Deed = self.env["customer.archive.deed"].sudo().with_context(active_test=False)
        Move = self.env["customer.archive.deed.move"].sudo()
        kept = [*inside, ("state", "!=", "disposed")]
        held = [*inside, ("state", "in", archive_custody.HELD)]
        parts = (
            (Archive, kept, self.env._("dossiers")),
            (
                Archive,
                [*kept, ("is_lent", "=", True)],
                self.env._("of which on loan, with reserved location"),
            ),
            (Deed, held, self.env._("deeds")),
            (
                Deed,
                [*held, ("state", "=", "lent")],
                self.env._("of which on loan, with reserved location"),
            ),
            (Move, [*inside, ("state", "=", "waiting")], self.env._("deeds waiting at the safe")),
        )
        found = {}
        for model, domain, label in parts:
            for place, count in model._read_group(domain, ["location_id"], ["__count"]):
                found.setdefault(place.id, []).append(f"{count} {label}")
        for place in places - self:
            if place.active:
                found.setdefault(place.id, []).append(self.env._("still in use"))
        if found:
            names = {place.id: place.complete_name for place in places}
            raise UserError(
                self.env._(
                    "Only an empty location can be archived. First move this to another "
                    "location:\n%s",
                    "\n".join(
                        f"- {name}: {', '.join(found[place_id])}"
                        for place_id, name in names.items()
                        if place_id in found
                    ),
                )
            )

    # --- rights -------------------------------------------------------------------------------
    def _check_keeper(self):
        """Archivists arrange places for papers, deed custodians safes, the head both."""
        if self.env.su:
            return
        user = self.env.user
        for location in self:
            keepers = SAFE_KEEPERS if location.is_safe else PAPER_KEEPERS
            if not any(user.has_group(group) for group in keepers):
                raise AccessError(
                    self.env._("Safes are managed by the deed custodian.")
                    if location.is_safe
                    else self.env._("Locations for papers are managed by archivists.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Safes are made by who handles them; an empty barcode is none."""
        locations = super().create([self._clean(vals) for vals in vals_list])
        locations._check_keeper()
        return locations

    def write(self, vals):
        """Neither what is a safe nor what becomes one is changed by others."""
        self._check_keeper()
        if "active" in vals and not vals["active"]:
            self.filtered("active")._check_empty()
        result = super().write(self._clean(vals))
        self._check_keeper()
        if not vals.keys().isdisjoint({"capacity", "has_capacity", "parent_id"}):
            self._check_room()
        return result

    @api.model
    def _clean(self, vals):
        if "barcode" in vals:
            return {**vals, "barcode": (vals["barcode"] or "").strip() or False}
        return vals

    # --- screens ------------------------------------------------------------------------------
    def action_view_archives(self):
        """Open the dossiers that have their place here or in a place inside."""
        self.ensure_one()
        self.env["customer.archive"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.complete_name,
            "res_model": "customer.archive",
            "view_mode": "list,form",
            "domain": [("location_id", "child_of", self.id)],
        }

    def action_view_deeds(self):
        """Open the deeds that are kept here."""
        self.ensure_one()
        self.env["customer.archive.deed"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.complete_name,
            "res_model": "customer.archive.deed",
            "view_mode": "list,form",
            "domain": [("location_id", "child_of", self.id)],
        }

    # --- places get a barcode when their label is printed first
    def _labels(self):
        """Return the labels of the places."""
        return [
            Label(
                place.name,
                tuple(filter(None, (place.parent_id.complete_name, place.company_id.name))),
                place.barcode or "",
                place.barcode and barcode_picture(place.barcode),
            )
            for place in self
        ]

    def _label_sheets(self):
        return sheets(self._labels())

    def _give_barcodes(self):
        """Give a barcode to places that have none: P and a number."""
        # sudo: who may read a place prints its label; nothing but an empty barcode is filled
        for place in self.sudo().filtered(lambda place: not place.barcode):
            place.barcode = f"P{place.id:05}"

    def action_print_sheet(self):
        """Print labels of the places on sheets of A4."""
        return self._print_labels("customer_governance.report_archive_location_sheet")

    def action_print_label(self):
        """Print labels of the places one by one, for a label printer."""
        return self._print_labels("customer_governance.report_archive_location_label")

    def _print_labels(self, report):
        self.check_access("read")
        self._give_barcodes()
        return self.env.ref(report).report_action(self)
