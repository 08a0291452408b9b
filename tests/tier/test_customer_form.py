"""The form of a customer: one page, few buttons, each role its own part."""

from lxml import etree

from odoo.tests import tagged

from ..common import ROLES, GovernanceCase

STAT_BUTTONS = 6
PAGES = 2  # Governance, and the file with what is entered
SECTIONS = {
    "governance_tier": "sales service service_supervisor quality credit committee manager auditor",
    "governance_figures": "sales service service_supervisor credit committee manager auditor",
    "governance_review": "sales committee manager auditor",
    "governance_credit": "sales credit committee manager auditor",
    "governance_collection": "sales credit manager auditor",
    "governance_complaint": "sales service service_supervisor quality manager auditor",
    "governance_archive": "sales service service_supervisor credit archivist manager auditor",
}


@tagged("post_install", "-at_install")
class TestCustomerForm(GovernanceCase):
    def _arch(self, user):
        view = self.env.ref("base.view_partner_form")
        arch = self.env["res.partner"].with_user(user).get_view(view.id, "form")["arch"]
        return etree.fromstring(arch)

    def test_few_buttons_and_pages(self):
        plain = self._arch(self.plain_user)
        core_pages = {page.get("name") for page in plain.iter("page")}
        model = type(self.env["res.partner"])
        for role in ROLES:
            arch = self._arch(getattr(self, f"user_{role}"))
            ours = [
                button.get("name")
                for button in arch.findall(".//div[@name='button_box']//button")
                if "customer_governance"
                in getattr(getattr(model, button.get("name"), None), "__module__", "")
            ]
            pages = {page.get("name") for page in arch.iter("page")} - core_pages
            with self.subTest(role=role):
                self.assertLessEqual(len(ours), STAT_BUTTONS, ours)
                self.assertLessEqual(len(pages), PAGES, pages)

    def test_each_role_its_sections(self):
        """Each domain is one element with a name of its own, so that a feature can hide it."""
        for role in ROLES:
            arch = self._arch(getattr(self, f"user_{role}"))
            page = arch.find(".//page[@name='customer_governance']")
            shown = set()
            if page is not None:
                shown = {div.get("name") for div in page.findall("div")} & set(SECTIONS)
            with self.subTest(role=role):
                wanted = {name for name, roles in SECTIONS.items() if role in roles.split()}
                self.assertEqual(shown, wanted)

    def test_contacts_are_read_only(self):
        """What belongs to the company cannot be written on its contact."""
        arch = self._arch(self.user_sales)
        page = arch.find(".//page[@name='customer_governance']")
        for name in ("user_id", "customer_team_id", "customer_segment_ids"):
            field = page.find(f".//field[@name='{name}']")
            self.assertEqual(field.get("readonly"), "not is_commercial_partner", name)
