from odoo import api, fields, models

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]

ORIGINS = [("wizard", "Calendar wizard"), ("import", "File"), ("manual", "Manual")]

# Vals that a person changes; then the wizard leaves the day alone.
PERSONAL = {"date", "weekday", "name"}


class CustomerMakeupDay(models.Model):
    """A day off that is worked, in exchange for another day off."""

    _name = "customer.makeup.day"
    _inherit = ["customer.company.mixin"]
    _description = "Make-up Working Day"
    _order = "date DESC"
    _rec_name = "date"

    date = fields.Date(required=True, index=True)
    weekday = fields.Selection(
        WEEKDAYS,
        "Hours Of",
        required=True,
        default="0",
        help="The day is worked with the regular hours of this weekday.",
    )
    name = fields.Char(help="The holiday for which the day makes up.")
    year_id = fields.Many2one(
        "customer.calendar.year",
        "Calendar Year",
        compute="_compute_year_id",
        store=True,
        index=True,
        ondelete="set null",
    )
    origin = fields.Selection(ORIGINS, required=True, default="manual", readonly=True)

    _date_uniq = models.Constraint(
        "UNIQUE(company_id, date)", "This day is already a make-up working day."
    )

    @api.depends("date", "company_id")
    def _compute_year_id(self):
        years = {
            (year.company_id, year.year): year
            for year in self.env["customer.calendar.year"].search(
                [("company_id", "in", self.company_id.ids)]
            )
        }
        for day in self:
            day.year_id = years.get((day.company_id, day.date.year if day.date else 0))

    @api.model_create_multi
    def create(self, vals_list):
        """Working time changes."""
        days = super().create(vals_list)
        self.env["customer.working.calendar"]._calendar_changed(days.company_id)
        return days

    def write(self, vals):
        """Working time changes; what a person changed is theirs."""
        if PERSONAL & vals.keys() and "origin" not in vals:
            vals = {**vals, "origin": "manual"}
        companies = self.company_id
        result = super().write(vals)
        self.env["customer.working.calendar"]._calendar_changed(companies | self.company_id)
        return result

    def unlink(self):
        """Working time changes."""
        companies = self.company_id
        result = super().unlink()
        self.env["customer.working.calendar"]._calendar_changed(companies)
        return result
