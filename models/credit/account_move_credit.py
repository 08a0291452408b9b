from odoo import api, models

from ...engine import credit_check
from ...queries import credit_exposure

KINDS = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    """Customer invoices are checked when they are posted, with an order or without."""

    _name = "account.move"
    _inherit = ["account.move", "customer.credit.check", "customer.credit.source"]

    def _credit_debtor(self):
        """EXTENDS credit check: the commercial partner of the invoice."""
        return self.commercial_partner_id or self.partner_id.commercial_partner_id

    def _credit_parts(self):
        """Yield (company, invoices, exposure without them, {invoice id: amount}).

        What an invoice adds is the difference it makes: that of an order takes from the orders
        what it adds to the receivables. Several are taken one on top of the other.
        """
        for company, moves in self.grouped("company_id").items():
            moves = moves.with_company(company)
            # sudo: what customers owe is judged whoever acts
            debtors = moves.commercial_partner_id.sudo()
            with_them = debtors._credit_exposures(company)
            governed = {key: row for key, row in with_them.items() if self._credit_is_governed(row)}
            if not governed:
                continue
            moves = moves.filtered(lambda m, g=governed: m.commercial_partner_id.id in g)
            rows = debtors.browse(list(governed))._credit_exposures(
                company, skip_moves=tuple(moves.ids)
            )
            statement = credit_exposure.invoice_amounts(moves.ids)
            amounts = {key: float(amount) for key, amount in self.env.execute_query(statement)}
            yield company, moves, rows, amounts

    def _credit_check(self):
        """Judge draft invoices; nothing is changed.

        :return: ``{invoice id: engine.credit_check.Decision}``
        """
        result = dict.fromkeys(self._ids, credit_check.Decision(credit_check.ALLOWED))
        for company, moves, rows, amounts in self._credit_judged()._credit_parts():
            for move, (decision, _standing) in moves._credit_decide(company, rows, amounts).items():
                result[move.id] = decision
        return result

    def _credit_judged(self):
        """Those that a check is about: customer invoices that are not posted yet."""
        return self.filtered(
            lambda m: m.move_type in KINDS and m.state == "draft" and m.commercial_partner_id
        )

    def write(self, vals):
        """Check invoices before they are posted, by whatever method."""
        if vals.get("state") == "posted":
            for company, moves, rows, amounts in self._credit_judged()._credit_parts():
                moves._credit_enforce(company, rows, amounts)
            result = super().write(vals)
            # a payment or credit note lowers the exposure before it is matched
            lowering = self.filtered(lambda m: m.move_type not in KINDS)
            lowering.commercial_partner_id._credit_ledger_changed(lowering.company_id)
            return result
        return super().write(vals)

    def _build_credit_warning_message(self, record, *args, **kwargs):
        """EXTENDS account: the words of our check where it governs, in the document's company."""
        record = record.with_company(record.company_id)
        if record._name in ("sale.order", "account.move") and record._credit_may_hint():
            hint = record._credit_hint()
            if hint is not None:
                return hint
        return super()._build_credit_warning_message(record, *args, **kwargs)

    @api.depends("commercial_partner_id")
    def _compute_partner_credit_warning(self):
        """EXTENDS account: also where Odoo's own limits are off, and in the invoice's company."""
        super()._compute_partner_credit_warning()
        if not self._credit_may_hint():
            return
        for move in self:
            if move.state == "draft" and move.move_type in KINDS and move.partner_id:
                hint = move._credit_hint()
                if hint is not None:
                    move.partner_credit_warning = hint

    def _credit_hint(self):
        """What the check would say about the invoice, in words; None where it does not govern."""
        if not self._origin:
            return None
        for company, moves, rows, amounts in self._origin._credit_judged()._credit_parts():
            for move, (decision, standing) in moves._credit_decide(company, rows, amounts).items():
                if not self._credit_has_own_words(rows[move._credit_debtor().id]):
                    return None
                if decision.result == credit_check.ALLOWED:
                    return ""
                return move._credit_message(company, rows, amounts, decision, standing)
        return None
