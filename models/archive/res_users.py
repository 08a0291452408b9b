from odoo import api, models
from odoo.tools import LazyTranslate

from ..common.holdings import Holding

_lt = LazyTranslate(__name__)


class ResUsers(models.Model):
    """Dossiers, deeds and papers, as far as a user still has to do something about them."""

    _inherit = "res.users"

    @api.model
    def _customer_holdings(self):
        """EXTENDS common: each role of a dossier while it is that person's turn or still ahead."""
        return [
            *super()._customer_holdings(),
            *self._dossier_holdings(),
            *self._custody_holdings(),
            *self._deed_holdings(),
        ]

    @api.model
    def _dossier_holdings(self):
        """Return the roles of open dossiers: who has signed stays on the paper."""
        role = {"model": "customer.archive", "partner": "partner_id", "moved": "_handed_over"}
        drafts = (("state", "=", "draft"),)
        unchecked = (("state", "in", ("draft", "checking")),)
        unfiled = (("state", "in", ("draft", "checking", "handover")),)
        a, b = "role_a_id", "role_b_id"
        keeper = "archivist_id"
        return [
            Holding(
                "role_a",
                _lt("Dossiers (A: Responsible)"),
                field=a,
                domain=drafts,
                apart=(b, keeper),
                label="title",
                **role,
            ),
            Holding(
                "role_b",
                _lt("Dossiers (B: Checker)"),
                field=b,
                domain=unchecked,
                apart=(a, keeper),
                label="title",
                **role,
            ),
            Holding(
                "archivist",
                _lt("Dossiers (Archivist)"),
                field=keeper,
                domain=unfiled,
                apart=(a, b),
                label="title",
                **role,
            ),
        ]

    @api.model
    def _custody_holdings(self):
        """Return papers on loan and waited for, uploads, inventories, disposals, directors."""
        disposal = {
            "model": "customer.archive.disposal",
            "domain": (("state", "in", ("draft", "consent", "submitted", "approved")),),
            "with_rights": True,
        }
        company = {"model": "res.company", "company": "id", "with_rights": True}
        first, second = "witness_1_id", "witness_2_id"
        return [
            Holding(
                "loan",
                _lt("Items on Loan"),
                "customer.archive.loan",
                "borrower_id",
                domain=(("state", "=", "issued"),),
                check="_handover_refusals",
                moved="_handed_over",
            ),
            Holding(
                "waiting",
                _lt("Waiting List for Items on Loan"),
                "customer.archive.waiting",
                "user_id",
                domain=(("state", "in", ("waiting", "offered")),),
                partner="archive_id.partner_id",
            ),
            Holding(
                "upload",
                _lt("Upload Links"),
                "customer.archive.upload",
                "user_id",
                domain=(("state", "in", ("draft", "open")),),
                partner="partner_id",
                label="",
            ),
            Holding(
                "inventory",
                _lt("Inventories"),
                "customer.archive.inventory",
                "user_id",
                domain=(("state", "in", ("draft", "counting")),),
            ),
            Holding("disposal_owner", _lt("Disposals (Owner)"), field="owner_id", **disposal),
            Holding(
                "witness_1",
                _lt("Disposals (First Witness)"),
                field=first,
                apart=(second,),
                **disposal,
            ),
            Holding(
                "witness_2",
                _lt("Disposals (Second Witness)"),
                field=second,
                apart=(first,),
                **disposal,
            ),
            Holding(
                "director", _lt("Directors (Setting)"), field="archive_director_ids", **company
            ),
            Holding(
                "deputy",
                _lt("Deputies of the Directors (Setting)"),
                field="archive_deputy_ids",
                **company,
            ),
        ]

    @api.model
    def _deed_holdings(self):
        """Return handovers of deeds and entries of the safe that wait for a person."""
        handover = {"model": "customer.archive.deed.handover", "partner": "partner_id"}
        move = {
            "model": "customer.archive.deed.move",
            "domain": (("state", "=", "waiting"),),
            "partner": "partner_id",
            "label": "deed_name",
            "with_rights": True,
        }
        return [
            Holding(
                "deed_giver",
                _lt("Deed Handovers (Giver)"),
                field="giver_id",
                domain=(("state", "=", "draft"),),
                apart=("checker_id",),
                moved="_handed_over",
                **handover,
            ),
            Holding(
                "deed_checker",
                _lt("Deed Handovers (Checker)"),
                field="checker_id",
                domain=(("state", "in", ("draft", "handed over")),),
                apart=("giver_id",),
                moved="_handed_over",
                **handover,
            ),
            Holding(
                "safe_custodian",
                _lt("Safe Register (Custodian)"),
                field="custodian_id",
                apart=("asked_id",),
                **move,
            ),
            Holding(
                "safe_witness",
                _lt("Safe Register (Witness)"),
                field="asked_id",
                apart=("custodian_id",),
                **move,
            ),
        ]
