from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.guard import Facts


class CustomerComplaintProjectWeek(models.Model):
    """How an escalated complaint stands in a week; never changed."""

    _name = "customer.complaint.project.week"
    _inherit = ["customer.guard.mixin"]
    _description = "Weekly Project Status"
    _order = "date DESC, id DESC"
    _rec_name = "date"
    _guards = (Facts(frozenset(), unborn=frozenset({"date", "author_id"})),)

    project_id = fields.Many2one(
        "customer.complaint.project", required=True, index=True, ondelete="cascade"
    )
    complaint_id = fields.Many2one(related="project_id.complaint_id", store=True, index=True)
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date(readonly=True, default=lambda self: self.env.company._customer_today())
    author_id = fields.Many2one("res.users", readonly=True, default=lambda self: self.env.user)
    status = fields.Selection(lambda self: self._statuses(), required=True, default="on_track")
    text = fields.Text("What Happened and What Is Next", required=True)

    @api.model
    def _statuses(self):
        _ = self.env._
        return [("on_track", _("On track")), ("at_risk", _("At risk")), ("stuck", _("Blocked"))]

    @api.model_create_multi
    def create(self, vals_list):
        """The state is told now, by the caller, of a project that is open."""
        weeks = super().create(vals_list)
        # sudo: the project remembers when it was last reported; the caller could write its line
        for project in weeks.project_id.sudo():
            if project.state != "open":
                raise UserError(self.env._("The project has ended."))
            project.last_week_on = project.company_id._customer_today()
            project.activity_ids.filtered(lambda a: a.customer_reason == "week").unlink()
        return weeks
