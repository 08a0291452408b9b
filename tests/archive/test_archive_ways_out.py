from itertools import combinations

from odoo.tests import tagged

from .archive_rights_case import ArchiveRightsCase
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveWaysOut(CustodyCase, ArchiveRightsCase):
    """What stops a disposal or a loan ends when its reason does, alone and together with others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive_class["basic"].retention_event = "contract_end"

    def _blocks(self):
        """Return {what: (begin on a dossier, returns what ends it; words of the reason)}."""

        def hold(archive):
            archive.with_user(self.user_archivist).action_hold("Lawsuit")
            return lambda: archive.with_user(self.user_archivist).action_lift_hold("Settled")

        def complaint(archive):
            case = self.env["customer.complaint"].create(
                {"subject": "Leak", "partner_id": archive.partner_id.id}
            )

            def cancel():
                case.cancel_reason = "None after all"
                case.action_cancel()

            return cancel

        def lent(archive):
            loan = self._approved(self.user_sales, archive)
            loan.action_issue()

            def back():
                self._count(loan.line_ids)
                loan.action_return()

            return back

        def reserved(archive):
            loan = self._loan(self.user_sales, archive.document_ids[0])
            loan.action_request()
            return loan.action_cancel

        def deed(archive):
            kept = self._safe_deed(archive)
            return lambda: self._move(kept, "out", "customer", received_by="Mrs. Lee")

        return {
            "hold": (hold, "legal hold"),
            "complaint": (complaint, "open complaint"),
            "lent": (lent, "lent or reserved"),
            "reserved": (reserved, "lent or reserved"),
            "deed": (deed, "has not been returned"),
        }

    def _reasons(self, archive):
        self.env.flush_all()
        self.env.invalidate_all()
        return archive._disposal_blockers()[archive.id]

    def test_each_reason_ends_alone(self):
        blocks = self._blocks()
        pairs = [pair for pair in combinations(blocks, 2) if set(pair) != {"lent", "reserved"}]
        for names in (*((name,) for name in blocks), *pairs):
            with self.subTest(names):
                savepoint = self.env.cr.savepoint()
                archive, _file = self._due("basic")
                self.assertFalse(self._reasons(archive))
                ends = [blocks[name][0](archive) for name in names]
                for number, name in enumerate(names):
                    reasons = self._reasons(archive)
                    self.assertEqual(len(reasons), len(names) - number, reasons)
                    self.assertTrue(any(blocks[name][1] in reason for reason in reasons), reasons)
                    ends[number]()
                self.assertFalse(self._reasons(archive))
                disposal = self._witnessed(archive)
                disposal.action_execute()
                self.assertEqual(archive.state, "disposed")
                savepoint.close(rollback=True)
                self.env.clear()

    def test_what_is_lent_is_free_for_the_next_once_it_is_back(self):
        archive = self._registered("basic")
        first = self._approved(self.user_sales, archive)
        first.action_issue()
        item = first.line_ids
        self.assertTrue(item._not_available() or item.state == "issued")
        self._count(item)
        first.action_return()
        second = self._approved(self.user_sales, archive)
        second.action_issue()
        self.assertEqual(second.line_ids.state, "issued")
