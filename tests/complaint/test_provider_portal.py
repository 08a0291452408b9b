import re

from odoo.tests import HttpCase, tagged

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
class TestProviderPortal(ComplaintCase, HttpCase):
    """The provider logs contacts and its service volume in the portal, nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {}
        for key in ("fixer", "stranger"):
            firm = cls.env["res.partner"].create({"name": f"Firm {key}", "is_company": True})
            contact = cls.env["res.partner"].create({"name": key, "parent_id": firm.id})
            cls.users[key] = (
                cls.env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "login": f"cg_portal_{key}",
                        "password": f"cg_portal_{key}",
                        "partner_id": contact.id,
                        "company_ids": [(6, 0, cls.company.ids)],
                        "company_id": cls.company.id,
                        "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                    }
                )
            )
        cls.provider = cls.users["fixer"].partner_id.commercial_partner_id
        cls.order = cls._dispatch(
            cls._complaint(subject="Repair it"), team_id=False, provider_id=cls.provider.id
        )

    def _login(self, key):
        self.authenticate(f"cg_portal_{key}", f"cg_portal_{key}")

    def _post(self, url, page="/my/volumes", **data):
        html = self.url_open(page).text
        token = re.search(r'csrf_token[:"][^>]*?"([0-9a-f]{40,}o?[0-9]*)"', html)
        return self.url_open(url, data={**data, "csrf_token": token.group(1) if token else ""})

    def _volumes(self):
        return self.env["customer.provider.volume"].search(
            [
                (
                    "provider_id",
                    "in",
                    [u.partner_id.commercial_partner_id.id for u in self.users.values()],
                )
            ]
        )

    def test_the_provider_logs_a_contact(self):
        self._login("fixer")
        page = f"/my/dispatches/{self.order.id}"
        self._post(f"{page}/accept", page=page)
        answer = self._post(f"{page}/contact", page=page, way="phone", whom=" ")
        self.assertIn("with whom", answer.text)
        self.assertFalse(self.order.first_contact_at)
        self._post(f"{page}/contact", page=page, way="phone", whom="Mr Li", note="Comes Monday")
        self.assertTrue(self.order.first_contact_at)
        self.assertEqual(
            self.order.sudo().complaint_id.first_contact_at, self.order.first_contact_at
        )
        self.assertIn("Mr Li", self.order.sudo().message_ids[0].body)

    def test_nobody_logs_for_another_provider(self):
        self.order.sudo().action_accept()
        self._login("stranger")
        page = f"/my/dispatches/{self.order.id}"
        answer = self._post(f"{page}/contact", page="/my", way="phone", whom="x")
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.order.first_contact_at)

    def test_the_provider_reports_its_volume(self):
        self._login("fixer")
        page = self.url_open("/my/volumes").text
        months = re.findall(r'name="month" value="([0-9-]+)"', page)
        self.assertTrue(months)
        told = {"company": str(self.company.id), "month": months[0], "quantity": "41,5"}
        self._post("/my/volumes/report", **told)
        volume = self._volumes()
        self.assertEqual((volume.quantity, volume.source), (41.5, "provider"))
        self.assertEqual(volume.reported_by_id, self.users["fixer"])
        for wrong in (
            {"quantity": "-1"},
            {"quantity": "nan"},
            {"quantity": "many"},
            {"month": "2031-01-01"},
            {"company": "0"},
        ):
            answer = self._post("/my/volumes/report", **{**told, **wrong})
            self.assertIn("cannot be reported", answer.text, wrong)
        self.assertEqual(self._volumes().quantity, 41.5)

    def test_who_got_no_order_reports_nothing(self):
        self._login("stranger")
        self.assertIn("no month to report", self.url_open("/my/volumes").text)
        month = str(self.env["customer.provider.volume"]._default_month())
        self._post(
            "/my/volumes/report",
            page="/my",
            company=str(self.company.id),
            month=month,
            quantity="5",
        )
        self.assertFalse(self._volumes())
