"""Staff handover at scale: 5,000 customers with all they carry, there and back.

A salesperson holds customers, each with a contact, complaint, dispatch, action, visit, activity,
opportunity, quotation, collection step and dossier, and some papers on loan. They go to two others for
a time and come back. Everything is made in the database and rolled back. A figure beyond its limit makes
the exit code 1.
"""

from datetime import timedelta

from odoo import Command
from odoo.tools import SQL

from .common import fail, measured, parser, say, table
from .sales_sql import insert_like

SECONDS = 30
QUERIES_EACH_KIND = 25
CALLER = "bench_giver"


def main(env, args):
    """Run count, proposal, answer, execution and return; return 1 when a limit is exceeded."""
    options = _parser().parse_args(args)
    env["res.company"].search([]).write({"care_enabled": True})
    giver, first, second, head = _users(env)
    with measured(f"insert {options.customers} customers with all they carry", env):
        _insert(env, giver, options.customers)
    handover = _handover(env, head, giver, first | second)
    before = giver._customer_held_counts()[giver]
    say(f"held before: {sum(before.values())} records of {len(before)} kinds")
    if min(before.get(key, 0) for key in EXPECTED) < 1:
        fail(f"not all kinds are there: {before}")
    steps = _steps(env, handover, first, second)
    after = giver._customer_held_counts().get(giver, {})
    if after:
        fail(f"still held after the handover: {after}")
    _compare(handover, before)
    with measured("return", env) as step:
        handover.sudo().action_return()
    steps.append(step)
    back = giver._customer_held_counts()[giver]
    if back != before:
        fail(f"not the same again: {before} and {back}")
    rows, failed = [], []
    for step in steps:
        kinds = len(before)
        slow = step.seconds > SECONDS
        many = step.queries > QUERIES_EACH_KIND * max(kinds, 40)
        if slow or many:
            failed.append(step.label)
        rows.append(
            [step.label, f"{step.seconds:.2f}", str(step.queries), "NO" if slow or many else ""]
        )
    print(table(["Kind", "before", "after", "back"], _kinds(before, after, back)))
    print(table(["Step", "seconds", "queries", ""], rows))
    env.cr.rollback()
    say("All limits are kept." if not failed else f"Beyond their limits: {', '.join(failed)}")
    return 1 if failed else 0


EXPECTED = (
    "customer",
    "contact",
    "complaint",
    "dispatch",
    "action",
    "visit",
    "activity",
    "lead",
    "quotation",
    "loan",
    "role_a",
)


def _kinds(before, after, back):
    return [
        [key, str(number), str(after.get(key, 0)), str(back.get(key, 0))]
        for key, number in before.items()
    ]


def _compare(handover, before):
    """Check that each kind was moved as it had been counted."""
    moved = {kind.key: kind.moved_count for kind in handover.sudo().kind_ids}
    if moved != before:
        fail(f"moved {moved}, held {before}")


def _steps(env, handover, first, second):
    """Return the measured steps of the handover."""
    steps = []

    def step(label, work):
        with measured(label, env) as found:
            work()
        steps.append(found)

    step("count", handover.action_count)
    step("propose", handover.action_propose)
    step("accept, first receiver", handover.with_user(first).action_accept)
    step("accept, second receiver", handover.with_user(second).action_accept)
    if handover.state != "accepted":
        refused = handover.sudo().item_ids.filtered(lambda item: item.state == "refused")
        fail(f"{handover.state}: {set(refused.mapped('reason'))}")
    step("execute", handover.action_execute)
    return steps


def _users(env):
    """Return giver, two receivers and head."""
    users = env["res.users"].with_context(no_reset_password=True)
    ref = env.ref
    roles = [
        ref(f"customer_governance.group_{name}")
        for name in ("sales", "service", "archivist", "credit")
    ]
    roles.append(ref("sales_team.group_sale_salesman"))
    head = ref("customer_governance.group_manager")
    values = [(login, [role.id for role in roles]) for login in (CALLER, "bench_one", "bench_two")]
    values.append(("bench_head", [*(role.id for role in roles), head.id]))
    return [
        users.create(
            {
                "name": login,
                "login": login,
                "email": f"{login}@example.com",
                "group_ids": [Command.set(groups)],
            }
        )
        for login, groups in values
    ]


def _handover(env, head, giver, receivers):
    return (
        env["customer.handover"]
        .with_user(head)
        .create(
            {
                "giver_id": giver.id,
                "reason": "Benchmark",
                "duration": "temporary",
                "date_until": env.company._customer_today() + timedelta(days=30),
                "receiver_ids": [Command.create({"user_id": user.id}) for user in receivers],
            }
        )
    )


