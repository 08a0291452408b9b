"""Each role x class x own / other's customer x route."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import ROLES
from .archive_case import ArchiveCase

# Who reads which class: "own" customers, "all", or the customer of a complaint of theirs ("case").
READS = {
    "basic": {"sales": "own", "manager": "none", "archivist": "all", "auditor": "all"},
    "trade": {"sales": "own", "service": "case", "archivist": "all", "auditor": "all"},
    "service": {
        "service": "all",
        "service_supervisor": "all",
        "archivist": "all",
        "auditor": "all",
    },
    "special": {"archivist": "all", "auditor": "all"},
    "loan": {"credit": "all", "archivist": "all", "auditor": "all"},
}


@tagged("post_install", "-at_install")
class TestArchiveRights(ArchiveCase, HttpCase):
    """Reading by class on every route: ORM, searches, groups, export, files, download."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case_customer = cls._new_customer("Case Customer", user_id=cls.other_sales.id)
        cls.env["customer.complaint"].create(
            {
                "subject": "Leak",
                "partner_id": cls.case_customer.id,
                "category_id": cls.env.ref("customer_governance.complaint_category_delivery").id,
                "user_id": cls.user_service.id,
            }
        )
        exporters = cls.env.ref("base.group_allow_export")
        for role in ROLES:
            getattr(cls, f"user_{role}").group_ids += exporters
        root, admin = cls.env.ref("base.user_root"), cls.env.ref("base.user_admin")
        cls.files = {}
        for key in cls.archive_class:
            for whose, partner in (
                ("own", cls.customer),
                ("other", cls.foreign_customer),
                ("case", cls.case_customer),
            ):
                archive = cls._dossier(
                    key,
                    1,
                    title=f"Secret {key} {whose}",
                    partner_id=partner.id,
                    role_a_id=root.id,
                    role_b_id=admin.id,
                )
                file = cls._file(archive.document_ids, f"{key}-{whose}.txt", b"secret content")
                archive.action_submit()
                archive.action_check()
                archive.action_accept()
                cls.files[key, whose] = file
        cls.env.flush_all()

    def _may(self, role, key, whose):
        scope = READS[key].get(role, "none")
        return scope == "all" or scope == whose

    def _cells(self):
        for role in ROLES:
            for (key, whose), file in self.files.items():
                yield role, key, whose, file, self._may(role, key, whose)

    def _user(self, role):
        return getattr(self, f"user_{role}")

    def _check(self, reads):
        """Compare ``reads(user, file, document, archive)`` with the table, all cells at once."""
        problems = []
        for role, key, whose, file, expected in self._cells():
            document = self.env["customer.archive.document"].browse(file.res_id)
            user = self._user(role)
            self.env.invalidate_all()  # what another user read is no permission
            try:
                found = bool(reads(user, file, document, document.archive_id))
            except AccessError:
                found = False
            if found != expected:
                problems.append(f"{role} {key} {whose}: expected {expected}, found {found}")
        self.assertFalse(problems, "\n" + "\n".join(problems))

    def test_read(self):
        self._check(lambda user, file, document, archive: archive.with_user(user).read(["title"]))
        self._check(lambda user, file, document, archive: document.with_user(user).read(["name"]))

    def test_search_read_and_name_search(self):
        def found(user, file, document, archive):
            Archive = archive.with_user(user).browse()
            return Archive.search_read([("id", "=", archive.id)], ["title"])

        self._check(found)
        self._check(
            lambda user, file, document, archive: (
                archive.with_user(user).browse().name_search(archive.title)
            )
        )
        self._check(
            lambda user, file, document, archive: (
                document.with_user(user).browse().name_search(document.number)
            )
        )

    def test_groups(self):
        self._check(
            lambda user, file, document, archive: (
                archive.with_user(user)
                .browse()
                .formatted_read_group([("title", "=", archive.title)], ["class_id"], ["__count"])
            )
        )

    def test_export(self):
        self._check(
            lambda user, file, document, archive: archive.with_user(user).export_data(["title"])
        )
        self._check(
            lambda user, file, document, archive: document.with_user(user).export_data(["name"])
        )

    def test_missing_list(self):
        for role in ROLES:
            missing = self.env["customer.archive.missing"].with_user(self._user(role))
            try:
                seen = set(missing.search([]).archive_id.mapped("title"))
            except AccessError:
                seen = set()
            for (key, whose), _file in self.files.items():
                if f"Secret {key} {whose}" in seen:
                    self.assertTrue(self._may(role, key, whose), (role, key, whose))

    def test_files_by_orm(self):
        self._check(lambda user, file, document, archive: file.with_user(user).read(["raw"]))
        self._check(
            lambda user, file, document, archive: (
                file.with_user(user).browse().search([("id", "=", file.id)])
            )
        )

    def test_files_through_the_document_of_another(self):
        """A path through fields leads nowhere either."""
        self._check(
            lambda user, file, document, archive: (
                archive.with_user(user)
                .browse()
                .search([("document_ids.attachment_ids", "in", file.ids), ("id", "=", archive.id)])
            )
        )

    def test_download(self):
        """By HTTP, as the web client downloads."""
        problems = []
        for role in ROLES:
            user = self._user(role)
            user.password = user.login
            self.env.flush_all()
            self.authenticate(user.login, user.login)
            for (key, whose), file in self.files.items():
                expected = self._may(role, key, whose)
                document_route = f"/web/content/customer.archive.document/{file.res_id}/file_count"
                self.assertNotIn(b"secret", self.url_open(document_route).content)
                found = b"secret content" in self.url_open(f"/web/content/{file.id}").content
                if found != expected:
                    problems.append(f"{role} {key} {whose}: expected {expected}, found {found}")
        self.assertFalse(problems, "\n" + "\n".join(problems))

    def test_download_without_login(self):
        self.authenticate(None, None)
        for file in self.files.values():
            response = self.url_open(f"/web/content/{file.id}")
            self.assertNotIn(b"secret content", response.content)

    def test_report(self):
        """The inventory of a dossier one may not read is refused."""
        report = self.env["ir.actions.report"]

        def printed(user, file, document, archive):
            return report.with_user(user)._render_qweb_html(
                "customer_governance.report_archive_inventory", archive.ids
            )

        self._check(printed)

    def test_people_of_an_open_dossier(self):
        """A reads on what A compiled and answers for, B until it is registered."""
        archive = self._dossier(
            "special", 1, role_a_id=self.user_service.id, role_b_id=self.user_credit.id
        )
        for user in (self.user_service, self.user_credit):
            self.assertTrue(archive.with_user(user).has_access("read"))
        self.assertFalse(archive.with_user(self.user_sales).has_access("read"))
        archive.action_submit()
        archive.action_check()
        archive.action_accept()
        self.assertTrue(archive.with_user(self.user_service).has_access("read"))
        self.assertFalse(archive.with_user(self.user_credit).has_access("read"))

    def test_reader_groups_of_a_class(self):
        archive = self._registered("special", 1)
        self.assertFalse(archive.with_user(self.user_credit).has_access("read"))
        self.archive_class["special"].reader_group_ids = self.env.ref(
            "customer_governance.group_credit"
        )
        archive.invalidate_recordset()
        self.assertTrue(archive.with_user(self.user_credit).has_access("read"))

    def test_related_dossiers_are_read_while_the_case_is_open_and_some_days_after(self):
        case = self.env["customer.complaint"].search([("partner_id", "=", self.case_customer.id)])
        document = self.env["customer.archive.document"].browse(self.files["trade", "case"].res_id)

        def reads():
            self.env.flush_all()
            self.env.invalidate_all()
            return document.archive_id.with_user(self.user_service).has_access("read")

        self.assertTrue(reads())
        self.company.archive_service_days = 30
        for state, days, wanted in (
            ("closed", 29, True),
            ("closed", 31, False),
            ("force_closed", 1, True),
            ("cancelled", 0, False),
        ):
            closed = fields.Datetime.subtract(fields.Datetime.now(), days=days)
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE customer_complaint SET state = %s, closed_at = %s WHERE id = %s",
                (state, closed, case.id),
            )
            self.assertEqual(reads(), wanted, (state, days))

    def test_the_head_reads_by_a_role_given_besides(self):
        document = self.env["customer.archive.document"].browse(self.files["service", "own"].res_id)
        archive = document.archive_id.with_user(self.user_manager)
        self.assertFalse(archive.has_access("read"))
        self.user_manager.group_ids += self.env.ref("customer_governance.group_service")
        self.env.invalidate_all()
        self.assertTrue(archive.has_access("read"))

    def test_leader_of_the_sales_team(self):
        team = self.env["crm.team"].create({"name": "Team", "user_id": self.other_sales.id})
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.user_sales.id})
        document = self.env["customer.archive.document"].browse(self.files["trade", "own"].res_id)
        self.env.invalidate_all()
        self.assertTrue(document.archive_id.with_user(self.other_sales).has_access("read"))

    def test_search_equals_compute(self):
        Archive = self.env["customer.archive"]
        for role in ("sales", "service", "manager", "archivist"):
            user = self._user(role)
            found = Archive.with_user(user).search([])
            all_ones = Archive.search([])
            computed = all_ones.with_user(user).sudo().filtered("is_readable")
            self.assertEqual(set(found.ids), set(computed.ids))
