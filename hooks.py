"""What is done once: after the installation and before the removal of the addon."""

from .queries import uninstall

MODULE = "customer_governance"


def post_init_hook(env):
    """Let the nightly job run once right away: customers that are there get tier and segments.

    English is there whatever language the database was made in: people of several countries share it.
    """
    env["res.lang"]._activate_lang("en_US")
    env.ref("customer_governance.customer_metrics_cron")._trigger()


def uninstall_hook(env):
    """Remove what Odoo leaves behind, and what makes it log errors while it removes the rest.

    Odoo deletes the records of the data files before the tables: tiers, scorecards and activity
    types are still referred to by history, reviews and activities then. The foreign keys of our
    own tables go first, the tables follow anyway.
    """
    env.flush_all()
    models = dict(env.execute_query(uninstall.own_models(MODULE)))
    tables = [env[name]._table for name in models.values() if name in env]
    for statement in uninstall.remove_traces(MODULE, models):
        env.cr.execute(statement)
    mixin = "customer.approval.mixin"
    extended = set(env.registry.descendants([mixin], "_inherit")) - {mixin, *models.values()}
    env.cr.execute(uninstall.remove_selections(sorted(extended)))
    for table, name in env.execute_query(uninstall.foreign_keys(tables)):
        env.cr.execute(uninstall.drop_constraint(table, name))
    env.invalidate_all()
