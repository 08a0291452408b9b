from contextlib import contextmanager

from odoo.service.model import call_kw
from odoo.tests import tagged

from ...models.credit.customer_credit_check import CreditHeld
from .credit_case import FORGED, CreditCase

# What makes an order of 100 (limit 1,000, grade B with 7 days of grace) allowed, warned or held.
# name: (how it is prepared, result, codes)
SITUATIONS = {
    "limit exactly": (lambda t: t._owed(900), "allowed", ()),
    "one cent past the limit": (lambda t: t._owed(900.01), "held", ("over_limit",)),
    "warning grade": (
        lambda t: (t._grade(t.customer, "a"), t._owed(900.01)),
        "warned",
        ("over_limit",),
    ),
    "overdue exactly the grace": (lambda t: t._owed(1, -7), "allowed", ()),
    "overdue one day longer": (lambda t: t._owed(1, -8), "held", ("overdue",)),
    "grade D": (lambda t: t._grade(t.customer, "d"), "held", ("prepayment",)),
    "grade D paid in advance": (
        lambda t: (t._grade(t.customer, "d"), t._advance(100)),
        "allowed",
        (),
    ),
    "assessment until today": (
        lambda t: t._grade(t.customer, "b", customer_credit_valid_until=t.today),
        "allowed",
        (),
    ),
    "expired assessment": (
        lambda t: t._grade(t.customer, "b", customer_credit_valid_until=t._day(-1)),
        "held",
        ("expired",),
    ),
    "blocked customer": (lambda t: t.customer._set_credit_hold("Test"), "held", ("blocked",)),
    "temporary limit": (
        lambda t: (
            t._owed(950),
            t._limit(t.customer, 2000, kind="temporary", date_to=t._day(0)),
        ),
        "allowed",
        (),
    ),
    "unlimited": (
        lambda t: (t._limit(t.customer, 0, unlimited=True), t._owed(5000)),
        "allowed",
        (),
    ),
    "limit of zero": (lambda t: t._limit(t.customer, 0), "held", ("over_limit",)),
    "draft invoice": (
        lambda t: t._invoice(t.customer, t.today, 900.01, post=False),
        "held",
        ("over_limit",),
    ),
    "other order": (
        lambda t: t._quotation(900.01).action_confirm(),
        "held",
        ("over_limit",),
    ),
    "debt of a contact": (lambda t: t._owed(900.01, partner=t.contact), "held", ("over_limit",)),
    "debt in euro": (
        lambda t: t._owed(450, currency_id=t.euro.id),
        "allowed",
        (),
    ),
    "debt in euro, one cent past the limit": (
        lambda t: t._owed(450.01, currency_id=t.euro.id),
        "held",
        ("over_limit",),
    ),
    "temporary limit of yesterday": (
        lambda t: (
            t._owed(950),
            t._limit(
                t.customer, 2000, kind="temporary", date_from=t._day(-9), date_to=t._day(0)
            ).write({"date_to": t._day(-1)}),
        ),
        "held",
        ("over_limit",),
    ),
    "release up to the total": (
        lambda t: (t._owed(950), [t._release(order, 100) for order in t.orders]),
        "allowed",
        ("over_limit", "released"),
    ),
    "release of a cent less": (
        lambda t: (t._owed(950), [t._release(order, 99.99) for order in t.orders]),
        "held",
        ("over_limit", "over_ceiling"),
    ),
    "debt to the other company": (
        lambda t: t._owed(5000, company=t.second),
        "allowed",
        (),
    ),
}
# A release is for one order: what makes another document, or cancels the order, is held again.
WITHOUT_RELEASE = {"copy", "reopen", "post an invoice", "post an invoice by RPC"}


@tagged("post_install", "-at_install")
class TestCreditGuardTable(CreditCase):
    """Guard events x situations x people: nobody passes what is held, in code and by RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sells = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        posts = cls.env.ref("account.group_account_invoice")
        for user in (cls.salesperson, cls.seller, cls.controller):
            user.group_ids |= sells | posts

    def _events(self):
        """Return {name: (document, change that adds 100 to what the customer owes)}."""
        quotation, raised = self.orders

        def rpc(method, *args):
            return lambda record: call_kw(record, method, [record.ids, *args], {"context": FORGED})

        return {  # RPC brings a forged context along
            "confirm": (quotation, lambda o: o.action_confirm()),
            "confirm by RPC": (quotation, rpc("action_confirm")),
            "write state": (quotation, lambda o: o.write({"state": "sale"})),
            "write state by RPC": (quotation, rpc("write", {"state": "sale"})),
            "forge the rate by RPC": (
                quotation,
                rpc("write", {"state": "sale", "currency_rate": 1e9}),
            ),
            "reopen": (
                quotation,
                lambda o: (o._action_cancel(), o.action_draft(), o.action_confirm()),
            ),
            "copy": (quotation, lambda o: o.copy().action_confirm()),
            "raise a line": (raised, lambda o: o.order_line.write({"price_unit": 100})),
            "raise the order by RPC": (
                raised,
                rpc("write", {"order_line": [(1, raised.order_line.id, {"price_unit": 100})]}),
            ),
            "post an invoice": (self.draft, lambda m: m.action_post()),
            "post an invoice by RPC": (self.draft, rpc("action_post")),
        }

    def _people(self):
        """Return {name: (environment change, events)}: who tries what, and how."""
        events = self._events()
        by_rpc = [event for event in events if event.endswith("by RPC")]
        in_code = [event for event in events if event not in by_rpc]
        return {
            "salesperson": (lambda o: o.with_user(self.salesperson), in_code),
            "plain seller with forged context": (lambda o: o.with_user(self.seller), by_rpc),
            "controller who sells": (lambda o: o.with_user(self.controller), ["confirm by RPC"]),
            "system": (lambda o: o.sudo(), ["confirm"]),
        }

    def test_every_situation_at_every_event_for_everybody(self):
        self.second, self.euro = self._second_company(), self._euro()
        # an order of 100, a confirmed one of nothing yet, an invoice of 100 without an order that
        # counts only while it is looked at
        self.orders = self._quotation(100) | self._quotation(0)
        self.orders[1].action_confirm()
        self.draft = self.env["account.move"]
        self.env.flush_all()
        for situation, (prepare, result, codes) in SITUATIONS.items():
            with self.subTest(situation=situation), self._undone():
                prepare(self)
                self.assertDecision(self.orders[0], result, *codes)
                for who, (as_user, events) in self._people().items():
                    self._try_events(who, as_user, events, result, codes)

    def _try_events(self, who, as_user, events, result, codes):
        for event in events:
            held = result == "held" or "released" in codes and event in WITHOUT_RELEASE
            with self.subTest(event=event, who=who), self._undone():
                if event.startswith("post"):
                    self.draft = self._invoice(self.customer, self.today, 100, post=False)
                document, change = self._events()[event]
                if not held:
                    change(as_user(document))
                    continue
                with self.assertRaises(CreditHeld):
                    change(as_user(document))

    @contextmanager
    def _undone(self):
        """Whatever happens inside is rolled back."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
