import threading
from unittest.mock import patch

from odoo import api, fields
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.customer_governance.queries import complaint_sla, sla_job

from ..complaint.sla_case import SlaCase


@tagged("post_install", "-at_install")
class TestSlaJobWorkers(SlaCase):
    """Two workers at once, one that dies, the job twice: on committed cases that are removed again."""

    NOW = fields.Datetime.to_datetime("2026-11-20 02:00:00")

    def setUp(self):
        super().setUp()
        self.db = db_connect(self.cr.dbname)
        with self.db.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            self.partner_id = env["res.partner"].create({"name": "Two workers"}).id
            team = env["customer.complaint.team"].search([], limit=1)
            self.user_id = env.ref("base.user_admin").id
            self.case_ids = (
                env["customer.complaint"]
                .create(
                    [
                        {
                            "subject": f"W{n}",
                            "partner_id": self.partner_id,
                            "category_id": env.ref(
                                "customer_governance.complaint_category_delivery"
                            ).id,
                            "team_id": team.id,
                            "user_id": self.user_id,
                            "received_at": "2026-10-01 09:00:00",
                            "kind": "repair",
                        }
                        for n in range(30)
                    ]
                )
                .ids
            )
            self.clock_ids = (
                env["customer.sla.clock"].search([("complaint_id", "in", self.case_ids)]).ids
            )
            self.company_id = env.company.id
            self.last_notice = (
                env["customer.sla.notice"].search([], order="id desc", limit=1).id or 0
            )
            self.last_message = env["mail.message"].search([], order="id desc", limit=1).id or 0
        self.addCleanup(self._remove)

    def _remove(self):
        with self.db.cursor() as cr:
            for statement in (
                SQL("DELETE FROM customer_sla_notice WHERE id > %s", self.last_notice),
                SQL("DELETE FROM customer_number WHERE scope = 'customer.complaint'"),
                SQL("DELETE FROM customer_complaint WHERE id = ANY(%s)", self.case_ids),
                SQL(
                    "DELETE FROM mail_message WHERE model = 'customer.complaint' AND res_id = "
                    "ANY(%s)",
                    self.case_ids,
                ),
                SQL(
                    "DELETE FROM mail_followers WHERE res_model = 'customer.complaint' AND "
                    "res_id = ANY(%s)",
                    self.case_ids,
                ),
                SQL(
                    "DELETE FROM mail_message WHERE id > %s AND message_type = 'user_notification'",
                    self.last_message,
                ),
                SQL("DELETE FROM res_partner WHERE id = %s", self.partner_id),
            ):
                cr.execute(statement)

    def _notify(self, cr):
        model = "customer.complaint"
        scopes = [(model, [self.company_id])]
        people = [complaint_sla.people(model)]
        cr.execute(sla_job.notify_due(self.NOW, scopes, people, [], 20))
        return cr.fetchone()[0]

    def _told(self):
        """Return how often each clock was told at each level."""
        with self.db.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT level, jsonb_array_elements_text(clock_ids)::int, count(*) FROM "
                    "customer_sla_notice"
                    " WHERE id > %s AND user_id = %s GROUP BY 1, 2",
                    self.last_notice,
                    self.user_id,
                )
            )
            return {
                (level, clock): n for level, clock, n in cr.fetchall() if clock in self.clock_ids
            }

    def test_two_workers_at_once_tell_each_once(self):
        first = self.db.cursor()
        self.addCleanup(first.close)
        moved = self._notify(first)
        self.assertEqual(moved, 20)
        done = []

        def second_worker():
            with self.db.cursor() as cr:
                while count := self._notify(cr):
                    done.append(count)
                    cr.commit()

        thread = threading.Thread(target=second_worker)
        thread.start()
        thread.join(30)
        self.assertFalse(thread.is_alive(), "the second worker does not wait for the first")
        first.commit()
        with self.db.cursor() as cr:
            while self._notify(cr):
                cr.commit()
        told = self._told()
        self.assertEqual({clock for level, clock in told if level == 2}, set(self.clock_ids))
        self.assertEqual(set(told.values()), {1})

    def test_a_worker_that_dies_leaves_everything_to_the_next(self):
        dying = self.db.cursor()
        self._notify(dying)
        dying.rollback()
        dying.close()
        self.assertFalse(self._told())
        with self.db.cursor() as cr:
            while self._notify(cr):
                cr.commit()
        told = self._told()
        self.assertEqual({clock for level, clock in told if level == 2}, set(self.clock_ids))
        self.assertEqual(set(told.values()), {1})

    # -- sending ------------------------------------------------------------------------------

    def _note_all(self):
        """Let a job that is killed before it sends anything note who must be told."""
        with self.db.cursor() as cr:
            while self._notify(cr):
                cr.commit()

    def _send(self, cr):
        api.Environment(cr, api.SUPERUSER_ID, {})["customer.sla.notice"]._send_all()

    def _messages(self):
        """Return the numbers of notices and of messages that people got."""
        with self.db.cursor() as cr:
            cr.execute(
                SQL(
                    "SELECT (SELECT count(*) FROM customer_sla_notice WHERE id > %s), count(*)"
                    " FROM mail_message WHERE id > %s AND message_type = 'user_notification'",
                    self.last_notice,
                    self.last_message,
                )
            )
            return cr.fetchone()

    def test_a_job_killed_before_it_sends_leaves_the_messages_to_the_next(self):
        self._note_all()
        notices, messages = self._messages()
        self.assertGreater(notices, 1)
        self.assertFalse(messages)
        for _run in range(2):
            with self.db.cursor() as cr:
                self._send(cr)
            self.assertEqual(self._messages(), (notices, notices))

    def test_a_job_killed_while_it_sends_tells_each_once(self):
        self._note_all()
        notices, _messages = self._messages()
        told = []
        send = type(self.env["customer.sla.notice"])._notify

        def killed(notice):
            if told:
                raise SystemExit
            told.append(notice.id)
            return send(notice)

        dying = self.db.cursor()
        with patch.object(type(self.env["customer.sla.notice"]), "_notify", killed):
            with self.assertRaises(SystemExit):
                self._send(dying)
        dying.rollback()
        dying.close()
        self.assertEqual(self._messages(), (notices, 0), "what was begun is taken back")
        with self.db.cursor() as cr:
            self._send(cr)
        self.assertEqual(self._messages(), (notices, notices))

    def test_two_senders_at_once_tell_each_once(self):
        self._note_all()
        notices, _messages = self._messages()
        first = self.db.cursor()
        self.addCleanup(first.close)
        self._send(first)
        with self.db.cursor() as cr:
            self._send(cr)
        self.assertEqual(self._messages(), (notices, 0), "the second leaves them to the first")
        first.commit()
        with self.db.cursor() as cr:
            self._send(cr)
        self.assertEqual(self._messages(), (notices, notices))
