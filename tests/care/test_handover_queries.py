from odoo.tests import tagged

from .handover_case import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverQueries(HandoverCase):
    """As many statements for two hundred customers as for two."""

    def _carry(self, number):
        partners = self.env["res.partner"].create(
            [{"name": f"Q{n}", "is_company": True, "user_id": self.giver.id} for n in range(number)]
        )
        self.env["customer.visit"].create(
            [{"partner_id": partner.id, "user_id": self.giver.id} for partner in partners]
        )
        self.env["crm.lead"].create(
            [
                {
                    "name": "L",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "user_id": self.giver.id,
                }
                for partner in partners
            ]
        )
        for partner in partners:
            partner.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.giver.id, summary="Call"
            )

    def _statements(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _measure(self):
        handover = self._handover(duration="temporary", date_until=self.today)
        steps = {
            "count": handover.action_count,
            "propose": handover.action_propose,
            "accept": handover.with_user(self.first).action_accept,
            "execute": handover.action_execute,
            "return": handover.action_return,
        }
        return {name: self._statements(work) for name, work in steps.items()}

    def test_constant(self):
        self._carry(2)
        self._measure()  # caches of rights and names
        few = self._measure()
        self._carry(200)
        many = self._measure()
        for name, count in few.items():
            with self.subTest(name):
                self.assertLessEqual(many[name], count + 10)
