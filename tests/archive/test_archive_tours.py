from odoo.tests import HttpCase, tagged

from .archive_case import ArchiveCase


@tagged("post_install", "-at_install", "cg_tour")
class TestArchiveTours(ArchiveCase, HttpCase):
    """A compiles, B sends back, the archivist accepts, in the browser."""

    def test_handover(self):
        for user in (self.user_sales, self.user_service, self.user_archivist):
            user.password = user.login
        archive = self._dossier(documents=1, title="Tour dossier")
        url = f"/odoo/customer.archive/{archive.id}"

        def tour(step, login):
            self.start_tour(url, f"customer_governance_archive_{step}", login=login)

        tour("submit", "cg_sales")
        self.assertEqual(archive.state, "checking")
        tour("send_back", "cg_service")
        self.assertEqual(archive.state, "draft")
        self.assertIn("Cover sheet", archive.shortfall_ids.mapped("name"))
        archive.shortfall_ids.filtered(lambda one: one.name != "Cover sheet").answer = "Follows"
        tour("answer", "cg_sales")
        self.assertEqual(archive.state, "checking")
        tour("check", "cg_service")
        self.assertEqual(archive.state, "handover")
        tour("accept", "cg_archivist")
        self.assertEqual(archive.state, "registered")
        self.assertTrue(archive.name)

    def test_ten_papers(self):
        """A dossier of ten papers is entered and handed to B: rows of the checklist, others typed."""
        self.customer.name = "Harbour Glass Tour"
        self.env["customer.archive.class"].create(
            {
                "name": "Tour class",
                "code": "TOUR",
                "reader_kind": "sales",
                "requirement_ids": [(0, 0, {"name": f"Entry {n}"}) for n in range(1, 8)],
            }
        )
        self.user_sales.password = self.user_sales.login
        action = self.env.ref("customer_governance.customer_archive_action").id
        self.start_tour(
            f"/odoo/action-{action}", "customer_governance_archive_ten_papers", login="cg_sales"
        )
        archive = self.env["customer.archive"].search([("title", "=", "Ten papers")])
        self.assertEqual((archive.state, archive.role_b_id), ("checking", self.user_service))
        self.assertEqual(len(archive.document_ids.filtered("is_there")), 10)
        self.assertEqual(archive.handover_id.expected_count, 10)

    def test_radar(self):
        self._dossier(documents=0)
        self.user_archivist.password = self.user_archivist.login
        self.start_tour(
            "/odoo/archive-radar", "customer_governance_archive_radar", login="cg_archivist"
        )

    def test_radar_opens_a_dossier(self):
        self.archive_class["basic"].required_for = "all"
        tier = self.env["customer.tier"].create({"name": "A", "code": "tour-a"})
        self.customer.name = "Harbour Glass Tour"
        self.customer._set_customer_tier(tier, "test", "manual")
        self.user_sales.password = self.user_sales.login
        self.start_tour(
            "/odoo/archive-radar", "customer_governance_archive_radar_new", login="cg_sales"
        )
        archive = self.env["customer.archive"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(
            (archive.class_id, archive.role_a_id), (self.archive_class["basic"], self.user_sales)
        )
