from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....engine.archive_checklist import STATUSES
from ....queries import archive as queries
from ...common.arguments import as_number, as_text
from .customer_archive import STATES

STATUS_LABELS = [
    ("ok", "Present"),
    ("expiring", "Expires soon"),
    ("incomplete", "Pages missing"),
    ("unsigned", "Not signed"),
    ("copy", "Copy only"),
    ("undated", "No end date"),
    ("expired", "Expired"),
    ("missing", "Missing"),
]

PAGE = 200

# Status of a cell whose customer should have a dossier of the class and has none.
NO_DOSSIER = "no_dossier"


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
    class_id = fields.Many2one("customer.archive.class", "Dossier Type", readonly=True)
    requirement_id = fields.Many2one("customer.archive.requirement", "Required", readonly=True)
    document_id = fields.Many2one(
        "customer.archive.document", "Best Document", readonly=True, help="The available document."
    )
    status = fields.Selection(STATUS_LABELS, "Problem", readonly=True)
    state = fields.Selection(STATES, "Dossier Status", readonly=True)
    role_a_id = fields.Many2one("res.users", "A: Responsible", readonly=True)
    date_until = fields.Date("Valid Until", readonly=True)

    _depends = {
        "customer.archive": [
            "state",
            "partner_id",
            "class_id",
            "missing_count",
            "pages_missing",
            "role_a_id",
        ],
        "customer.archive.document": [
            "active",
            "archive_id",
            "date_until",
            "file_count",
            "is_original",
            "is_signed",
            "is_there",
            "medium",
            "pages_missing",
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

        Rights: only dossiers the caller may read count, and customers without a dossier whose
        dossier the caller would read. The number of queries depends neither on customers nor on
        documents.

        :param class_id: id of the class, without it the one in which most is missing
        :param only_missing: only customers something is missing of
        :param search: part of the customer's name
        :return: {"classes", "class_id", "columns", "rows", "total", "can_open"}; a class has the
            number of documents "missing" in it; a row has its cells by column, a cell {"status":
            worst status, "bad": not fulfilled, "total": dossiers}, and "lacks": id of the company
            in which the customer should have a dossier and has none
        """
        self.check_access("read")
        class_id, search = (
            as_number(self.env, class_id, "class_id"),
            as_text(self.env, search, "search"),
        )
        limit, offset = as_number(self.env, limit, "limit"), as_number(self.env, offset, "offset")
        Archive = self.env["customer.archive"]
        Class = self.env["customer.archive.class"]
        self.env.flush_all()
        classes = Class.search(
            Domain("requirement_ids", "!=", False) | Domain("required_for", "!=", "none")
        )
        missing = dict(
            self.env.execute_query(
                queries.radar_classes(
                    self._radar_archives(Domain("class_id", "in", classes.ids)),
                    classes._owed(),
                )
            )
        )
        chosen = classes.filtered(lambda one: one.id == class_id) or max(
            classes, key=lambda one: missing.get(one.id, 0), default=Class
        )
        result = {
            "classes": [
                {"id": one.id, "name": one.name, "missing": missing.get(one.id, 0)}
                for one in classes
            ],
            "class_id": chosen.id,
            "columns": [
                {"id": one.id, "name": one.name, "section": one.section_id.name or ""}
                for one in chosen.requirement_ids
            ],
            "rows": [],
            "total": 0,
            "can_open": Archive.has_access("create"),
        }
        if not chosen:
            return result
        limit = max(1, min(int(limit), PAGE))
        domain, customers = Domain("class_id", "=", chosen.id), Domain.TRUE
        if search:
            domain &= Domain("partner_id.name", "ilike", str(search))
            customers = Domain("name", "ilike", str(search))
        archives = self._radar_archives(domain)
        rows = self.env.execute_query(
            queries.radar_customers(
                archives,
                chosen._owed(customers),
                bool(only_missing),
                limit,
                max(0, int(offset)),
            )
        )
        result["total"] = rows[0][4] if rows else 0
        result["rows"] = self._radar_rows(chosen, archives, rows)
        return result

    @api.model
    def _radar_archives(self, domain):
        """Return the dossiers that the caller reads and that are not disposed of, as a subselect."""
        archives = self.env["customer.archive"]._search(
            domain & Domain("state", "!=", "disposed"), order="id"
        )
        return archives.select(SQL.identifier("customer_archive", "id"))

    @api.model
    def _radar_rows(self, archive_class, archives, customers):
        """Put the customers of a page and their cells into the form of :meth:`get_radar`."""
        partner_ids = [row[0] for row in customers]
        found = {
            (partner_id, requirement_id): {"status": STATUSES[rank], "bad": bad, "total": total}
            for partner_id, requirement_id, rank, bad, total in self.env.execute_query(
                queries.radar_cells(archives, partner_ids, fields.Datetime.now())
            )
        }
        # sudo: names of customers whose dossiers the caller reads or would read
        names = {
            partner.id: partner.name
            for partner in self.env["res.partner"].sudo().browse(partner_ids)
        }
        asked = archive_class._asked_now()
        rows = []
        for partner_id, missing, required, lacks, _total in customers:
            cells = []
            for one in archive_class.requirement_ids:
                cell = {"status": "", "bad": 0, "total": 0} | found.get((partner_id, one.id), {})
                if lacks and one in asked:
                    cell = {
                        "status": NO_DOSSIER,
                        "bad": cell["bad"] + 1,
                        "total": cell["total"] + 1,
                    }
                cells.append({"column": one.id, **cell})
            rows.append(
                {
                    "id": partner_id,
                    "name": names[partner_id],
                    "completeness": round(100 * (required - missing) / required),
                    "lacks": lacks or False,
                    "cells": cells,
                }
            )
        return rows
