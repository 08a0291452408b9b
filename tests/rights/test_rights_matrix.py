from odoo.tests import tagged

from ..common import GovernanceCase
from .factories import FACTORIES
from .matrix import MATRIX, ROLES

OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestRightsMatrix(GovernanceCase):
    """Every model x role x operation x own / other's / other company against `matrix.py`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: getattr(cls, f"user_{role}") for role in ROLES if role != "plain"}
        cls.users["plain"] = cls.plain_user
        cls.models = [
            model_name
            for model_name, model in sorted(cls.env.registry.items())
            if model._original_module == "customer_governance"
            and not model._abstract
            and not model._transient
        ]

    def test_the_table_knows_every_model(self):
        self.assertEqual(sorted(MATRIX), self.models)
        self.assertFalse(set(self.models) - set(FACTORIES))

    def _records(self, model_name):
        make = FACTORIES[model_name]
        own = make(self.env, self.customer, self.company)
        other = make(self.env, self.foreign_customer, self.company)
        foreign = make(self.env, self._new_customer("Abroad"), self.other_company)
        return own, other, foreign

    def _expected(self, model_name, role, foreign):
        cells = MATRIX[model_name]
        parts = cells.get(role, cells["*"]).split("/")
        if len(parts) == 1:
            has_company = "company_id" in foreign._fields and foreign.company_id
            parts = [parts[0], parts[0], "-" if has_company else parts[0]]
        return ["" if part == "-" else part for part in parts]

    def test_rights(self):
        problems = []
        for model_name in self.models:
            records = self._records(model_name)
            for role in ROLES:
                expected = self._expected(model_name, role, records[2])
                for scope, record, allowed in zip(
                    ("own", "other", "foreign"), records, expected, strict=True
                ):
                    found = "".join(
                        letter
                        for letter, operation in OPERATIONS.items()
                        if record.with_user(self.users[role]).has_access(operation)
                    )
                    if set(found) != set(allowed):
                        problems.append(
                            f"{model_name:34} {role:20} {scope:8}"
                            f" expected {allowed or '-':5} found {found or '-'}"
                        )
        self.assertFalse(problems, "\n" + "\n".join(problems))
