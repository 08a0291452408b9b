import csv
import re
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from ..common import GovernanceCase

KINDS = {
    "customer.complaint": "Number,Customer,Subject",
    "customer.archive": "Number,Customer,Dossier Type",
    "customer.tier.history": "Customer,Date,To,Reason",
    "customer.credit.grade.history": "Customer,Date,To,Reason",
    "customer.credit.limit": "Customer,Kind,Unlimited",
}
CASE = ["name", "partner_id", "subject", "received_at", "closed_at"]


class HistoryCase(GovernanceCase):
    """Rows of history, loaded as the import of a list does."""

    def load(self, model, names, rows, user=None):
        model = self.env[model].with_user(user or self.user_manager)
        return model.with_context(customer_history=True).load(names, rows)

    def loaded(self, model, names, *rows):
        result = self.load(model, names, [list(row) for row in rows])
        self.assertTrue(result["ids"], result["messages"])
        return self.env[model].browse(result["ids"])

    def refused(self, words, model, names, *rows):
        """Assert that the rows are refused with these words, and that none of them is stored."""
        before = self.env[model].with_context(active_test=False).search_count([])
        result = self.load(model, names, [list(row) for row in rows])
        self.assertFalse(result["ids"])
        self.assertIn(words, " ".join(one["message"] for one in result["messages"]))
        after = self.env[model].with_context(active_test=False).search_count([])
        self.assertEqual(before, after)

    def a_case(self, name="OLD-1", received="2019-03-04 09:00:00", closed="2019-03-08 16:00:00"):
        return (name, self.customer.name, "Two panes broken", received, closed)


@tagged("post_install", "-at_install")
class TestHistoryImport(HistoryCase):
    """The head brings in what was before the system, and nobody else does."""

    def test_templates_are_imported_as_they_stand(self):
        self.assertEqual(self.customer.name, "Harbour Glass", "the customer of the examples")
        for model, begins in KINDS.items():
            head = self.env[model].with_user(self.user_manager).with_context(customer_history=True)
            [template] = head.get_import_templates()
            with file_open(template["template"].lstrip("/")) as file:
                header, *rows = list(csv.reader(file))
            with self.subTest(model=model):
                self.assertTrue(",".join(header).startswith(begins), header)
                result = head.load(self.names(model, header), rows)
                self.assertFalse([m for m in result["messages"] if m["type"] == "error"])
                records = self.env[model].browse(result["ids"])
                self.assertEqual(len(records), sum(1 for row in rows if row[0]))
                self.assertEqual(set(records.mapped("is_history")), {True})

    def names(self, model, header):
        """Return the names of the fields that bear the titles of a file."""
        names = []
        for title in header:
            here, path = self.env[model], []
            for part in title.split("/"):
                [name] = (
                    [
                        name
                        for name in here._history_columns
                        if here._fields[name]._description_string(self.env) == part
                    ]
                    if not path
                    else [
                        name
                        for name, field in here._fields.items()
                        if field._description_string(self.env) == part
                        and name in ("name", "medium", "page_count")
                    ]
                )
                path.append(name)
                if here._fields[name].comodel_name:
                    here = self.env[here._fields[name].comodel_name]
            names.append("/".join(path))
        return names

    def test_only_the_head(self):
        for user in (self.user_sales, self.user_service, self.user_archivist, self.user_auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.load("customer.complaint", CASE, [list(self.a_case())], user)
        with self.assertRaises(AccessError):
            self.env["customer.complaint"].with_user(self.user_service).action_import_history()

    def test_refused_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user_service.lang = "zh_CN"
        cases = self.env["customer.complaint"].with_user(self.user_service)
        with self.assertRaisesRegex(AccessError, "历史"):
            cases.with_context(lang="zh_CN", customer_history=True).load(CASE, [])

    def test_nobody_marks_a_record_as_history(self):
        cases = self.env["customer.complaint"].with_user(self.user_service)
        case = cases.with_context(default_is_history=True).create(
            {"subject": "Today", "partner_id": self.customer.id, "is_history": True}
        )
        self.assertFalse(case.is_history)
        with self.assertRaises(AccessError):
            case.write({"is_history": True})

    def test_columns_that_history_does_not_have(self):
        with self.assertRaisesRegex(UserError, "sla_deadline"):
            self.load("customer.complaint", [*CASE, "sla_deadline"], [])

    def test_without_the_mark_it_is_an_ordinary_import(self):
        """A closed case in the ordinary list is refused as ever, also for the head."""
        cases = self.env["customer.complaint"].with_user(self.user_manager)
        result = cases.load([*CASE, "state"], [[*self.a_case(), "closed"]])
        self.assertFalse(result["ids"])

    def test_taken_back_within_a_few_days(self):
        [case] = self.loaded("customer.complaint", CASE, self.a_case())
        with self.assertRaises(AccessError):
            case.with_user(self.user_service).action_remove_history()
        fresh = case.with_user(self.user_manager)
        old = self.loaded("customer.complaint", CASE, self.a_case("OLD-2"))
        self.env.cr.execute(
            "UPDATE customer_complaint SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=8), old.id),
        )
        old.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "within 7 days"):
            (fresh + old.with_user(self.user_manager)).action_remove_history()
        fresh.action_remove_history()
        self.assertFalse(case.exists())
        self.assertTrue(old.exists())


