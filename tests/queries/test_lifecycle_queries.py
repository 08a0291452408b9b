import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import tagged

from ...engine.lifecycle import Facts, Policy, borders, decide
from ...queries.lifecycle import evaluate
from ..common import GovernanceCase


@tagged("post_install", "-at_install")
class TestLifecycleQueries(GovernanceCase):
    """The SQL over all customers decides as the engine does for one."""

    def test_sql_equals_engine(self):
        """Random facts, with days on and around the borders, on a leap day and other days."""
        rng = random.Random(20261121)
        for today in (date(2026, 11, 21), date(2028, 2, 29), date(2026, 3, 31)):
            policy = Policy(rng.randint(1, 6), rng.randint(6, 18), 3, Decimal("3.50"))
            limits = borders(policy, today)
            near = [limits.won_from, limits.churn_from, today]
            expected = {}
            partners = self.env["res.partner"].create(
                [{"name": f"P{i}", "is_company": True} for i in range(60)]
            )
            self.env["customer.metrics"]._refresh_company(self.company, partners)
            leads = []
            for partner in partners:
                days = sorted(
                    rng.choice(near) + timedelta(days=rng.randint(-1, 1)) for _i in range(2)
                )
                facts = Facts(
                    *(days if rng.random() < 0.7 else (None, None)),
                    orders_12m=rng.randint(0, 5),
                    opportunities=rng.randint(0, 2),
                    satisfaction=rng.choice([None, Decimal("3.49"), Decimal("3.50"), Decimal("5")]),
                )
                lost = rng.randint(0, facts.opportunities)
                facts = Facts(**{**facts.__dict__, "lost_opportunities": lost})
                leads += [
                    {
                        "name": "Chance",
                        "partner_id": partner.id,
                        "company_id": self.company.id,
                        "active": number >= lost,
                        "probability": 0 if number < lost else 10,
                    }
                    for number in range(facts.opportunities)
                ]
                self.env.cr.execute(
                    """UPDATE customer_metrics SET first_order_date = %s, last_order_date = %s,
                              order_count_12m = %s, last_satisfaction = %s
                        WHERE partner_id = %s AND company_id = %s""",
                    [
                        facts.first_order,
                        facts.last_order,
                        facts.orders_12m,
                        facts.satisfaction,
                        partner.id,
                        self.company.id,
                    ],
                )
                expected[partner.id] = decide(facts, policy, today).state
            self.env["crm.lead"].create(leads)
            self.env.flush_all()
            rows = self.env.execute_query(evaluate(self.company.id, policy, limits, partners.ids))
            self.assertEqual({row[0]: row[2] for row in rows}, expected)
            self.assertGreater(len(set(expected.values())), 3, "the sample reaches most states")
