from odoo.tests import tagged

from ..common import GovernanceCase
from .exempt import EXEMPT, EXEMPT_MODELS


@tagged("post_install", "-at_install")
class TestHandoverHook(GovernanceCase):
    """Nothing is forgotten: every field to a user is handed over, or here with its reason."""

    def _user_fields(self):
        """Yield the columns of all models that name users."""
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or model._transient or not model._auto or model._table_query:
                continue
            for field in model._fields.values():
                if (
                    field.type in ("many2one", "many2many")
                    and field.comodel_name == "res.users"
                    and field.store
                    and not field.related
                    and field.name not in ("create_uid", "write_uid")
                ):
                    yield f"{name}.{field.name}"

    def test_every_field_is_covered_or_exempt(self):
        covered = {
            f"{holding.model}.{holding.field}"
            for holding in self.env["res.users"]._customer_holdings()
        }
        fields = set(self._user_fields())
        exempt = {
            field
            for field in fields
            if field in EXEMPT or field.rpartition(".")[0] in EXEMPT_MODELS
        }
        self.assertEqual(fields - covered - exempt, set(), "neither handed over nor exempt")
        self.assertEqual(covered - fields, set(), "no such column")
        self.assertEqual(covered & exempt, set(), "one or the other")
        self.assertEqual(set(EXEMPT) - fields, set(), "exempt, but not there any more")

    def test_every_reason_is_given(self):
        for name, reason in (EXEMPT | EXEMPT_MODELS).items():
            self.assertTrue(reason.strip(), name)

    def test_keys_are_unique_and_names_are_words(self):
        holdings = self.env["res.users"]._customer_holdings()
        keys = [holding.key for holding in holdings]
        self.assertEqual(len(keys), len(set(keys)))
        names = self.env["customer.handover"]._kind_names()
        self.assertEqual(len(set(names.values())), len(names), "two kinds of one name")

    def test_what_holdings_name_is_there(self):
        for holding in self.env["res.users"]._customer_holdings():
            model = self.env[holding.model]
            with self.subTest(holding.key):
                for name in (*holding.apart, *holding.keeps, *holding.document):
                    self.assertIn(name, model._fields)
                for name in filter(None, (holding.check, holding.moved)):
                    self.assertTrue(hasattr(model, name), name)
                if holding.label:
                    self.assertTrue(model._fields[holding.label].store)
                rows = self.env["res.users"]._customer_held(holding)
                self.env["res.users"]._customer_count(rows)
