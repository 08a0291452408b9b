from odoo.tests import tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverPaper(HandoverCase):
    """The list: what changed hands, who gave and who received."""

    def _html(self, report, record):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(report, record.ids)
        return html.decode()

    def test_list(self):
        handover = self._executed()
        html = self._html("customer_governance.handover_list_document", handover.sudo())
        for words in (
            handover.name,
            "Taken Over",
            "Furnace",
            "Handed over by",
            "Received by",
            self.giver.name,
            self.first.name,
        ):
            self.assertIn(words, html)

    def test_letters(self):
        handover = self._executed(inform_customers=True)
        letter = handover.sudo().letter_ids
        html = self._html("customer_governance.handover_letter_document", letter)
        self.assertIn("Your new contact", html)
        self.assertIn("Taken Over", html)
