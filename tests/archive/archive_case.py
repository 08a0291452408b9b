"""Dossiers for the tests of the archive."""

from ..common import GovernanceCase


class ArchiveCase(GovernanceCase):
    """`user_sales` is A, `user_service` B, `user_archivist` accepts."""

    @classmethod
    def setUpClass(cls):
        """Name the classes."""
        super().setUpClass()
        cls.archive_class = {
            key: cls.env.ref(f"customer_governance.archive_class_{key}")
            for key in ("basic", "trade", "service", "special", "loan")
        }
        # what is missing is a test of its own
        for archive_class in cls.archive_class.values():
            archive_class.missing_rule = "allow"

    @classmethod
    def _dossier(cls, key="trade", documents=2, **vals):
        """Create a dossier with `documents` signed originals of three pages."""
        return cls.env["customer.archive"].create(
            {
                "title": f"Papers {key}",
                "class_id": cls.archive_class[key].id,
                "partner_id": cls.customer.id,
                "role_a_id": cls.user_sales.id,
                "role_b_id": cls.user_service.id,
                "document_ids": [
                    (0, 0, {"name": f"Paper {n}", "page_count": 3, "is_signed": True})
                    for n in range(1, documents + 1)
                ],
                **vals,
            }
        )

    @classmethod
    def _registered(cls, key="trade", documents=2, **vals):
        """Create a dossier and let the system register it."""
        archive = cls._dossier(key, documents, **vals)
        archive.action_submit()
        archive.action_check()
        archive.action_accept()
        return archive

    @classmethod
    def _file(cls, document, name="scan.pdf", content=b"%PDF-1.4 scan"):
        """Add a file to a document."""
        file = cls.env["ir.attachment"].create({"name": name, "raw": content})
        document.attachment_ids = [(4, file.id)]
        return file
