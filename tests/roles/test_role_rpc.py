import logging

from odoo.tests import tagged

from .roles_case import CountedCase, OwnDataCase, acting_user, role_tests
from .walker import COUNTED, RoleWalker

_logger = logging.getLogger(__name__)


class WalkCase(CountedCase):
    """Each role opens by RPC what its menus lead to; any error fails, named by menu > view > element."""

    _search = True

    def _test_role(self, role):
        user = acting_user(self.env, role)
        self._claim(user)
        walker = RoleWalker(
            self.env(user=user, context={"lang": "en_US", "tz": "UTC"}), role, self._search
        )
        walker.walk()
        self._table[role] = {name: walker.counts[name] for name in COUNTED}
        for text, times in walker.refusals.most_common():
            _logger.debug("%s was refused %s times: %s", role, times, text)
        if walker.problems:
            self.fail(f"{len(walker.problems)} problems as {role}:\n" + "\n".join(walker.problems))

    def _claim(self, user):
        pass


@role_tests(pairs=False)
@tagged("post_install", "-at_install", "cg_roles")
class TestRolesRpc(OwnDataCase, WalkCase):
    _title = "by RPC, one record of each model"


# Filters and group-bys are the same with other data.
@role_tests(pairs=True)
@tagged("post_install", "-at_install", "cg_tour", "cg_roles")
class TestRolesRpcDemo(WalkCase):
    _title = "by RPC, demo data"
    _search = False