@tagged("post_install", "-at_install")
class TestHistoryCases(HistoryCase):
    """Closed cases: their own numbers and dates, no clock, no message, in no figure."""

    def test_a_case_as_it_was(self):
        sent = self.env["mail.mail"].sudo().search_count([])
        [case] = self.loaded("customer.complaint", CASE, self.a_case())
        self.assertEqual((case.name, case.state), ("OLD-1", "closed"))
        self.assertEqual(case.closed_at, fields.Datetime.to_datetime("2019-03-08 16:00:00"))
        self.assertEqual(case.create_uid, self.user_manager)
        self.assertFalse(case.clock_ids)
        self.assertFalse(case.user_id or case.team_id or case.activity_ids or case.message_ids)
        self.assertFalse(case.acknowledged_at)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), sent)

    def test_in_no_figure(self):
        received = fields.Datetime.now() - timedelta(hours=3)
        closed = fields.Datetime.now() - timedelta(hours=1)
        self.loaded(
            "customer.complaint", CASE, self.a_case("OLD-9", str(received)[:19], str(closed)[:19])
        )
        figures = self.env["customer.complaint.figure"]
        self.assertFalse(figures.search([("partner_id", "=", self.customer.id)]))

    def test_a_later_case_finds_it_as_earlier(self):
        category = self.env.ref("customer_governance.complaint_category_delivery")
        received = str(fields.Datetime.now() - timedelta(days=9))[:19]
        closed = str(fields.Datetime.now() - timedelta(days=8))[:19]
        row = (*self.a_case("OLD-5", received, closed), category.display_name)
        [old] = self.loaded("customer.complaint", [*CASE, "category_id"], row)
        case = self.env["customer.complaint"].create(
            {
                "subject": "Two panes broken",
                "partner_id": self.customer.id,
                "category_id": category.id,
            }
        )
        self.assertEqual(case.repeat_of_id, old)

    def test_is_not_reopened(self):
        [case] = self.loaded("customer.complaint", CASE, self.a_case())
        with self.assertRaisesRegex(UserError, "imported as history"):
            case.with_user(self.user_service).action_reopen("again")

    def test_number_is_not_given_again(self):
        company = self.env.company
        now = fields.Datetime.now()
        pattern = f"C{company._customer_day(now):%Y%m}-0007"
        received = str(now - timedelta(minutes=9))[:19]
        self.loaded("customer.complaint", CASE, self.a_case(pattern, received, received))
        case = self.env["customer.complaint"].create(
            {"subject": "Next", "partner_id": self.customer.id}
        )
        self.assertEqual(case.name[-4:], "0008")

    def test_refused(self):
        model = "customer.complaint"
        self.refused("is missing", model, CASE, self.a_case(closed=""))
        self.refused("Missing: Number", model, CASE, self.a_case(""))
        self.refused("earlier than", model, CASE, self.a_case(closed="2019-03-01 00:00:00"))
        tomorrow = str(fields.Datetime.now() + timedelta(days=1))[:19]
        self.refused("not in the past", model, CASE, self.a_case(closed=tomorrow))
        self.refused("is open", model, [*CASE, "state"], (*self.a_case(), "registered"))
        self.refused("there already", model, CASE, self.a_case(), self.a_case())
        self.loaded(model, CASE, self.a_case("OLD-3"))
        self.refused("there already", model, CASE, self.a_case("OLD-4"), self.a_case("OLD-3"))

    def test_the_same_external_id_again(self):
        names, row = ["id", *CASE], ("__import__.old_case", *self.a_case())
        self.loaded("customer.complaint", names, row)
        self.refused("imported already", "customer.complaint", names, row)

    def test_another_company(self):
        self.refused(
            "company",
            "customer.complaint",
            [*CASE, "company_id/.id"],
            (*self.a_case(), str(self.other_company.id)),
        )

    def test_portal_does_not_show_it(self):
        self.loaded("customer.complaint", CASE, self.a_case())
        # the domain of the portal's pages
        domain = [("partner_id", "=", self.customer.id), ("is_history", "=", False)]
        self.assertFalse(self.env["customer.complaint"].search(domain))


