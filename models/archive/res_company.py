from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from ...engine.archive_deadlines import working_days_after
from ...engine.numbering import Pattern, PatternError
from ...queries.archive_retention import Clock
from ..common.customer_domain import CustomerDomain, Setup, SetupLine

_lt = LazyTranslate(__name__)


class ResCompany(models.Model):
    """How a company keeps its archive."""

    _inherit = "res.company"

    archive_days_a = fields.Integer(
        "A to B Within (working days)",
        default=3,
        help="Working days from the end of the project until A must hand the dossier over to B.",
    )
    archive_days_b = fields.Integer(
        "B to Archive Within (working days)",
        default=2,
        help="Working days from then until B must hand the dossier over to the archive.",
    )
    archive_expiry_days = fields.Integer(
        "Expiry Warning (days)",
        default=30,
        help="Number of days before a document expires when someone is asked to obtain a new one.",
    )
    archive_signature_required = fields.Boolean(
        "Drawn Signatures",
        help="Dossiers can be handed over or accepted only with a signature drawn on the screen. "
        "If disabled, name and time are sufficient and the contents list is signed on paper.",
    )

    archive_service_days = fields.Integer(
        "Customer Service Access after a Case (days)",
        default=30,
        help="How long customer service can still read related dossiers of the customer after a "
        "case is closed.",
    )
    archive_director_ids = fields.Many2many(
        "res.users",
        "customer_archive_director_rel",
        "company_id",
        "user_id",
        "Directors",
        domain="[('share', '=', False)]",
        help="They approve loans of papers and borrow for themselves without approval. Leave "
        "empty for the heads of customer governance.",
    )
    archive_deputy_ids = fields.Many2many(
        "res.users",
        "customer_archive_deputy_rel",
        "company_id",
        "user_id",
        "Deputies of the Directors",
        domain="[('share', '=', False)]",
        help="They also approve loans, but need an approval for their own.",
    )

    # --- figures of loans and inventories
    archive_loan_pattern = fields.Char("Loan Number", required=True, default="L{year}-{serial:4}")
    archive_loan_days = fields.Integer(
        "Loan Period (days)", required=True, default=14, help="Default length of a loan."
    )
    archive_loan_remind_days = fields.Integer(
        "Remind Before (days)",
        required=True,
        default=3,
        help="The borrower is reminded this many days before the last day; 0: only on the last "
        "day.",
    )
    archive_loan_remind_every = fields.Integer(
        "Remind of Overdue Loans Every (days)",
        required=True,
        default=7,
        help="0: overdue loans are reminded once.",
    )
    archive_waiting_days = fields.Integer(
        "Reserve for Next Person (working days)",
        required=True,
        default=3,
        help="How long returned items are reserved for the next person on the waiting list.",
    )
    archive_inventory_months = fields.Integer(
        "Inventory Every (months)", required=True, default=6, help="0: planned manually only."
    )
    archive_inventory_share = fields.Float(
        "Sample (%)",
        required=True,
        default=5.0,
        digits=(16, 2),
        help="Percentage of dossiers counted in an inventory; all deeds are counted.",
    )
    archive_inventory_minimum = fields.Integer(
        "At Least", required=True, default=20, help="Minimum number of dossiers."
    )

    _archive_custody_valid = models.Constraint(
        "CHECK(archive_loan_days >= 0 AND archive_loan_remind_days >= 0"
        " AND archive_loan_remind_every >= 0 AND archive_waiting_days >= 0 AND archive_inventory_months >= 0"
        " AND archive_inventory_minimum >= 0 AND archive_inventory_share BETWEEN 0 AND 100)",
        "Days and months cannot be negative, and a share must be a percentage from 0 to 100.",
    )

    # --- numbers and clocks of retention and disposal
    archive_disposal_pattern = fields.Char(
        "Disposal Numbers",
        required=True,
        default="DISP-{year}-{serial:4}",
        help="{year}, {month}, {day} and {serial:4}: the serial number padded to four digits.",
    )

    # --- whether a company keeps dossiers of its customers
    archive_enabled = fields.Boolean(
        "Use Archives", help="This company keeps dossiers and files documents in them."
    )

    # --- what customers may send by an upload link; each link can differ
    archive_upload_days = fields.Integer(
        "Upload Links Valid (days)", default=14, help="Default for new upload links."
    )
    archive_upload_files = fields.Integer("Files per Upload Link", default=20)
    archive_upload_mb = fields.Integer("Megabytes per Upload Link", default=50)
    archive_upload_endings = fields.Char(
        "File Types",
        default="pdf, jpg, jpeg, png, heic, tif, tiff, docx, xlsx, odt, ods, ofd",
        help="File extensions that customers may send. Leave empty for all types.",
    )

    _archive_upload_valid = models.Constraint(
        "CHECK(archive_upload_days >= 0 AND archive_upload_files > 0 AND archive_upload_mb > 0)",
        "An upload link must allow at least one file and one megabyte.",
    )

    def _archive_directors(self):
        """Return who is a director: the list of the company, else the heads of customer governance."""
        self.ensure_one()
        company = self.sudo()  # sudo: who the directors are is no secret
        if company.archive_director_ids:
            return company.archive_director_ids.filtered("active")
        heads = company.env.ref("customer_governance.group_manager").all_user_ids
        return heads.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    _archive_days_valid = models.Constraint(
        "CHECK(archive_days_a >= 0 AND archive_days_b >= 0 AND archive_expiry_days >= 0"
        " AND archive_service_days >= 0)",
        "Numbers of days for archives cannot be negative.",
    )

    # --- figures of loans and inventories
    def _archive_last_day(self):
        """Return the proposed last day of a loan or an access: one on which the archive is open."""
        self.ensure_one()
        day = fields.Date.add(self._customer_today(), days=self.archive_loan_days)
        # sudo: the working hours of the company, the same for everybody
        return (
            self.env["customer.working.calendar"]
            .sudo()
            ._within_horizon(self, day, lambda calendar: working_days_after(calendar, day, 0))
        )

    @api.constrains("archive_loan_pattern")
    def _check_archive_loan_pattern(self):
        for company in self:
            try:
                names = Pattern(company.archive_loan_pattern).names()
            except PatternError as error:
                raise ValidationError(
                    self.env._("The number pattern of loans is not valid: %s.", error)
                ) from error
            if names:
                raise ValidationError(
                    self.env._(
                        "The number of a loan can contain only {year}, {month}, {day} and {serial}."
                    )
                )

    # --- numbers and clocks of retention and disposal
    @api.constrains("archive_disposal_pattern")
    def _check_archive_disposal_pattern(self):
        for company in self:
            try:
                names = Pattern(company.archive_disposal_pattern).names()
            except PatternError as error:
                raise ValidationError(
                    self.env._("The number pattern of disposals is not valid: %s.", error)
                ) from error
            if names:
                raise ValidationError(
                    self.env._(
                        "The number of a disposal can contain only {year}, {month}, {day} "
                        "and {serial}."
                    )
                )

    def _archive_clocks(self):
        """Return today and the time zone of each company, for statements over many companies."""
        return [
            Clock(company.id, company._customer_today(), company._customer_timezone())
            for company in self
        ]

    # --- what to fill in before archives are switched on, and whom it concerns
    def _customer_setup(self, key):
        """EXTENDS common."""
        if key != "archive":
            return super()._customer_setup(key)
        _ = self.env._
        what = [
            _(
                "Each customer has dossiers with a checklist; orders and invoices are filed "
                "with one click."
            ),
            _(
                "The person who compiled a dossier hands it over, a second person checks it, "
                "and the archivist files it."
            ),
            _(
                "A filed dossier is frozen, access to it is logged, and papers are lent on "
                "loan slips."
            ),
            _(
                "Users are reminded of overdue handovers and loans, expiring documents and "
                "inventories."
            ),
        ]
        return Setup(what, self._archive_setup_fill(), self._archive_setup_today())

    def _archive_setup_fill(self):
        _ = self.env._
        company = self.sudo()  # whether things are there is all that is told
        own = [("company_id", "in", (False, company.id))]
        places = company.env["customer.archive.location"].search_count(
            [("company_id", "=", company.id)], limit=1
        )
        return [
            SetupLine(
                "classes",
                _("Dossier types, their checklists and readers: review them"),
                self._customer_link("customer_governance.customer_archive_class_action"),
                bool(company.env["customer.archive.class"].search_count(own, limit=1)),
            ),
            SetupLine(
                "places",
                _("Locations are entered: rooms, cabinets, shelves, safes"),
                self._customer_link("customer_governance.customer_archive_location_action"),
                bool(places),
            ),
            SetupLine(
                "archivist",
                _("Someone has the role Archivist"),
                self._customer_link("customer_governance.customer_role_action"),
                self._customer_has_role("group_archivist"),
            ),
            SetupLine(
                "custodian",
                _("Someone has the role Deed Custodian"),
                self._customer_link("customer_governance.customer_role_action"),
                self._customer_has_role("group_deed"),
            ),
        ]

    def _archive_setup_today(self):
        _ = self.env._
        company = self.sudo()  # numbers for who switches it on
        today = company._customer_today()
        mine = [("company_id", "=", company.id)]
        archives = company.env["customer.archive"]
        late = [*mine, ("is_late", "=", True)]
        loans = [*mine, ("state", "=", "issued"), ("date_due", "<", today)]
        return [
            SetupLine(
                "dossiers",
                _("Dossiers on file"),
                self._customer_link("customer_governance.customer_archive_action", mine),
                count=archives.search_count(mine),
            ),
            SetupLine(
                "late",
                _("Overdue handovers: the person who has the dossier would be reminded"),
                self._customer_link("customer_governance.customer_archive_action", late),
                count=archives.search_count(late),
            ),
            SetupLine(
                "loans",
                _("Overdue loans: their borrowers would be reminded"),
                self._customer_link("customer_governance.customer_archive_loan_action", loans),
                count=company.env["customer.archive.loan"].search_count(loans),
            ),
        ]

    # --- whether a company keeps dossiers of its customers
    @api.model
    def _customer_domains(self):
        domains = super()._customer_domains()
        domains["archive"] = CustomerDomain(
            name=_lt("Archives"),
            field="archive_enabled",
            group="customer_governance.group_use_archive",
            icon="fa-archive",
        )
        return domains
