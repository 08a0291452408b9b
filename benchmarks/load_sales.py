"""Load two years of real sales (UCI "Online Retail II") into this database.

Makes the customers, products, confirmed orders, posted invoices and credit notes of the file.
The database must have no bookings yet; the company of the user is switched to pounds.

What is loaded, what not:
* Rows of 2010-12-01..09 stand in both sheets of the file: taken once (1,044,848 rows).
* An invoice is one confirmed, delivered and invoiced order and its posted invoice. A cancellation
  (`C...`) is a posted credit note. The file does not say which invoice it cancels, so it is not
  linked to an order: orders stay invoiced in full, revenue and quantity fall by credit notes.
* Sales without a customer id go to one archived partner "Walk-in customers": part of the company's
  sales, but no customer the company could govern, so metrics and reviews leave it out.
* Left out: adjustments of bad debt (`A...`, 6 rows) and documents without customer and value
  (breakage and finds of the stock).
* No taxes. The file knows no payments: invoices are due on their day and unpaid, so measures of
  payment show every customer in arrears; do not read anything into them here. With --paid each
  document is settled on its day instead, and nobody is in arrears.
"""

import gzip
import json
from pathlib import Path

from odoo import Command
from odoo.tools import SQL

from . import sales_payments
from . import sales_sql as sql
from .common import REPOSITORY, fail, measured, parser, say
from .sales_verify import verify

FILE_NAME = "online_retail_ii.csv.gz"
DEFAULT_FILE = REPOSITORY.parent / "shared" / "data" / FILE_NAME
ZONE = "Europe/London"
# Names of the file -> ISO codes. The Channel Islands are two territories, customers are in Jersey
# as often as in Guernsey; three names of the file are no country.
COUNTRIES = {
    "EIRE": "IE",
    "USA": "US",
    "RSA": "ZA",
    "Korea": "KR",
    "Channel Islands": "JE",
    "Hong Kong": "HK",
    "Czech Republic": "CZ",
    "European Community": None,
    "Unspecified": None,
    "West Indies": None,
}
LOADED_TABLES = (
    "sale_order",
    "sale_order_line",
    "sale_order_line_invoice_rel",
    "account_move",
    "account_move_line",
    "account_payment",
    "account_full_reconcile",
    "account_partial_reconcile",
)


def main(env, args):
    """Load the sales, or with `--verify-only` check those loaded before; return the exit code."""
    options = _parser().parse_args(args)
    if not options.file.is_file():
        fail(f"{options.file} not found; pass the path of {FILE_NAME} with --file.")
    env = env(context=dict(env.context, tracking_disable=True, mail_create_nosubscribe=True))
    if not options.verify_only:
        with measured("Load of the sales", env):
            load(env, options.file, options.paid)
    if options.verify or options.verify_only:
        return 0 if verify(env, options.file) else 1
    return 0


def _parser():
    """Return the parser of the command line."""
    result = parser("load_sales", __doc__)
    result.add_argument("--file", type=Path, default=DEFAULT_FILE, help="path of " + FILE_NAME)
    result.add_argument("--paid", action="store_true", help="settle each document on its day")
    result.add_argument("--verify", action="store_true", help="check the result through the ORM")
    result.add_argument("--verify-only", action="store_true", help="check only, load nothing")
    return result


def load(env, path, paid=False):
    """Load the file at `path` and commit, all or nothing; settle the documents when `paid`."""
    _prepare_company(env)
    _stage(env, path)
    walk_in, partners = _create_partners(env)
    products = _create_products(env)
    prototypes = _make_prototypes(env, walk_in, next(iter(products.values())))
    with measured("Numbers and ids of documents and lines", env):
        journal = _sale_journal(env)
        env.cr.execute(
            sql.create_documents(
                journal.code, "R" + journal.code, json.dumps(partners), walk_in.id, ZONE
            )
        )
        env.cr.execute(sql.create_lines(json.dumps(products)))
        for statement in sql.INDEX_STAGING:
            env.cr.execute(statement)
    [(skip,)] = env.execute_query(sql.MAY_SKIP_KEY_CHECKS)
    if skip:
        env.cr.execute(sql.SKIP_KEY_CHECKS)
    _insert(env, prototypes)
    if paid:
        sales_payments.insert(env, prototypes["payments"])
    if skip:
        env.cr.execute(sql.CHECK_KEYS_AGAIN)
        _check_keys(env)
    walk_in.active = False
    env.cr.commit()
    with measured("Statistics of the tables", env):
        env.cr.execute(SQL("ANALYZE"))
        env.cr.commit()


def _sale_journal(env):
    """Return the sales journal of the company."""
    return env["account.journal"].search(
        [("type", "=", "sale"), ("company_id", "=", env.company.id)], limit=1
    )


def _prepare_company(env):
    """Make the user's company a British one without taxes that keeps its books in pounds."""
    company, pound = env.company, env.ref("base.GBP")
    if env["account.move.line"].search_count([("company_id", "=", company.id)], limit=1):
        fail(f"{company.name} already has bookings. Load the sales into a new database.")
    if not _sale_journal(env):
        fail(f"{company.name} has no sales journal. Install a chart of accounts first.")
    pound.active = True
    kingdom = env.ref("base.uk")
    company.partner_id.write({"tz": ZONE, "country_id": kingdom.id})
    company.write({"currency_id": pound.id, "account_fiscal_country_id": kingdom.id})
    company.write({"account_sale_tax_id": False, "account_purchase_tax_id": False})
    env["product.pricelist"].search([]).currency_id = pound
    # Without taxes nothing is to be mapped by country.
    env["account.fiscal.position"].search([("company_id", "=", company.id)]).auto_apply = False
    # Eighteen prices of the file have three decimals.
    precision = env.ref("product.decimal_price")
    precision.digits = max(precision.digits, 3)
    env.flush_all()


