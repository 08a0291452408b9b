"""Use the addon in the existing database as its users would. Commits.

Leaves a trace of as many kinds as possible, so that what stays behind after the uninstall shows.
"""

from odoo import Command

pool = env(user=env.ref("base.user_admin"))  # noqa: F821
pool.user.group_ids = [
    Command.link(pool.ref("customer_governance.group_manager").id),
    Command.link(pool.ref("customer_governance.group_committee").id),
]
partner = pool["res.partner"].search([("name", "=", "Before 0")])
contact = pool["res.partner"].search([("name", "=", "Contact of Before 0")])
prospect = pool["res.partner"].search([("name", "=", "Before 19")])

# Figures of what happened before the addon came.
pool["customer.metrics"]._cron_nightly()
pool.invalidate_all()
metrics = pool["customer.metrics"].search(
    [("partner_id", "=", partner.id), ("company_id", "=", pool.company.id)]
)
assert metrics.last_order_date, "the orders from before are not in the metrics"
assert partner.customer_tier_id, "a customer with orders got no tier"
assert contact.customer_tier_id == partner.customer_tier_id, "the contact has another tier"
assert prospect.customer_lifecycle == "prospect", prospect.customer_lifecycle

# A review from the opening to the applying.
scorecard = pool.ref("customer_governance.scorecard_purchasing_quarter")
scorecard.leader_id = pool.user
if scorecard.state == "draft":
    scorecard.action_publish()
review = pool["customer.review"].create(
    {"scorecard_id": scorecard.id, "date_from": "2026-01-01", "date_to": "2026-03-31"}
)
review.action_compute()
line = review.line_ids.filtered(lambda line: line.partner_id == partner)
assert line.sales == 1000.0, f"the invoice from before counts {line.sales}"
line.write({"decided_tier_id": pool.ref("customer_governance.tier_key").id, "reason": "Promising"})
review.action_submit()
review.action_approve()
review.action_apply()
assert review.state == "applied", review.state
assert partner.customer_tier_id == pool.ref("customer_governance.tier_key")

# All domains are switched on, as their set-up pages do it.
for key, domain in pool["res.company"]._customer_domains().items():
    pool.company._customer_switch(key, domain.on)

# Credit: a grade with what it grants, and a limit of its own.
for model, vals in (
    ("customer.credit.proposal", {"grade_id": pool.ref("customer_governance.grade_b").id}),
    ("customer.credit.limit", {"amount": 10}),
):
    record = env[model].create({"partner_id": partner.id, "reason": "Before", **vals})  # noqa: F821
    record.action_submit()
    record.action_approve()
assert partner.credit_limit == 10, partner.credit_limit

# Traces in the tables of others.
review.message_post(body="Minutes of the meeting")
review.activity_schedule("mail.mail_activity_data_todo", user_id=pool.uid)
attachment = {"name": "paper.txt", "raw": b"paper", "res_model": review._name, "res_id": review.id}
pool["ir.attachment"].create(attachment)
pool["ir.filters"].create({"name": "Mine", "model_id": "customer.review", "domain": "[]"})
pool["ir.exports"].create({"name": "Mine", "resource": "customer.review.line"})
model_id = pool["ir.model"]._get_id("customer.review")
pool["tier.definition"].create(
    {
        "name": "An own approval",
        "model_id": model_id,
        "review_type": "individual",
        "reviewer_id": pool.uid,
    }
)
pool["mail.template"].create({"name": "An own letter", "model_id": model_id})
pool["ir.default"].set("customer.review", "note", "<p>Agenda</p>")
pool["customer.tier"].search([], limit=1).description = "Changed here"
pool.cr.commit()
