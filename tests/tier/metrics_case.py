"""Documents of customers for the tests of figures: orders, posted invoices, payments."""

from odoo import Command, fields

from ..common import GovernanceCase


class MetricsCase(GovernanceCase):
    """Company with a chart of accounts, and helpers that put documents on given days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.customer_tz = "UTC"
        cls.Metrics = cls.env["customer.metrics"]
        cls.product = cls.env["product.product"].create(
            {
                "name": "Pane of glass",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _new_user(cls, key, *groups):
        """Create a user of the main company in some groups."""
        user = cls._new_users({key: groups[0]})[key]
        for group in groups[1:]:
            user.group_ids |= cls.env.ref(group)
        return user

    @classmethod
    def _customer(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **vals})

    @classmethod
    def _second_company(cls, name="Euro Company", currency="EUR"):
        """Return a company with its own currency and chart of accounts that the test user may
        use.
        """
        money = (
            cls.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", currency)])
        )
        money.active = True
        company = cls.env["res.company"].create({"name": name, "currency_id": money.id})
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
        company.currency_id = money
        cls.env.user.company_ids |= company
        return company

    @classmethod
    def _order(cls, partner, moment, price=100, company=None):
        """Confirm an order at a moment of UTC ("2026-01-31 23:30:00")."""
        company = company or cls.company
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create({"product_id": cls.product.id, "price_unit": price})
                    ],
                }
            )
        )
        order.action_confirm()
        order.date_order = fields.Datetime.to_datetime(moment)
        return order

    @classmethod
    def _invoice(
        cls, partner, day, amount=100, kind="out_invoice", company=None, post=True, **vals
    ):
        """Post an untaxed invoice dated `day`, due at `invoice_date_due` (default: the same
        day).
        """
        company = company or cls.company
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": kind,
                    "partner_id": partner.id,
                    "invoice_date": day,
                    "invoice_date_due": day,
                    "company_id": company.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Glass",
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **vals,
                }
            )
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _pay(cls, invoice, day, amount=None):
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day, **({"amount": amount} if amount else {})})
        )
        return wizard._create_payments()

    def _row(self, partner, company=None):
        """Return the figures of a partner in a company after a refresh of it."""
        self.Metrics._refresh(partner)
        return self.Metrics.search(
            [("partner_id", "=", partner.id), ("company_id", "=", (company or self.company).id)]
        )
