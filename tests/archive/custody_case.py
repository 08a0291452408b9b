"""Places, deeds and loans for the tests of custody."""

from datetime import timedelta

from .archive_case import ArchiveCase


class CustodyCase(ArchiveCase):
    """A room with a shelf and a safe; `user_deed` and `second_custodian` open the safe together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._customer_today()
        users = cls._new_users(
            {
                "deed2": "customer_governance.group_deed",
                "manager2": "customer_governance.group_manager",
            }
        )
        cls.second_custodian, cls.second_manager = users["deed2"], users["manager2"]
        locations = cls.env["customer.archive.location"]
        cls.room = locations.create({"name": "Room 1", "kind": "room", "barcode": "R1"})
        cls.shelf = locations.create(
            {"name": "Shelf A", "kind": "shelf", "parent_id": cls.room.id, "barcode": "R1-A"}
        )
        cls.other_shelf = locations.create(
            {"name": "Shelf B", "kind": "shelf", "parent_id": cls.room.id, "barcode": "R1-B"}
        )
        cls.safe = locations.create(
            {"name": "Safe 1", "kind": "safe", "parent_id": cls.room.id, "barcode": "R1-S"}
        )

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    # --- loans --------------------------------------------------------------------------------

    @classmethod
    def _loan(cls, user, *items, kind="papers", **vals):
        """A draft slip of `user` for dossiers, documents or deeds."""
        names = {
            "customer.archive": "archive",
            "customer.archive.document": "document",
            "customer.archive.deed": "deed",
        }
        lines = [
            (0, 0, {"kind": names[item._name], f"{names[item._name]}_id": item.id})
            for item in items
        ]
        return (
            cls.env["customer.archive.loan"]
            .with_user(user)
            .create(
                {
                    "purpose": "Annual audit",
                    "kind": kind,
                    "date_from": cls.today,
                    "date_due": cls._day(14),
                    "line_ids": lines,
                    **vals,
                }
            )
        )

    @classmethod
    def _approved(cls, user, *items, **vals):
        """Return a slip that a director approved."""
        loan = cls._loan(user, *items, **vals)
        loan.action_request()
        if loan.state == "submitted":
            loan.with_user(cls.user_manager).action_approve()
        return loan.with_user(cls.user_archivist)

    @classmethod
    def _issued(cls, user, *items, **vals):
        """Return a slip whose papers are out."""
        loan = cls._approved(user, *items, **vals)
        loan.action_issue()
        return loan

    @classmethod
    def _count(cls, lines, pages=None, **vals):
        """Count lines at the desk: as they went out, or so many pages."""
        for line in lines:
            back = line.page_issued if pages is None else pages
            line.write({"is_counted": True, "page_returned": back, **vals})
        return lines

    # --- deeds --------------------------------------------------------------------------------

    @classmethod
    def _handover(cls, archive, quantity=1, **vals):
        """Return a handover of one deed, given and checked, ready for the custodian."""
        handover = (
            cls.env["customer.archive.deed.handover"]
            .with_user(cls.user_sales)
            .create(
                {
                    "archive_id": archive.id,
                    "checker_id": cls.user_service.id,
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "Land use certificate",
                                "deed_number": "LU 2026/7",
                                "owner_name": "Harbour Glass",
                                "quantity": quantity,
                                **vals,
                            },
                        )
                    ],
                }
            )
        )
        handover.action_give()
        checker = handover.with_user(cls.user_service)
        checker.line_ids.write({"checker_agrees": True, "checker_quantity": quantity})
        checker.action_check()
        return handover.with_user(cls.user_deed)

    @classmethod
    def _received_deed(cls, archive, quantity=1, **vals):
        """Return a deed that the three parties agreed on, not in the safe yet."""
        handover = cls._handover(archive, quantity)
        handover.line_ids.write({"receiver_agrees": True, "receiver_quantity": quantity})
        handover.action_receive()
        deed = handover.line_ids.deed_id
        if vals:
            deed.write(vals)
        return deed

    @classmethod
    def _move(cls, deed, direction, purpose, confirm=True, **vals):
        """Return a move that `user_deed` asked for and, by default, the second one confirmed."""
        move = (
            cls.env["customer.archive.deed.move"]
            .with_user(cls.user_deed)
            .create(
                {
                    "deed_id": deed.id,
                    "direction": direction,
                    "purpose": purpose,
                    "location_id": (deed.location_id or cls.safe).id,
                    **vals,
                }
            )
        )
        if confirm:
            move.with_user(cls.second_custodian).action_confirm(move.quantity)
        return move

    @classmethod
    def _safe_deed(cls, archive, **vals):
        """Return a deed in the safe."""
        deed = cls._received_deed(archive, **vals)
        cls._move(deed, "in", "keep")
        return deed
