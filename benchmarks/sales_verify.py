"""Check of the loaded sales: against the file, through the ORM, and by using them."""

import random
from collections import defaultdict
from decimal import Decimal

from odoo import Command

from . import sales_sql as sql
from .common import measured, say
from .sales_file import read_sales

SAMPLE = 300


def verify(env, path):
    """Run all checks on the loaded sales of the file at `path`; return True when all are right."""
    problems = []
    for label, check in (
        ("Totals against the file", lambda: _compare_totals(env, path)),
        ("Stored values against the ORM", lambda: _recompute_sample(env)),
        ("Normal use", lambda: _use(env)),
    ):
        with measured(label):
            found = check()
        problems += [f"{label}: {problem}" for problem in found]
    for problem in problems:
        say(f"WRONG {problem}")
    say("The loaded sales are right." if not problems else f"{len(problems)} problems.")
    return not problems


def _file_totals(path):
    """Return {(kind, customer): [documents, rows, quantity, amount]} of the file."""
    documents = defaultdict(list)
    for invoice, customer, _code, _day, quantity, amount in read_sales(path):
        documents[invoice, customer].append((quantity, amount))
    totals = defaultdict(lambda: [0, 0, 0, Decimal(0)])
    for (_invoice, customer), rows in documents.items():
        amount = sum(row[1] for row in rows)
        total = totals["out_refund" if amount < 0 else "out_invoice", customer]
        total[0] += 1
        total[1] += len(rows)
        total[2] += sum(row[0] for row in rows)
        total[3] += amount
    return totals


def _compare_totals(env, path):
    """Compare documents, rows, quantities and amounts of every customer with the file."""
    expected = _file_totals(path)
    found = defaultdict(lambda: [0, 0, 0, Decimal(0)])
    types = ("out_invoice", "out_refund")
    for partner, kind, count, amount in env["account.move"]._read_group(
        [("move_type", "in", types), ("state", "=", "posted")],
        ["partner_id", "move_type"],
        ["__count", "amount_untaxed_signed:sum"],
    ):
        total = found[kind, _customer(partner)]
        total[0] += count
        total[3] += Decimal(f"{amount:.2f}")
    for partner, kind, count, quantity in env["account.move.line"]._read_group(
        [
            ("move_id.move_type", "in", types),
            ("parent_state", "=", "posted"),
            ("display_type", "=", "product"),
        ],
        ["partner_id", "move_type"],
        ["__count", "quantity:sum"],
    ):
        total = found[kind, _customer(partner)]
        total[1] += count
        total[2] += round(quantity) * (1 if kind == "out_invoice" else -1)
    problems = [
        f"customer {key[1] or 'walk-in'}, {key[0]}: file {expected.get(key)}, Odoo {found.get(key)}"
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key) != found.get(key)
    ]
    orders = env["sale.order"]._read_group(
        [("state", "=", "sale")], [], ["__count", "amount_total:sum"]
    )[0]
    invoiced = [total for (kind, _customer), total in expected.items() if kind == "out_invoice"]
    wanted = (sum(total[0] for total in invoiced), sum(total[3] for total in invoiced))
    if (orders[0], Decimal(f"{orders[1]:.2f}")) != wanted:
        problems.append(f"orders: file {wanted}, Odoo {orders}")
    ((unbalanced,),) = env.execute_query(sql.UNBALANCED)
    if unbalanced:
        problems.append(f"{unbalanced} documents are not balanced")
    documents, rows, quantity, amount = map(sum, zip(*expected.values(), strict=True))
    customers = len({customer for _kind, customer in expected if customer})
    say(
        f"{documents:,} documents, {rows:,} rows, quantity {quantity:,}, £ {amount:,}; "
        f"{customers:,} customers compared one by one"
    )
    return problems[:20]


def _customer(partner):
    """Return the customer id in the file of a loaded partner, empty for the walk-in partner."""
    return "" if partner.ref == "WALK-IN" else partner.ref


