"""No change of what an open record is or where it belongs lengthens its deadline or loosens its block.

Random sequences of changes by every role. Orders and customers: `test_credit_never_loosens`; deadlines of
complaints with their clocks, step by step: `test_sla_changes`.
"""

import random

import psycopg2

from odoo import fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.common.marks import SENTINEL
from ..common import ROLE_USERS, GovernanceCase
from .factories import FACTORIES

REFUSED = (AccessError, MissingError, UserError, psycopg2.Error, ValueError)

# model: (values that make the record an open one, what must not become later or larger, what must stay)
OPEN = {
    "customer.archive": (
        {"state": "registered", "hold": True, "hold_reason": "Lawsuit"},
        (),
        ("hold",),
    ),
    "customer.archive.access.request": ({"state": "approved"}, ("date_to",), ()),
    "customer.archive.deed": ({}, (), ("state",)),
    "customer.archive.loan": ({"state": "issued"}, ("date_due",), ()),
    "customer.archive.upload": ({"state": "open"}, ("expires_on",), ()),
    "customer.collection.dispute": ({}, (), ("move_id",)),
    "customer.collection.promise": ({}, ("date",), ("partner_id",)),
    "customer.complaint": ({}, (), ("partner_id",)),
    "customer.complaint.dispatch": ({}, (), ("complaint_id",)),
    "customer.credit.limit": ({"state": "approved"}, ("amount", "date_to"), ("partner_id",)),
    "customer.credit.release": ({"state": "approved"}, ("ceiling", "valid_until"), ()),
    "customer.data.review": ({}, (), ("partner_id",)),
    "customer.sla.extension": ({"state": "approved"}, (), ("complaint_id",)),
}
RUNS, STEPS = 3, 10


@tagged("post_install", "-at_install")
class TestNeverLonger(GovernanceCase):
    """Class, severity, tier, kind, parent, company, category: whatever link, choice or tick a record has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [
            getattr(cls, f"user_{role}") for role in ROLE_USERS if hasattr(cls, f"user_{role}")
        ]
        cls.users.append(cls.plain_user)
        for user in cls.users:
            user.company_ids |= cls.other_company
        cls.env.flush_all()

    def _open(self, name):
        record = FACTORIES[name](self.env, self.customer, self.company)
        vals, falling, kept = OPEN[name]
        known = {key: value for key, value in vals.items() if key in record._fields}
        self.assertEqual(known, vals, name)
        if vals:
            writer = record.sudo().with_context(customer_transition=SENTINEL)
            if name == "customer.archive":
                writer = writer._thawed()
            writer.write(vals)
        self.env.flush_all()
        self.assertTrue(set(falling) | set(kept) <= record._fields.keys(), name)
        return record

    def _watched(self, record):
        """Return what must not grow, and what must stay: {what: value}; no value has no end."""
        record = record.sudo()
        _vals, falling, kept = OPEN[record._name]
        largest = {
            "date": fields.Date.to_date("2999-12-31"),
            "datetime": fields.Datetime.to_datetime("2999-12-31"),
        }
        growing = {
            name: record[name] or largest.get(record._fields[name].type, 0) for name in falling
        }
        clocks = "clock_ids" in record._fields and record.clock_ids
        for clock in clocks or ():
            if clock.state in ("running", "paused"):
                growing[f"clock {clock.id}"] = clock.deadline
        return growing, {name: record[name] for name in kept}

    def _values(self, rng, record, name):
        """Return a value for a link, choice or tick."""
        field = record._fields[name]
        if field.type == "boolean":
            return rng.random() < 0.5
        if field.type == "selection":
            return rng.choice([key for key, _label in field._description_selection(self.env)])
        comodel = self.env[field.comodel_name].sudo().with_context(active_test=False)
        return rng.choice([*comodel.search([], limit=6).ids, False])

    def _changeable(self, record):
        _vals, falling, _kept = OPEN[record._name]
        own = {"hold"}  # lifted by those who may, with a reason
        return [
            name
            for name, field in sorted(record._fields.items())
            if field.type in ("many2one", "selection", "boolean")
            and name not in (*falling, *own, *models.MAGIC_COLUMNS)
            and not field.comodel_name == "ir.attachment"
            and (field.store or field.inverse)
        ]

    def test_no_sequence_of_changes_gives_more_time(self):
        rng = random.Random(20261201)
        done_some = set()
        for name in OPEN:
            for run in range(RUNS):
                savepoint = self.env.cr.savepoint()
                record = self._open(name)
                names, story = self._changeable(record), []
                for _step in range(STEPS):
                    before, kept = self._watched(record)
                    user, changed = rng.choice(self.users), rng.choice(names)
                    vals = {changed: self._values(rng, record, changed)}
                    refused = self._try(record.with_user(user), vals)
                    story.append((user.login, vals, "refused" if refused else "done"))
                    if not refused:
                        done_some.add(name)
                    if not record.sudo().exists():
                        break
                    words = f"{name}, run {run}: {story}"
                    after, still = self._watched(record)
                    for key, value in before.items():
                        self.assertLessEqual(after.get(key, value), value, f"{key}: {words}")
                    self.assertEqual(still, kept, words)
                savepoint.close(rollback=True)
                self.env.clear()
        self.assertGreater(len(done_some), len(OPEN) / 3, "nobody may change anything: no test")

    def _try(self, record, vals):
        """Write as a person does; tell whether it was refused."""
        record = record.with_context(allowed_company_ids=(self.company | self.other_company).ids)
        refused = False
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                record.write(vals)
                self.env.flush_all()
        except REFUSED:
            refused = True
        self.env.invalidate_all()
        return refused
