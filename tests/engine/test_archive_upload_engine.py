from odoo.tests import TransactionCase, tagged

from ...engine.archive_upload import UploadQuota, check_upload, ending, endings

QUOTA = UploadQuota(files=3, size=100, endings=frozenset({"pdf", "jpg"}))


@tagged("-at_install", "post_install")
class TestArchiveUploadEngine(TransactionCase):
    """What a link takes: exactly the quota, not one file or byte more."""

    def _codes(self, received, files=0, size=0, quota=QUOTA):
        allowed, reasons = check_upload(received, files, size, quota)
        self.assertEqual(allowed, not reasons)
        return [reason.code for reason in reasons]

    def test_borders(self):
        self.assertEqual(self._codes([("a.pdf", 100)]), [])
        self.assertEqual(self._codes([("a.pdf", 101)]), ["too_large"])
        self.assertEqual(self._codes([("a.pdf", 1)], files=2, size=99), [])
        self.assertEqual(self._codes([("a.pdf", 1)], files=3), ["too_many"])
        self.assertEqual(self._codes([("a.pdf", 1)], size=100), ["too_large"])
        self.assertEqual(self._codes([("a.pdf", 1), ("b.JPG", 1)], files=2), ["too_many"])

    def test_nothing_empty_and_unknown(self):
        self.assertEqual(self._codes([]), ["nothing"])
        self.assertEqual(self._codes([("a.pdf", 0)]), ["empty"])
        self.assertEqual(self._codes([("virus.exe", 1)]), ["kind"])
        self.assertEqual(self._codes([("pdf", 1)]), ["kind"])
        self.assertEqual(self._codes([(".pdf", 1)]), ["kind"])
        self.assertEqual(self._codes([("a.pdf.exe", 1), ("b.pdf", 0)]), ["kind", "empty"])

    def test_the_content_decides_not_the_ending(self):
        pdf, jpg, program = b"%PDF-1.7 ...", b"\xff\xd8\xff\xe0", b"MZ\x90\x00"
        self.assertEqual(self._codes([("scan", 9, pdf), ("IMG_1", 9, jpg), ("a.jpeg", 9, jpg)]), [])
        self.assertEqual(self._codes([("photo.jpg", 9, pdf)]), [], "both kinds are taken")
        self.assertEqual(self._codes([("invoice.pdf", 9, program)]), ["kind"])
        self.assertEqual(self._codes([("invoice.pdf", 9, b"PK\x03\x04")]), ["kind"])
        self.assertEqual(self._codes([("invoice.pdf", 9, b"<html><script>")]), ["kind"])
        self.assertEqual(self._codes([("invoice.pdf.exe", 9, pdf)]), ["kind"], "it would run")
        office = UploadQuota(3, 100, frozenset({"docx", "tiff", "txt"}))
        codes = [("a.docx", 9, b"PK\x03\x04"), ("b.TIF", 9, b"II*\x00"), ("c.txt", 9, b"Hello")]
        self.assertEqual(self._codes(codes, quota=office), [])
        self.assertEqual(self._codes([("a.txt", 9, b"a\x00b")], quota=office), ["kind"])

    def test_every_kind(self):
        self.assertEqual(self._codes([("x", 1)], quota=UploadQuota(1, 1)), [])

    def test_endings(self):
        self.assertEqual(endings(" pdf,JPG  .png;"), {"pdf", "jpg", "png"})
        self.assertEqual(endings(False), frozenset())
        self.assertEqual([ending("A.PDF"), ending("noext"), ending(".hidden")], ["pdf", "", ""])
