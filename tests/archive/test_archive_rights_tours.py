from odoo.tests import HttpCase, tagged

from .archive_rights_case import ArchiveRightsCase


@tagged("post_install", "-at_install", "cg_tour")
class TestArchiveRightsTours(ArchiveRightsCase, HttpCase):
    """A disposal in the browser: six people's steps."""

    def _tour(self, name, user, disposal=None):
        user.password = "cg-password"
        url = "/odoo/archive-disposals" + (f"/{disposal.id}" if disposal else "")
        self.start_tour(url, f"customer_governance_disposal_{name}", login=user.login)

    def test_disposal_with_two_witnesses(self):
        # only the dossier of the test is due
        self.env["customer.archive"].search([]).class_id.retention_forever = True
        archive, file = self._due()
        archive.class_id.retention_forever = False
        self._tour("list", self.user_archivist)
        disposal = self.env["customer.archive.disposal"].search([], limit=1)
        self.assertEqual(disposal.line_ids.archive_id, archive)
        self._tour("consent", self.user_sales, disposal)
        self._tour("approve", self.user_manager, disposal)
        self._tour("witnesses", self.user_archivist, disposal)
        self._tour("witness", self.user_service, disposal)
        self._tour("witness", self.user_quality, disposal)
        self._tour("execute", self.user_archivist, disposal)
        self.assertEqual(archive.state, "disposed")
        self.assertFalse(file.exists())
