from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...models.common.customer_named_mixin import ids_of
from ..archive.custody_case import CustodyCase

NAMED = "customer.named.mixin"
# What a form of a slip shows of an item.
SPEC = {"name": {}, "page_expected": {}}


@tagged("post_install", "-at_install")
class TestNamed(CustodyCase):
    """What nobody let one read is neither preset nor told by a form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._registered()
        cls.unread = cls._registered(
            partner_id=cls.foreign_customer.id, role_a_id=cls.other_sales.id
        )

    def _asked(self, model, values, names, spec, **context):
        """Return the values that a form of `user_sales` gets, as by RPC."""
        form = self.env[model].with_user(self.user_sales).with_context(**context)
        return form.onchange(values, names, spec)["value"]

    # --- forms --------------------------------------------------------------------------------

    def test_a_form_tells_nothing_of_what_is_not_read(self):
        item = {"kind": "archive", "archive_id": self.unread.id}
        line, loan = "customer.archive.loan.line", "customer.archive.loan"
        lines = {"line_ids": {"fields": {"kind": {}, "archive_id": {"fields": {}}, **SPEC}}}
        for words, model, values, names, spec, context in (
            ("value", line, item, ["archive_id"], SPEC, {}),
            ("first call", line, item, [], SPEC, {}),
            ("default", line, {}, [], SPEC, {"default_archive_id": self.unread.id}),
            ("line", loan, {"line_ids": [[0, "virtual_1", item]]}, ["line_ids"], lines, {}),
            (
                "line by default",
                loan,
                {"line_ids": [[0, "virtual_1", {"kind": "archive"}]]},
                ["line_ids"],
                lines,
                {"default_archive_id": self.unread.id},
            ),
            (
                "parent",
                line,
                {"kind": "archive", "loan_id": {"line_ids": [[0, "virtual_1", item]]}},
                ["kind"],
                SPEC,
                {},
            ),
        ):
            with self.subTest(words), self.assertRaises(AccessError):
                self._asked(model, values, names, spec, **context)

    def test_a_form_tells_what_is_read(self):
        item = {"kind": "archive", "archive_id": self.own.id}
        told = self._asked("customer.archive.loan.line", item, ["archive_id"], SPEC)
        self.assertEqual(told["page_expected"], 6)

    def test_what_the_server_computed_is_left_out(self):
        """A form sends it back; it is no choice of the reader, and computed again."""
        line = self.env["customer.archive.loan.line"].with_user(self.user_sales)
        values = {"archive_id": self.own.id, "dossier_id": self.unread.id}
        self.assertEqual(line._guard_form_values(values), {"archive_id": self.own.id})
        self.assertEqual(
            line._guard_form_values({"dossier_id": self.own.id}), {"dossier_id": self.own.id}
        )

    def test_dialogs_are_asked_too(self):
        slip = self._loan(self.other_sales, self.unread)
        desk = {"loan_line_id": slip.line_ids.id}
        with self.assertRaises(AccessError):
            self.env["customer.archive.loss"].with_user(self.user_sales).create(
                {"line_ids": [(6, 0, slip.line_ids.ids)], "story": "Test"}
            )
        # a custodian reads no slips of papers
        with self.assertRaises(AccessError):
            self.env["customer.archive.desk"].with_user(self.user_deed).create(
                {"kind": "deeds", "line_ids": [(0, 0, desk)]}
            )

    def test_every_dialog_names_what_is_read(self):
        guarded = self.env.registry.descendants([NAMED], "_inherit")
        self.assertFalse(
            [
                name
                for name, model in self.env.registry.items()
                if model._original_module == "customer_governance"
                and model._transient
                and name not in guarded
            ]
        )

    def test_what_one_record_names_is_news_for_another(self):
        other = self._registered()
        lines = self._loan(self.user_sales, self.own, other).line_ids
        both = {self.own.id, other.id}
        self.assertEqual(lines._guard_news("archive_id", both)._ids, tuple(both))
        self.assertEqual(lines[0]._guard_news("archive_id", both), lines[1].archive_id)

    # --- defaults of one person ---------------------------------------------------------------

    def test_nobody_presets_what_is_recorded(self):
        Default = self.env["ir.default"].with_user(self.user_sales)
        for model, name, value in (
            ("customer.credit.release", "requested_by_id", self.other_sales.id),
            ("customer.complaint", "registered_by_id", self.other_sales.id),
            ("customer.archive.deed.handover.line", "receiver_agrees", True),
            ("customer.archive.desk.line", "loan_line_id", 1),
            ("res.partner", "customer_tier_id", 1),
        ):
            with self.subTest(model, field=name):
                self.assertIn(name, self.env[model]._fields)
                with self.assertRaisesRegex(ValidationError, "default of your own"):
                    Default.set(model, name, value, user_id=True)
                self.assertFalse(Default._get(model, name, user_id=True))

    def test_a_default_does_not_move_to_what_is_recorded(self):
        Default = self.env["ir.default"].with_user(self.user_sales)
        Default.set("res.partner", "comment", "Hello", user_id=True)
        mine = Default.search([("user_id", "=", self.user_sales.id)])
        self.assertEqual(len(mine), 1)
        target = self.env["ir.model.fields"]._get("customer.complaint", "description")
        with self.assertRaises(ValidationError):
            mine.field_id = target

    def test_a_default_takes_its_person_from_the_context(self):
        Default = self.env["ir.default"].with_user(self.user_sales)
        field = self.env["ir.model.fields"]._get("customer.complaint", "registered_by_id")
        with self.assertRaises(ValidationError):
            Default.with_context(default_user_id=self.user_sales.id).create(
                {"field_id": field.id, "json_value": "2"}
            )

    def test_the_administrator_presets_for_everybody(self):
        Default = self.env["ir.default"].with_user(self.env.ref("base.user_admin"))
        Default.set("customer.complaint", "subject", "Overdue")
        self.assertEqual(Default._get("customer.complaint", "subject"), "Overdue")

    def test_records_are_named_by_whole_numbers(self):
        """What the ORM takes for a record in a column and for none in its cache is refused."""
        partner = self.customer.with_user(self.user_manager)
        for value in (3.0, "3", True, [3, "x"], {"id": 3}):
            for name in (
                "customer_tier_id",
                "customer_credit_grade_id",
                "property_payment_term_id",
            ):
                with self.subTest(name, value=value), self.assertRaises(ValidationError):
                    partner.write({name: value})
        for commands in (
            5,
            [[1, 5]],
            [[4, 38.0, 0]],
            [[6, 0, 5]],
            [[4]],
            [[6, 0, ["3"]]],
            "3",
            [[]],
            [[9, 1]],
        ):
            with self.subTest(commands=commands), self.assertRaises(ValidationError):
                partner.write({"category_id": commands})

    def test_a_foreign_record_is_not_named_as_a_fraction(self):
        complaint = self.env["customer.complaint"].create(
            {"subject": "Secret", "partner_id": self.foreign_customer.id}
        )
        for value in (float(complaint.id), str(complaint.id)):
            with self.subTest(value=value), self.assertRaises(AccessError):
                self.env["customer.visit"].with_user(self.user_sales).create(
                    {
                        "partner_id": self.customer.id,
                        "planned_date": "2026-11-30",
                        "complaint_id": value,
                    }
                )
        self.assertEqual(ids_of(3.0) | ids_of("4") | ids_of([[4, 5.0]]), {3, 4, 5})
        self.assertEqual(
            ids_of("virtual_3") | ids_of(False) | ids_of([[0, "virtual_1", {}]]), set()
        )
