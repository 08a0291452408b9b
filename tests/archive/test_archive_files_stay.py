from contextlib import closing

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ROLE_USERS
from ..rights.factories import FACTORIES
from .archive_case import ArchiveCase


@tagged("post_install", "-at_install")
class TestArchiveFilesStay(ArchiveCase):
    """Nobody takes files away unseen from what has them, whatever it is: new models are in it by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everybody = cls._new_users({"everything": "base.group_user"})["everything"]
        cls.everybody.group_ids |= cls.env["res.groups"].union(
            *map(cls.env.ref, {*ROLE_USERS.values(), "base.group_partner_manager"})
        )

    def _owners(self):
        """Yield (record, file) of each kind of record that has files, by a list of files or in its chatter."""
        listed = set(self.env["ir.attachment"]._archive_file_models())
        for name in sorted(listed | set(self.env["customer.archive.access"]._logged_models())):
            record = FACTORIES[name](self.env, self.customer, self.company)
            file = self.env["ir.attachment"].create(
                {
                    "name": "scan.pdf",
                    "raw": b"%PDF-1.4 scan",
                    "res_model": name,
                    "res_id": record.id,
                }
            )
            if name in listed:
                record.sudo().attachment_ids = [(4, file.id)]
            yield record, file

    def _may(self, record, action):
        """Return what came of it, undone: True where it was done."""
        with closing(self.env.cr.savepoint()):
            try:
                action()
                self.env.flush_all()
                done = True
            except (AccessError, UserError):
                done = False
            self.env.invalidate_all()
        return done

    def test_files_stay_with_their_owner(self):
        seen = []
        for record, file in self._owners():
            other = self._dossier()
            seen.append(record._name)
            for user in (self.everybody, self.user_archivist, self.user_sales, self.user_manager):
                for vals in (
                    {"res_model": "res.partner", "res_id": self.customer.id},
                    {"res_id": record.id + 1000},
                    {"res_model": False, "res_id": False},
                    {"res_model": other._name, "res_id": other.id},
                ):
                    with self.subTest(record._name, user=user.login, vals=vals):
                        mine = file.with_user(user)
                        self.assertFalse(self._may(record, lambda m=mine, v=vals: m.write(v)))
            self.assertEqual((file.res_model, file.res_id), (record._name, record.id))
        self.assertGreaterEqual(
            set(seen),
            {
                "customer.archive",
                "customer.archive.deed",
                "customer.archive.document",
                "customer.archive.supplement",
                "customer.archive.upload.line",
            },
        )

    def test_a_list_of_files_keeps_them_from_the_system_too(self):
        for record, file in self._owners():
            if "attachment_ids" in record._fields:
                vals = {"res_model": "res.partner", "res_id": self.customer.id}
                with self.subTest(record._name):
                    self.assertFalse(self._may(record, lambda f=file, v=vals: f.write(v)))
                    record.sudo().attachment_ids = [(3, file.id)]

    def test_the_refusal_tells_nothing_to_who_cannot_have_the_file(self):
        record = FACTORIES["customer.archive.supplement"](self.env, self.customer, self.company)
        file = self.env["ir.attachment"].create({"name": "scan.pdf", "raw": b"%PDF-1.4 scan"})
        record.attachment_ids = [(4, file.id)]
        with self.assertRaises(AccessError):
            file.with_user(self.plain_user).write({"res_id": 1})