def _prototypes(env, giver, team, category):
    """Make one customer with all it carries; return the records to copy, parents first."""
    quiet = env(context=dict(env.context, tracking_disable=True, mail_create_nosubscribe=True))
    today = env.company._customer_today()
    partner = quiet["res.partner"].create(
        {"name": "Prototype", "is_company": True, "customer_rank": 1, "user_id": giver.id}
    )
    contact = quiet["res.partner"].create(
        {"name": "Contact", "parent_id": partner.id, "user_id": giver.id}
    )
    complaint = quiet["customer.complaint"].create(
        {
            "subject": "Prototype",
            "partner_id": partner.id,
            "user_id": giver.id,
            "team_id": team.id,
            "category_id": category.id,
        }
    )
    case = {"complaint_id": complaint.id, "user_id": giver.id}
    dispatch = quiet["customer.complaint.dispatch"].create({**case, "team_id": team.id})
    action = quiet["customer.complaint.action"].create({**case, "name": "Look"})
    own = {"partner_id": partner.id, "user_id": giver.id}
    visit = quiet["customer.visit"].create(own)
    lead = quiet["crm.lead"].create({**own, "name": "Prototype", "type": "opportunity"})
    order = quiet["sale.order"].create(own)
    archive = quiet["customer.archive"].create(
        {
            "title": "Prototype",
            "class_id": env.ref("customer_governance.archive_class_trade").id,
            "partner_id": partner.id,
            "role_a_id": giver.id,
        }
    )
    archive.document_ids.unlink()
    loan = quiet["customer.archive.loan"].create(
        {"borrower_id": giver.id, "purpose": "Read", "date_due": today + timedelta(days=9)}
    )
    activity = lead.activity_schedule(
        "mail.mail_activity_data_todo", user_id=giver.id, summary="Call"
    )
    return [
        partner,
        contact,
        complaint,
        dispatch,
        action,
        visit,
        lead,
        order,
        archive,
        loan,
        activity,
    ]


def _insert(env, giver, customers):
    """Copy the prototypes in SQL, each customer with its own records."""
    team = env["customer.complaint.team"].create({"name": "Bench"})
    category = env["customer.complaint.category"].create({"name": "Bench"})
    with env.cr.savepoint() as savepoint:
        records = _prototypes(env, giver, team, category)
        env.flush_all()
        rows = [(record._name, record._table, _row(env, record)) for record in records]
        savepoint.rollback()
    env.invalidate_all()
    ids = {record._name: 0 for record in records}
    for name in ids:
        ids[name] = _next_id(env, env[name]._table)
    partner = f"{ids['res.partner']} + n"
    contact = f"{ids['res.partner']} + {customers} + n"
    complaint = f"{ids['customer.complaint']} + n"
    values = {
        "customer.complaint": {"name": "'B' || n", "partner_id": partner},
        "customer.complaint.dispatch": {"complaint_id": complaint, "name": "'D' || n"},
        "customer.complaint.action": {"complaint_id": complaint},
        "customer.visit": {"partner_id": partner},
        "crm.lead": {"partner_id": partner},
        "sale.order": {
            "partner_id": partner,
            "partner_invoice_id": partner,
            "partner_shipping_id": partner,
            "name": "'SO' || n",
        },
        "customer.archive": {"partner_id": partner, "title": "'Dossier ' || n"},
        "customer.archive.loan": {"state": "'issued'", "name": "'L' || n"},
        "mail.activity": {"res_id": f"{ids['crm.lead']} + n"},
    }
    done = set()
    for name, db_table, row in rows:
        special = {"id": f"{ids[name]} + n", **values.get(name, {})}
        if name == "res.partner" and name not in done:
            special |= {"commercial_partner_id": partner, "name": "'Customer ' || n"}
        elif name == "res.partner":
            special |= {"id": contact, "parent_id": partner, "commercial_partner_id": partner}
        done.add(name)
        source = SQL("generate_series(0, %s) AS n", customers - 1)
        env.cr.execute(insert_like(db_table, row, special, source))
        env.cr.execute(
            SQL(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM %s",
                db_table,
                SQL.identifier(db_table),
            )
        )
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(db_table)))
    env.invalidate_all()


def _next_id(env, db_table):
    [(last,)] = env.execute_query(
        SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(db_table))
    )
    return last + 1


def _row(env, record):
    env.cr.execute(SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(record._table), record.id))
    return env.cr.dictfetchone()


def _parser():
    """Return the parser of the command line."""
    result = parser("handover", __doc__)
    result.add_argument("--customers", type=int, default=5_000, help="default: %(default)s")
    return result
