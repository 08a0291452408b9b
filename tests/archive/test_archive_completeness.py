import random
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ...engine.archive_checklist import Document, Requirement, completeness, status
from ...queries.measures import MeasureContext
from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveCompleteness(ArchiveCase):
    """The share of the checklist that a dossier holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._dossier("basic", documents=0)
        cls.required = {
            key: cls.env.ref(f"customer_governance.archive_requirement_basic_{key}")
            for key in ("licence", "tax", "signers", "bank")
        }

    def _add(self, key, archive=None, **vals):
        return self.env["customer.archive.document"].create(
            {
                "archive_id": (archive or self.archive).id,
                "requirement_id": self.required[key].id,
                **vals,
            }
        )

    def test_documents_count_at_once(self):
        self.assertEqual((self.archive.completeness, self.archive.missing_count), (0, 4))
        self._add("tax")
        self.assertEqual((self.archive.completeness, self.archive.missing_count), (25, 3))
        signers = self._add("signers")
        self.assertEqual(self.archive.completeness, 25)  # not signed
        signers.is_signed = True
        self.assertEqual(self.archive.completeness, 50)
        signers.is_original = False
        self.assertEqual(self.archive.completeness, 25)
        signers.unlink()
        self.assertEqual((self.archive.completeness, self.archive.missing_count), (25, 3))

    def test_file_alone_needs_a_file(self):
        document = self._add("tax", medium="electronic")
        self.assertEqual(self.archive.completeness, 0)
        self._file(document)
        self.assertEqual(self.archive.completeness, 25)

    def test_lost_paper_is_missing(self):
        document = self._add("tax")
        document.paper_state = "lent"
        self.assertEqual(self.archive.completeness, 25)
        document.paper_state = "missing"
        self.assertEqual(self.archive.completeness, 0)

    def test_nothing_required_is_no_full_mark(self):
        special = self._dossier("special")
        self.assertEqual((special.required_count, special.completeness), (0, 0))

    def test_what_ends_counts_until_its_last_day(self):
        today = self.company._customer_today()
        self._add("licence", date_until=today)
        self.assertEqual(self.archive.completeness, 25)
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.env["customer.archive"]._cron_archive()
            self.assertEqual(self.archive.completeness, 0)

    def test_changed_checklist_counts_for_all_dossiers_of_the_class(self):
        self._add("tax")
        self.required["bank"].active = False
        self.assertAlmostEqual(self.archive.completeness, 33.33)
        asked = self.env["customer.archive.requirement"].create(
            {"class_id": self.archive_class["basic"].id, "name": "New"}
        )
        self.assertEqual(self.archive.completeness, 25)
        asked.required_since = self.archive.date_opened + timedelta(days=1)
        self.assertAlmostEqual(self.archive.completeness, 33.33)
        asked.unlink()
        self.assertAlmostEqual(self.archive.completeness, 33.33)

    def test_expiring_documents_are_asked_for_once(self):
        self._add("licence", date_until=self.company._customer_today() + timedelta(days=30))
        self._add("bank", date_until=self.company._customer_today() + timedelta(days=31))
        Archive = self.env["customer.archive"]
        for _run in range(2):
            Archive._cron_archive()
        asked = self.archive.activity_ids
        self.assertEqual(asked.mapped("summary"), ["A document ends"])
        self.assertEqual(asked.user_id, self.user_sales)

    def test_what_was_renewed_is_not_asked_for(self):
        today = self.company._customer_today()
        self._add("licence", date_until=today + timedelta(days=20))
        self._add("licence", date_until=today + timedelta(days=400))
        self.env["customer.archive"]._cron_archive()
        self.assertFalse(self.archive.activity_ids)

    def test_sql_equals_the_engine(self):
        """Random dossiers: the SQL figures against the slow rule, entry by entry."""
        dice = random.Random(20261103)
        today = self.company._customer_today()
        archives = self.archive
        for _n in range(25):
            archive = self._dossier("basic", documents=0)
            archives |= archive
            for _m in range(dice.randrange(7)):
                document = self._add(
                    dice.choice([*self.required]),
                    archive,
                    is_original=dice.random() < 0.5,
                    is_signed=dice.random() < 0.5,
                    medium=dice.choice(["paper", "electronic", "both"]),
                    date_until=dice.choice(
                        [False, *(today + timedelta(days=n) for n in (-1, 0, 1, 30, 31))]
                    ),
                    active=dice.random() < 0.9,
                    is_there=dice.random() < 0.9,
                    page_count=3,
                )
                document.sudo().pages_missing = dice.choice([0, 0, 0, 2])
                document.paper_state = dice.choice(["in_place", "lent", "missing", "destroyed"])
                if dice.random() < 0.3:
                    self._file(document)
        for archive in archives:
            expected = {
                requirement.id: self._slow_status(archive, requirement, today)
                for requirement in self.required.values()
            }
            found = {entry: word for entry, word, _document in archive._checklist()}
            self.assertEqual(found, expected)
            self.assertEqual(
                round(archive.completeness, 2), float(completeness(list(expected.values())))
            )
        before = archives.mapped("completeness")
        self.env["customer.archive"]._refresh_completeness(SQL("TRUE"))
        self.assertEqual(archives.mapped("completeness"), before)
        self.assertGreater(len(set(before)), 2)

    def _slow_status(self, archive, requirement, today):
        entry = Requirement(
            requirement.need_original, requirement.need_signed, requirement.need_valid_until
        )
        documents = [
            Document(
                has_paper=one.medium in ("paper", "both")
                and one.paper_state in ("in_place", "lent"),
                has_file=one.medium in ("electronic", "both") and bool(one.attachment_ids),
                is_original=one.is_original,
                is_signed=one.is_signed,
                date_until=one.date_until or None,
                pages_missing=one.pages_missing,
                is_paper_lost=one.medium == "both" and one.paper_state in ("missing", "destroyed"),
            )
            for one in archive.document_ids
            if one.requirement_id == requirement and one.is_there
        ]
        return status(entry, documents, today, self.company.archive_expiry_days)

    def test_queries_do_not_grow(self):
        Archive = self.env["customer.archive"]

        def statements(count):
            many = Archive.browse()
            for _n in range(count):
                many |= self._dossier("basic", documents=0)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            many._compute_completeness()
            middle = self.env.cr.sql_log_count
            Archive._refresh_completeness(SQL("TRUE"))
            return middle - before, self.env.cr.sql_log_count - middle

        statements(1)
        self.assertEqual(statements(2), statements(12))

    def test_measure_of_the_reviews(self):
        """1 of 4 and 0 of 3 required documents; a dossier without checklist says nothing."""
        self._add("tax")
        self._dossier("trade", documents=0)
        self._dossier("special", partner_id=self.foreign_customer.id)
        self.env.flush_all()
        measure = self.env["customer.measure"]._measures()["archive_completeness"]
        today = self.company._customer_today()
        ctx = MeasureContext(self.company.id, today - timedelta(days=90), today)
        found = dict(self.env.execute_query(measure.select(ctx)))
        self.assertEqual(round(float(found[self.customer.id]), 6), round(1 / 7, 6))
        self.assertNotIn(self.foreign_customer.id, found)
        model, domain = measure.sources(ctx, self.customer.id)
        self.assertEqual(len(self.env[model].search(domain)), 2)
