"""A customer in a tier with a contact plan, and what pays it."""

from datetime import date

from freezegun import freeze_time

from ..tier.metrics_case import MetricsCase

NOW = "2026-11-20 10:00:00"  # a Friday
TODAY = date(2026, 11, 20)


class CareCase(MetricsCase):
    """The standard tier asks for a contact every 30 days and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Due = cls.env["customer.care.due"]
        cls.tier = cls.env.ref("customer_governance.tier_standard")
        cls.env["customer.tier"].search([]).write(
            dict.fromkeys(
                (
                    "contact_interval_days",
                    "visit_interval_days",
                    "meeting_interval_days",
                    "survey_interval_days",
                ),
                0,
            )
        )
        cls.tier.contact_interval_days = 30
        cls._into_tier(cls.customer, "2026-10-02")

    @classmethod
    def _into_tier(cls, customer, day, tier=None):
        with freeze_time(f"{day} 10:00:00"):
            customer._set_customer_tier(tier or cls.tier, "Test", "review")
        cls.env["customer.metrics"]._refresh(customer)

    def _night(self, company=None):
        """What the night does: figures of all customers."""
        self.env["customer.metrics"]._refresh_company(company or self.company)

    def _rows(self, customer=None, company=None, kind=None):
        self.env.invalidate_all()
        domain = [
            ("partner_id", "=", (customer or self.customer).id),
            ("company_id", "=", (company or self.company).id),
        ]
        return self.Due.search(domain + ([("kind", "=", kind)] if kind else []))

    def _visit(self, day, customer=None, report=True, **vals):
        visit = self.env["customer.visit"].create(
            {
                "partner_id": (customer or self.customer).id,
                "planned_date": day,
                "summary": "Talked",
                **vals,
            }
        )
        if report:
            visit.done_date = day
            visit.action_done()
        return visit

    def _say(self, record, user=None, **vals):
        """A message of an employee to the customer."""
        return record.message_post(
            **{
                "body": "Hello",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "author_id": (user or self.user_sales).partner_id.id,
                **vals,
            }
        )

    def _meet(self, day, **vals):
        return self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": f"{day} 08:00:00",
                "stop": f"{day} 09:00:00",
                "user_id": self.user_sales.id,
                "partner_ids": [(6, 0, self.user_sales.partner_id.ids)],
                **vals,
            }
        )

    def _next(self, day, reason=False, customer=None, user=None):
        """Set the next contact by hand, in the dialog."""
        customer = customer or self.customer
        wizard = self.env["customer.care.next"].with_user(user or self.user_sales)
        wizard.create(
            {
                "partner_id": customer.id,
                "company_id": self.company.id,
                "date": day,
                "reason": reason,
            }
        ).action_apply()
