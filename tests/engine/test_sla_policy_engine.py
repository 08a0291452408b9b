import doctest
import itertools

from odoo.tests import BaseCase, tagged

from ...engine import complaint_policy, sla_policy
from ...engine.complaint_policy import Case, Policy
from ...engine.sla_clock import Spec
from ...engine.sla_policy import Promise, resolve


def policy(number, *milestones, sequence=10, **conditions):
    """Return a policy whose promises have its number as target."""
    promises = tuple(Promise(name, number, Spec(number)) for name in milestones)
    return Policy(number, sequence, promises, **conditions)


@tagged("post_install", "-at_install")
class TestSlaPolicyEngine(BaseCase):
    def assertResolves(self, policies, case, wanted):
        """Any order of the policies gives {milestone: number of the policy}."""
        for order in itertools.permutations(policies):
            found = {promise.milestone: promise.policy_id for promise in resolve(order, case)}
            self.assertEqual(found, wanted)

    def test_doctest(self):
        for module in (sla_policy, complaint_policy):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_each_milestone_from_the_most_specific(self):
        policies = [
            policy(1, "acknowledge", "close"),
            policy(2, "answer", "close", severity="general"),
            policy(3, "close", severity="general", kind="complaint"),
        ]
        self.assertResolves(
            policies, Case(1, "complaint", "general"), {"acknowledge": 1, "answer": 2, "close": 3}
        )
        self.assertResolves(policies, Case(1, "repair", "major"), {"acknowledge": 1, "close": 1})

    def test_deeper_category_then_sequence_then_age(self):
        case = Case(1, "complaint", "general", categories=(7, 3))
        above = policy(1, "close", category_id=3, category_depth=1)
        below = policy(2, "close", category_id=7, category_depth=2, sequence=99)
        self.assertResolves([above, below], case, {"close": 2})
        self.assertResolves(
            [policy(1, "close", sequence=20), policy(2, "close")], case, {"close": 2}
        )
        self.assertResolves([policy(1, "close"), policy(2, "close")], case, {"close": 1})

    def test_every_condition_must_fit(self):
        case = Case(1, "complaint", "general", categories=(7,), tier_id=4, channel_id=5)
        fitting = {
            "company_id": 1,
            "kind": "complaint",
            "severity": "general",
            "category_id": 7,
            "tier_id": 4,
            "channel_id": 5,
        }
        self.assertTrue(Policy(1, 1, **fitting).fits(case))
        for name, value in fitting.items():
            other = "repair" if isinstance(value, str) else value + 10
            self.assertFalse(Policy(1, 1, **{**fitting, name: other}).fits(case), name)

    def test_nothing_fits(self):
        self.assertEqual(
            resolve([policy(1, "close", kind="repair")], Case(1, "complaint", "general")), ()
        )
