"""Test case with the fake model loaded."""

from ..common import GovernanceCase, load_fake_models


class FakeModelCase(GovernanceCase):
    """Loads `fake_models` into the registry for the time of the class."""

    @classmethod
    def setUpClass(cls):
        """Load the fake model and give every internal user access to it."""
        super().setUpClass()
        from .fake_models import FakeCase

        load_fake_models(cls, FakeCase)
        cls.model = cls.env["ir.model"]._get("customer.fake.case")
        cls.env["ir.model.access"].create(
            {
                "name": "fake case",
                "model_id": cls.model.id,
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        cls.case = cls.env["customer.fake.case"].create({"name": "Case 1"})
