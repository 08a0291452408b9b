"""Business before the addon came: run in Odoo's shell, `env` is there. Commits."""

from odoo import Command

company = env.company  # noqa: F821
pool = env  # noqa: F821
partners = pool["res.partner"].create(
    [
        {"name": f"Before {number}", "is_company": True, "email": f"before{number}@example.com"}
        for number in range(20)
    ]
)
pool["res.partner"].create(
    [{"name": f"Contact of {partner.name}", "parent_id": partner.id} for partner in partners[:5]]
)
product = pool["product.product"].create(
    {"name": "Sold before", "type": "service", "invoice_policy": "order", "taxes_id": []}
)
for number, partner in enumerate(partners[:12]):
    order = pool["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": number + 1,
                        "price_unit": 1000.0 - 50 * number,
                    }
                )
            ],
        }
    )
    if number < 10:
        order.action_confirm()
    if number < 8:
        move = order._create_invoices()
        move.invoice_date = f"2026-0{number + 1}-28"
        move.action_post()
    if number < 4:
        pool["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()
pool["crm.lead"].create(
    {"name": "Chance before", "type": "opportunity", "partner_id": partners[15].id}
)
pool.cr.commit()
assert pool["sale.order"].search_count([("state", "=", "sale")]) >= 10
assert pool["account.move"].search_count([("move_type", "=", "out_invoice")]) >= 8