@tagged("post_install", "-at_install")
class TestHistoryDossiers(HistoryCase):
    """Filed dossiers: with their numbers, frozen, kept and disposed of as all others."""

    NAMES = ["name", "partner_id", "class_id", "title", "registered_on"]

    def a_dossier(self, name="HT-1", day="2016-02-11"):
        kind = self.env.ref("customer_governance.archive_class_trade")
        return (name, self.customer.name, kind.display_name, "Frame contract", day)

    def test_filed_and_frozen(self):
        names = [*self.NAMES, "document_ids/name", "document_ids/page_count"]
        [dossier] = self.loaded(
            "customer.archive",
            names,
            (*self.a_dossier(), "Contract", "12"),
            ("", "", "", "", "", "Annex", "3"),
        )
        self.assertEqual((dossier.name, dossier.state), ("HT-1", "registered"))
        self.assertEqual(dossier.document_ids.mapped("number"), ["HT-1-01", "HT-1-02"])
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            dossier.with_user(self.user_archivist).title = "Other"

    def test_nothing_is_missing_of_which_nothing_is_listed(self):
        [dossier] = self.loaded("customer.archive", self.NAMES, self.a_dossier())
        self.assertFalse(dossier.missing_count)

    def test_retention_runs(self):
        kind = self.env.ref("customer_governance.archive_class_loan")
        self.assertEqual(kind.retention_event, "contract_end")
        row = list(self.a_dossier())
        row[2] = kind.display_name
        names = [*self.NAMES, "retention_event_date"]
        [dossier] = self.loaded("customer.archive", names, (*row, "2001-01-01"))
        self.assertTrue(dossier.retention_due)

    def test_number_is_not_given_again(self):
        dossiers = self.env["customer.archive"]
        kind = self.env.ref("customer_governance.archive_class_trade")
        company, today = self.env.company, self.env.company._customer_today()

        def take():
            return dossiers._next_number(
                "customer.archive", kind.number_pattern, today, company, **{"class": kind.code}
            )

        stem, serial = re.fullmatch(r"(.*?)(\d+)", take()).groups()
        taken = f"{stem}{int(serial) + 5:0{len(serial)}}"
        self.loaded("customer.archive", self.NAMES, self.a_dossier(taken))
        self.assertEqual(take(), f"{stem}{int(serial) + 6:0{len(serial)}}")

    def test_refused(self):
        model = "customer.archive"
        tomorrow = str(self.env.company._customer_today() + timedelta(days=1))
        self.refused("not in the past", model, self.NAMES, self.a_dossier(day=tomorrow))
        self.refused("Missing: Number", model, self.NAMES, self.a_dossier(""))
        self.refused("there already", model, self.NAMES, self.a_dossier(), self.a_dossier())

    def test_taken_back(self):
        [dossier] = self.loaded("customer.archive", self.NAMES, self.a_dossier())
        dossier.with_user(self.user_manager).action_remove_history()
        self.assertFalse(dossier.exists())


