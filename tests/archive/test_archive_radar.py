from odoo.exceptions import AccessError
from odoo.tests import tagged

from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveRadar(ArchiveCase):
    """Customers x required documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.radar = cls.env["customer.archive.missing"]
        cls.contract = cls.env.ref("customer_governance.archive_requirement_trade_contract")
        cls.own = cls._dossier(documents=0)
        cls.second = cls._dossier(documents=0)
        cls.env["customer.archive.document"].create(
            {
                "archive_id": cls.own.id,
                "requirement_id": cls.contract.id,
                "is_signed": True,
            }
        )
        cls.foreign = cls._dossier(
            documents=0, partner_id=cls.foreign_customer.id, role_a_id=cls.other_sales.id
        )

    def _picture(self, user=None, **kwargs):
        radar = self.radar.with_user(user or self.user_archivist)
        return radar.get_radar(class_id=self.archive_class["trade"].id, **kwargs)

    def _row(self, picture, customer):
        return next((row for row in picture["rows"] if row["id"] == customer.id), None)

    def test_worst_status_and_how_many(self):
        row = self._row(self._picture(search="Harbour Glass"), self.customer)
        cells = {cell["column"]: cell for cell in row["cells"]}
        self.assertEqual(
            cells[self.contract.id],
            {"column": self.contract.id, "status": "missing", "bad": 1, "total": 2},
        )
        self.assertEqual(row["completeness"], 17)  # 1 of 6

    def test_own_customers_only(self):
        picture = self._picture(self.user_sales)
        self.assertTrue(self._row(picture, self.customer))
        self.assertFalse(self._row(picture, self.foreign_customer))
        rows = self.radar.with_user(self.user_sales).search([])
        self.assertIn(self.own, rows.archive_id)
        self.assertNotIn(self.foreign, rows.archive_id)
        with self.assertRaises(AccessError):
            self._picture(self.plain_user)

    def test_only_where_something_is_missing(self):
        self.archive_class["trade"].requirement_ids[1:].active = False
        self.second.unlink()
        self.assertFalse(self._row(self._picture(), self.customer))
        row = self._row(self._picture(only_missing=False), self.customer)
        self.assertEqual(row["cells"][0]["status"], "ok")

    def test_list_says_what_is_wrong(self):
        self.own.document_ids.is_signed = False
        line = self.radar.search(
            [("archive_id", "=", self.own.id), ("requirement_id", "=", self.contract.id)]
        )
        self.assertEqual((line.status, line.document_id), ("unsigned", self.own.document_ids))
        action = line.with_user(self.user_sales).action_open_dossier()
        self.assertEqual(action["res_id"], self.own.id)

    def test_queries_do_not_grow(self):
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            self._picture()
            return self.env.cr.sql_log_count - before

        statements()
        first = statements()
        for n in range(15):
            customer = self._new_customer(f"Radar {n}")
            self._dossier(partner_id=customer.id)
        self.assertEqual(statements(), first)

    def test_pages(self):
        for n in range(3):
            self._dossier(partner_id=self._new_customer(f"Radar {n}").id)
        first = self._picture(search="Radar", limit=2)
        second = self._picture(search="Radar", limit=2, offset=2)
        self.assertEqual((first["total"], len(first["rows"]), len(second["rows"])), (3, 2, 1))
        self.assertFalse({r["id"] for r in first["rows"]} & {r["id"] for r in second["rows"]})

    def test_opens_where_most_is_missing(self):
        radar = self.radar.with_user(self.user_archivist)
        for _n in range(4):
            self._dossier("loan", documents=0, role_a_id=self.user_credit.id)
        self.env.flush_all()
        picture = radar.get_radar()
        missing = {one["id"]: one["missing"] for one in picture["classes"]}
        self.assertEqual(picture["class_id"], max(missing, key=missing.get))
        # account managers read no loan papers: of these nothing is missing for them
        sales = self.radar.with_user(self.user_sales).get_radar()
        counts = {one["id"]: one["missing"] for one in sales["classes"]}
        trade = self.archive_class["trade"]
        self.assertEqual(sales["class_id"], trade.id)
        self.assertEqual(counts[trade.id], (self.own | self.second).mapped("missing_count")[0] + 3)
        loan = self.radar.with_user(self.user_archivist).get_radar(
            class_id=self.archive_class["loan"].id
        )
        self.assertEqual(loan["class_id"], self.archive_class["loan"].id)

    def test_nothing_missing_anywhere(self):
        (self.own | self.second).unlink()
        picture = self.radar.with_user(self.user_sales).get_radar()
        self.assertFalse([one for one in picture["classes"] if one["missing"]])
        self.assertEqual(picture["class_id"], picture["classes"][0]["id"])
        self.assertFalse(picture["rows"])
