"""SQL of the sales loader: staging tables, then one INSERT for each Odoo table.

Staging tables are temporary, so a load that fails leaves nothing of them:

* `raw_sales`: the file as it is, `line` counts its rows.
* `bench_document`: one row for each invoice or credit note that is loaded.
* `bench_line`: one row for each of its lines; quantity positive also on credit notes.
"""

from odoo.tools import SQL

CREATE_RAW = SQL(
    """
    CREATE TEMP TABLE raw_sales (
        line serial, sheet text, invoice text, code text, description text, quantity integer,
        at timestamp, price numeric, customer text, country text
    )
    """
)
COPY_RAW = (
    "COPY raw_sales (sheet, invoice, code, description, quantity, at, price, customer, country) "
    "FROM STDIN (FORMAT csv, HEADER)"
)

# The first days of December 2010 stand in both sheets: what the first sheet has is not taken again.
DROP_SECOND_COPY = SQL(
    """
    DELETE FROM raw_sales later
     WHERE later.sheet <> (SELECT min(sheet) FROM raw_sales)
       AND EXISTS (
           SELECT 1 FROM raw_sales first
            WHERE first.invoice = later.invoice AND first.sheet < later.sheet
       )
    """
)
INDEX_RAW = SQL("CREATE INDEX ON raw_sales (invoice)")
ANALYZE_RAW = SQL("ANALYZE raw_sales")

# Bookings of bad debt are not sales.
DROP_BAD_DEBT = SQL("DELETE FROM raw_sales WHERE left(invoice, 1) = 'A'")

# Documents without customer and without value are stock movements: breakage, losses, finds.
DROP_STOCK_MOVES = SQL(
    """
    DELETE FROM raw_sales
     WHERE customer IS NULL
       AND invoice IN (
           SELECT invoice FROM raw_sales GROUP BY invoice HAVING bool_and(price = 0)
       )
    """
)


def customers():
    """Select (customer, country): the country is the one of the customer's last line."""
    return SQL(
        """
        SELECT DISTINCT ON (customer) customer, country
          FROM raw_sales
         WHERE customer IS NOT NULL
         ORDER BY customer, at DESC, line DESC
        """
    )


def products():
    """Select (code, description, median price, is a service); codes differ by letter case only.

    Codes that do not start with five digits are postage, discounts, fees and the like.
    """
    return SQL(
        """
        SELECT upper(code),
               coalesce(mode() WITHIN GROUP (ORDER BY trim(description)), upper(code)),
               percentile_disc(0.5) WITHIN GROUP (ORDER BY price),
               upper(code) !~ '^([0-9]{5}|DCGS)'
          FROM raw_sales
         GROUP BY upper(code)
         ORDER BY upper(code)
        """
    )


def create_documents(invoice_prefix, refund_prefix, partners, walk_in_id, zone):
    """Create `bench_document`; `partners`: {customer: partner id}; `zone`: time zone of the file.

    The sign of the total decides between invoice and credit note: one cancellation of the file is
    positive. Numbers are Odoo's own (`INV/2010/00001`), without gaps in the order of time.
    """
    return SQL(
        """
        CREATE TEMP TABLE bench_document AS
        WITH document AS (
            SELECT invoice,
                   min(at) AS at,
                   max(customer) AS customer,
                   sum(round(price * quantity, 2)) AS total
              FROM raw_sales
             GROUP BY invoice
        ), numbered AS (
            SELECT *, row_number() OVER (
                       PARTITION BY total < 0, extract(year FROM at) ORDER BY at, invoice
                   ) AS number,
                   CASE WHEN total < 0 THEN %(refund_prefix)s ELSE %(invoice_prefix)s END
                       || '/' || extract(year FROM at) || '/' AS prefix
              FROM document
        )
        SELECT numbered.*,
               abs(total) AS amount,
               CASE WHEN total < 0 THEN -1 ELSE 1 END AS direction,
               at::date AS day,
               at AT TIME ZONE %(zone)s AT TIME ZONE 'UTC' AS at_utc,
               prefix || lpad(number::text, greatest(5, length(number::text)), '0') AS name,
               coalesce(partner.value::integer, %(walk_in_id)s) AS partner_id,
               nextval('account_move_id_seq')::integer AS move_id,
               CASE WHEN total >= 0 THEN nextval('sale_order_id_seq')::integer END AS order_id
          FROM numbered
          LEFT JOIN jsonb_each_text(%(partners)s::jsonb) AS partner(key, value)
            ON partner.key = numbered.customer
         ORDER BY at, invoice
        """,
        invoice_prefix=invoice_prefix,
        refund_prefix=refund_prefix,
        partners=partners,
        walk_in_id=walk_in_id,
        zone=zone,
    )


