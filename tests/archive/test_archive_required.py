from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveRequired(ArchiveCase):
    """Customers that must have a dossier of a class stand in the radar until they have one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.radar = cls.env["customer.archive.missing"]
        cls.basic = cls.archive_class["basic"]
        tiers = cls.env["customer.tier"].create(
            [
                {"name": "First", "code": "req-first", "kind": "customer"},
                {"name": "Second", "code": "req-second", "kind": "customer"},
                {"name": "Gone", "code": "req-gone", "kind": "lapsed"},
            ]
        )
        cls.first, cls.second, cls.gone = tiers
        cls._set_tier(cls.customer, cls.first)
        cls._set_tier(cls.foreign_customer, cls.second)

    @classmethod
    def _set_tier(cls, customer, tier, company=None):
        customer.with_company(company or cls.company)._set_customer_tier(tier, "test", "manual")

    def _require(self, *tiers):
        self.basic.write(
            {
                "required_for": "tiers" if tiers else "all",
                "required_tier_ids": [(6, 0, [tier.id for tier in tiers])],
            }
        )

    def _rows(self, user=None, archive_class=None, **kwargs):
        radar = self.radar.with_user(user or self.user_archivist)
        picture = radar.get_radar(class_id=(archive_class or self.basic).id, limit=200, **kwargs)
        ours = (self.customer | self.foreign_customer).ids
        return {row["id"]: row for row in picture["rows"] if row["id"] in ours}

    def test_no_class_is_required_of_itself(self):
        self.assertEqual(self.basic.copy({"code": "NEW"}).required_for, "none")
        self.basic.required_for = "none"
        self.assertFalse(self._rows())

    def test_every_customer_and_only_customers(self):
        self._require()
        rows = self._rows()
        self.assertEqual(set(rows), {self.customer.id, self.foreign_customer.id})
        row = rows[self.customer.id]
        self.assertEqual((row["lacks"], row["completeness"]), (self.company.id, 0))
        self.assertEqual(
            {(cell["status"], cell["bad"], cell["total"]) for cell in row["cells"]},
            {("no_dossier", 1, 1)},
        )
        self.assertEqual(len(row["cells"]), len(self.basic.requirement_ids))
        self._set_tier(self.customer, self.gone)
        self.assertEqual(set(self._rows()), {self.foreign_customer.id})

    def test_chosen_tiers(self):
        self._require(self.first)
        self.assertEqual(set(self._rows()), {self.customer.id})
        self._require(self.first, self.second)
        self.assertEqual(set(self._rows()), {self.customer.id, self.foreign_customer.id})
        self._require(self.gone)
        self.assertFalse(self._rows())
        with self.assertRaises(ValidationError):
            self.basic.required_tier_ids = False

    def test_a_dossier_ends_it_until_it_is_disposed_of(self):
        self._require()
        archive = self._registered("basic")
        row = self._rows()[self.customer.id]
        self.assertFalse(row["lacks"])
        self.assertEqual({cell["status"] for cell in row["cells"]}, {"missing"})
        archive._transition("dispose")
        self.assertTrue(self._rows()[self.customer.id]["lacks"])

    def test_contacts_and_archived_customers_need_none(self):
        contact = self.env["res.partner"].create(
            {"name": "Zhou Jian", "parent_id": self.customer.id}
        )
        self.assertEqual(contact.customer_tier_id, self.first)
        self._require()
        picture = self.radar.with_user(self.user_archivist).get_radar(
            class_id=self.basic.id, search="Zhou Jian"
        )
        self.assertFalse(picture["rows"])
        self.foreign_customer.active = False
        self.assertEqual(set(self._rows()), {self.customer.id})

    def test_entries_that_are_required_later_are_not_asked_for(self):
        self._require()
        today = self.company._customer_today()
        later, now, *_rest = self.basic.requirement_ids
        later.required_since = today.replace(year=today.year + 1)
        now.required_since = today
        cells = {cell["column"]: cell["status"] for cell in self._rows()[self.customer.id]["cells"]}
        self.assertEqual((cells[later.id], cells[now.id]), ("", "no_dossier"))

    def test_class_without_a_checklist(self):
        special = self.archive_class["special"]
        special.requirement_ids.active = False
        special.required_for = "all"
        row = self._rows(archive_class=special)[self.customer.id]
        self.assertEqual((row["cells"], row["completeness"]), ([], 0))
        self.assertEqual(row["lacks"], self.company.id)

    def test_who_sees_whose(self):
        self._require()
        self.assertEqual(set(self._rows(self.user_sales)), {self.customer.id})
        self.assertEqual(set(self._rows(self.other_sales)), {self.foreign_customer.id})
        self.assertEqual(len(self._rows(self.user_auditor)), 2)
        self.assertFalse(self._rows(self.user_service), "the class is not theirs")
        self.basic.reader_kind = "service"
        self.assertEqual(len(self._rows(self.user_service)), 2)
        self.assertFalse(self._rows(self.user_sales))
        self.basic.reader_group_ids = self.env.ref("customer_governance.group_sales")
        self.assertEqual(len(self._rows(self.user_sales)), 2)
        for user, can in ((self.user_auditor, False), (self.user_sales, True)):
            picture = self.radar.with_user(user).get_radar(class_id=self.basic.id)
            self.assertEqual(picture["can_open"], can)

    def test_service_sees_customers_whose_complaints_it_works_on(self):
        trade = self.archive_class["trade"]
        trade.required_for = "all"
        self.assertFalse(self._rows(self.user_service, trade))
        self.env["customer.complaint"].create(
            {
                "partner_id": self.customer.id,
                "subject": "Late tanker",
                "user_id": self.user_service.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(set(self._rows(self.user_service, trade)), {self.customer.id})

    def test_tier_and_dossier_of_another_company(self):
        self._require()
        archivist = self.user_archivist
        archivist.company_ids |= self.other_company
        self._dossier("basic", documents=0)
        both = self.radar.with_user(archivist).with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )

        def lacks():
            rows = both.get_radar(class_id=self.basic.id, limit=200)["rows"]
            return next(row["lacks"] for row in rows if row["id"] == self.customer.id)

        self.assertFalse(lacks(), "no tier in the other company")
        self._set_tier(self.customer, self.second, self.other_company)
        self.assertEqual(lacks(), self.other_company.id)
        self.basic.company_id = self.company
        self.assertFalse(lacks(), "the class is of the first company only")

    def test_counts_of_the_class(self):
        self._require()
        picture = self.radar.with_user(self.user_sales).get_radar()
        missing = {one["id"]: one["missing"] for one in picture["classes"]}
        self.assertEqual(missing[self.basic.id], len(self.basic.requirement_ids))
        self.assertEqual(picture["class_id"], self.basic.id)

    def test_queries_do_not_grow(self):
        self._require()

        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            self._rows()
            return self.env.cr.sql_log_count - before

        statements()
        first = statements()
        for n in range(15):
            self._set_tier(self._new_customer(f"Required {n}"), self.first)
        self.assertEqual(statements(), first)
