"""Call `main(env, args)` of a benchmark with an environment of the superuser.

usage: bench_runner.py DATABASE NAME [ARGUMENT]...
"""

import importlib
import sys


def run(database, name, arguments):
    """Run one benchmark; without a database (its own --help) it gets no environment."""
    from odoo import SUPERUSER_ID, api, modules
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", database, "--no-http", "--log-level=warn"], setup_logging=True)
    modules.module.initialize_sys_path()
    benchmark = importlib.import_module(f"odoo.addons.customer_governance.benchmarks.{name}")
    if {"-h", "--help"} & set(arguments):
        return benchmark.main(None, arguments)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        # a new company uses no domain: what is measured are companies that use all
        common = importlib.import_module("odoo.addons.customer_governance.tests.common")
        common.switch_on(env)
        return benchmark.main(env, arguments)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(run(sys.argv[1], sys.argv[2], sys.argv[3:]))
