"""A customer and a provider with an account each, and a team with an address."""

import re

from .complaint_case import ComplaintCase


class PortalCase(ComplaintCase):
    """`portal_users["customer"]` and `portal_users["provider"]`, their passwords are their logins."""

    @classmethod
    def setUpClass(cls):
        """Create the people once for the class."""
        super().setUpClass()
        cls.provider = cls.env["res.partner"].create(
            {"name": "Fixit", "is_company": True, "email": "office@fixit.example.com"}
        )
        cls.portal_users = {}
        for key, company in (("customer", cls.customer), ("provider", cls.provider)):
            contact = cls.env["res.partner"].create(
                {"name": f"{key} person", "email": f"{key}@x.example.com", "parent_id": company.id}
            )
            values = {
                "login": f"cg_page_{key}",
                "password": f"cg_page_{key}",
                "partner_id": contact.id,
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
            users = cls.env["res.users"].with_context(no_reset_password=True)
            cls.portal_users[key] = users.create(values)

    def _login(self, key):
        self.authenticate(f"cg_page_{key}", f"cg_page_{key}")

    def _post(self, url, page=None, files=None, **data):
        """Send the form of a page with its session token."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.url_open(page or url).text)
        data["csrf_token"] = token.group(1) if token else ""
        return self.url_open(url, data=data, files=files)

    @classmethod
    def _order(cls, **vals):
        """Return an order to the provider, about a case with a picture of the customer."""
        case = cls._complaint(subject="Pump leaks", phone="+49 40 777", **vals)
        case.sudo().message_post(
            body="See here",
            author_id=cls.portal_users["customer"].partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("leak.png", b"\x89PNG\r\n\x1a\nleak")],
        )
        case.sudo().message_post(
            body="Inside", subtype_xmlid="mail.mt_note", attachments=[("inside.txt", b"inside")]
        )
        return cls._dispatch(case, team_id=False, provider_id=cls.provider.id, task="Seal it")