def create_lines(product_ids):
    """Create `bench_line`; `product_ids`: {code in capitals: product.product id}."""
    return SQL(
        """
        CREATE TEMP TABLE bench_line AS
        SELECT line,
               document.move_id,
               document.order_id,
               product.value::integer AS product_id,
               coalesce(trim(raw.description), upper(raw.code)) AS description,
               upper(raw.code) AS code,
               row_number() OVER (PARTITION BY raw.invoice ORDER BY raw.line) AS sequence,
               document.direction * quantity AS quantity,
               price,
               document.direction * round(price * quantity, 2) AS amount,
               nextval('account_move_line_id_seq')::integer AS move_line_id,
               CASE WHEN document.order_id IS NOT NULL
                    THEN nextval('sale_order_line_id_seq')::integer END AS order_line_id
          FROM raw_sales raw
          JOIN bench_document document USING (invoice)
          JOIN jsonb_each_text(%(product_ids)s::jsonb) AS product(key, value)
            ON product.key = upper(raw.code)
         ORDER BY document.at, raw.invoice, raw.line
        """,
        product_ids=product_ids,
    )


INDEX_STAGING = (
    SQL("CREATE UNIQUE INDEX ON bench_document (move_id)"),
    SQL("CREATE INDEX ON bench_line (move_id)"),
    SQL("ANALYZE bench_document"),
    SQL("ANALYZE bench_line"),
)


def insert_like(table, prototype, values, source):
    """Insert into `table` a row for each row of `source`, filled as the ORM filled `prototype`.

    prototype: {column: value} of a row of the same kind, made through the ORM and rolled back;
    values: {column: expression over source} for everything that differs from row to row;
    columns that are empty in the prototype and not in values stay empty.
    """
    columns = {
        column: SQL("%s", value)
        for column, value in prototype.items()
        if value is not None and column not in values
    } | {column: SQL(value) for column, value in values.items() if value}
    return SQL(
        "INSERT INTO %s (%s) SELECT %s FROM %s",
        SQL.identifier(table),
        SQL(", ").join(SQL.identifier(column) for column in columns),
        SQL(", ").join(columns.values()),
        source,
    )


# What differs from row to row; an empty expression leaves the column empty.
STAMPS = {"create_date": "now() AT TIME ZONE 'UTC'", "write_date": "now() AT TIME ZONE 'UTC'"}

ORDER_VALUES = STAMPS | {
    "id": "order_id",
    "name": "order_name",
    "partner_id": "partner_id",
    "partner_invoice_id": "partner_id",
    "partner_shipping_id": "partner_id",
    "date_order": "at_utc",
    "client_order_ref": "invoice",
    "amount_untaxed": "amount",
    "amount_total": "amount",
    "access_token": "",
    "validity_date": "",
}


def order_source(first):
    """Select the documents that are orders, named S00001.. from number `first` on."""
    return SQL(
        """
        (
            SELECT bench_document.*,
                   'S' || lpad(serial::text, greatest(5, length(serial::text)), '0') AS order_name
              FROM bench_document
              JOIN (
                  SELECT order_id, %s - 1 + row_number() OVER (ORDER BY at, invoice) AS serial
                    FROM bench_document WHERE order_id IS NOT NULL
              ) AS numbered(id, serial) ON numbered.id = bench_document.order_id
        ) AS document
        """,
        first,
    )


ORDER_LINE_VALUES = STAMPS | {
    "id": "order_line_id",
    "order_id": "line.order_id",
    "order_partner_id": "document.partner_id",
    "sequence": "line.sequence",
    "product_id": "line.product_id",
    "name": "line.description",
    "product_uom_qty": "line.quantity",
    "qty_delivered": "line.quantity",
    "qty_invoiced": "line.quantity",
    "price_unit": "line.price",
    "technical_price_unit": "line.price",
    "price_reduce_taxexcl": "coalesce(round(line.amount / nullif(line.quantity, 0), 2), 0)",
    "price_reduce_taxinc": "coalesce(round(line.amount / nullif(line.quantity, 0), 2), 0)",
    "price_subtotal": "line.amount",
    "price_total": "line.amount",
    "untaxed_amount_invoiced": "line.amount",
}
ORDER_LINES = SQL(
    """
    bench_line line JOIN bench_document document USING (move_id)
    WHERE line.order_line_id IS NOT NULL
    """
)

