from odoo import api, fields, models

from .customer_archive_waiting import OPEN


class CustomerArchiveLoan(models.Model):
    """Whoever waited and asks for it leaves the list; returns go to the next one."""

    _inherit = "customer.archive.loan"

    waiting_count = fields.Integer(
        "Others Waiting", compute="_compute_waiting_count", help="People waiting for these papers."
    )

    @api.depends("line_ids.state", "line_ids.dossier_id.waiting_ids.state")
    def _compute_waiting_count(self):
        # sudo: how many only
        counts = dict(
            self.env["customer.archive.waiting"]
            .sudo()
            ._read_group(
                [
                    ("archive_id", "in", self.sudo().line_ids.dossier_id.ids),
                    ("state", "in", OPEN),
                ],
                ["archive_id"],
                ["__count"],
            )
        )
        for loan in self:
            out = loan.sudo().line_ids.filtered(lambda line: line.state == "issued")
            loan.waiting_count = sum(counts.get(archive, 0) for archive in out.dossier_id)

    def _after_transition(self, transition):
        """EXTENDS loans: the place on the list is used, or goes to the next one."""
        result = super()._after_transition(transition)
        # sudo: the list follows from the slip, whose right was checked
        Waiting = self.env["customer.archive.waiting"].sudo()
        if transition.name == "request":
            for loan in self.sudo():
                entries = Waiting.search(
                    [
                        ("user_id", "=", loan.borrower_id.id),
                        ("archive_id", "in", loan.line_ids.dossier_id.ids),
                        ("state", "in", OPEN),
                    ]
                )
                used = entries.filtered(
                    lambda entry, loan=loan: any(entry._is_of(line) for line in loan.line_ids)
                )
                if used:
                    used._transition("borrow", {"loan_id": loan.id})
        elif transition.name in ("reject", "cancel"):
            Waiting._offer_back(self.sudo().line_ids.dossier_id)
        return result

    @api.model
    def _remind_company(self, company):
        """EXTENDS reminders: what nobody fetched goes to the next one."""
        self.env["customer.archive.waiting"]._expire_offers(company)
        return super()._remind_company(company)
