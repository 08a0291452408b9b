"""Use the addon in the existing database as its users would. Commits."""

pool = env(user=env.ref("base.user_admin"))  # noqa: F821
pool["customer.tier"].search([], limit=1).description = "Changed here"
pool.cr.commit()
