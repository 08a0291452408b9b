"""Segments: automatic rules, pins, exclusive dimensions, search and group."""

from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...queries import measures_customer
from ...queries.measures import MeasureContext
from .metrics_case import MetricsCase


@tagged("post_install", "-at_install")
class TestSegments(MetricsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Segment = cls.env["customer.segment"]
        cls.Line = cls.env["customer.segment.assignment"]
        cls.size = cls.env["customer.segment.dimension"].create(
            {"name": "Size", "code": "size", "sequence": 1}
        )
        cls.big, cls.mid, cls.hand = cls.Segment.create(
            [
                {
                    "name": "Big",
                    "code": "big",
                    "dimension_id": cls.size.id,
                    "sequence": 1,
                    "automatic": True,
                    "rule_domain": "[('order_count_12m', '>=', 10)]",
                },
                {
                    "name": "Mid",
                    "code": "mid",
                    "dimension_id": cls.size.id,
                    "sequence": 2,
                    "automatic": True,
                    "rule_domain": "[('order_count_12m', '>=', 5)]",
                },
                {
                    "name": "Hand",
                    "code": "hand",
                    "dimension_id": cls.size.id,
                    "sequence": 3,
                },
            ]
        )
        users = cls.user_manager | cls.user_sales
        users.write({"group_ids": [Command.link(cls.env.ref("base.group_partner_manager").id)]})

    def _orders(self, partner, count, company=None):
        company = company or self.company
        self.env["customer.metrics"]._refresh_company(company, partner)
        self.env.cr.execute(
            "UPDATE customer_metrics SET order_count_12m = %s"
            " WHERE partner_id = %s AND company_id = %s",
            [count, partner.id, company.id],
        )
        self.env.invalidate_all()

    def _in_size(self, partner):
        return partner.customer_segment_ids.filtered(lambda s: s.dimension_id == self.size)

    def test_default_dimensions(self):
        """The six dimensions of the policy and their segments are there."""
        expected = {
            "type": {"ordinary", "business", "premium"},
            "scale": {"large", "medium", "small"},
            "value": {"core", "important", "potential"},
            "behaviour": {"active", "average", "low_activity"},
            "relationship": {"existing", "new", "churned"},
            "nature": {"producer", "dealer"},
        }
        for code, segments in expected.items():
            dimension = self.env["customer.segment.dimension"].search([("code", "=", code)])
            self.assertTrue(dimension.exclusive)
            self.assertEqual(set(dimension.segment_ids.mapped("code")), segments)
        rules = self.Segment.search([("dimension_id.code", "in", list(expected))])
        rules = rules.filtered("automatic").dimension_id
        self.assertEqual(set(rules.mapped("code")), {"scale", "value", "behaviour", "relationship"})

    def test_first_match_wins(self):
        """9, 10 and 4 orders: on the border, at it, below all."""
        for count, segment in (
            (10, self.big),
            (9, self.mid),
            (5, self.mid),
            (4, self.Segment),
        ):
            self._orders(self.customer, count)
            self.Segment._assign()
            self.assertEqual(self._in_size(self.customer), segment, count)
        self._orders(self.customer, 10)
        self.mid.sequence = 0
        self.Segment._assign()
        self.assertEqual(self._in_size(self.customer), self.mid)

    def test_run_twice(self):
        self._orders(self.customer, 10)
        self.Segment._assign()
        lines = self.Line.search([("partner_id", "=", self.customer.id)])
        self.Segment._assign()
        self.assertEqual(self.Line.search([("partner_id", "=", self.customer.id)]), lines)

    def test_rules_of_a_selection(self):
        """The button above the list comes with what is selected: that is not a rule of its own."""
        by_hand = self.env["customer.segment.dimension"].create({"name": "Method", "code": "way"})
        selected = self.Segment.create({"name": "Post", "code": "post", "dimension_id": by_hand.id})
        self._orders(self.customer, 12)
        (selected | self.hand).with_user(self.user_manager).action_assign()
        lines = self.Line.search([("partner_id", "=", self.customer.id)])
        self.assertIn(self.big, lines.segment_id)
        self.assertFalse(lines.segment_id & (selected | self.hand))

    def test_pinned_stays(self):
        self._orders(self.customer, 10)
        self.customer.with_user(self.user_sales).customer_segment_ids = [Command.link(self.hand.id)]
        self.Segment._assign()
        self.assertEqual(self._in_size(self.customer), self.hand)
        line = self.Line.search(
            [("partner_id", "=", self.customer.id), ("dimension_id", "=", self.size.id)]
        )
        self.assertEqual((line.origin, line.pinned), ("manual", True))
        line.pinned = False
        self.Segment._assign()
        self.assertEqual(self._in_size(self.customer), self.big)

    def test_by_hand_without_rule_stays(self):
        """Not pinned, but no rule matches: the hand-set segment stays."""
        self._orders(self.customer, 1)
        self.Line.create(
            {
                "partner_id": self.customer.id,
                "segment_id": self.hand.id,
                "pinned": False,
            }
        )
        self.Segment._assign()
        self.assertEqual(self._in_size(self.customer), self.hand)

    def test_by_hand_replaces(self):
        """A newer segment of an exclusive dimension takes the place of the older one."""
        self._orders(self.customer, 10)
        self.Segment._assign()
        self.customer.customer_segment_ids = [Command.link(self.mid.id)]
        self.assertEqual(self._in_size(self.customer), self.mid)
        self.customer.customer_segment_ids = [Command.unlink(self.mid.id)]
        self.assertFalse(self._in_size(self.customer))
        with self.assertRaisesRegex(UserError, "only"):
            self.customer.customer_segment_ids = [
                Command.link(self.mid.id),
                Command.link(self.hand.id),
            ]

    @mute_logger("odoo.sql_db")
    def test_database_keeps_one(self):
        vals = {"partner_id": self.customer.id, "segment_id": self.mid.id}
        self.Line.create(vals)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.Line.create(dict(vals, segment_id=self.hand.id))

    def test_not_exclusive(self):
        """All rules that match count in a dimension that is not exclusive."""
        self.size.exclusive = False
        self._orders(self.customer, 10)
        self.Segment._assign()
        self.assertEqual(self._in_size(self.customer), self.big | self.mid)
        self._orders(self.customer, 5)
        self.Segment._assign()
        self.assertEqual(self._in_size(self.customer), self.mid)

    def test_each_company(self):
        own = self.Segment.create(
            {
                "name": "Present",
                "code": "there",
                "dimension_id": self.size.id,
                "sequence": 0,
                "automatic": True,
                "rule_domain": "[]",
                "company_id": self.other_company.id,
            }
        )
        self._orders(self.customer, 10)
        self._orders(self.customer, 5, self.other_company)
        self.Segment._assign()
        self.assertEqual(self._in_size(self.customer), self.big)
        there = self.customer.with_company(self.other_company)
        self.assertEqual(self._in_size(there), own)
        self.assertFalse(self.Segment.with_user(self.user_manager).search([("id", "=", own.id)]))

    def test_contact_shows_its_company(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.customer.customer_segment_ids = [Command.link(self.hand.id)]
        self.assertEqual(self._in_size(contact), self.hand)
        with self.assertRaisesRegex(UserError, "classify the company"):
            contact.customer_segment_ids = [Command.link(self.mid.id)]
        with self.assertRaisesRegex(ValidationError, "classify"):
            self.Line.create({"partner_id": contact.id, "segment_id": self.mid.id})

    def test_search(self):
        """Search equals compute, for in, not in, by name, set and not set."""
        self.customer.customer_segment_ids = [Command.link(self.hand.id)]
        both = [("id", "in", (self.customer | self.foreign_customer).ids)]
        Partner = self.env["res.partner"]
        field = "customer_segment_ids"
        for domain, found in (
            ([(field, "=", self.hand.id)], self.customer),
            ([(field, "in", (self.hand | self.mid).ids)], self.customer),
            ([(field, "not in", self.hand.ids)], self.foreign_customer),
            ([(field, "ilike", "Han")], self.customer),
            ([(field, "!=", False)], self.customer),
            ([(field, "=", False)], self.foreign_customer),
            ([(field + ".code", "=", "hand")], self.customer),
        ):
            self.assertEqual(Partner.search([*both, *domain]), found, domain)
        there = Partner.with_company(self.other_company)
        self.assertFalse(there.search([*both, (field, "=", self.hand.id)]))
        plain = Partner.with_user(self.plain_user)
        self.assertEqual(plain.search([*both, (field, "=", self.hand.id)]), self.customer)

    def test_group(self):
        """A customer counts in each of its segments; the web client reads the same groups."""
        self.size.exclusive = False
        self.customer.customer_segment_ids = [
            Command.link(self.hand.id),
            Command.link(self.mid.id),
        ]
        both = [("id", "in", (self.customer | self.foreign_customer).ids)]
        Partner = self.env["res.partner"]
        groups = dict(Partner._read_group(both, ["customer_segment_ids"], ["__count"]))
        self.assertEqual(groups, {self.hand: 1, self.mid: 1, self.Segment: 1})
        result = Partner.with_user(self.user_sales).web_read_group(
            both, ["customer_segment_ids"], ["__count"]
        )
        self.assertEqual(len(result["groups"]), 3)
        for group in result["groups"]:
            found = Partner.search([*both, *group["__extra_domain"]])
            self.assertEqual(len(found), group["__count"])
        self.assertTrue(
            Partner.fields_get(["customer_segment_ids"])["customer_segment_ids"]["groupable"]
        )

    def test_rights(self):
        """Account managers classify their own customers, service looks, the manager defines."""
        link = [Command.link(self.hand.id)]
        self.customer.with_user(self.user_sales).customer_segment_ids = link
        with self.assertRaises(AccessError):
            self.foreign_customer.with_user(self.user_sales).customer_segment_ids = link
        self.assertEqual(self._in_size(self.customer.with_user(self.user_service)), self.hand)
        with self.assertRaises(AccessError):
            self.Line.with_user(self.user_service).create(
                {"partner_id": self.foreign_customer.id, "segment_id": self.hand.id}
            )
        with self.assertRaises(AccessError):
            self.hand.with_user(self.user_sales).name = "Mine"
        with self.assertRaises(AccessError):
            self.Segment.with_user(self.user_sales).action_assign()
        self.hand.with_user(self.user_manager).name = "Ours"
        self.Segment.with_user(self.user_manager).action_assign()

    def test_bad_rules(self):
        for rule in ("[('no_such_field', '=', 1)]", "order_count > 3", "[("):
            with self.assertRaises(ValidationError):
                self.big.rule_domain = rule

    def test_relative_dates_follow_the_company(self):
        """'today' in a rule is the company's day."""
        self.big.rule_domain = "[('last_order_date', '<=', 'today -12m')]"
        self._orders(self.customer, 0)
        self.env.cr.execute(
            "UPDATE customer_metrics SET last_order_date = '2025-11-22' WHERE partner_id = %s",
            [self.customer.id],
        )
        with freeze_time("2026-11-21 17:00:00"):
            self.Segment._assign()
            self.assertFalse(self._in_size(self.customer))
            self.company.customer_tz = "Asia/Shanghai"
            self.Segment._assign()
            self.assertEqual(self._in_size(self.customer), self.big)

    def test_delete_and_archive(self):
        self._orders(self.customer, 10)
        self.Segment._assign()
        self.big.active = False
        self.assertFalse(self._in_size(self.customer))
        self.Segment._assign()
        self.assertEqual(self._in_size(self.customer), self.mid)
        self.foreign_customer.customer_segment_ids = [Command.link(self.hand.id)]
        with self.assertRaisesRegex(UserError, "Archive"):
            self.hand.unlink()
        self.mid.unlink()
        self.assertFalse(self._in_size(self.customer))

    # -- as they were -------------------------------------------------------------------------

    def _nature(self, day):
        """Segment of the customer in a period that ended on a day, as reviews ask for it."""
        ctx = MeasureContext(
            company_id=self.company.id,
            date_from=day - timedelta(days=89),
            date_to=day,
            segment_ids=tuple((self.hand | self.big | self.mid).ids),
        )
        self.env.flush_all()
        rows = dict(self.env.execute_query(measures_customer.nature(ctx)))
        found = rows.get(self.customer.id)
        return self.Segment.browse(found and int(found))

    def test_a_past_period_sees_the_segment_of_then(self):
        """By hand and by the job; before the first classification the first one counts."""
        none = self.Segment
        with freeze_time("2026-03-10 10:00:00"):
            self.customer.customer_segment_ids = [Command.link(self.hand.id)]
        with freeze_time("2026-05-10 10:00:00"):
            line = self.Line.search([("partner_id", "=", self.customer.id)])
            line.segment_id = self.big
            self.assertEqual(str(line.date_from), "2026-05-10")
        with freeze_time("2026-07-10 10:00:00"):
            line.write({"origin": "rule", "pinned": False})
            self._orders(self.customer, 5)
            self.Segment._assign(self.customer)
        with freeze_time("2026-09-10 10:00:00"):
            self.Line.search([("partner_id", "=", self.customer.id)]).unlink()
        for day, segment in (
            (date(2025, 12, 31), self.hand),
            (date(2026, 3, 31), self.hand),
            (date(2026, 5, 9), self.hand),
            (date(2026, 5, 10), self.big),
            (date(2026, 7, 9), self.big),
            (date(2026, 7, 10), self.mid),
            (date(2026, 9, 9), self.mid),
            (date(2026, 9, 10), none),
        ):
            self.assertEqual(self._nature(day), segment, day)
