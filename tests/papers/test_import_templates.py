import csv

from odoo.tests import tagged
from odoo.tools import file_open

from ..common import GovernanceCase

# The columns of the templates, which bear the names that people see.
MODELS = {
    "customer.complaint": (
        "partner_id",
        "subject",
        "category_id",
        "kind",
        "severity",
        "received_at",
        "description",
        "remedy_sought",
        "phone",
    ),
    "customer.archive": (
        "partner_id",
        "class_id",
        "title",
        "contract_ref",
        "project",
        "date_end",
    ),
}


@tagged("post_install", "-at_install")
class TestImportTemplates(GovernanceCase):
    """What is offered to fill in can be imported as it stands."""

    def test_the_examples_are_imported(self):
        self.assertEqual(self.customer.name, "Harbour Glass", "the customer of the examples")
        for model, names in MODELS.items():
            [template] = [
                one["template"]
                for one in self.env[model].get_import_templates()
                if one["template"].startswith("/customer_governance/")
            ]
            with file_open(template.lstrip("/")) as file:
                header, *rows = list(csv.reader(file))
            with self.subTest(model=model):
                fields = self.env[model].fields_get(names)
                self.assertEqual(header, [fields[name]["string"] for name in names])
                result = self.env[model].load(list(names), rows)
                self.assertFalse(
                    [one for one in result["messages"] if one["type"] == "error"],
                    f"{template}: {result['messages']}",
                )
                records = self.env[model].browse(result["ids"])
                self.assertEqual(len(records), len(rows))

    def test_each_offers_one(self):
        for model in MODELS:
            self.assertTrue(all(one["label"] for one in self.env[model].get_import_templates()))
