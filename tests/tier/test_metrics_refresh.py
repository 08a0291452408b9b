from contextlib import suppress
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...queries.metrics import Part
from ..mixins.job_case import RUNNER, JobCaseMixin, small_batches
from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestMetricsRefresh(JobCaseMixin, MetricsCase):
    """The job: who is a customer, prune, constant number of queries, twice, killed, failing."""

    def _rows(self, partner):
        return self.Metrics.search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )

    def test_who_is_a_customer(self):
        prospect = self._customer("Prospect")
        supplier = self._customer("Supplier", supplier_rank=1)
        both = self._customer("Both", supplier_rank=1, customer_rank=1)
        buying_supplier = self._customer("Buying supplier", supplier_rank=1)
        self._order(buying_supplier, "2026-01-01 08:00:00")
        archived = self._customer("Archived", active=False)
        employee = self.user_sales.partner_id
        foreign = self._customer("Foreign", company_id=self.other_company.id)
        partners = prospect + supplier + both + buying_supplier + archived + employee + foreign
        self.Metrics._refresh(partners + self.company.partner_id)
        rows = self.Metrics.search(
            [("partner_id", "in", partners.ids), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(rows.partner_id, prospect + both + buying_supplier)
        self.assertFalse(self._rows(self.company.partner_id))
        there = self.Metrics.search([("partner_id", "=", foreign.id)])
        self.assertEqual(there.company_id, self.other_company)

    def test_rows_of_former_customers_go(self):
        partner, stays = self._customer("Leaves"), self._customer("Kept on File")
        self.Metrics._refresh()
        self.assertTrue(self._rows(partner) and self._rows(stays))
        partner.active = False
        self.Metrics._refresh(stays)
        self.assertTrue(self._rows(partner), "only the customers asked for are touched")
        self.Metrics._refresh()
        self.assertFalse(self._rows(partner))
        self.assertTrue(self._rows(stays))

    def test_empty_recordset_is_nobody(self):
        """An empty selection refreshes nobody, it does not mean everybody."""
        partner = self._customer("Untouched")
        self.Metrics._refresh(self.env["res.partner"])
        self.assertFalse(self._rows(partner))

    def test_query_count_does_not_grow(self):
        def refresh(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Metrics._refresh(partners)
            return self.env.cr.sql_log_count - before

        few = self.env["res.partner"].create([{"name": f"Few {i}"} for i in range(10)])
        many = self.env["res.partner"].create([{"name": f"Many {i}"} for i in range(200)])
        # of a whole company care remembers the moment, once
        self.env["res.company"].search([("parent_id", "=", False)]).care_enabled = False
        refresh(few)  # caches
        self.assertEqual(refresh(few), refresh(many))
        self.assertEqual(refresh(few), refresh(None))

    def test_columns_of_partners_take_two_queries(self):
        partners = self.env["res.partner"].create([{"name": f"Many {i}"} for i in range(200)])
        self.Metrics._refresh(partners)
        names = ["customer_last_order_date", "customer_order_count_12m", "customer_revenue_12m"]

        def read(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.user_credit).read(names)
            return self.env.cr.sql_log_count - before

        read(partners[:1])
        self.assertEqual(read(partners[:10]), read(partners))

    def test_a_higher_domain_adds_a_part(self):
        """The hook: one more part fills its columns, zero where it says so."""
        partner = self._customer("Hooked")
        original = type(self.Metrics)._metrics_parts

        def parts(model, ctx):
            mine = Part(
                ("order_count_12m",), _select_seven(partner.id), frozenset(("order_count_12m",))
            )
            return [*original(model, ctx)[1:], mine]

        with patch.object(type(self.Metrics), "_metrics_parts", parts):
            self.assertEqual(self._row(partner).order_count_12m, 7)
            self.assertEqual(self._row(self.customer).order_count_12m, 0)

    # -- nightly job ----------

    def test_nightly_runs_and_runs_again(self):
        partner = self._customer("Night")
        self._order(partner, "2026-01-01 08:00:00")
        self.Metrics._cron_nightly()
        self.assertEqual(self._rows(partner).order_count_12m, 1)
        self.assertTrue(self.company.customer_nightly_at)
        names = ["partner_id", "company_id", "revenue_12m"]
        first = self.Metrics.search_read([], names, order="id")
        self.Metrics._cron_nightly()
        self.assertEqual(first, self.Metrics.search_read([], names, order="id"))

    def test_failing_company_is_reported_and_others_go_on(self):
        partner = self._customer("Night")
        Metrics = type(self.Metrics)
        original = Metrics._refresh_company

        def refresh(model, company, partners=None):
            if company == self.other_company:
                raise ValueError("broken books")
            return original(model, company, partners)

        with patch.object(Metrics, "_refresh_company", refresh), self.assertLogs(RUNNER) as logs:
            self.Metrics._cron_nightly()
        self.assertIn("broken books", self.other_company.customer_nightly_error)
        self.assertIn(str(self.other_company.id), logs.output[0])
        self.assertFalse(self.company.customer_nightly_error)
        self.assertTrue(self._rows(partner))
        self.Metrics._nightly_company(self.other_company)
        self.assertFalse(self.other_company.customer_nightly_error, "cleared by the next good run")

    def test_killed_half_way_goes_on_with_the_rest(self):
        """A run that was killed after one company leaves the other for the next run."""
        done = []
        Metrics = type(self.Metrics)
        steps = Metrics._company_steps

        class Killed(BaseException):
            """What a killed worker looks like: no handler may catch it."""

        def counted(model, company):
            if done:
                raise Killed
            done.append(company)
            return steps(model, company)

        with patch.object(Metrics, "_company_steps", counted), suppress(Killed):
            self.Metrics._cron_nightly()
        self.Metrics._nightly_company(done[0])
        self.assertTrue(done[0].customer_nightly_at)
        with patch.object(Metrics, "_company_steps", lambda m, c: done.append(c) or steps(m, c)):
            self.Metrics._cron_nightly()
        companies = self.env["res.company"].search([])
        self.assertEqual(len(done), len(companies))
        self.assertEqual(set(done), set(companies))

    def test_slices_reach_the_lifecycle_and_the_tiers_of_every_company(self):
        """Done for tonight is written after the last step only."""
        companies = self.env["res.company"].search([])
        companies.customer_nightly_at = False
        partners = self.env["res.partner"].create(
            [
                {"name": f"Night {n}", "is_company": True, "company_id": company.id}
                for n in range(7)
                for company in (self.company, self.other_company)
            ]
        )

        def done_means_done():
            for company in (self.company, self.other_company):
                mine = partners.filtered(lambda p, c=company: p.company_id == c)
                tiers = mine.with_company(company).mapped("customer_tier_id.code")
                if company.customer_nightly_at:
                    self.assertEqual(len(mine.with_company(company).customer_tier_id), 1, tiers)

        cron = self.env.ref("customer_governance.customer_metrics_cron")
        with small_batches(3):
            self.run_slices(cron, 200, done_means_done)
        self.assertTrue(all(companies.mapped("customer_nightly_at")))
        self.assertFalse(any(companies.mapped("customer_nightly_error")))
        for partner in partners:
            there = partner.with_company(partner.company_id)
            self.assertEqual(there.customer_lifecycle, "prospect")
            self.assertTrue(there.customer_tier_id)

    def test_second_worker_leaves_it_to_the_first(self):
        with patch.object(type(self.Metrics), "_lock_nightly", lambda model, company: False):
            self.Metrics._cron_nightly()
        self.assertFalse(self.company.customer_nightly_at)

    def test_as_scheduled_action(self):
        """With commits and rollbacks of a scheduled action, one company failing."""
        partner = self._customer("Scheduled")
        Metrics = type(self.Metrics)
        original = Metrics._refresh_company
        broken = self.other_company.id

        def refresh(model, company, partners=None):
            if company.id == broken:
                raise ValueError("broken books")
            return original(model, company, partners)

        with (
            self.enter_registry_test_mode(),
            patch.object(Metrics, "_refresh_company", refresh),
            mute_logger(RUNNER),
        ):
            self.env.ref("customer_governance.customer_metrics_cron").method_direct_trigger()
        self.assertTrue(self._rows(partner))
        self.assertIn("broken books", self.other_company.customer_nightly_error)


def _select_seven(partner_id):
    return SQL("SELECT %s AS partner_id, 7 AS order_count_12m", partner_id)
