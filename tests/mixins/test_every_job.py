from collections import Counter
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from .job_case import JobCaseMixin, small_batches

# Columns that differ from run to run, or hold ids of what a run has made
VARIES = {"id", "res_id", "access_token", "message_id", "key", "portal_token", "many2one_reference"}
# What a second run says of what the first one did: when the next step comes, what the new tier asks for
VARIES |= {"next_date", "data_completeness"}
COMPARED = {"char", "selection", "integer", "float", "monetary", "boolean", "date"}
OF_ODOO = ("mail.activity", "mail.message", "tier.review", "sale.order")
# What the runs change on customers
CUSTOMER = ("customer_lifecycle", "customer_tier_id", "credit_limit")


def jobs_of_the_addon(env):
    """Return all scheduled actions of the addon: a new one is in it by itself."""
    data = env["ir.model.data"].search(
        [("module", "=", "customer_governance"), ("model", "=", "ir.cron")]
    )
    return env["ir.cron"].with_context(active_test=False).browse(data.mapped("res_id"))


# with demo data: there every job has something to do
@tagged("post_install", "-at_install", "cg_tour")
class TestEveryJob(JobCaseMixin, TransactionCase):
    """Each job, cut into slices of no time, ends and leaves what one long run leaves."""

    def _columns(self, model):
        return [
            name
            for name, field in sorted(model._fields.items())
            if field.store
            and field.column_type
            and field.type in COMPARED
            and name not in VARIES
            and not field.company_dependent
        ]

    def _picture(self):
        """Return what the tables hold, without ids and moments: {model: Counter of rows}."""
        self.env.flush_all()
        picture = {}
        for name, model in self.env.items():
            own = name.startswith("customer.") and name != "customer.sent"
            if not (own or name in OF_ODOO) or model._abstract or model._transient:
                continue
            if not model._auto or not (columns := self._columns(model)):
                continue
            sql = SQL(
                "SELECT %s FROM %s",
                SQL(", ").join(SQL.identifier(column) for column in columns),
                SQL.identifier(model._table),
            )
            picture[name] = Counter(map(repr, self.env.execute_query(sql)))
        for table in ("customer_sent", "mail_followers"):
            rows = self.env.execute_query(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
            picture[table] = Counter(map(repr, rows))
        sql = SQL(
            "SELECT id, %s FROM res_partner",
            SQL(", ").join(SQL("%s::text", SQL.identifier(column)) for column in CUSTOMER),
        )
        picture["res.partner"] = Counter(map(repr, self.env.execute_query(sql)))
        return picture

    def _assertSame(self, one, other, message):
        for name, rows in one.items():
            self.assertFalse((rows - other[name]) | (other[name] - rows), f"{message}: {name}")

    def test_every_job_ends_as_in_one_run(self):
        always = patch(
            "odoo.addons.customer_governance.models.credit.res_company_collection.ResCompany"
            "._collection_at_work",
            lambda company, now: True,
        )
        crons = jobs_of_the_addon(self.env)
        self.assertGreater(len(crons), 10)
        with always, mute_logger("odoo.addons.base.models.ir_cron"):
            for cron in crons:
                with self.subTest(job=cron.cron_name):
                    self._compare(cron)

    def _compare(self, cron):
        self.env.flush_all()
        savepoint = self.env.cr.savepoint()
        self.run_whole(cron)
        whole = self._picture()
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        with small_batches(5):
            self.run_slices(cron, 300)
        sliced = self._picture()
        self._assertSame(whole, sliced, "slices leave what one run leaves")
        self.run_whole(cron)
        self._assertSame(sliced, self._picture(), "twice is once")

    def test_jobs_of_the_night_do_not_begin_at_the_same_minute(self):
        daily = jobs_of_the_addon(self.env).filtered(lambda job: job.interval_type == "days")
        begins = Counter(job.nextcall.strftime("%H:%M") for job in daily)
        self.assertEqual(set(begins.values()), {1}, begins)
