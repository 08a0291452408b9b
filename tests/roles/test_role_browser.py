import json
import logging

from odoo.tests import HttpCase, tagged

from .known import reason
from .roles_case import CountedCase, acting_user, all_roles, role_tests
from .walker import RoleWalker

# A role takes about two minutes and the whole run has half an hour: these are walked in each run, all of
# them with CG_ALL_ROLES=1 scripts/test --demo --tags cg_roles
IN_EVERY_RUN = ("archivist",)
# One role after the other shares what was looked at: what all get alike is tried once in a run.
_done = []


class _Heard(logging.Handler):
    """Keeps what the page says, by its first words."""

    def __init__(self):
        super().__init__()
        self.lines = {"role problem": [], "role counts": [], "role done": []}

    def emit(self, record):
        kind, _colon, text = record.getMessage().partition(": ")
        if kind in self.lines:
            self.lines[kind].append(text)


@role_tests(pairs=False)
@tagged("post_install", "-at_install", "cg_tour", "cg_roles")
class TestRolesBrowser(CountedCase, HttpCase):
    """Each role opens its menus, views and records in the browser; any client error or error fails."""

    _title = "in the browser, demo data"
    test_sequence = 10  # after the walk by RPC, which finds the buttons that open dialogs

    def _test_role(self, role):
        if role not in IN_EVERY_RUN and not all_roles():
            self.skipTest("walked with CG_ALL_ROLES=1")
        user = acting_user(self.env, role)
        walker = RoleWalker(self.env(user=user, context={"lang": "en_US"}), role)
        entries = [
            {"path": " / ".join(path), "action": action_id}
            for path, action_id in walker.menus()
            if walker.is_walked(walker.load(action_id))
        ]
        options = {"entries": entries, "dialogs": sorted(self._dialogs()), "done": _done}
        heard = _Heard()
        logger = self._logger.getChild("browser")
        logger.addHandler(heard)
        try:
            self.browser_js(
                "/odoo",
                f"cgRoleWalk({json.dumps(options)})",
                "Boolean(window.cgRoleWalk && odoo.__WOWL_DEBUG__?.root)",
                login=user.login,
                timeout=600,
            )
        finally:
            logger.removeHandler(heard)
        for text in heard.lines["role done"]:
            _done.extend(json.loads(text))
        for text in heard.lines["role counts"]:
            self._table[role] = json.loads(text)
        problems = [one for one in heard.lines["role problem"] if reason(role, one) is None]
        if problems:
            self.fail(f"{len(problems)} problems as {role}:\n" + "\n".join(problems))

    def _dialogs(self):
        """Return "model button" of those that only open a dialog, as the walk by RPC found them."""
        return RoleWalker.dialogs
