from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.archive_deadlines import Deadlines, handover_deadlines


class CustomerArchive(models.Model):
    """Until when A and B must have handed the dossier over."""

    _inherit = "customer.archive"

    submitted_on = fields.Date("Handed to B On", readonly=True, copy=False)
    extra_days_a = fields.Integer("Extension of A (working days)", readonly=True, copy=False)
    extra_days_b = fields.Integer("Extension of B (working days)", readonly=True, copy=False)
    due_a_on = fields.Date("A to B Until", compute="_compute_deadlines", store=True)
    due_b_on = fields.Date("B to Archive Until", compute="_compute_deadlines", store=True)
    due_on = fields.Date(
        "Due",
        compute="_compute_deadlines",
        store=True,
        index="btree_not_null",
        help="The deadline of whoever has the dossier now; none once it is registered.",
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    @api.depends(
        "date_end",
        "submitted_on",
        "extra_days_a",
        "extra_days_b",
        "state",
        "company_id.archive_days_a",
        "company_id.archive_days_b",
    )
    def _compute_deadlines(self):
        """Registered dossiers keep the deadlines they had."""
        for archive in self:
            if archive.state in ("registered", "disposed"):
                archive.due_a_on, archive.due_b_on = archive.due_a_on, archive.due_b_on
                archive.due_on = False
                continue
            deadlines = archive._handover_deadlines()
            archive.due_a_on, archive.due_b_on = deadlines.a, deadlines.b
            archive.due_on = deadlines.a if archive.state == "draft" else deadlines.b

    def _handover_deadlines(self):
        self.ensure_one()
        known = [day for day in (self.date_end, self.submitted_on) if day]
        if not known or not self.company_id:
            return Deadlines(None, None)
        company = self.company_id
        return self.env["customer.sla.calendar"]._within_horizon(
            company,
            min(known),
            lambda calendar: handover_deadlines(
                calendar,
                self.date_end or None,
                self.submitted_on or None,
                company.archive_days_a + self.extra_days_a,
                company.archive_days_b + self.extra_days_b,
            ),
        )

    @api.depends("due_on")
    def _compute_is_late(self):
        for archive in self:
            archive.is_late = bool(
                archive.due_on and archive.due_on < archive.company_id._customer_today()
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: the time zones of the companies; the dossiers keep their own rights
        companies = self.env["res.company"].sudo().search([])
        late = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("due_on", "<", company._customer_today())
            for company in companies
        )
        return Domain.OR(late if wanted else ~late for wanted in set(value))
