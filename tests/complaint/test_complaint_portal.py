import re
from zoneinfo import ZoneInfo

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .complaint_case import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintPortal(ComplaintCase, HttpCase):
    """Portal users of two customers and of two providers try each other's pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider, cls.other_provider = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Fixit", "Other Fix")]
        )
        companies = {
            "mine": cls.customer,
            "theirs": cls.foreign_customer,
            "fixit": cls.provider,
            "otherfix": cls.other_provider,
        }
        cls.price = cls.env.ref("customer_governance.complaint_category_price")
        cls.users = {}
        for key, company in companies.items():
            contact = cls.env["res.partner"].create(
                {"name": f"{key} person", "email": f"{key}@x.example.com", "parent_id": company.id}
            )
            cls.users[key] = (
                cls.env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "login": f"cg_portal_{key}",
                        "password": f"cg_portal_{key}",
                        "partner_id": contact.id,
                        "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                    }
                )
            )
        cls.complaint = cls._answered(subject="Pump leaks")
        system = cls.complaint.sudo()
        system.message_post(body="Secret note", subtype_xmlid="mail.mt_note")
        cls.internal_file = cls.env["ir.attachment"].create(
            {
                "name": "internal.txt",
                "raw": b"internal",
                "res_model": "customer.complaint",
                "res_id": cls.complaint.id,
            }
        )
        system.message_post(
            body="x", subtype_xmlid="mail.mt_note", attachment_ids=cls.internal_file.ids
        )
        cls.order = cls._dispatch(
            cls._complaint(subject="Repair it"), team_id=False, provider_id=cls.provider.id
        )

    def _login(self, key):
        self.authenticate(f"cg_portal_{key}", f"cg_portal_{key}")

    def _post(self, url, page=None, **data):
        html = self.url_open(page or url).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
        data["csrf_token"] = token.group(1) if token else ""
        return self.url_open(url, data=data)

    def _post_blindly(self, url, **data):
        """Post with a valid session token taken from an own page."""
        return self._post(url, page="/my/complaints/new", **data)

    # -- the customer -----------------------------------------------------------------------

    def test_the_customer_files_and_follows(self):
        self._login("mine")
        before = self.env["customer.complaint"].search([])
        html = self.url_open("/my/complaints/new").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html).group(1)
        response = self.url_open(
            "/my/complaints/new",
            data={
                "csrf_token": token,
                "subject": "Wrong colour",
                "description": "It is <b>blue</b>",
                "kind": "complaint",
                "category_id": str(self.price.id),
                "partner_id": str(self.foreign_customer.id),
                "severity": "major",
                "state": "closed",
            },
            files={"files": ("photo.png", b"png", "image/png")},
        )
        complaint = self.env["customer.complaint"].search([]) - before
        self.assertEqual(len(complaint), 1)
        self.assertTrue(response.url.endswith(f"/my/complaints/{complaint.id}"))
        self.assertEqual(
            (complaint.partner_id, complaint.contact_id, complaint.channel_id.code),
            (self.customer, self.users["mine"].partner_id, "portal"),
        )
        self.assertEqual((complaint.severity, complaint.state), ("general", "registered"))
        self.assertNotIn("<b>", complaint.description)
        self.assertTrue(complaint.acknowledged_at)
        self.assertFalse(complaint.first_contact_at)
        files = complaint.message_ids.attachment_ids
        self.assertEqual(files.mapped("name"), ["photo.png"])
        self.assertEqual(
            self.url_open(f"/my/complaints/{complaint.id}/file/{files.id}").content, b"png"
        )
        self._post(
            f"/my/complaints/{complaint.id}/message",
            page=f"/my/complaints/{complaint.id}",
            message="Any news?",
        )
        self.assertTrue(any("Any news?" in b for b in complaint.message_ids.mapped("body")))

    def test_an_empty_complaint_is_asked_again(self):
        self._login("mine")
        before = self.env["customer.complaint"].search_count([])
        response = self._post("/my/complaints/new", subject=" ", description="")
        self.assertIn("Please state", response.text)
        self.assertEqual(self.env["customer.complaint"].search_count([]), before)

    def test_the_customer_sees_no_internal_words(self):
        self._login("mine")
        html = self.url_open(f"/my/complaints/{self.complaint.id}").text
        self.assertIn("Pump leaks", html)
        self.assertNotIn("Secret note", html)
        self.assertNotIn("internal.txt", html)
        url = f"/my/complaints/{self.complaint.id}/file/{self.internal_file.id}"
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_nobody_reaches_another_companys_case(self):
        visit = self.complaint.visit_ids
        for key in ("theirs", "fixit"):
            self._login(key)
            case = f"/my/complaints/{self.complaint.id}"
            self.assertEqual(self.url_open(case).status_code, 404)
            self.assertEqual(self.url_open(f"{case}/file/{self.internal_file.id}").status_code, 404)
            for route, data in (
                (f"{case}/message", {"message": "intruder"}),
                (f"{case}/callback", {"result": "satisfied", "confirmed": "1"}),
            ):
                self.assertEqual(self._post_blindly(route, **data).status_code, 404, route)
            self.assertNotIn("Pump leaks", self.url_open("/my/complaints").text)
            self.assertEqual(
                self.url_open(f"/complaint/callback/{visit.id}/wrong").status_code, 404
            )
        self.assertEqual(visit.state, "planned")
        self.assertFalse(any("intruder" in b for b in self.complaint.message_ids.mapped("body")))

    def test_portal_users_have_no_rights_on_the_models(self):
        for key in ("mine", "fixit"):
            for model in (
                "customer.complaint",
                "customer.complaint.dispatch",
                "customer.visit",
                "customer.compensation",
                "customer.complaint.lesson",
            ):
                records = self.env[model].with_user(self.users[key])
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(records.has_access(operation), (key, model, operation))
            self._login(key)
            answer = self.make_jsonrpc_request_or_error(
                "/web/dataset/call_kw/customer.complaint/read",
                {
                    "model": "customer.complaint",
                    "method": "read",
                    "args": [self.complaint.ids, ["subject"]],
                    "kwargs": {},
                },
            )
            self.assertNotIn("Pump", answer)

    def make_jsonrpc_request_or_error(self, url, params):
        with mute_logger("odoo.http"):
            response = self.url_open(
                url, json={"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
            )
        self.assertIn("AccessError", response.text)
        return response.text

    def test_without_login_there_is_nothing(self):
        self.authenticate(None, None)
        for url in (
            "/my/complaints",
            f"/my/complaints/{self.complaint.id}",
            f"/my/dispatches/{self.order.id}",
        ):
            self.assertIn("/web/login", self.url_open(url).url)

    # -- the call-back ----------------------------------------------------------------------

    def _link(self):
        return "/complaint" + self.complaint._callback_url().split("/complaint", 1)[1]

    def test_a_get_writes_nothing(self):
        self.authenticate(None, None)
        link, visit = self._link(), self.complaint.visit_ids
        for _scanner in range(3):
            self.assertEqual(self.url_open(link).status_code, 200)
            self.url_open(f"{link}?result=satisfied&confirmed=1")
        visit.invalidate_recordset()
        self.assertEqual((visit.state, self.complaint.state), ("planned", "answered"))

    def test_the_link_answers_once(self):
        self.authenticate(None, None)
        link = self._link()
        page = self._post(link, result="satisfied")
        self.assertIn("confirm", page.text)
        self.assertEqual(self.complaint.visit_ids.state, "planned")
        page = self._post(link, result="satisfied", satisfaction="5", confirmed="1")
        self.assertIn("Thank you", page.text)
        visit = self.complaint.visit_ids
        self.assertEqual(
            (visit.state, visit.verification_result, visit.satisfaction, visit.way),
            ("done", "satisfied", "5", "online"),
        )
        self.assertTrue(visit.answered_by_customer)
        self.assertEqual(self.complaint.state, "verifying")
        over, invented = self.url_open(link), self.url_open(link[:-3] + "xyz")
        self.assertEqual((over.status_code, invented.status_code), (404, 404))
        self.assertIn("This link is no longer valid", over.text)
        self.assertIn("This link is no longer valid", invented.text, "strangers learn nothing")

    def test_the_page_has_the_companys_time(self):
        """The zone of the company, whatever the reader's own, and its name."""
        self.complaint.sudo().company_id.customer_tz = "Asia/Shanghai"
        self.users["mine"].tz = "America/New_York"
        self._login("mine")
        page = self.url_open(f"/my/complaints/{self.complaint.id}").text
        zone = ZoneInfo("Asia/Shanghai")
        received = self.complaint.received_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
        # the page has hours of twelve: with %H it failed each afternoon
        self.assertIn(received.strftime("%I:%M %p"), page)
        self.assertIn("(<span>Asia/Shanghai</span>)", page)

    def test_not_solved_opens_the_case_again_with_the_customers_words(self):
        self.authenticate(None, None)
        link = self._link()
        self._post(link, result="not_solved", comment="Still dripping", confirmed="1")
        self.assertEqual((self.complaint.state, self.complaint.reopen_count), ("investigating", 1))
        self.assertEqual(self.complaint.followup_ids.objection, "Still dripping")
        self.assertEqual(self.complaint.followup_ids.user_id, self.user_service, "the handler")

    def test_expired_revoked_and_foreign_links(self):
        self.authenticate(None, None)
        visit, link = self.complaint.visit_ids, self._link()
        other = self._answered(subject="Other").visit_ids
        foreign = link.replace(f"/{visit.id}/", f"/{other.id}/")
        self.assertEqual(self.url_open(foreign).status_code, 404)
        until = visit.sudo().link_until
        visit.sudo().link_until = "2020-01-01 00:00:00"
        self.assertEqual(self.url_open(link).status_code, 404)
        visit.sudo().link_until = until
        self.assertEqual(self.url_open(link).status_code, 200)
        visit.with_user(self.user_service_supervisor).action_revoke_link()
        self.assertEqual(self.url_open(link).status_code, 404)

    def test_the_mail_with_the_answer_has_the_link(self):
        sent = self.env["mail.mail"].sudo().search([("res_id", "=", self.complaint.id)])
        self.assertTrue(any(self._link() in mail.body_html for mail in sent))
        bodies = self.complaint.message_ids.mapped("body")
        self.assertFalse(any(self._link() in body for body in bodies), "readers of the case")

    def test_the_secret_is_not_for_users(self):
        visit = self.complaint.visit_ids.with_user(self.user_service_supervisor)
        self.assertNotIn("link_token", visit.fields_get())

    def test_the_dialog_that_shares_shows_no_secret(self):
        """Staff may send the link; what they see of it asks for a login."""
        self.complaint._portal_ensure_token()
        secret = self.complaint.sudo().access_token
        shared = self.env["portal.share"].with_user(self.user_service)
        told = shared.with_context(
            active_model=self.complaint._name, active_id=self.complaint.id
        ).default_get(["share_link"])["share_link"]
        made = shared.new({"res_model": self.complaint._name, "res_id": self.complaint.id})
        for link in (told, made.share_link):
            self.assertIn(str(self.complaint.id), link)
            self.assertNotIn(secret, link)
        with self.assertRaisesRegex(UserError, "Open a record"):
            self.complaint.with_user(self.user_service).action_share()

    def test_the_customer_answers_in_the_portal(self):
        self._login("mine")
        case = f"/my/complaints/{self.complaint.id}"
        self._post(f"{case}/callback", page=case, result="accepts")
        self.assertEqual(self.complaint.state, "answered", "not confirmed")
        self._post(f"{case}/callback", page=case, result="accepts", confirmed="1")
        self.assertEqual(self.complaint.state, "verifying")
        page = self._post(f"{case}/callback", page=case, result="not_solved", confirmed="1")
        self.assertIn("already been answered", page.text)
        self.assertEqual(self.complaint.reopen_count, 0)

    # -- the provider -----------------------------------------------------------------------

    def test_the_provider_works_on_the_order(self):
        self._login("fixit")
        page = f"/my/dispatches/{self.order.id}"
        self.assertIn(self.order.name, self.url_open("/my/dispatches").text)
        self.assertIn("Repair it", self.url_open(page).text)
        self._post(f"{page}/accept", page=page)
        self.assertEqual((self.order.state, self.order.user_id.id), ("accepted", False))
        self.assertEqual(self.order.complaint_id.state, "investigating")
        self._post(f"{page}/report", page=page, first_result="Seal broken")
        self._post(f"{page}/progress", page=page, text="Part ordered")
        self.assertEqual(self.order.reply_ids.author_id, self.users["fixit"].partner_id)
        answer = self._post(f"{page}/done", page=page, cause="Old", measure="New seal")
        self.assertIn("product fault", answer.text)
        self._post(f"{page}/done", page=page, cause="Old", measure="New", product_fault="no")
        self.assertEqual((self.order.state, self.order.product_fault), ("done", "no"))

    def test_the_provider_returns_with_a_reason(self):
        self._login("fixit")
        page = f"/my/dispatches/{self.order.id}"
        self.assertIn("why", self._post(f"{page}/return", page=page, reason=" ").text)
        self._post(f"{page}/return", page=page, reason="Too far")
        self.assertEqual((self.order.state, self.order.return_reason), ("returned", "Too far"))
        self.assertEqual(self.order.complaint_id.return_count, 1)

    def test_nobody_reaches_another_providers_order(self):
        page = f"/my/dispatches/{self.order.id}"
        for key in ("otherfix", "mine"):
            self._login(key)
            self.assertEqual(self.url_open(page).status_code, 404)
            for step in ("accept", "return", "report", "progress", "done", "void", "write"):
                response = self._post_blindly(f"{page}/{step}", reason="x", text="x")
                self.assertEqual(response.status_code, 404, step)
            self.assertNotIn(self.order.name, self.url_open("/my/dispatches").text)
        self.assertEqual(self.order.state, "sent")

    def test_a_get_does_no_step(self):
        self._login("fixit")
        self.url_open(f"/my/dispatches/{self.order.id}/accept")
        self.assertEqual(self.order.state, "sent")

    def test_a_post_without_the_session_token_is_refused(self):
        self._login("fixit")
        page = f"/my/dispatches/{self.order.id}/accept"
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(page, data={"x": "1"}).status_code, 400)
        self.assertEqual(self.order.state, "sent")
