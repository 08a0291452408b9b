from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.common.customer_transition_mixin import TransitionRefused
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveInventories(CustodyCase):
    """The half-yearly look: plan, count, accuracy, what follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archives = cls.env["customer.archive"]
        for n in range(10):
            cls.archives |= cls._registered(documents=1, title=f"Dossier {n}")
        cls.archives.location_id = cls.shelf
        loan = cls._registered("loan")
        loan.location_id = cls.other_shelf
        loan.class_id.reader_group_ids |= cls.env.ref(
            "customer_governance.group_sales"
        ) | cls.env.ref("customer_governance.group_service")
        cls.loan_archive = loan
        cls.deed = cls._safe_deed(loan)

    def _inventory(self, **vals):
        return (
            self.env["customer.archive.inventory"]
            .with_user(self.user_archivist)
            .create({"share": 20, "minimum": 0, **vals})
        )

    def _planned(self, **vals):
        inventory = self._inventory(**vals)
        inventory.action_plan()
        return inventory

    def _lines(self, inventory, kind="archive"):
        user = self.user_deed if kind == "deed" else self.user_archivist
        return (
            self.env["customer.archive.inventory.line"]
            .with_user(user)
            .search([("inventory_id", "=", inventory.id)])
        )

    def test_plan_takes_all_deeds_and_a_share_of_the_dossiers(self):
        inventory = self._planned()
        lines = inventory.sudo().line_ids
        self.assertEqual(inventory.population, 11)
        self.assertEqual(lines.filtered("deed_id").deed_id, self.deed)
        self.assertEqual(len(lines.filtered(lambda line: line.kind == "archive")), 3)
        self.assertTrue(all(lines.mapped("code")) and all(lines.mapped("location_name")))
        self.assertTrue(all(line.why for line in self._lines(inventory)))

    def test_dossiers_without_a_place_are_looked_for_too(self):
        lost = self._registered(title="Nobody knows where")
        everything = self._planned(share=100)
        self.assertIn(lost, everything.sudo().line_ids.archive_id)
        part = self._planned(share=100, location_id=self.room.id)
        self.assertNotIn(lost, part.sudo().line_ids.archive_id)

    def test_same_seed_same_sample(self):
        inventory = self._planned()
        inventory.action_cancel()
        again = self._inventory(date=inventory.date)
        again.sudo().seed = inventory.seed
        again.action_plan()
        self.assertEqual(
            set(inventory.sudo().line_ids.archive_id.ids), set(again.sudo().line_ids.archive_id.ids)
        )

    def test_the_plan_takes_a_constant_number_of_statements(self):
        counts = []
        for extra in (0, 40):
            for n in range(extra):
                self._registered(documents=0, title=f"More {n}").location_id = self.shelf
            inventory = self._inventory(share=100).sudo()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            inventory._draw()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            inventory.action_cancel()
        self.assertEqual(counts[0], counts[1])

    def test_archivists_see_dossiers_and_custodians_deeds(self):
        inventory = self._planned()
        self.assertEqual(set(self._lines(inventory).mapped("kind")), {"archive"})
        self.assertEqual(set(self._lines(inventory, "deed").mapped("kind")), {"deed"})
        with self.assertRaises(AccessError):
            self._lines(inventory, "deed").with_user(self.user_archivist).action_found()
        with self.assertRaises(AccessError):
            inventory.sudo().line_ids.with_user(self.user_manager).read(["name"])
        self.assertEqual(inventory.with_user(self.user_manager).line_count, 4)

    def test_scanning_shelf_by_shelf(self):
        inventory = self._planned(share=100)
        here, elsewhere = self.archives[0], self.archives[1]
        wizard = (
            self.env["customer.archive.inventory.scan"]
            .with_user(self.user_archivist)
            .create(
                {
                    "inventory_id": inventory.id,
                    "codes": f"R1-A\n{here.name}\n\nR1-B\n{elsewhere.name}\n4711",
                }
            )
        )
        wizard.action_book()
        self.assertEqual(wizard.unknown, "4711")
        by_archive = {line.archive_id: line for line in self._lines(inventory)}
        self.assertEqual(by_archive[here].result, "found")
        self.assertEqual(
            (by_archive[elsewhere].result, by_archive[elsewhere].found_location_id),
            ("misplaced", self.other_shelf),
        )
        self.assertEqual(by_archive[here].counted_by_id, self.user_archivist)

    def test_a_deed_scanned_by_an_archivist_is_unknown(self):
        inventory = self._planned()
        self.assertEqual(inventory._book_scans([self.deed.number]), [self.deed.number])
        self.assertFalse(inventory.with_user(self.user_deed)._book_scans([self.deed.number]))

    def _close(self, inventory, **results):
        """Count everything as found but what `results` names by title."""
        for line in inventory.sudo().line_ids:
            line.result = next((r for t, r in results.items() if t in line.name), "found")
        inventory.action_close()

    def test_accuracy_and_what_follows(self):
        inventory = self._planned(share=100)
        with self.assertRaises(TransitionRefused):
            inventory.action_close()
        self.assertFalse(inventory.has_accuracy)
        missing, damaged = self.archives[2], self.archives[3]
        self._close(inventory, **{"Dossier 2": "missing", "Dossier 3": "damaged"})
        self.assertEqual((inventory.line_count, inventory.found_count), (12, 10))
        self.assertAlmostEqual(inventory.accuracy, 100 * 10 / 12, 2)
        self.assertEqual(missing.document_ids.paper_state, "missing")
        self.assertEqual(damaged.document_ids.paper_state, "in_place")
        self.assertTrue(missing.activity_ids and damaged.activity_ids)
        self.assertFalse(self.archives[4].activity_ids)
        self.assertEqual(self.archives[4].last_reviewed_on, inventory.date)
        # what was not in order is looked at next time in any case
        following = self._planned(share=0, date=inventory.date + timedelta(days=180))
        drawn = following.sudo().line_ids.archive_id
        self.assertEqual(drawn & self.archives, missing | damaged)

    def test_a_missing_deed_secures_nothing(self):
        self.deed.write({"valuation": 100, "rate": 100})
        partners = self.customer.with_company(self.company)
        self.assertTrue(partners._credit_secured_amounts(partners))
        self._close(self._planned(), **{"Land use": "missing"})
        self.assertEqual(self.deed.state, "missing")
        self.assertFalse(partners._credit_secured_amounts(partners))

    def test_the_plan_stays(self):
        inventory = self._planned()
        with self.assertRaises(UserError):
            inventory.share = 1
        with self.assertRaises(AccessError):
            self._lines(inventory).write({"name": "x"})
        with self.assertRaises(AccessError):
            self.env["customer.archive.inventory.line"].with_user(self.user_archivist).create(
                {
                    "inventory_id": inventory.id,
                    "company_id": self.company.id,
                    "kind": "archive",
                    "name": "x",
                }
            )
        self._close(inventory)
        with self.assertRaises(UserError):
            self._lines(inventory).write({"result": "missing"})

    def test_one_part_of_the_archive(self):
        inventory = self._planned(share=100, location_id=self.other_shelf.id)
        self.assertEqual(inventory.sudo().line_ids.archive_id, self.loan_archive)

    def test_another_company_is_not_in_it(self):
        abroad = self._registered(
            partner_id=self._new_customer("Abroad").id, company_id=self.other_company.id
        )
        abroad.location_id = self.shelf.create(
            {"name": "Abroad", "company_id": self.other_company.id}
        )
        inventory = self._planned(share=100)
        self.assertNotIn(abroad, inventory.sudo().line_ids.archive_id)

    def test_planned_every_half_year_once(self):
        inventories = self.env["customer.archive.inventory"]
        before = inventories.search([("company_id", "=", self.company.id)])
        inventories._cron_plan()
        self.assertEqual(inventories.search([("company_id", "=", self.company.id)]), before)
        self.archives._thawed().write({"registered_on": self._day(-200)})
        for _run in range(2):
            inventories._cron_plan()
        new = inventories.search([("company_id", "=", self.company.id)]) - before
        self.assertEqual((len(new), new.state), (1, "draft"))
        self.assertTrue(new.activity_ids)
        new.with_user(self.user_archivist).action_plan()
        self._close(new)
        inventories._cron_plan()
        self.assertFalse(inventories.search([("company_id", "=", self.company.id)]) - before - new)
