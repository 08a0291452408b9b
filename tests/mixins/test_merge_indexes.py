"""Merging partners: every unique index of ours with a partner in it is handled."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...queries import merges
from ..common import GovernanceCase
from ..rights.factories import FACTORIES


@tagged("post_install", "-at_install")
class TestMergeIndexes(GovernanceCase):
    """Two partners with a row each that could stand in the other's place become one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._new_customer("Harbour Glass Ltd")
        cls.both = cls.customer | cls.double

    def _merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(self.both.ids, self.customer, extra_checks=False)
        self.env.invalidate_all()

    def _rows(self, model, **vals):
        """A row of each of the two partners, made by the system."""
        records = self.env[model].sudo()
        values = [
            {"partner_id": partner.id, "company_id": self.company.id, **vals}
            for partner in self.both
        ]
        return records.create(values)

    # one method for each table, that leaves rows which collide and says what has to remain

    def _customer_credit_turn(self):
        self._rows("customer.credit.turn")
        return lambda: None

    def _customer_metrics(self):
        self.env["customer.metrics"]._refresh(self.both)
        return lambda: None

    def _customer_data_review(self):
        mine, other = self._rows("customer.data.review")
        mine.deadline, other.deadline = date(2026, 12, 20), date(2026, 12, 10)

        def check():
            self.assertEqual((mine.state, other.state), ("cancelled", "due"), "earliest deadline")
            self.assertEqual(other.partner_id, self.customer)

        return check

    def _customer_collection_episode(self):
        rows = self._rows("customer.collection.episode", date_from=date(2026, 11, 1))

        def check():
            self.assertEqual(len(rows.exists()), 2)
            self.assertEqual(len(rows.filtered(lambda e: not e.date_to)), 1)

        return check

    def _customer_review_line(self):
        line = FACTORIES["customer.review.line"](self.env, self.customer, self.company)
        self.env["customer.review.line"].create(
            {
                "review_id": line.review_id.id,
                "partner_id": self.double.id,
                "company_id": self.company.id,
            }
        )

        def check():
            self.assertTrue(line.exists(), "the line of the customer that remains")

        return check

    def _customer_segment_assignment(self):
        dimension = self.env["customer.segment.dimension"].create({"name": "Size", "code": "size"})
        big, small = self.env["customer.segment"].create(
            [
                {"name": name, "code": name, "dimension_id": dimension.id}
                for name in ("Big", "Small")
            ]
        )
        mine, _other = self.env["customer.segment.assignment"].create(
            [
                {"partner_id": self.customer.id, "segment_id": big.id},
                {"partner_id": self.double.id, "segment_id": small.id},
            ]
        )

        def check():
            self.assertTrue(mine.exists())

        return check

    def _customer_provider_period(self):
        Period = self.env["customer.provider.period"].sudo()

        def month(partner, number, state):
            period = Period.create(
                {
                    "provider_id": partner.id,
                    "company_id": self.company.id,
                    "date_from": date(2026, number, 1),
                    "date_to": date(2026, number, 28),
                }
            )
            self.env.cr.execute(
                "UPDATE customer_provider_period SET state = %s WHERE id = %s", (state, period.id)
            )
            period.invalidate_recordset()
            return period

        mine, other = self.both
        paid = month(mine, 9, "paid") | month(other, 9, "paid") | month(other, 7, "paid")
        draft = month(mine, 8, "draft")
        confirmed = month(other, 8, "confirmed")
        drafts = month(mine, 6, "draft") | month(other, 6, "draft")

        def check():
            self.assertEqual(len(paid.exists()), 3, "no paid month is lost")
            self.assertEqual(paid.provider_id, self.customer)
            self.assertEqual(paid.mapped("merged_from"), [False, "Harbour Glass Ltd", False])
            self.assertFalse(draft.exists(), "it would count and pay the cases again")
            self.assertEqual((confirmed.provider_id, confirmed.merged_from), (self.customer, False))
            self.assertEqual(len(drafts.exists()), 1)

        return check

    def _customer_provider_volume(self):
        volumes = self.env["customer.provider.volume"].create(
            [
                {
                    "provider_id": partner.id,
                    "company_id": self.company.id,
                    "date_from": "2026-09-01",
                    "quantity": quantity,
                }
                for partner, quantity in zip(self.both, (30, 12), strict=True)
            ]
        )

        def check():
            remaining = volumes.exists()
            self.assertEqual(remaining.provider_id, self.customer)
            self.assertEqual(remaining.mapped("quantity"), [42], "what both did in the month")

        return check

    def _customer_care_interval(self):
        mine, other = self._rows("customer.care.interval", days=30, reason="Agreed")
        alone = self.env["customer.care.interval"].create(
            {"partner_id": self.double.id, "kind": "visit", "days": 60, "reason": "Agreed"}
        )

        def check():
            self.assertTrue(mine.exists())
            self.assertFalse(other.exists(), "the interval of the customer that remains")
            self.assertEqual(alone.partner_id, self.customer)

        return check

    def _customer_care_coverage(self):
        mine, other = self._rows(
            "customer.care.coverage", kind="contact", month=date(2026, 10, 1), result="missed"
        )

        def check():
            self.assertTrue(mine.exists())
            self.assertFalse(other.exists(), "one month of one customer")

        return check

    def _pairs(self):
        own = [
            model._table
            for model in self.env.registry.values()
            if model._original_module == "customer_governance" and model._auto
        ]
        return self.env.execute_query(merges.unique_partner_columns("res_partner", own))

    def test_every_unique_index(self):
        """A new one fails here until the merge of its rows was thought of and is tried."""
        tables = {table for table, _column in self._pairs()}
        known = {table for table in tables if hasattr(self, f"_{table}")}
        self.assertEqual(tables - known, set(), "a unique index over a partner that nobody merges")
        self.assertGreaterEqual(len(tables), 7)
        for table in sorted(tables):
            with self.subTest(table), self.env.cr.savepoint() as savepoint:
                check = getattr(self, f"_{table}")()
                self.env.flush_all()
                self._merge()
                check()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_nobody_thought_of_is_refused_and_nothing_is_lost(self):
        self.env.cr.execute("CREATE UNIQUE INDEX ON customer_information (partner_id)")
        rows = self._rows("customer.information", name="Heard", date=date(2026, 11, 1))
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "Customer Information"), self.env.cr.savepoint():
            self._merge()
        self.assertEqual(rows.mapped("partner_id"), self.both)
