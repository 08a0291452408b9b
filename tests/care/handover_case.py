from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields

from ..common import GovernanceCase


class HandoverCase(GovernanceCase):
    """A giver with a customer and what belongs to it, two receivers who can open all of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        salesman = cls.env.ref("sales_team.group_sale_salesman")
        groups = [
            cls.env.ref(f"customer_governance.group_{name}").id
            for name in ("sales", "service", "archivist")
        ]
        users = cls._new_users({"giver": "base.group_user", "first": "base.group_user"})
        users |= cls._new_users({"second": "base.group_user"})
        cls.giver, cls.first, cls.second = users["giver"], users["first"], users["second"]
        (cls.giver | cls.first | cls.second).write(
            {"group_ids": [Command.link(one) for one in [*groups, salesman.id]]}
        )
        cls.mine = cls._new_customer("Taken Over", user_id=cls.giver.id)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ms Contact", "parent_id": cls.mine.id, "user_id": cls.giver.id}
        )
        cls.visit = cls.env["customer.visit"].create(
            {"partner_id": cls.mine.id, "user_id": cls.giver.id}
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Furnace",
                "type": "opportunity",
                "partner_id": cls.mine.id,
                "user_id": cls.giver.id,
            }
        )
        cls.today = cls.company._customer_today()

    @classmethod
    def _handover(cls, *receivers, user=None, **vals):
        """Return a draft of the head (or `user`): everything, for good."""
        receivers = receivers or (cls.first,)
        return (
            cls.env["customer.handover"]
            .with_user(user or cls.user_manager)
            .create(
                {
                    "giver_id": cls.giver.id,
                    "reason": "Leaves the company",
                    "receiver_ids": [
                        Command.create(one if isinstance(one, dict) else {"user_id": one.id})
                        for one in receivers
                    ],
                    **vals,
                }
            )
        )

    @classmethod
    def _accepted(cls, *receivers, **vals):
        """Return a handover that all receivers have accepted."""
        handover = cls._handover(*receivers, **vals)
        handover.action_propose()
        for user in handover.receiver_ids.user_id:
            asked = handover.with_user(user)
            if asked.can_answer:
                asked.action_accept()
        return handover

    @classmethod
    def _executed(cls, *receivers, **vals):
        handover = cls._accepted(*receivers, **vals)
        handover.action_execute()
        return handover

    @classmethod
    def _temporary(cls, *receivers, days=7):
        return cls._executed(
            *receivers, duration="temporary", date_until=cls.today + timedelta(days=days)
        )

    def _night(self, days=0):
        """Run the nightly steps of the company as if it were some days later."""
        metrics = self.env["customer.metrics"]
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            steps = [
                step
                for step in metrics._nightly_steps(self.company)
                if step.key.startswith("handover")
            ]
            metrics._run_steps(steps)

    def _item(self, handover, record):
        return handover.sudo().item_ids.filtered(
            lambda item: (item.model, item.res_id) == (record._name, record.id)
        )

    def _states(self, handover):
        """Return {state: number} of the items."""
        found = {}
        for item in handover.sudo().item_ids:
            found[item.state] = found.get(item.state, 0) + 1
        return found
