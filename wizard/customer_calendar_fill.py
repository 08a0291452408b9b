import base64
import csv
import io
from datetime import date

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.calendar_year import CalendarYear, MakeupDay, supported_countries

HOLIDAY_WORDS = ("holiday", "off", "0")
WORK_WORDS = ("work", "workday", "makeup", "1")
YEARS_BACK, YEARS_AHEAD = 10, 5


class CustomerCalendarFill(models.TransientModel):
    """Fill the working calendar of a company for a country and year, or from a file."""

    _name = "customer.calendar.fill"
    _inherit = ["customer.named.mixin"]
    _description = "Fill Calendar Year"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    source = fields.Selection(
        [("country", "Public holidays of a country"), ("file", "A CSV file")],
        required=True,
        default="country",
    )
    country_id = fields.Many2one(
        "res.country",
        default=lambda self: self.env.company.country_id,
        domain=lambda self: [("code", "in", supported_countries())],
        help="Any country with known public holidays, not only the company's own: a service team "
        "abroad follows local holidays.",
    )
    part = fields.Char(
        "State Code", help="State or province with its own holidays, for example BY."
    )
    year = fields.Integer(
        required=True, default=lambda self: self.env.company._customer_today().year
    )
    file = fields.Binary(
        help="Columns: date (YYYY-MM-DD), kind (holiday or work), name; for work also hours_of: "
        "the weekday, 1 (Monday) to 7, whose hours apply."
    )
    file_name = fields.Char()
    is_provisional = fields.Boolean("Still Provisional")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("source", "country_id", "part", "year", "file", "company_id")
    def _compute_preview(self):
        for wizard in self:
            try:
                wizard.preview = wizard._preview_of(wizard._plan())
            except UserError as error:
                wizard.preview = Markup("<p class='text-warning'>%s</p>") % str(error)

    def _preview_of(self, plan):
        _ = self.env._
        rows = [(day, name, _("Day off")) for day, name in plan.holidays]
        rows += [
            (d.day, d.name and _("make-up for %s", d.name), _("Working day"))
            for d in plan.makeup_days
        ]
        lines = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td></tr>") % (day, kind, name or "")
            for day, name, kind in sorted(rows)
        )
        note = ""
        if plan.provisional:
            note = Markup("<p class='alert alert-warning'>%s</p>") % _(
                "Make-up working days for this year have not been announced yet: the "
                "calendar is marked as provisional."
            )
        return note + Markup("<table class='table table-sm'>%s</table>") % lines

    def _plan(self):
        """Return the days to enter; :raises UserError: when source or file do not give them."""
        years = self.env["customer.calendar.year"]
        today = self.company_id._customer_today()
        if not today.year - YEARS_BACK <= self.year <= today.year + YEARS_AHEAD:
            raise UserError(self.env._("Choose a year close to the current one."))
        if self.source == "country":
            if not self.country_id:
                raise UserError(self.env._("Choose a country."))
            return years._plan(self.country_id, self.year, self.part)
        if not self.file:
            raise UserError(self.env._("Choose a file."))
        return self._plan_of_file()

    def _plan_of_file(self):
        try:
            text = base64.b64decode(self.file).decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text)))
        except (ValueError, csv.Error) as error:
            raise UserError(
                self.env._("The file is not a CSV file in UTF-8: %(why)s", why=error)
            ) from error
        holidays, makeup = [], []
        for number, row in enumerate(rows, start=2):
            try:
                day = date.fromisoformat((row.get("date") or "").strip())
                kind = (row.get("kind") or "").strip().lower()
                if kind not in HOLIDAY_WORDS + WORK_WORDS or day.year != self.year:
                    raise ValueError(f"{day} {kind}")
                name = (row.get("name") or "").strip()
                if kind in HOLIDAY_WORDS:
                    holidays.append((day, name))
                else:
                    weekday = int((row.get("hours_of") or "1").strip()) - 1
                    if not 0 <= weekday <= 6:
                        raise ValueError(f"hours_of {weekday + 1}")
                    makeup.append(MakeupDay(day, name, weekday))
            except ValueError as error:
                raise UserError(
                    self.env._(
                        "Line %(number)s of the file could not be read: %(why)s. It needs a "
                        "date in %(year)s and the kind holiday or work.",
                        number=number,
                        why=error,
                        year=self.year,
                    )
                ) from error
        return CalendarYear(
            self.year,
            tuple(sorted(holidays)),
            tuple(sorted(makeup, key=lambda d: d.day)),
            self.is_provisional,
        )

    def action_fill(self):
        """Enter the days; open deadlines follow."""
        self.ensure_one()
        if not self.env.user.has_group("customer_governance.group_manager"):
            raise AccessError(
                self.env._(
                    "Only the head of customer governance can fill the calendar of a company."
                )
            )
        origin = "wizard" if self.source == "country" else "import"
        year = self.env["customer.calendar.year"]._fill(
            self.company_id,
            self._plan(),
            origin,
            country_id=self.country_id.id,
            part=self.part,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.calendar.year",
            "res_id": year.id,
            "view_mode": "form",
        }
