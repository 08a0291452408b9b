from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.archive_checklist import STATUSES
from ...queries import archive as queries
from .customer_archive import STATES

STATUS_LABELS = [
    ("ok", "There"),
    ("expiring", "Ends soon"),
    ("unsigned", "Not signed"),
    ("copy", "Copy only"),
    ("undated", "No end date"),
    ("expired", "Expired"),
    ("missing", "Missing"),
]
PAGE = 200


class CustomerArchiveMissing(models.Model):
    """Required documents that are not there or not good enough, computed when asked."""

    _name = "customer.archive.missing"
    _description = "Missing Document"
    _auto = False
    _order = "partner_id, archive_id, requirement_id"
    _rec_name = "requirement_id"

    archive_id = fields.Many2one("customer.archive", "Dossier", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    class_id = fields.Many2one("customer.archive.class", readonly=True)
    requirement_id = fields.Many2one("customer.archive.requirement", "Required", readonly=True)
    document_id = fields.Many2one(
        "customer.archive.document", "Best Document", readonly=True, help="What is there of it."
    )
    status = fields.Selection(STATUS_LABELS, "What Is Wrong", readonly=True)
    state = fields.Selection(STATES, "State of the Dossier", readonly=True)
    role_a_id = fields.Many2one("res.users", "A: Responsible", readonly=True)
    date_until = fields.Date("Valid Until", readonly=True)

    _depends = {
        "customer.archive": ["state", "partner_id", "class_id", "missing_count", "role_a_id"],
        "customer.archive.document": [
            "active",
            "archive_id",
            "date_until",
            "file_count",
            "is_original",
            "is_signed",
            "medium",
            "paper_state",
            "requirement_id",
        ],
        "customer.archive.requirement": [
            "active",
            "class_id",
            "need_original",
            "need_signed",
            "need_valid_until",
            "required_since",
        ],
    }

    @property
    def _table_query(self):
        return queries.missing_view(fields.Datetime.now())

    def action_open_dossier(self):
        """Open the dossier of the line."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.archive",
            "res_id": self.archive_id.id,
            "view_mode": "form",
        }

    @api.model
    def get_radar(self, class_id=False, only_missing=True, limit=40, offset=0, search=""):
        """Return the picture "customer x required document" of one class.

        Rights: only dossiers the caller may read count. The number of queries depends neither on
        customers nor on documents.

        :param class_id: id of the class, the first one with a checklist without
        :param only_missing: only customers something is missing of
        :param search: part of the customer's name
        :return: {"classes", "class_id", "columns", "rows", "total"}; a row has its cells by column,
            a cell {"status": worst status, "bad": not fulfilled, "total": dossiers}
        """
        self.check_access("read")
        classes = self.env["customer.archive.class"].search([("requirement_ids", "!=", False)])
        chosen = classes.filtered(lambda one: one.id == class_id) or classes[:1]
        result = {
            "classes": [{"id": one.id, "name": one.name} for one in classes],
            "class_id": chosen.id,
            "columns": [],
            "rows": [],
            "total": 0,
        }
        if not chosen:
            return result
        limit = max(1, min(int(limit), PAGE))
        domain = [("class_id", "=", chosen.id), ("state", "!=", "disposed")]
        if search:
            domain.append(("partner_id.name", "ilike", str(search)))
        Archive = self.env["customer.archive"]
        Archive.flush_model()
        Archive.document_ids.flush_model()
        archives = Archive._search(domain, order="id").select(
            SQL.identifier("customer_archive", "id")
        )
        customers = self.env.execute_query(
            queries.radar_customers(archives, bool(only_missing), limit, max(0, int(offset)))
        )
        partner_ids = [row[0] for row in customers]
        cells = {
            (partner_id, requirement_id): {
                "status": STATUSES[rank],
                "bad": bad,
                "total": total,
            }
            for partner_id, requirement_id, rank, bad, total in self.env.execute_query(
                queries.radar_cells(archives, partner_ids, fields.Datetime.now())
            )
        }
        requirements = chosen.requirement_ids
        # sudo: names of customers whose dossiers the caller reads
        names = {
            partner.id: partner.name
            for partner in self.env["res.partner"].sudo().browse(partner_ids)
        }
        result["columns"] = [
            {"id": one.id, "name": one.name, "section": one.section_id.name or ""}
            for one in requirements
        ]
        result["total"] = customers[0][3] if customers else 0
        result["rows"] = [
            {
                "id": partner_id,
                "name": names[partner_id],
                "completeness": round(100 * (required - missing) / required),
                "cells": [
                    {"column": one.id, **cells[partner_id, one.id]}
                    if (partner_id, one.id) in cells
                    else {"column": one.id, "status": "", "bad": 0, "total": 0}
                    for one in requirements
                ],
            }
            for partner_id, missing, required, _total in customers
        ]
        return result