def _stage(env, path):
    """Copy the file into the staging table and drop what is not loaded, saying how much."""
    with measured("Reading the file", env):
        env.cr.execute(sql.CREATE_RAW)
        with gzip.open(path, "rb") as file:
            env.cr.copy_expert(sql.COPY_RAW, file)
        say(f"{env.cr.rowcount:,} rows in the file")
        env.cr.execute(sql.INDEX_RAW)
        env.cr.execute(sql.ANALYZE_RAW)
    for label, statement in (
        ("second copies", sql.DROP_SECOND_COPY),
        ("adjustments of bad debt", sql.DROP_BAD_DEBT),
        ("stock movements", sql.DROP_STOCK_MOVES),
    ):
        env.cr.execute(statement)
        say(f"{env.cr.rowcount:,} rows left out: {label}")


def _create_partners(env):
    """Create the partner of the walk-in sales and one for each customer; return both."""
    with measured("Customers", env):
        partners = env["res.partner"]
        walk_in = partners.create({"name": "Walk-in customers", "ref": "WALK-IN"})
        by_code = {country.code: country.id for country in env["res.country"].search([])}
        by_name = {country.name: country.id for country in env["res.country"].search([])}
        vals_list = []
        for customer, country in env.execute_query(sql.customers()):
            code = COUNTRIES.get(country)
            country_id = by_code[code] if code else by_name.get(country)
            if not country_id and country not in COUNTRIES:
                fail(f"The country {country} is not known to Odoo.")
            vals_list.append(
                {
                    "name": f"Customer {customer}",
                    "ref": customer,
                    "is_company": True,
                    "country_id": country_id,
                }
            )
        created = partners.create(vals_list)
    return walk_in, dict(zip(created.mapped("ref"), created.ids, strict=True))


def _create_products(env):
    """Create a product for each code of the file; return {code: product id}."""
    with measured("Products", env):
        created = env["product.product"].create(
            [
                {
                    "default_code": code,
                    "name": name,
                    "list_price": price,
                    "type": "service" if service else "consu",
                    "invoice_policy": "order",
                    "taxes_id": [],
                    "supplier_taxes_id": [],
                }
                for code, name, price, service in env.execute_query(sql.products())
            ]
        )
    return dict(zip(created.mapped("default_code"), created.ids, strict=True))


def _make_prototypes(env, partner, product_id):
    """Return {kind: row} as the ORM writes a confirmed, delivered and invoiced order.

    Made for real and rolled back, so columns that other addons bring are filled as they want.
    """
    with env.cr.savepoint() as savepoint:
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": False,
                "order_line": [
                    Command.create(
                        {"product_id": product_id, "product_uom_qty": 1, "price_unit": 1.0}
                    )
                ],
            }
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1
        move = order._create_invoices()
        move.invoice_user_id = False
        move.action_post()
        env.flush_all()
        lines = move.line_ids.grouped("display_type")
        result = {
            "order": _read_row(env, order),
            "order_line": _read_row(env, order.order_line),
            "move": _read_row(env, move),
            "product": _read_row(env, lines["product"]),
            "receivable": _read_row(env, lines["payment_term"]),
        }
        result["payments"] = sales_payments.prototypes(env, move, _read_row)
        savepoint.rollback()
    # Odoo raises the partner's rank after the commit, of documents that are gone by then.
    env.cr.postcommit.clear()
    env.invalidate_all(flush=False)
    return result


def _read_row(env, record):
    """Return the database row of one record, {column: value}."""
    env.cr.execute(SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(record._table), record.id))
    return env.cr.dictfetchone()


def _insert(env, prototypes):
    """Write orders, invoices, credit notes and their lines, and what follows from them."""
    sequence = env["ir.sequence"].search([("code", "=", "sale.order")], limit=1)
    first = sequence.number_next_actual
    for label, table, kind, values, source in (
        ("Orders", "sale_order", "order", sql.ORDER_VALUES, sql.order_source(first)),
        ("Order lines", "sale_order_line", "order_line", sql.ORDER_LINE_VALUES, sql.ORDER_LINES),
        ("Invoices", "account_move", "move", sql.MOVE_VALUES, sql.MOVES),
        ("Invoice lines", "account_move_line", "product", sql.PRODUCT_VALUES, sql.PRODUCT_LINES),
        ("Receivables", "account_move_line", "receivable", sql.RECEIVABLE_VALUES, sql.MOVES),
    ):
        with measured(label, env):
            env.cr.execute(sql.insert_like(table, prototypes[kind], values, source))
            say(f"{env.cr.rowcount:,} rows")
            if kind == "order":
                sequence.number_next_actual = first + env.cr.rowcount
    with measured("Links of order and invoice lines", env):
        env.cr.execute(sql.LINK_INVOICE_LINES)
    env.cr.execute(sql.RANK_CUSTOMERS)
    env.invalidate_all()


def _check_keys(env):
    """Fail when a row of the loaded tables points to a row that does not exist."""
    with measured("Foreign keys", env):
        keys = env.execute_query(sql.foreign_keys(LOADED_TABLES))
        for table, column, target, name in keys:
            [(strays,)] = env.execute_query(sql.count_strays(table, column, target))
            if strays:
                fail(f"{strays} rows of {table} break {name}: {column} points to no {target}.")
        say(f"{len(keys)} foreign keys hold")
