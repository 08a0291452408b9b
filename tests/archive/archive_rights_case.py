"""Dossiers that are kept long enough, and the people of a disposal."""

from .archive_case import ArchiveCase


class ArchiveRightsCase(ArchiveCase):
    """`user_archivist` lists and executes, `user_sales` owns, `user_manager` approves,
    `user_service` and `user_quality` witness."""

    @classmethod
    def setUpClass(cls):
        """Give the classes rules of the test."""
        super().setUpClass()
        for key, event, years, rounding in (
            ("basic", "last_transaction", 10, "year"),
            ("trade", "last_transaction", 10, "year"),
            ("service", "case_closed", 5, "quarter"),
            ("special", "case_closed", 15, "year"),
            ("loan", "contract_end", 15, "year"),
        ):
            cls.archive_class[key].write(
                {
                    "retention_event": event,
                    "retention_years": years,
                    "retention_rounding": rounding,
                }
            )

    @classmethod
    def _due(cls, key="special", **vals):
        """Register a dossier whose case was closed long ago, with a file."""
        archive = cls._dossier(key, **vals)
        file = cls._file(archive.document_ids[0], content=f"scan {archive.id}".encode())
        archive.action_submit()
        archive.action_check()
        archive.action_accept()
        archive.retention_event_date = "2000-01-01"
        return archive, file

    @classmethod
    def _list(cls, archives):
        """Put dossiers on a list of the archivist."""
        disposal = (
            cls.env["customer.archive.disposal"]
            .with_user(cls.user_archivist)
            .create({"owner_id": cls.user_sales.id})
        )
        cls.env["customer.archive.disposal.line"].with_user(cls.user_archivist).create(
            [{"disposal_id": disposal.id, "archive_id": archive.id} for archive in archives]
        )
        return disposal

    @classmethod
    def _approved_list(cls, archives):
        """Bring a list to the approval, by the people it needs."""
        disposal = cls._list(archives)
        disposal.action_ask()
        disposal.with_user(cls.user_sales).action_consent()
        disposal.with_user(cls.user_manager).action_approve()
        return disposal

    @classmethod
    def _witnessed(cls, archives):
        """Bring a list to the point where only the execution is missing."""
        disposal = cls._approved_list(archives)
        disposal.write({"witness_1_id": cls.user_service.id, "witness_2_id": cls.user_quality.id})
        disposal.with_user(cls.user_service).action_witness()
        disposal.with_user(cls.user_quality).action_witness()
        return disposal
