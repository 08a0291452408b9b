"""The retention list: until when each registered dossier is kept."""

from odoo import api, fields, models

from ..models.archive.disposal.customer_archive_class import EVENTS
from ..queries import archive_retention


class CustomerArchiveRetention(models.Model):
    """A registered dossier with the last day it must be kept."""

    _name = "customer.archive.retention"
    _description = "Retention"
    _auto = False
    _order = "date_until, id"
    _rec_name = "archive_id"
    _depends = {
        "customer.archive": [
            "state",
            "company_id",
            "class_id",
            "partner_id",
            "hold",
            "date_end",
            "retention_event_date",
        ],
        "customer.archive.class": [
            "retention_event",
            "retention_years",
            "retention_rounding",
            "retention_forever",
        ],
        "account.move": ["state", "date", "company_id", "commercial_partner_id"],
        "sale.order": ["state", "date_order", "company_id", "partner_id"],
        "res.partner": ["commercial_partner_id"],
    }

    archive_id = fields.Many2one("customer.archive", "Dossier", readonly=True)
    title = fields.Char(related="archive_id.title")
    company_id = fields.Many2one("res.company", readonly=True)
    class_id = fields.Many2one("customer.archive.class", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    hold = fields.Boolean("Legal Hold", readonly=True)
    hold_reason = fields.Char(related="archive_id.hold_reason")
    event = fields.Selection(EVENTS, "Retention Event", readonly=True)
    event_date = fields.Date("Event Date", readonly=True)
    date_until = fields.Date("Retain Until", readonly=True)
    reason = fields.Selection(
        [
            ("kept_until", "Retained until the date"),
            ("kept_forever", "Retained permanently"),
            ("no_event_date", "The event has no date yet"),
            ("no_retention_rule", "The dossier type has no rule"),
        ],
        "Rule",
        readonly=True,
    )
    is_due = fields.Boolean("Due", readonly=True)

    @property
    def _table_query(self):
        # sudo: today in every company; rules choose the rows
        companies = self.env["res.company"].sudo().search([])
        return archive_retention.retention(companies._archive_clocks())

    @api.readonly
    def action_open_archive(self):
        """Open the dossier."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.archive",
            "res_id": self.archive_id.id,
            "view_mode": "form",
        }
