from odoo.tests import tagged

from .complaint_case import ComplaintCase

LISTS = ("line_ids", "dispatch_ids", "action_ids", "visit_ids", "return_ids", "compensation_ids")


@tagged("post_install", "-at_install")
class TestComplaintOpen(ComplaintCase):
    """The form asks once which lists are empty, and shows the others as the user may see them."""

    def _read(self, case, user=None):
        spec = {name: {"fields": {"display_name": {}}} for name in LISTS}
        return case.with_user(user or self.user_service).web_read({"name": {}, **spec})[0]

    def _queries(self, case):
        self._read(case)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._read(case)
        return self.env.cr.sql_log_count - before

    def test_empty_lists_cost_one_query(self):
        empty = self._complaint()
        filled = self._complaint(line_ids=[(0, 0, {"description": "Valve"})])
        self.assertLessEqual(self._queries(empty), 2)
        self.assertLessEqual(self._queries(filled), 5)
        self.env.invalidate_all()
        self.assertEqual([self._read(empty)[name] for name in LISTS], [[]] * len(LISTS))
        self.assertEqual(len(self._read(filled)["line_ids"]), 1)

    def test_what_was_just_added_is_there(self):
        case = self._complaint()
        self.assertEqual(self._read(case)["line_ids"], [])
        case.line_ids = [(0, 0, {"description": "Valve"})]
        self.assertEqual(len(self._read(case)["line_ids"]), 1)
        self.env["customer.complaint.line"].create({"complaint_id": case.id, "description": "Pump"})
        self.assertEqual(len(self._read(case)["line_ids"]), 2)
        case.line_ids.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._read(case)["line_ids"], [])

    def test_several_cases_at_once(self):
        cases = self._complaint() | self._complaint(line_ids=[(0, 0, {"description": "Valve"})])
        self.env.invalidate_all()
        rows = cases.with_user(self.user_service).web_read({"line_ids": {}})
        self.assertEqual([len(row["line_ids"]) for row in rows], [0, 1])