MOVE_VALUES = STAMPS | {
    "id": "move_id",
    "name": "name",
    "sequence_prefix": "prefix",
    "sequence_number": "number",
    "payment_reference": "CASE WHEN total >= 0 THEN name END",
    "move_type": "CASE WHEN total < 0 THEN 'out_refund' ELSE 'out_invoice' END",
    "ref": "invoice",
    "date": "day",
    "invoice_date": "day",
    "invoice_date_due": "day",
    "partner_id": "partner_id",
    "commercial_partner_id": "partner_id",
    "partner_shipping_id": "partner_id",
    "invoice_partner_display_name": (
        "(SELECT p.name FROM res_partner p WHERE p.id = document.partner_id)"
    ),
    "invoice_origin": "(SELECT o.name FROM sale_order o WHERE o.id = document.order_id)",
    "payment_state": "CASE WHEN amount = 0 THEN 'paid' ELSE 'not_paid' END",
    "amount_untaxed": "amount",
    "amount_total": "amount",
    "amount_residual": "amount",
    "amount_untaxed_signed": "total",
    "amount_untaxed_in_currency_signed": "total",
    "amount_total_signed": "total",
    "amount_total_in_currency_signed": "total",
    "amount_residual_signed": "total",
    "access_token": "",
}
MOVES = SQL("bench_document document")

_MOVE_LINE = STAMPS | {
    "move_id": "document.move_id",
    "move_name": "document.name",
    "ref": "document.invoice",
    "date": "document.day",
    "invoice_date": "document.day",
    "partner_id": "document.partner_id",
}
PRODUCT_VALUES = _MOVE_LINE | {
    "id": "move_line_id",
    "sequence": "line.sequence",
    "product_id": "line.product_id",
    "name": "'[' || line.code || '] ' || line.description",
    "quantity": "line.quantity",
    "price_unit": "line.price",
    "price_subtotal": "line.amount",
    "price_total": "line.amount",
    "balance": "-document.direction * line.amount",
    "amount_currency": "-document.direction * line.amount",
    "debit": "greatest(0, -document.direction * line.amount)",
    "credit": "greatest(0, document.direction * line.amount)",
}
PRODUCT_LINES = SQL("bench_line line JOIN bench_document document USING (move_id)")

RECEIVABLE_VALUES = _MOVE_LINE | {
    "id": "nextval('account_move_line_id_seq')",
    "name": "CASE WHEN total >= 0 THEN document.invoice || ' - ' || document.name END",
    "date_maturity": "document.day",
    "balance": "total",
    "amount_currency": "total",
    "debit": "greatest(0, total)",
    "credit": "greatest(0, -total)",
    "amount_residual": "total",
    "amount_residual_currency": "total",
    "reconciled": "total = 0",
}

LINK_INVOICE_LINES = SQL(
    """
    INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)
    SELECT order_line_id, move_line_id FROM bench_line WHERE order_line_id IS NOT NULL
    """
)

# Odoo raises the rank by one with each posted document of a customer. The walk-in partner is not
# a customer the company could govern, so it stays at zero and out of the customer lists.
RANK_CUSTOMERS = SQL(
    """
    UPDATE res_partner partner
       SET customer_rank = customer_rank + document.count
      FROM (
          SELECT partner_id, count(*) AS count
            FROM bench_document WHERE customer IS NOT NULL GROUP BY partner_id
      ) AS document
     WHERE partner.id = document.partner_id
    """
)

# Checking eleven foreign keys of a million lines takes longer than writing them. The ids come from
# joins, and `count_strays` looks at them afterwards, all at once.
SKIP_KEY_CHECKS = SQL("SET LOCAL session_replication_role = replica")
CHECK_KEYS_AGAIN = SQL("SET LOCAL session_replication_role = origin")
MAY_SKIP_KEY_CHECKS = SQL("SELECT usesuper FROM pg_user WHERE usename = current_user")


def foreign_keys(tables):
    """Select (table, column, table it points to, name) of the one-column keys of `tables`."""
    return SQL(
        """
        SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text, k.conname
          FROM pg_constraint k
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
         WHERE k.contype = 'f' AND k.conrelid::regclass::text IN %s
        """,
        tuple(tables),
    )


def count_strays(table, column, target):
    """Count the rows of `table` whose `column` points to no row of `target`."""
    return SQL(
        """
        SELECT count(*) FROM %(table)s
         WHERE %(column)s IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM %(target)s WHERE %(target)s.id = %(key)s)
        """,
        table=SQL.identifier(table),
        column=SQL.identifier(column),
        target=SQL.identifier(target),
        key=SQL.identifier(table, column),
    )


UNBALANCED = SQL(
    """
    SELECT count(*) FROM (
        SELECT move_id FROM account_move_line GROUP BY move_id HAVING sum(balance) <> 0
    ) AS unbalanced
    """
)
