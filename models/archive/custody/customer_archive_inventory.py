import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ....engine import archive_sampling
from ....engine.transitions import Transition, TransitionTable
from ....queries import archive_custody
from ...common.customer_reach_mixin import told
from ...common.digest import for_reader, in_house
from ...common.guard import Facts, Kept
from ...common.jobs import Step
from .barcode_picture import barcode_picture

_lt = LazyTranslate(__name__)

ARCHIVIST = ("group_archivist",)


# What the draw records.
DRAWN = frozenset({"seed", "population"})


class CustomerArchiveInventory(models.Model):
    """The half-yearly look into the archive: all deeds, a risk-based sample of the dossiers."""

    _name = "customer.archive.inventory"
    _inherit = [
        "customer.confidential.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.transition.mixin",
        "customer.job.mixin",
    ]
    _description = "Archive Inventory"
    _job_domain = "archive"
    _order = "date DESC, id DESC"
    _guards = (
        Kept(
            frozenset({"date", "location_id", "share", "minimum", "company_id", *DRAWN}),
            _lt(
                "The sample has been drawn and cannot be changed; cancel the inventory "
                "and plan a new one."
            ),
        ),
        Facts(DRAWN, _lt("The sample is drawn by the system.")),
    )

    _transitions = TransitionTable(
        "draft",
        (
            Transition("plan", ("draft",), "counting", "", ARCHIVIST),
            Transition("close", ("counting",), "done", "_guard_close", ARCHIVIST),
            Transition("cancel", ("draft", "counting"), "cancelled", "", ARCHIVIST),
        ),
    )

    name = fields.Char(required=True, default=lambda self: self._default_name())
    date = fields.Date(
        required=True,
        index=True,
        default=lambda self: self.env.company._customer_today(),
        help="Reference date of the inventory.",
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    location_id = fields.Many2one(
        "customer.archive.location",
        "Only In",
        check_company=True,
        help="Only this part of the archive is counted; leave empty for the entire archive.",
    )
    share = fields.Float(
        "Sample (%)",
        digits=(16, 2),
        default=lambda self: self.env.company.archive_inventory_share,
        help="Percentage of dossiers; all deeds are counted.",
    )
    minimum = fields.Integer(
        "At Least", default=lambda self: self.env.company.archive_inventory_minimum
    )
    state = fields.Selection(
        [
            ("draft", "Planned"),
            ("counting", "Counting"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    seed = fields.Char(
        readonly=True,
        copy=False,
        help="Allows the sample to be reproduced: same seed, same sample.",
    )
    population = fields.Integer(
        "Total Dossiers",
        readonly=True,
        copy=False,
        help="Number of dossiers from which the sample was drawn.",
    )
    line_ids = fields.One2many("customer.archive.inventory.line", "inventory_id", "Items")
    line_count = fields.Integer("Number of Items", compute="_compute_figures")
    open_count = fields.Integer("Still to Count", compute="_compute_figures")
    found_count = fields.Integer("Found", compute="_compute_figures")
    missing_count = fields.Integer("Not Found", compute="_compute_figures")
    damaged_count = fields.Integer("Damaged", compute="_compute_figures")
    misplaced_count = fields.Integer("Misplaced", compute="_compute_figures")
    accuracy = fields.Float(
        "Accuracy (%)",
        compute="_compute_figures",
        digits=(16, 2),
        help="Percentage of counted items that are in place, or properly on loan, and intact.",
    )
    has_accuracy = fields.Boolean(compute="_compute_figures")
    note = fields.Text("Result in Words")

    _open_uniq = models.UniqueIndex(
        "(company_id, COALESCE(location_id, 0)) WHERE state = 'counting'",
        "This part of the archive is already being counted.",
    )

    @api.model
    def _default_name(self):
        company = self.env.company
        today = company._customer_today()
        name = self.env._(
            "Inventory %(year)s-H%(half)s", year=today.year, half=1 + (today.month > 6)
        )
        # sudo: two with the same name are mixed up, whoever made the first
        own = self.sudo()
        taken = set(own.search([("company_id", "=", company.id)]).mapped("name"))
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name} ({number})"
        return free

    def _check_alone(self):
        """Refuse a second open inventory of the same part of the archive, with a way to the first.

        :raises RedirectWarning: opens the one that is open already
        """
        for inventory in self:
            other = self.search(
                [
                    ("id", "!=", inventory.id),
                    ("company_id", "=", inventory.company_id.id),
                    ("location_id", "=", inventory.location_id.id),
                    ("state", "in", ("draft", "counting")),
                ],
                limit=1,
            )
            if other:
                raise RedirectWarning(
                    self.env._(
                        "“%(name)s” of %(day)s is already open for the same part of the "
                        "archive: continue it, or cancel it before starting another one.",
                        name=other.name,
                        day=fields.Date.to_string(other.date),
                    ),
                    other._open_action(),
                    self.env._("Continue Inventory"),
                )

    def _open_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    @api.depends("line_ids.result")
    def _compute_figures(self):
        counts = {}
        # sudo: figures of the whole inventory, also of the deeds in it; the lines stay closed
        lines = self.env["customer.archive.inventory.line"].sudo()
        for inventory, result, count in lines._read_group(
            [("inventory_id", "in", self._origin.ids)], ["inventory_id", "result"], ["__count"]
        ):
            counts.setdefault(inventory.id, {})[result] = count
        for inventory in self:
            found = counts.get(inventory._origin.id, {})
            inventory.line_count = sum(found.values())
            for result in ("open", "found", "missing", "damaged", "misplaced"):
                inventory[f"{result}_count"] = found.get(result, 0)
            counted = inventory.line_count - inventory.open_count
            accuracy = archive_sampling.accuracy(inventory.found_count, counted)
            inventory.has_accuracy = accuracy is not None
            inventory.accuracy = accuracy or 0

    @api.model_create_multi
    def create(self, vals_list):
        """One plan at a time for a place."""
        inventories = super().create(vals_list)
        inventories._check_alone()
        return inventories

    def write(self, vals):
        """The same where it moves."""
        result = super().write(vals)
        if {"location_id", "company_id"} & vals.keys():
            self._check_alone()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drawn(self):
        if any(inventory.state not in ("draft", "cancelled") for inventory in self):
            raise UserError(self.env._("An inventory that has been started cannot be deleted."))

    # --- plan ---------------------------------------------------------------------------------
    def action_plan(self):
        """Draw the sample and open the count."""
        for inventory in self:
            inventory._check_alone()
            inventory._transition("plan")
            inventory._draw()
        return True

    def _draw(self):
        """Make the lines: every deed, of the dossiers those the engine chooses; four statements."""
        self.ensure_one()
        self.env.flush_all()
        company, path = self.company_id.id, self.location_id.parent_path or ""
        facts = self.env.execute_query(archive_custody.sampling_facts(company, path, self.date))
        seed = self.seed or f"{company}-{self.id}-{self.date.isoformat()}"
        chosen = archive_sampling.draw(
            [archive_sampling.Item(*row) for row in facts],
            archive_sampling.Policy(share=self.share, minimum=self.minimum),
            seed,
            self.date,
        )
        if chosen:
            rows = [
                (one.key, one.points, json.dumps([reason.as_dict() for reason in one.reasons]))
                for one in chosen
            ]
            self.env.cr.execute(
                archive_custody.insert_dossier_lines(self.id, company, rows, self.env.uid)
            )
        self.env.cr.execute(archive_custody.insert_deed_lines(self.id, company, path, self.env.uid))
        self.env.invalidate_all(flush=False)
        # sudo: recorded by the draw
        self.sudo().write({"seed": seed, "population": len(facts)})

    # --- count --------------------------------------------------------------------------------
    def _check_counter(self):
        """Who may count: archivists dossiers, custodians deeds; only while it is open."""
        self.check_access("read")
        user = self.env.user
        groups = ("customer_governance.group_archivist", "customer_governance.group_deed")
        if not self.env.su and not any(user.has_group(group) for group in groups):
            raise AccessError(self.env._("Archivists count dossiers; deed custodians count deeds."))
        if any(inventory.state != "counting" for inventory in self):
            raise UserError(self.env._("This inventory is not open for counting."))

    def action_scan(self):
        """Open the dialog for the scanner."""
        self.ensure_one()
        self._check_counter()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scan"),
            "res_model": "customer.archive.inventory.scan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_inventory_id": self.id},
        }

    def _book_scans(self, codes):
        """Book what the scanner read, in its order: a place, then what stands there.

        :param codes: barcodes of places and numbers of dossiers or deeds
        :return: codes that belong to nothing of this inventory
        """
        self.ensure_one()
        self._check_counter()
        codes = [code.strip() for code in codes if code.strip()]
        places = self.env["customer.archive.location"].search(
            [("barcode", "in", codes), ("company_id", "=", self.company_id.id)]
        )
        by_barcode = {place.barcode: place for place in places}
        lines = self.env["customer.archive.inventory.line"].search(
            [("inventory_id", "=", self.id), ("code", "in", codes)]
        )
        by_code = lines.grouped("code")
        here, unknown = self.env["customer.archive.location"], []
        for code in codes:
            if code in by_barcode:
                here = by_barcode[code]
            elif code in by_code:
                by_code[code]._found_at(here)
            else:
                unknown.append(code)
        return unknown

    def _guard_close(self):
        if self.open_count:
            return [self.env._("%s items have not been counted yet", self.open_count)]
        return []

    def action_close(self):
        """Close the count: what was not found is missing, everything else is followed up."""
        self._transition("close")
        for inventory in self:
            # sudo: the results of deeds take effect too; the custodian has entered them
            inventory.sudo().line_ids._take_effect()
            inventory.message_post(
                body=in_house(self).env._(
                    "Accuracy %(accuracy).2f %%: %(found)s of %(all)s found, %(missing)s "
                    "missing, %(damaged)s damaged, %(misplaced)s misplaced.",
                    accuracy=inventory.accuracy,
                    found=inventory.found_count,
                    all=inventory.line_count,
                    missing=inventory.missing_count,
                    damaged=inventory.damaged_count,
                    misplaced=inventory.misplaced_count,
                )
            )
        return True

    def action_cancel(self):
        """Give the inventory up."""
        return self._transition("cancel")

    def action_view_lines(self):
        """Open the items of the inventory."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_archive_inventory_line_action"
        )
        action["domain"] = [("inventory_id", "=", self.id)]
        return action

    # --- job ----------------------------------------------------------------------------------
    @api.model
    def _cron_plan(self):
        """Propose the next inventory of each company whose last one is too old; once each time."""
        return self._run_steps(
            Step(f"plan:{company.id}", lambda _after, c=company: (self._plan_company(c), None))
            for company in self._job_companies()
        )

    @api.model
    def _plan_company(self, company):
        """Propose the next inventory of a company where it is time; return how many."""
        months = company.archive_inventory_months
        if not months:
            return 0
        since = fields.Date.subtract(company._customer_today(), months=months)
        recent = Domain("company_id", "=", company.id) & (
            Domain("state", "in", ("draft", "counting"))
            | (Domain("state", "=", "done") & Domain("date", ">", since))
        )
        papers = [("company_id", "=", company.id), ("state", "=", "registered")]
        if self.search_count(recent, limit=1) or not self.env["customer.archive"].search_count(
            [*papers, ("registered_on", "<=", since)], limit=1
        ):
            return 0
        inventories = self.with_company(company)
        inventories.create({"company_id": company.id, "user_id": False})._ask_archivist()
        return 1

    def _ask_archivist(self):
        last = self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "done")], limit=1
        )
        user = told((last.user_id, self.company_id._customer_head()), self.company_id)[:1]
        self.user_id = user & last.user_id
        user = user or self.env.user
        words = for_reader(self, user)
        words.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=words.env._("Plan and carry out the inventory"),
            user_id=user.id,
        )

    # --- what the papers of an inventory show: only lines the printing user may read
    def _sheet_lines(self):
        """Return the lines of the sheet, place after place."""
        return self.env["customer.archive.inventory.line"].search(
            [("inventory_id", "=", self.id)], order="location_name, kind, code, id"
        )

    @api.model
    def _barcode_picture(self, code):
        """Return a number as Code 128, as the address of a drawing."""
        return barcode_picture(code)

    def _lines_not_in_order(self):
        """Return what was missing, damaged or misplaced; nothing for readers without the lines."""
        self.ensure_one()
        lines = self.env["customer.archive.inventory.line"]
        if not lines.has_access("read"):
            return lines
        bad = ("missing", "damaged", "misplaced")
        return self._sheet_lines().filtered(lambda line: line.result in bad)
