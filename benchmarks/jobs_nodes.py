"""Every job on two nodes at once, in slices of 0.1 s, with kills: the end state of one long run.

The database is copied twice. In the first copy each job runs once, as long as it likes; in the second one two
processes take it from each other's hands, and die now and then: between two slices, or in the middle of a
portion before its commit. Afterwards what both hold is compared, without ids and moments. Demo data gives every
job something to do: scripts/bench --demo jobs_nodes.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from odoo.addons.base.models import ir_cron

from .common import REPOSITORY, parser, say

SLICE = 0.1  # seconds
BATCH = 5
DEAD = 7  # how a killed worker ends
DEATHS = 6  # of each node: then it lives on, or a job with many portions would never end


def main(env, args):
    """Compare the two ways; return 1 where they differ."""
    options = _parser().parse_args(args)
    if options.worker:
        return work(env.cr.dbname, options.worker, options.seed, options.mortal)
    source = env.cr.dbname
    jobs = [
        (cron.id, cron.cron_name)
        for cron in env["ir.cron"]
        .with_context(active_test=False)
        .browse(
            env["ir.model.data"]
            .search([("module", "=", "customer_governance"), ("model", "=", "ir.cron")])
            .mapped("res_id")
        )
    ]
    env.cr.commit()
    env.cr.close()
    sql_db.close_db(source)
    names = [f"{source}_whole", f"{source}_nodes"]
    try:
        for name in names:
            copy_database(source, name)
        status = compare(jobs, *names, options)
    finally:
        for name in names:
            drop_database(name)
    raise SystemExit(status)  # the cursor of the caller is closed


def compare(jobs, whole, nodes, options):
    """Run all jobs in both databases, say what differs; return the exit code."""
    one = Node(whole, "whole", 0)
    two = [Node(nodes, "slices", options.seed + number) for number in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        for cron_id, name in jobs:
            one.run(cron_id)
            slices = list(pool.map(lambda node, job=cron_id: node.run(job), two))
            say(f"{name:60} {sum(slices):4d} slices")
    for node in (one, *two):
        node.end()
    from ..tests.mixins.job_picture import differences, picture

    pictures = []
    for name in (whole, nodes):
        with Registry(name).cursor() as cr:
            pictures.append(picture(api.Environment(cr, SUPERUSER_ID, {})))
        sql_db.close_db(name)
    found = differences(*pictures)
    for model, rows in found.items():
        say(f"DIFFERENT: {model}: {sum(rows.values())} rows, e.g. {next(iter(rows))[:300]}")
    say(
        f"{len(jobs)} jobs, {sum(node.deaths for node in two)} workers died, {len(found)} tables differ"
    )
    return 1 if found else 0


class Node:
    """A process that runs jobs when it is told to, and a new one whenever it has died."""

    def __init__(self, database, mode, seed):
        """Prepare a node; the process starts with its first job."""
        self.database, self.mode, self.seed = database, mode, seed
        self.process, self.deaths = None, 0

    def run(self, cron_id):
        """Run a job until it says that it is done; return in how many slices."""
        slices = 0
        while True:
            self._start()
            self.process.stdin.write(f"{cron_id}\n")
            self.process.stdin.flush()
            for line in self.process.stdout:
                if line.startswith("slice"):
                    slices += 1
                if line.startswith("done"):
                    return slices
            if self.process.wait() != DEAD:
                raise SystemExit(f"a worker on {self.database} failed: {self.process.returncode}")
            self.deaths += 1
            self.process = None

    def _start(self):
        if self.process:
            return
        runner = REPOSITORY / "scripts" / "lib" / "bench_runner.py"
        seed = str(self.seed * 1000 + self.deaths)
        self.process = subprocess.Popen(
            [sys.executable, runner, self.database, "jobs_nodes", "--worker", self.mode, "--seed", seed]
            + (["--mortal"] if self.mode == "slices" and self.deaths < DEATHS else []),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def end(self):
        """Let the process end by itself."""
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def work(database, mode, seed, mortal):
    """Run the jobs whose numbers come by the standard input; die now and then when `mortal`."""
    from ..models.common import jobs
    from ..models.credit.res_company_collection import ResCompany
    from ..tests.mixins.job_case import small_batches

    rng, slices = random.Random(seed), mode == "slices"
    commit, left = jobs.JobRun._commit, [rng.randrange(5, 60)]

    def dying(run, *arguments):
        left[0] -= 1
        if mortal and not left[0]:
            os._exit(DEAD)
        return commit(run, *arguments)

    seconds = SLICE if slices else 10**6
    with (
        patch.object(ir_cron, "MIN_TIME_PER_JOB", seconds),
        patch.object(ir_cron, "MIN_RUNS_PER_JOB", 1),
        patch.object(jobs.JobRun, "_commit", dying),
        patch.object(ResCompany, "_collection_at_work", lambda company, now: True),
        small_batches(BATCH if slices else 10**6),
    ):
        for line in sys.stdin:
            done = False
            while not done:
                done = run_slice(database, int(line))
                print("slice", flush=True)
                if mortal and rng.random() < 0.02:
                    os._exit(DEAD)
            print("done", flush=True)
    return 0


def run_slice(database, cron_id):
    """Run one slice of a job, unless another node is at it; return whether the job was done."""
    registry = Registry(database)
    with sql_db.db_connect(database).cursor() as cr:
        job = None
        while not job:
            try:
                job = ir_cron.IrCron._acquire_one_job(cr, cron_id, include_not_ready=True)
            except psycopg2.extensions.TransactionRollbackError:
                cr.rollback()
            if not job:
                time.sleep(0.02)
        status = registry["ir.cron"]._run_job(job)
        if status == ir_cron.CompletionStatus.FAILED:
            os._exit(1)
        return status == ir_cron.CompletionStatus.FULLY_DONE


def copy_database(source, name):
    """Copy a database that nobody uses, with its files."""
    drop_database(name)
    _server(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    if Path(config.filestore(source)).is_dir():
        shutil.copytree(config.filestore(source), config.filestore(name))


def drop_database(name):
    """Remove a copy."""
    sql_db.close_db(name)
    _server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(config.filestore(name), ignore_errors=True)


def _server(statement):
    connection = psycopg2.connect(dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _parser():
    result = parser("jobs_nodes", __doc__)
    result.add_argument("--seed", type=int, default=1, help="of the kills (default: %(default)s)")
    result.add_argument("--mortal", action="store_true", help="for the processes it starts")
    result.add_argument("--worker", choices=["whole", "slices"], help="for the processes it starts")
    return result
