from collections import Counter

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from ...engine.complaint_figures import RATES
from ...queries.figures import Span
from ..common import SWITCHED_OFF, GovernanceCase
from ..rights.factories import FACTORIES

READERS = ("service_supervisor", "quality", "manager", "auditor")


@tagged("post_install", "-at_install")
class TestFigureRegistry(GovernanceCase):
    """Figures of 15 October 2026 in a company of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-15 08:00:00"))
        cls.company = cls.env["res.company"].create({"name": "Figures Ltd", "customer_tz": "UTC"})
        cls.branch = cls.env["res.company"].create(
            {"name": "Figures North", "parent_id": cls.company.id}
        )
        companies = cls.company | cls.branch
        for role in READERS:
            getattr(cls, f"user_{role}").write(
                {"company_ids": [(4, company.id) for company in companies]}
            )
        cls.env.user.write({"company_ids": [(4, company.id) for company in companies]})
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=companies.ids, tracking_disable=True)
        )
        cls.values = cls.env["customer.figure.value"]
        cls.figures = cls.env["customer.figure"]

    @classmethod
    def _make(cls, model, company=None):
        customer = cls._new_customer(f"For {model}", company_id=False)
        return FACTORIES[model](cls.env, customer, company or cls.company)

    @classmethod
    def _complaint(cls, received, company=None, **vals):
        complaint = cls._make("customer.complaint", company)
        cls.env.flush_all()
        names = {"received_at": received, **vals}
        for name, value in names.items():
            cls.env.cr.execute(
                f"UPDATE customer_complaint SET {name} = %s WHERE id = %s", (value, complaint.id)
            )
        cls.env.invalidate_all()
        return complaint

    @classmethod
    def _fill(cls):
        """Something behind each figure."""
        cls._complaint("2026-10-02 10:00:00")
        cls._complaint("2026-10-03 10:00:00", cls.branch, reopen_count=1)
        cls._complaint("2026-09-03 10:00:00", state="closed", closed_at="2026-09-04 10:00:00")
        cls._make("customer.tier.breach")
        cls._make("customer.archive")
        cls._make("customer.review.appeal")
        line = cls._make("customer.review.line")
        month = cls._make("customer.provider.period")
        promises = [cls._make("customer.collection.promise") for _number in range(3)]
        cls.env["customer.metrics"]._refresh()
        cls.env.flush_all()
        execute = cls.env.cr.execute
        execute(
            "UPDATE customer_review SET state = 'applied', applied_on = '2026-10-05 08:00',"
            " deadline = NULL WHERE id = %s",
            (line.review_id.id,),
        )
        execute("UPDATE customer_review_line SET movement = 'up' WHERE id = %s", (line.id,))
        execute(
            "UPDATE customer_provider_period SET date_from = '2026-09-01', date_to = '2026-09-30',"
            " received = 4, replied_in_time = 3, contacted = 1, false_replies = 1 WHERE id = %s",
            (month.id,),
        )
        execute(
            "UPDATE customer_collection_promise SET date = '2026-10-10',"
            " state = CASE WHEN id = %s THEN 'broken' ELSE 'kept' END WHERE id = ANY(%s)",
            (promises[0].id, [promise.id for promise in promises]),
        )
        execute(
            "UPDATE customer_metrics SET overdue_amount = 120.5, revenue_12m = 1000"
            " WHERE company_id = %s",
            (cls.company.id,),
        )
        cls.env.invalidate_all()

    def _rows(self, role, **vals):
        rows = self.values.with_user(getattr(self, f"user_{role}")).search(
            [("company_id", "=", self.company.id)]
        )
        return rows.filtered(lambda row: all(row[name] == value for name, value in vals.items()))

    def _value(self, code, period="month", role="auditor"):
        row = self._rows(role, code=code, period=period)
        self.assertEqual(len(row), 1, code)
        return row.value if row.has_value else None

    def _counted(self, figure, action, user):
        """The value of a figure, counted from what its button opens; None without data."""
        model = self.env[action["res_model"]].with_user(user).with_context(action["context"])
        domain = Domain(action["domain"])

        def total(name, more=()):
            if name in model._fields:
                [(value,)] = model._read_group(domain, [], [f"{name}:sum"])
                return value or 0
            return model.search_count(domain & Domain(list(more)))

        if figure.is_mean:
            rows = model.search(domain)
            return sum(rows.mapped(figure.part)) / len(rows) if rows else None
        part = total(figure.part, figure.part_domain)
        if figure.minus:
            part -= total(figure.minus)
        if figure.whole:
            whole = total(figure.whole)
            return 100 * part / whole if whole else None
        if not part and not figure.empty_is_zero and not model.search_count(domain):
            return None
        return part

    # --- each figure and its documents

    def test_every_figure_equals_its_documents(self):
        self._fill()
        figures, seen, filled = self.figures._figures(), set(), set()
        for role in READERS:
            user = getattr(self, f"user_{role}")
            for row in self._rows(role):
                seen.add(row.code)
                with self.subTest(code=row.code, period=row.period, role=role):
                    action = row.action_view_documents()
                    counted = self._counted(figures[row.code], action, user)
                    self.assertEqual(row.has_value, counted is not None)
                    if counted is not None:
                        self.assertAlmostEqual(row.value, counted, 2)
                        filled.add(row.code)
                    else:
                        self.assertEqual(row.value_text, "No data")
        self.assertEqual(seen, set(figures), "each figure has a reader")
        # what the documents above give; the others have none here
        self.assertGreaterEqual(
            filled,
            {
                "customers",
                "data_completeness",
                "unmet_commitments",
                "revenue_12m",
                "complaint_count",
                "complaint_reply_rate",
                "provider_reply_rate",
                "promises_kept",
                "archive_completeness",
                "overdue_amount",
            },
        )

    def test_what_is_counted(self):
        self._fill()
        self.assertEqual(self._value("complaint_count"), 2)
        self.assertEqual(self._value("complaint_count", "last_month"), 1)
        self.assertEqual(self._value("complaint_count", "year"), 3)
        self.assertEqual(self._value("complaint_reopen_rate"), 50)
        self.assertEqual(self._value("provider_reply_rate", "last_month"), 75)
        self.assertIsNone(self._value("provider_reply_rate", "month"))
        self.assertEqual(self._value("promises_kept"), 66.67)
        self.assertEqual(self._value("customers_up"), 1)
        self.assertEqual(self._value("customers_down"), 0)
        self.assertEqual(self._value("appeals_open", "now"), 1)
        self.assertGreater(self._value("unmet_commitments", "now"), 0)
        self.assertGreater(self._value("overdue_amount", "now"), 0)
        self.assertIsNotNone(self._value("archive_completeness", "now"))

    def test_no_data_is_not_zero(self):
        for code in RATES:
            self.assertIsNone(self._value(f"complaint_{code}"))
        self.assertEqual(self._value("complaint_count"), 0, "nothing received is a figure")
        self.assertIsNone(self._value("promises_kept"))
        self.assertIsNone(self._value("archive_completeness", "now"))
        self.assertIsNone(self._value("overdue_amount", "now"))
        row = self._rows("auditor", code="promises_kept", period="month")
        self.assertEqual((row.value_text, row.has_value), ("No data", False))

    def test_days_end_by_the_clock_of_the_company(self):
        self.company.customer_tz = "Asia/Shanghai"
        self._complaint("2026-09-30 15:59:59")
        self._complaint("2026-09-30 16:00:00")
        self.assertEqual(self._value("complaint_count", "last_month"), 1)
        self.assertEqual(self._value("complaint_count", "month"), 1)
        row = self._rows("auditor", code="complaint_count", period="month")
        action = row.action_view_documents()
        self.assertEqual(self.env["customer.complaint"].search_count(action["domain"]), 1)

    # --- who sees what

    def test_roles_see_what_they_may_read(self):
        self.assertEqual(set(self._rows("quality").mapped("code")), {"unmet_commitments"})
        supervisor = set(self._rows("service_supervisor").mapped("code"))
        self.assertIn("complaint_closure_rate", supervisor)
        self.assertFalse(supervisor & {"revenue_12m", "overdue_amount", "archive_missing"})
        head = set(self._rows("manager").mapped("code"))
        self.assertIn("overdue_amount", head)
        # the head reads dossiers on request only
        self.assertNotIn("archive_completeness", head)
        self.assertEqual(set(self._rows("auditor").mapped("code")), set(self.figures._figures()))

    def test_only_domains_that_are_on(self):
        for name, value in SWITCHED_OFF.items():
            # one by one: core compares all fields that branches share after each
            self.company[name] = value
        found = Counter(self._rows("auditor").mapped("area"))
        self.assertEqual(set(found), {"Customers", "Reviews"})

    def test_other_companies_are_apart(self):
        self._complaint("2026-10-02 10:00:00", self.other_company)
        self.assertEqual(self._value("complaint_count"), 0)
        own = self.values.with_user(self.user_auditor).with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertEqual(own.search([]).company_id, self.company)

    def test_a_branch_that_is_not_selected_is_not_counted(self):
        self._complaint("2026-10-02 10:00:00", self.branch)
        self.assertEqual(self._value("complaint_count"), 1)
        self.env.invalidate_all()  # another request
        alone = self.values.with_user(self.user_auditor).with_context(
            allowed_company_ids=self.company.ids
        )
        row = alone.search([("code", "=", "complaint_count"), ("period", "=", "month")])
        self.assertEqual(row.value, 0)

    # --- one home for each figure

    def test_by_team_and_user(self):
        case = self._complaint("2026-10-02 10:00:00")
        span = Span("x", self.company.id, self.company.ids, "2026-10-01", "2026-10-31")
        team = case.team_id.id or None
        found = self.figures._values(["complaint_count"], [span], by="team_id")
        self.assertEqual(found, {("complaint_count", "x", self.company.id, team): 1})

    def test_measures_read_the_registry(self):
        figures = self.figures._figures()
        measures = self.env["customer.measure"]._measures()
        same = figures.keys() & measures.keys()
        self.assertGreaterEqual(
            same, {"complaint_count", "archive_completeness", "provider_reply_rate"}
        )
        for code in same:
            self.assertEqual(measures[code].label, figures[code].label)
            self.assertEqual(measures[code].higher_is_better, figures[code].higher_is_better)
