"""Companies with a small ledger, customers with overdue invoices, levels of 5, 15 and 30 days."""

from datetime import date, timedelta

from freezegun import freeze_time

from ..common import GovernanceCase
from ..queries.documents_case import DocumentsCase

# A Tuesday in working time of the default calendar (8-12, 13-17), which is in UTC here.
NOW = "2026-11-10 09:00:00"
TODAY = date(2026, 11, 10)


class CollectionCase(GovernanceCase):
    """`due(days)` posts an invoice that is overdue for so many days; `run(when)` runs the job."""

    # the ledgers of the other case, without its random documents
    invoice = classmethod(DocumentsCase.invoice.__func__)
    pay = classmethod(DocumentsCase.pay.__func__)
    _make_ledger = classmethod(DocumentsCase._make_ledger.__func__)

    @classmethod
    def setUpClass(cls):
        """Create ledgers, levels and the collector once for the class."""
        super().setUpClass()
        cls.company = cls._collection_company("Main Books", "USD")
        cls.other_company = cls._collection_company("Second Books", "EUR")
        # the job looks at these two only
        cls.env["res.company"].search(
            [("id", "not in", (cls.company | cls.other_company).ids)]
        ).collection_mode = "off"
        cls.env.user.company_ids |= cls.company | cls.other_company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        users = cls.user_credit | cls.user_sales | cls.user_manager | cls.user_service
        for user in users | cls.user_auditor | cls.plain_user | cls.user_service_supervisor:
            user.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.ledger = {
            company: cls._make_ledger(company) for company in (cls.company, cls.other_company)
        }
        cls.company.collection_user_id = cls.user_credit
        cls.other_company.collection_user_id = cls.user_manager
        cls.env["customer.collection.level"].search([]).active = False
        cls.env.flush_all()  # or the unique days of the new ones meet the old ones
        cls.levels = cls.env["customer.collection.level"].create(
            [
                cls._level_vals("Reminder", 5, "mail", "collector"),
                cls._level_vals("Call", 15, "phone", "manager"),
                cls._level_vals("Letter", 30, "letter", "collector"),
            ]
        )
        cls.reminder, cls.call, cls.letter = cls.levels
        cls.customer = cls.debtor("Harbour Books", user_id=cls.user_sales.id)

    @classmethod
    def _collection_company(cls, name, currency):
        money = cls.env.ref(f"base.{currency}")
        money.active = True
        company = cls.env["res.company"].create({"name": name, "currency_id": money.id})
        company.customer_tz = "UTC"
        company.resource_calendar_id.tz = "UTC"
        return company

    @classmethod
    def _level_vals(cls, name, days, way, responsible):
        return {
            "name": name,
            "days_overdue": days,
            "way": way,
            "responsible": responsible,
            "subject": "{amount} overdue",
            "body": "Dear {customer}, {amount} since {oldest}, {days} days.",
            "script": "Ask {customer} for {amount}.",
        }

    @classmethod
    def debtor(cls, name, **vals):
        """Return a customer with receivable accounts in both companies."""
        customer = cls._new_customer(
            name, email=vals.pop("email", "pay@debtor.example.com"), **vals
        )
        for company, (_env, accounts, _journals) in cls.ledger.items():
            customer.with_company(company).property_account_receivable_id = accounts[
                "asset_receivable"
            ]
        return customer

    @classmethod
    def due(cls, days, amount=100, partner=None, today=TODAY, **vals):
        """Post an invoice that on `today` is overdue for `days`."""
        day = today - timedelta(days=days)
        return cls.invoice(
            partner or cls.customer,
            min(day, today),
            [(None, None, 1, amount)],
            due=day,
            **vals,
        )

    def run_job(self, when=NOW):
        """Run the job at a moment of UTC; return the new steps that are to do or done."""
        steps = self.env["customer.collection.step"]
        before = steps.search([])
        with freeze_time(when):
            steps._cron_collect()
        self.env.invalidate_all()
        return (steps.search([]) - before).filtered(lambda s: s.state != "skipped")

    def mails(self, partner=None):
        """Return the mails in the queue to a customer."""
        partner = partner or self.customer
        return self.env["mail.mail"].sudo().search([("recipient_ids", "in", partner.ids)])