@tagged("post_install", "-at_install")
class TestHistoryOfValues(HistoryCase):
    """Past tiers, grades and limits: earlier than what was recorded here; today stays as it is."""

    def test_tiers_form_a_chain_in_any_order(self):
        names = ["partner_id", "date", "new_tier_id"]
        tiers = self.env["customer.tier"].search([("kind", "=", "customer")], limit=3)
        today = self.customer.customer_tier_id
        one, two, three = tiers.mapped("display_name")
        name = self.customer.name
        self.loaded(
            "customer.tier.history", names, (name, "2023-01-01", two), (name, "2021-01-01", one)
        )
        self.loaded("customer.tier.history", names, (name, "2022-01-01", three))
        lines = self.env["customer.tier.history"].search(
            [("partner_id", "=", self.customer.id), ("is_history", "=", True)], order="date"
        )
        self.assertEqual(lines.mapped("new_tier_id.display_name"), [one, three, two])
        self.assertEqual([line.old_tier_id.display_name or "" for line in lines], ["", one, three])
        self.assertEqual(self.customer.customer_tier_id, today)
        lines[1].with_user(self.user_manager).action_remove_history()
        self.assertEqual(lines[2].old_tier_id.display_name, one)

    def test_not_after_what_was_recorded_here(self):
        tier = self.env["customer.tier"].search([("kind", "=", "customer")], limit=1)
        self.customer._set_customer_tier(tier, "First order", "manual")
        self.env.cr.execute("UPDATE customer_tier_history SET date = '2024-05-01'")
        names = ["partner_id", "date", "new_tier_id"]
        row = (self.customer.name, "2024-05-01", tier.display_name)
        self.refused("must be earlier", "customer.tier.history", names, row)
        self.loaded("customer.tier.history", names, (row[0], "2024-04-30", row[2]))
        self.refused(
            "there already", "customer.tier.history", names, (row[0], "2024-04-30", row[2])
        )

    def test_a_change_of_today_is_none_of_history(self):
        today = str(self.env.company._customer_today())
        grade = self.env["customer.credit.grade"].search([], limit=1)
        self.refused(
            "of today",
            "customer.credit.grade.history",
            ["partner_id", "date", "new_grade_id"],
            (self.customer.name, today, grade.display_name),
        )

    def test_limits_that_are_over(self):
        names = ["partner_id", "amount", "date_from", "date_to"]
        name, today = self.customer.name, self.env.company._customer_today()
        before = self.customer.credit_limit
        [limit] = self.loaded(
            "customer.credit.limit", names, (name, "0", "2023-01-01", "2023-12-31")
        )
        self.assertEqual((limit.state, limit.is_in_force), ("ended", False))
        self.assertEqual(self.customer.credit_limit, before)
        self.refused(
            "still in force", "customer.credit.limit", names, (name, "5", "2023-01-01", str(today))
        )
        self.refused(
            "amount is missing",
            "customer.credit.limit",
            names,
            (name, "", "2024-01-01", "2024-12-31"),
        )
        self.loaded(
            "customer.credit.limit",
            names,
            (name, "5", "2024-01-01", str(today - timedelta(days=1))),
        )

    def test_contacts_stand_for_their_company(self):
        contact = self.env["res.partner"].create({"name": "Ann Lee", "parent_id": self.customer.id})
        [limit] = self.loaded(
            "customer.credit.limit",
            ["partner_id/.id", "amount", "date_from", "date_to"],
            (str(contact.id), "7", "2022-01-01", "2022-12-31"),
        )
        self.assertEqual(limit.partner_id, self.customer)

    def test_errors_are_validation_errors(self):
        limits = self.env["customer.credit.limit"].with_user(self.user_manager)
        with self.assertRaises(ValidationError):
            limits._history_create([{"partner_id": self.customer.id}])
