from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.periods import ONE_DAY, add_months


class CustomerComplaintCutoff(models.Model):
    """The last day on which the close of a case counts for the month of its receipt.

    The job keeps the day of each month that is over: another setting or another calendar later does
    not move it. A head may enter another day for a month (before long holidays).
    """

    _name = "customer.complaint.cutoff"
    _inherit = ["customer.company.mixin"]
    _description = "Monthly Cut-off"
    _order = "date_from DESC, id"
    _rec_name = "date_from"

    date_from = fields.Date(
        "Month", required=True, index=True, help="The first day of the month is stored."
    )
    last_day = fields.Date(
        "Closed By",
        required=True,
        help="Cases closed up to this day count as closed in the month.",
    )

    _month_uniq = models.UniqueIndex("(company_id, date_from)", "This month already has a cut-off.")

    @api.constrains("date_from", "last_day")
    def _check_last_day(self):
        for cutoff in self:
            if cutoff.last_day < add_months(cutoff.date_from, 1) - ONE_DAY:
                raise ValidationError(self.env._("A month cannot be cut off before it has ended."))

    @api.model_create_multi
    def create(self, vals_list):
        """The month is known by its first day."""
        return super().create([self._first_day(vals) for vals in vals_list])

    def write(self, vals):
        """The month is known by its first day."""
        return super().write(self._first_day(vals))

    @api.model
    def _first_day(self, vals):
        day = fields.Date.to_date(vals.get("date_from"))
        return {**vals, "date_from": day.replace(day=1)} if day else vals

    @api.model
    def _keep(self, company):
        """Keep the cut-offs that have passed; return how many are new."""
        today = company._customer_today()
        # sudo: the job of the company
        own = self.sudo()
        known = own.search([("company_id", "=", company.id)]).mapped("date_from")
        new = [
            {"company_id": company.id, "date_from": month, "last_day": last}
            for month, last in company._complaint_last_days().items()
            if last < today and month not in known
        ]
        own.create(new)
        return len(new)
