from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_round, format_amount, format_date

from ...engine import credit_check
from ...queries import credit_exposure

# In the context of a change of a whole document: the documents are judged at its end, their lines
# not one by one. An object cannot come over RPC.
NESTED_KEY = "customer_credit_nested"
INVOICES_NAMED = 3
# In the context of the set-up page: what the check would say if the company used it. An object
# cannot come over RPC.
PREVIEW_KEY = "customer_credit_preview"
PREVIEW = object()
# Of a customer with more open invoices the oldest are named and the rest is left out.
INVOICES_READ = 100
LINES_SHOWN = 15


class CreditHeld(UserError):
    """The document would exceed what the customer is trusted with, and no release covers it."""


class Nested:
    """Documents whose change is judged as a whole by the caller."""

    def __init__(self, ids):
        self.ids = frozenset(ids)


class CustomerCreditCheck(models.AbstractModel):
    """The credit check of a document: the same at every event, for every user and every route.

    A document model says whose debt it raises (`_credit_debtor`) and by how much; the decision is
    `engine.credit_check.decide`, put into words here.
    """

    _name = "customer.credit.check"
    _description = "Credit Check"

    @api.model
    def _credit_protects_figures(self):
        """Whether figures that only the ORM computes are kept from being written: they are checked."""
        return self.env["res.company"]._customer_in_use("credit")

    @api.model
    def _credit_checks(self, company):
        """Whether documents of a company are checked."""
        preview = self.env.context.get(PREVIEW_KEY) is PREVIEW
        return preview or company._customer_uses("credit")

    def _credit_debtor(self):
        """The customer whose debt the document raises."""
        return self.partner_id.commercial_partner_id

    def _credit_buyer(self):
        """The customer who buys: not the debtor where somebody else gets the invoice."""
        return self._credit_debtor()

    def _credit_people(self):
        """Those whose credit decides: debtor and buyer."""
        return (self._credit_debtor() | self._credit_buyer())._origin

    def _credit_total(self):
        """Total of the document in its own currency: what the ceiling of a release is about."""
        return self.amount_total

    def _credit_paid(self):
        """What was paid for the document and is not in the ledger yet, in company currency."""
        return 0.0

    @api.model
    def _credit_may_hint(self):
        """Whether the reader may see what customers owe: staff, not the customer in the portal."""
        return self.env.user._is_internal()

    @api.model
    def _credit_has_own_words(self, row):
        """Whether more was decided than Odoo's own limit, whose warning Odoo words itself."""
        return (
            row.grade_id
            or row.valid_until
            or row.is_blocked
            or (row.limit_id and row.limit_origin != "native")
        )

    @api.model
    def _credit_is_governed(self, row):
        """Whether anything was decided about the customer; nobody else is checked."""
        return (
            row.limit_amount is not None
            or row.unlimited
            or row.grade_id
            or row.valid_until
            or row.is_blocked
        )

    def _credit_decide(self, company, rows, amounts):
        """Decide about documents of one company.

        Documents of one customer are judged in their order, each on top of those before it: two
        that exceed the limit only together do not both pass.

        :param rows: exposure of the debtors without these documents
        :param amounts: {document id: what it adds, in company currency}
        :return: {document: (Decision, Standing)} of documents of governed customers
        """
        today = company._customer_today()
        # sudo: what customers owe is judged whoever acts
        Partner = self.env["res.partner"].sudo()
        governed = {key: row for key, row in rows.items() if self._credit_is_governed(row)}
        if not governed:
            return {}
        standings = Partner.browse(list(rows))._credit_standings(company, rows)
        releases = None
        used = {}
        result = {}
        for document in self:
            people = document._credit_people()
            key = document._credit_debtor()._origin.id
            if key not in standings or governed.keys().isdisjoint(people.ids):
                continue
            standing = standings[key]
            for buyer in people.ids[1:]:
                standing = credit_check.paying_for(standing, standings[buyer])
            if key in used:
                standing = replace(standing, used=used[key])
            amount = _decimal(amounts.get(document.id, 0.0), company.currency_id)
            total = _decimal(document._credit_total(), document.currency_id)
            decision = credit_check.decide(standing, credit_check.Demand(amount, total), today)
            if decision.result == credit_check.HELD:
                if releases is None:
                    releases = self._credit_releases()
                paid = _decimal(document._credit_paid(), company.currency_id)
                decision = credit_check.decide(
                    standing,
                    credit_check.Demand(amount, total, paid),
                    today,
                    releases.get(document._origin.id),
                )
            if decision.result != credit_check.HELD:
                used[key] = standing.used + max(amount, Decimal(0))
            result[document] = (decision, standing)
        return result

    def _credit_releases(self):
        """Return {document id: engine.credit_check.Release}: the widest one that was approved."""
        # sudo: a release counts whoever acts
        Release = self.env["customer.credit.release"].sudo()
        field = Release._document_field(self._name)
        return {
            release[field].id: credit_check.Release(
                _decimal(release.ceiling, release.currency_id), release.valid_until
            )
            for release in Release._granted(self._origin)
        }

    def _credit_enforce(self, company, rows, amounts):
        """Decide, refuse what is held, remember warnings and used releases.

        :raises CreditHeld: with the reasons and the ways out
        """
        decisions = self._credit_decide(company, rows, amounts)
        held = {d: pair for d, pair in decisions.items() if pair[0].result == credit_check.HELD}
        if held:
            raise CreditHeld(
                "\n\n".join(
                    document._credit_message(company, rows, amounts, *pair)
                    for document, pair in held.items()
                )
            )
        limited = {
            document._credit_debtor().id
            for document, (_decision, standing) in decisions.items()
            if amounts.get(document.id, 0.0) > 0
            and not (standing.unlimited or standing.action == credit_check.WARN)
        }
        if limited:
            owner = company._customer_company()
            self.env.cr.execute(credit_exposure.take_turn(owner.id, tuple(limited)))
        released = self.browse(
            d.id for d, (decision, _s) in decisions.items() if "released" in decision.codes
        )
        if released:
            # sudo: the release is used up by the document, whoever confirms it
            self.env["customer.credit.release"].sudo()._use_for(released)
        for document, (decision, standing) in decisions.items():
            if decision.result == credit_check.WARNED:
                body = document._credit_message(company, rows, amounts, decision, standing)
                # sudo: the note is written by the check
                document.sudo().message_post(body=body)
        return decisions

    # --- words --------------------------------------------------------------------------------

    def _credit_message(self, company, rows, amounts, decision, standing):
        """The decision in the reader's language: figures, reasons, ways out."""
        self.ensure_one()
        row = rows[self._credit_debtor()._origin.id]
        amount = amounts.get(self.id, 0.0)
        texts = [self._credit_headline(company, row, amount, decision, standing)]
        texts += [f"- {self._credit_reason_text(company, r)}" for r in decision.reasons]
        if decision.ways:
            texts.append(self.env._("Options: %s.", self._credit_ways_text(company, decision)))
        if decision.result == credit_check.WARNED:
            texts.append(self.env._("This is only a warning: the document is not held."))
        return "\n".join(texts)

    def _credit_ways_text(self, company, decision):
        """The ways out in one sentence: "or" between ways, "and" between the steps of one."""
        _ = self.env._
        text = ""
        for way in decision.ways:
            steps = ""
            for step in way:
                words = self._credit_way_text(company, step)
                steps = _("%(steps)s and %(step)s", steps=steps, step=words) if steps else words
            text = _("%(ways)s; or %(way)s", ways=text, way=steps) if text else steps
        return text

    def _credit_headline(self, company, row, amount, decision, standing):
        """Limit and security, less what is open and this document: by how much it is too much."""
        limit = self._credit_limit_text(company, standing)
        if standing.secured:
            limit = self.env._(
                "%(limit)s + secured %(secured)s",
                limit=limit,
                secured=self._credit_money(company, standing.secured),
            )
        used = self.env._("open %s", self._credit_money(company, standing.used))
        if row.overdue_days:
            used = self.env._("%(open)s (overdue %(days)s days)", open=used, days=row.overdue_days)
        parts = [limit, used]
        parts.append(self.env._("this document %s", self._credit_money(company, amount)))
        text = " - ".join(parts)
        over = next(
            (
                dict(reason.params)["over"]
                for reason in decision.reasons
                if reason.code == "over_limit"
            ),
            None,
        )
        if over is not None:
            text = self.env._(
                "%(figures)s = %(over)s over", figures=text, over=self._credit_money(company, over)
            )
        return self.env._(
            "%(document)s, %(customer)s: %(figures)s",
            document=self.display_name or self.env._("New document"),
            customer=self._credit_debtor().display_name,
            figures=text,
        )

    def _credit_limit_text(self, company, standing):
        if standing.unlimited:
            return self.env._("unlimited")
        if standing.limit is None:
            return self.env._("no limit set")
        return self.env._("limit %s", self._credit_money(company, standing.limit))

    def _credit_money(self, company, amount):
        return format_amount(self.env, float(amount), company.currency_id)

    def _credit_reason_text(self, company, reason):
        """One reason as a sentence."""
        values = dict(reason.params)
        money = {
            key: self._credit_money(company, value)
            for key, value in values.items()
            if isinstance(value, Decimal)
        }
        if reason.code == "blocked":
            # sudo: the one who acts learns why
            people = self._credit_people().sudo().with_company(company)
            held = people.filtered("customer_credit_hold")[:1]
            return self.env._(
                "The customer is on hold: %s", held.customer_credit_hold_reason or "-"
            )
        if reason.code == "over_limit":
            return self.env._("The limit is exceeded by %s.", money["over"])
        if reason.code == "prepayment":
            return self.env._(
                "The customer can buy only against prepayment; %s has not been paid in advance.",
                money["missing"],
            )
        if reason.code == "overdue":
            return self.env._(
                "%(amount)s is overdue, the oldest item by %(days)s days; the grace period "
                "is %(grace)s days.",
                amount=money["amount"],
                days=values["days"],
                grace=values["grace"],
            )
        if reason.code == "expired":
            return self.env._(
                "The credit assessment was valid until %s.", format_date(self.env, values["until"])
            )
        if reason.code == "release_expired":
            return self.env._(
                "The release was valid until %s.", format_date(self.env, values["until"])
            )
        if reason.code == "over_ceiling":
            return self.env._(
                "The release covers up to %(ceiling)s, but the document amounts to %(total)s.",
                ceiling=format_amount(self.env, float(values["ceiling"]), self.currency_id),
                total=format_amount(self.env, float(values["total"]), self.currency_id),
            )
        if reason.code == "released":
            return self.env._(
                "Released up to %s.",
                format_amount(self.env, float(values["ceiling"]), self.currency_id),
            )
        return reason.code

    def _credit_way_text(self, company, way):
        """One step of a way out as part of a sentence."""
        values = dict(way.params)
        amount = values.get("amount")
        money = self._credit_money(company, amount) if amount is not None else ""
        if way.code in ("pay", "pay_overdue"):
            names = self._credit_open_names(company, way.code == "pay_overdue", amount)
            if names:
                return self.env._("pay %(amount)s (%(documents)s)", amount=money, documents=names)
            return self.env._("pay %s", money)
        texts = {
            "prepay": lambda: self.env._("pay %s in advance", money),
            "reduce": lambda: self.env._(
                "reduce the document to %s", self._credit_reduced(company, values["by"])
            ),
            "ask_release": lambda: self.env._("request a release from credit control"),
            "ask_lift": lambda: self.env._("ask credit control to lift the hold"),
            "assess": lambda: self.env._("request a new credit assessment"),
        }
        return texts[way.code]()

    def _credit_reduced(self, company, by):
        """The total at which the document is small enough, in its own currency."""
        currency = self.currency_id or company.currency_id
        less = float(by) * self._credit_rate()
        total = float_round(
            self._credit_total() - less,
            precision_rounding=currency.rounding,
            rounding_method="DOWN",
        )
        return format_amount(self.env, total, currency)

    def _credit_rate(self):
        """Units of the document's currency for one of the company's."""
        return 1.0

    def _credit_open_names(self, company, overdue_only, amount=None):
        """Numbers of the oldest open invoices that make up an amount, for the one who has to ask
        for the money; without an amount of all.
        """
        debtor = self._credit_debtor()
        domain = [
            ("partner_id.commercial_partner_id", "=", debtor._origin.id),
            ("company_id", "child_of", company._customer_company().id),
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
            ("amount_residual", ">", 0),
        ]
        if overdue_only:
            domain += debtor._credit_due_domain("<", company._customer_today())
        # sudo: the numbers of the customer's invoices, for who sells to it
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(domain, order="date_maturity, id", limit=INVOICES_READ)
        )
        names = {}
        for item in items:
            names[item.move_id.name] = True
            if amount is None:
                continue
            amount -= _decimal(item.amount_residual, company.currency_id)
            if amount <= 0:
                break
        text = ", ".join(list(names)[:INVOICES_NAMED])
        if len(names) > INVOICES_NAMED:
            return self.env._(
                "%(names)s and %(count)s more", names=text, count=len(names) - INVOICES_NAMED
            )
        return text

    def _credit_facts_lines(self):
        """Return name, total and lines of the document as texts."""
        self.ensure_one()
        lines = self.order_line if self._name == "sale.order" else self.invoice_line_ids
        lines = lines.filtered(lambda line: not line.display_type or line.display_type == "product")
        quantity = "product_uom_qty" if self._name == "sale.order" else "quantity"
        return {
            "name": self.display_name,
            "total": format_amount(self.env, self.amount_total, self.currency_id),
            "person": (self.user_id if self._name == "sale.order" else self.invoice_user_id).name,
            "terms": (
                self.payment_term_id if self._name == "sale.order" else self.invoice_payment_term_id
            ).name,
            "lines": [
                (
                    (line.name or line.product_id.display_name or "").split("\n")[0],
                    f"{line[quantity]:g} {line.product_uom_id.name or ''}",
                    format_amount(self.env, line.price_subtotal, self.currency_id),
                )
                for line in lines[:LINES_SHOWN]
            ],
            "more": max(len(lines) - LINES_SHOWN, 0),
        }


def _decimal(amount, currency):
    return Decimal(f"{amount or 0.0:.{currency.decimal_places if currency else 2}f}")
