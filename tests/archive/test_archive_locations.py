from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.archive.custody.customer_archive_location import LocationFull
from .custody_case import CustodyCase


@tagged("post_install", "-at_install")
class TestArchiveLocations(CustodyCase):
    """Places: a tree with labels and room, every move of a dossier on record."""

    def test_name_and_safe_follow_the_tree(self):
        drawer = self.shelf.create({"name": "Drawer", "kind": "box", "parent_id": self.safe.id})
        self.assertEqual(drawer.complete_name, "Room 1 / Safe 1 / Drawer")
        self.assertTrue(drawer.is_safe)
        self.assertFalse(self.shelf.is_safe)
        self.room.name = "Cellar"
        self.assertEqual(drawer.complete_name, "Cellar / Safe 1 / Drawer")

    def test_a_place_is_not_inside_itself(self):
        with self.assertRaises(UserError):
            self.room.parent_id = self.shelf

    def test_barcode_is_unique_in_a_company_and_blank_is_none(self):
        self.shelf.barcode = "  "
        self.assertFalse(self.shelf.barcode)
        self.other_shelf.barcode = " "
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.shelf.barcode = "R1"
                self.env.flush_all()
        elsewhere = self.shelf.create(
            {"name": "Abroad", "barcode": "R1", "company_id": self.other_company.id}
        )
        self.assertEqual(elsewhere.barcode, "R1")

    def test_moves_are_logged_by_person_and_reason(self):
        archive = self._registered()
        keeper = archive.with_user(self.user_archivist)
        self.env["customer.archive.relocate"].with_user(self.user_archivist).create(
            {
                "archive_ids": [(6, 0, archive.ids)],
                "location_id": self.shelf.id,
                "reason": "First place",
            }
        ).action_move()
        keeper.location_id = self.other_shelf
        moves = archive.move_ids.sorted("id")
        self.assertEqual(
            [(m.from_location_id, m.to_location_id, m.user_id, m.reason) for m in moves],
            [
                (self.shelf.browse(), self.shelf, self.user_archivist, "First place"),
                (self.shelf, self.other_shelf, self.user_archivist, False),
            ],
        )
        for change in (lambda: moves[0].write({"reason": "x"}), moves.unlink):
            with self.assertRaises(AccessError):
                change()

    def test_only_archivists_give_places(self):
        archive = self._dossier()
        with self.assertRaises(AccessError):
            archive.with_user(self.user_sales).location_id = self.shelf
        with self.assertRaises(AccessError):
            self._dossier_as(self.user_sales, location_id=self.shelf.id)

    def _dossier_as(self, user, **vals):
        return (
            self.env["customer.archive"]
            .with_user(user)
            .create(
                {
                    "title": "Own",
                    "class_id": self.archive_class["trade"].id,
                    "partner_id": self.customer.id,
                    "role_a_id": user.id,
                    "role_b_id": self.user_service.id,
                    **vals,
                }
            )
        )

    def test_the_last_place_and_one_past_it(self):
        self.shelf.write({"has_capacity": True, "capacity": 2})
        archives = self._registered() | self._registered() | self._registered()
        archives[0].location_id = self.shelf
        archives[1].location_id = self.shelf
        self.assertEqual((self.shelf.fill_count, self.shelf.fill_rate), (2, 100))
        with self.assertRaises(LocationFull), self.env.cr.savepoint():
            archives[2].location_id = self.shelf
        # no limit is not a limit of 0
        self.assertFalse(self.other_shelf.has_capacity)
        archives[2].location_id = self.other_shelf

    def test_capacity_zero_takes_nothing(self):
        self.shelf.write({"has_capacity": True, "capacity": 0})
        with self.assertRaises(LocationFull), self.env.cr.savepoint():
            self._registered().location_id = self.shelf

    def test_the_room_counts_what_is_on_its_shelves(self):
        self.room.write({"has_capacity": True, "capacity": 1})
        self._registered().location_id = self.shelf
        self.assertEqual(self.room.fill_count, 1)
        with self.assertRaises(LocationFull), self.env.cr.savepoint():
            self._registered().location_id = self.other_shelf
        with self.assertRaises(LocationFull), self.env.cr.savepoint():
            self.room.capacity = 0

    def test_the_home_is_kept_during_a_loan(self):
        self.shelf.write({"has_capacity": True, "capacity": 1})
        archive = self._registered()
        archive.location_id = self.shelf
        self._issued(self.user_sales, archive)
        self.assertEqual((archive.location_id, self.shelf.fill_count), (self.shelf, 1))
        with self.assertRaises(LocationFull), self.env.cr.savepoint():
            self._registered().location_id = self.shelf

    def test_safes_hold_deeds_only_and_shelves_no_deeds(self):
        archive = self._registered()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            archive.location_id = self.safe
        archive.location_id = self.shelf
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.shelf.kind = "safe"
        self._safe_deed(archive)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.safe.kind = "shelf"

    def test_who_arranges_what(self):
        archivist, custodian = self.user_archivist, self.user_deed
        self.shelf.with_user(archivist).note = "dry"
        self.safe.with_user(custodian).note = "bolted"
        for user, place in ((archivist, self.safe), (custodian, self.shelf)):
            with self.assertRaises(AccessError):
                place.with_user(user).note = "x"
        # neither by making a safe of a shelf nor by moving one into a safe
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.other_shelf.with_user(archivist).kind = "safe"
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.other_shelf.with_user(archivist).parent_id = self.safe
        self.safe.with_user(self.user_manager).note = "checked"

    def test_fill_of_many_places_is_one_query(self):
        places = self.shelf.create(
            [{"name": f"Box {n}", "parent_id": self.shelf.id} for n in range(30)]
        )
        archive = self._registered()
        archive.location_id = places[3]
        self.env.flush_all()
        places.invalidate_recordset(["fill_count"])
        places.mapped("capacity")
        with self.assertQueryCount(1):
            self.assertEqual(sum(places.mapped("fill_count")), 1)

    # --- places that are given up ---------------------------------------------------------------

    def _refused(self, place):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            place.action_archive()
        self.env.invalidate_all()
        self.assertEqual(place.filtered("active"), place)
        return str(caught.exception)

    def test_a_place_with_a_dossier_is_not_archived(self):
        archive = self._registered()
        archive.location_id = self.shelf
        text = self._refused(self.shelf.with_user(self.user_archivist))
        self.assertIn("Room 1 / Shelf A: 1 dossiers", text)
        self.assertNotIn("lent", text)
        self._issued(self.user_sales, archive)
        self.assertIn("1 dossiers, 1 of which on loan", self._refused(self.shelf))
        archive.with_user(self.user_archivist).location_id = self.other_shelf
        self.shelf.with_user(self.user_archivist).action_archive()
        self.assertFalse(self.shelf.active)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            archive.location_id = self.shelf

    def test_a_safe_with_a_deed_or_an_entry_that_waits_is_not_archived(self):
        safe = self.safe.with_user(self.user_deed)
        deed = self._received_deed(self._registered())
        move = self._move(deed, "in", "keep", confirm=False)
        self.assertIn("1 deeds waiting at the safe", self._refused(safe))
        move.with_user(self.second_custodian).action_confirm(1)
        self.assertIn("Safe 1: 1 deeds", self._refused(safe))
        self._move(deed, "out", "customer", received_by="Zhou Jian")
        safe.action_archive()
        self.assertFalse(safe.active)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._move(self._received_deed(self._registered()), "in", "keep")

    def test_a_room_is_archived_after_its_places_or_with_them(self):
        self.assertIn("Room 1 / Shelf A: still in use", self._refused(self.room))
        (self.shelf | self.other_shelf).action_archive()
        self._registered().location_id = drawer = self.shelf.create(
            {"name": "Drawer", "parent_id": self.other_shelf.id}
        )
        text = self._refused(self.room | self.safe)
        self.assertIn("Room 1 / Shelf B / Drawer: 1 dossiers", text)
        self.assertNotIn("Shelf A", text)
        drawer.archive_ids.location_id = False
        (self.room | self.safe | drawer).action_archive()
        self.assertFalse((self.room | self.safe | drawer).filtered("active"))
        # what is archived already stays so, whatever is there
        self.room.action_archive()

    def test_what_left_its_place_does_not_keep_it(self):
        archive = self._registered()
        archive.location_id = self.shelf
        archive._transition("dispose")
        self.shelf.action_archive()
        self.assertFalse(self.shelf.active)

    def test_archiving_many_places_takes_as_many_queries_as_one(self):
        def statements(count):
            places = self.shelf.create([{"name": f"Empty {n}"} for n in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            places._check_empty()
            return self.env.cr.sql_log_count - before

        statements(1)
        self.assertEqual(statements(1), statements(20))
