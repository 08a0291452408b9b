from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .archive_rights_case import ArchiveRightsCase


@tagged("post_install", "-at_install")
class TestArchiveAccessRequests(ArchiveRightsCase):
    """A request opens dossiers for reading, for a purpose and a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A goes on reading what A compiled: it is somebody who asks for nothing here
        compiler = {"role_a_id": cls.user_quality.id}
        cls.archive = cls._registered("special", **compiler)
        cls.second = cls._registered("special", partner_id=cls.foreign_customer.id, **compiler)
        cls.file = cls._file(cls._dossier("special").document_ids[0])
        cls.today = cls.company._customer_today()

    def _request(self, user=None, **vals):
        user = user or self.user_manager
        return (
            self.env["customer.archive.access.request"]
            .with_user(user)
            .create(
                {
                    "purpose": "Lawsuit 7",
                    "date_from": self.today,
                    "date_to": self.today + timedelta(days=5),
                    "numbers": self.archive.name,
                    **vals,
                }
            )
        )

    def _request_for(self, archives):
        """Ask for dossiers without a number, which somebody else put on the request."""
        request = self._request(numbers=False)
        request.sudo().archive_ids = archives
        return request

    def _approve(self, request):
        request.action_submit()
        request.with_user(self.user_archivist).action_approve()
        return request

    def _readable(self, user=None):
        user = user or self.user_manager
        both = self.archive | self.second
        return self.env["customer.archive"].with_user(user).search([("id", "in", both.ids)]).ids

    def test_the_button_is_there_for_who_may_press_it(self):
        request = self._request(user=self.user_sales)
        request.action_submit()

        def sees(user):
            return request.with_user(user).can_approve

        for is_asked_for in (True, False):
            if not is_asked_for:
                request._approving().sudo().review_ids.unlink()
                request.invalidate_recordset()
            self.assertFalse(sees(self.user_manager))
            self.assertFalse(sees(self.user_sales))
            self.assertTrue(sees(self.user_archivist))
        request.with_user(self.user_archivist).action_approve()
        self.assertEqual(request.state, "approved")
        self.assertEqual(request.review_ids.requested_by, self.user_sales)

    def test_the_head_reads_by_request_only(self):
        mine = self.archive.with_user(self.user_manager)
        self.assertFalse(mine.has_access("read"))
        request = self._request()
        request.action_submit()
        self.assertFalse(mine.has_access("read"), "not before the approval")
        request.with_user(self.user_archivist).action_approve()
        self.env.invalidate_all()
        self.assertEqual(self._readable(), self.archive.ids)
        mine.web_read({"title": {}, "document_ids": {"fields": {"name": {}}}})
        self.assertTrue(mine.document_ids[0].has_access("read"))
        entry = self.env["customer.archive.access"].search(
            [("archive_ref", "=", self.archive.id)], limit=1
        )
        self.assertEqual((entry.request_id, entry.purpose), (request, "Lawsuit 7"))

    def test_days_of_the_period(self):
        self._approve(self._request(date_from=self.today + timedelta(days=2)))
        for days, readable in ((0, False), (1, False), (2, True), (5, True), (6, False)):
            day = self.today + timedelta(days=days)
            with self.subTest(days=days), freeze_time(f"{day} 12:00:00"):
                self.env.invalidate_all()
                mine = self.archive.with_user(self.user_manager)
                self.assertEqual(mine.has_access("read"), readable)
                self.assertEqual(bool(self._readable()), readable)

    def test_it_is_for_reading(self):
        draft = self._dossier("special")
        self._approve(self._request_for(draft))
        self.env.invalidate_all()
        mine = draft.with_user(self.user_manager)
        self.assertTrue(mine.has_access("read"))
        for operation in ("write", "unlink"):
            self.assertFalse(mine.has_access(operation))
            self.assertFalse(mine.document_ids[0].has_access(operation))
        with self.assertRaises(AccessError):
            mine.title = "Other"
        with self.assertRaises(AccessError):
            mine.document_ids[0].name = "Other"

    def test_files_follow(self):
        document = self.env["customer.archive.document"].browse(self.file.res_id)
        mine = self.file.with_user(self.user_manager)
        with self.assertRaises(AccessError):
            mine.read(["datas"])
        request = self._approve(self._request_for(document.archive_id))
        self.env.invalidate_all()
        self.assertTrue(mine.read(["datas"])[0]["datas"])
        request.action_revoke()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mine.read(["datas"])

    def test_by_customer_and_class(self):
        self._approve(
            self._request(
                numbers=False,
                partner_id=self.foreign_customer.id,
                class_id=self.archive_class["special"].id,
            )
        )
        self.assertEqual(self._readable(self.user_manager), self.second.ids)
        request = self._approve(
            self._request(self.user_sales, numbers=False, class_id=self.archive_class["special"].id)
        )
        both = self.archive | self.second
        self.assertEqual(set(self._readable(self.user_sales)), set(both.ids))
        request.with_user(self.user_archivist).action_revoke()
        self.assertEqual(self._readable(self.user_sales), [])
        self.assertEqual(request.revoked_by_id, self.user_archivist)

    def test_only_the_requester_reads(self):
        self._approve(self._request(self.user_sales))
        self.env.invalidate_all()
        self.assertEqual(self._readable(self.user_sales), self.archive.ids)
        self.assertEqual(self._readable(self.other_sales), [])

    def test_reading_by_request_asks_no_customer(self):
        self.customer.email = "papers@customer.example.com"
        self._approve(self._request(self.user_sales))
        self.env.invalidate_all()
        uploads = self.env["customer.archive.upload"].with_user(self.user_sales)
        with self.assertRaises(AccessError):
            uploads.create({"archive_id": self.archive.id, "contact_id": self.customer.id})

    def test_other_company(self):
        there = self._registered("special", company_id=self.other_company.id)
        request = self._request(numbers=False, class_id=self.archive_class["special"].id)
        self._approve(request)
        self.env.invalidate_all()
        self.assertTrue(self.archive.with_user(self.user_manager).has_access("read"))
        self.assertFalse(there.with_user(self.user_manager).has_access("read"))
        self.user_manager.company_ids |= self.other_company
        both = [self.company.id, self.other_company.id]
        wide = there.with_user(self.user_manager).with_context(allowed_company_ids=both)
        self.env.invalidate_all()
        self.assertFalse(wide.has_access("read"), "the request is for the first company")

    def test_nobody_approves_an_own_request_or_forges_one(self):
        request = self._request()
        request.action_submit()
        for user in (self.user_manager, self.user_sales, self.user_auditor, self.plain_user):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                request.with_user(user).action_approve()
        with self.assertRaises(UserError):
            request.date_to = self.today + timedelta(days=900)
        with self.assertRaises(AccessError):
            request.with_user(self.user_archivist).requested_by_id = self.user_archivist
        with self.assertRaises(UserError):
            request.state = "approved"
        with self.assertRaises(UserError):
            request.unlink()

    def test_defaults_of_the_context_forge_nothing(self):
        Request = self.env["customer.archive.access.request"].with_user(self.user_archivist)
        self.user_archivist.group_ids |= self.env.ref("customer_governance.group_sales")
        request = Request.with_context(
            default_requested_by_id=self.user_manager.id,
            default_approved_by_id=self.user_manager.id,
        ).create(
            {
                "purpose": "Mine",
                "date_to": self.today,
                "class_id": self.archive_class["special"].id,
            }
        )
        self.assertEqual(request.requested_by_id, self.user_archivist)
        self.assertFalse(request.approved_by_id)

    def test_what_cannot_be_asked_for(self):
        with self.assertRaisesRegex(UserError, "no dossiers with these numbers: 1999-X-1"):
            self._request(numbers=f"{self.archive.name}, 1999-X-1").action_submit()
        with self.assertRaisesRegex(UserError, "specify dossiers"):
            self._request(numbers=False).action_submit()
        with self.assertRaises(ValidationError):
            self._request(date_to=self.today - timedelta(days=1))
        with self.assertRaisesRegex(UserError, "last day has passed"):
            self._request(
                date_from=self.today - timedelta(days=3), date_to=self.today - timedelta(days=1)
            ).action_submit()

    def test_revoked_at_once(self):
        """Also in the transaction that read it before."""
        request = self._approve(self._request())
        mine = self.archive.with_user(self.user_manager)
        self.assertTrue(mine.has_access("read"))
        request.action_revoke()
        self.assertFalse(mine.has_access("read"))

    def test_an_approved_request_does_not_move_to_another_company(self):
        request = self._approve(self._request())
        self.user_manager.company_ids |= self.other_company
        with self.assertRaises(UserError):
            request.write({"company_id": self.other_company.id})

    def test_deeds_are_read_by_request_too(self):
        deed = self.env["customer.archive.deed"].create(
            {"name": "Land use certificate", "archive_id": self.archive.id, "quantity": 1}
        )
        mine = deed.with_user(self.user_manager)
        self.assertFalse(mine.has_access("read"))
        self._approve(self._request())
        self.assertEqual(self.archive.with_user(self.user_manager).deed_ids, deed)
        self.assertTrue(mine.read(["name"]))
        self.assertFalse(mine.has_access("write"))
