"""Monthly figures of repair requests: their own, beside those of complaints."""

from odoo import fields, models

from ..queries import complaint_figures as queries


class CustomerRepairFigure(models.Model):
    """A repair request with what it counts for: replied to in time, contacted in time, closed."""

    _name = "customer.repair.figure"
    _inherit = ["customer.complaint.figure"]
    _description = "Repair Figures"
    _auto = False
    _order = "date DESC, id DESC"
    _rec_name = "complaint_id"

    received = fields.Integer("Repair Requests", readonly=True)
    reply_rate = fields.Float(
        help="First reports within their deadline / repair requests received."
    )
    contact_rate = fields.Float(
        help="First contact within the hours of the settings (24) / repair requests received."
    )

    @property
    def _table_query(self):
        cutoffs = self.env["res.company"]._all_complaint_cutoffs()
        return queries.with_rates(queries.case_rows(cutoffs, which=queries.IS_REPAIR))