def _recompute_sample(env):
    """Let the ORM compute every stored value of a sample again and compare; changes nothing."""
    chooser = random.Random(2011)
    orders = _sample(env["sale.order"], [("state", "=", "sale")], chooser)
    invoices = _sample(env["account.move"], [("move_type", "=", "out_invoice")], chooser)
    refunds = _sample(env["account.move"], [("move_type", "=", "out_refund")], chooser)
    free = env["account.move"].search(
        [("amount_total", "=", 0), ("move_type", "=", "out_invoice")], limit=10
    )
    moves = invoices | refunds | free
    # Payments only by their bookings: Odoo forgets the account of its own ones when it recomputes.
    moves |= _sample(env["account.move"], [("origin_payment_id", "!=", False)], chooser)
    problems = []
    with env.cr.savepoint() as savepoint:
        for records in (
            orders,
            orders.order_line,
            moves,
            moves.line_ids,
            orders.partner_id,
        ):
            problems += _recompute(records)
        savepoint.rollback()
    env.invalidate_all(flush=False)
    return problems


def _sample(model, domain, chooser):
    """Return up to SAMPLE records of the domain, evenly chosen."""
    ids = model.search(domain, order="id").ids
    return model.browse(chooser.sample(ids, min(SAMPLE, len(ids))))


def _recompute(records):
    """Return what changes in the stored computed columns of `records` when they are recomputed.

    Values a user may overwrite (editable computed fields) are his, not the ORM's: left alone.
    """
    fields = [
        field
        for field in records._fields.values()
        if field.store and field.compute and field.readonly and field.column_type
    ]
    before = {field.name: [record[field.name] for record in records] for field in fields}
    for field in fields:
        records.env.add_to_compute(field, records)
    problems = []
    for field in fields:
        after = [record[field.name] for record in records]
        wrong = [
            (record, old, new)
            for record, old, new in zip(records, before[field.name], after, strict=True)
            if _differs(old, new)
        ]
        if wrong:
            record, old, new = wrong[0]
            problems.append(
                f"{field}: {len(wrong)} of {len(records)} differ, e.g. {record}: {old!r} -> {new!r}"
            )
    say(f"{records._name}: {len(records)} records x {len(fields)} stored values")
    return problems


def _differs(old, new):
    """Return whether two values of a field differ by more than the noise of floats."""
    if isinstance(old, float) or isinstance(new, float):
        return abs((old or 0) - (new or 0)) > 1e-6
    return old != new


def _use(env):
    """Sell, invoice, take payment and credit for a loaded customer; rolled back."""
    problems = []
    partner = env["res.partner"].search([("customer_rank", ">", 0), ("ref", "!=", False)], limit=1)
    loaded = env["account.move"].search(
        [
            ("partner_id", "=", partner.id),
            ("amount_total", ">", 0),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ],
        order="id desc",
        limit=1,
    )
    product = env["product.product"].search([("default_code", "=", "85123A")], limit=1)
    with env.cr.savepoint() as savepoint:
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 3})],
            }
        )
        order.action_confirm()
        if env["sale.order"].search_count([("name", "=", order.name)]) != 1:
            problems.append(f"order number {order.name} given twice")
        new = order._create_invoices()
        new.action_post()
        late = new.copy({"invoice_date": loaded.invoice_date, "date": loaded.invoice_date})
        late.action_post()
        for move in new | late:
            if env["account.move"].search_count([("name", "=", move.name)]) != 1:
                problems.append(f"invoice number {move.name} given twice")
        for move in new | loaded.filtered("amount_residual"):
            _pay(env, move, problems)
        credit = _reverse(env, late)
        if credit.state != "posted" or late.payment_state != "reversed":
            problems.append(f"{late.name} reversed: {credit.state}, {late.payment_state}")
        say(f"{order.name}, {new.name}, {late.name}, {credit.name}; {loaded.name} paid")
        env.flush_all()
        savepoint.rollback()
    env.cr.postcommit.clear()
    env.invalidate_all(flush=False)
    return problems


def _pay(env, move, problems):
    """Register the payment of an invoice or credit note with Odoo's wizard."""
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    )
    wizard.create({})._create_payments()
    if move.amount_residual or move.payment_state not in ("paid", "in_payment"):
        problems.append(f"{move.name} after payment: {move.payment_state} {move.amount_residual}")


def _reverse(env, move):
    """Return the posted credit note Odoo's wizard makes for an invoice."""
    wizard = env["account.move.reversal"].with_context(
        active_model="account.move", active_ids=move.ids
    )
    action = wizard.create({"journal_id": move.journal_id.id}).refund_moves()
    credit = env["account.move"].browse(action["res_id"])
    credit.action_post()
    (credit | move).line_ids.filtered(
        lambda line: line.account_type == "asset_receivable" and not line.reconciled
    ).reconcile()
    return credit
