from collections import defaultdict

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .known import ABOUT_THE_READER
from .roles_case import CountedCase, acting_user, role_tests
from .walker import MODULE

RECORDS = 6
# Of these types nothing looks like a value; an empty text, date or list is absent already.
SHOWN_WHEN_EMPTY = ("integer", "float", "monetary", "boolean")


@role_tests(pairs=False)
@tagged("post_install", "-at_install", "cg_tour", "cg_roles")
class TestRolesAbsent(CountedCase):
    """What a role may not read is absent, never zero: each number and tick of ours that is computed and
    that the role may read is what the system sees, or stands in the table of those about the reader.
    All other fields that are not columns can at least be read.
    """

    _title = "values of computed fields, demo data"

    def _names(self, model):
        return [
            name
            for name, field in self.env[model]._fields.items()
            if MODULE in field._modules and not field.store and not field.inherited
        ]

    def _read(self, record, names):
        """Return the values, with the text of the AccessError where a field cannot be read."""
        self.env.invalidate_all()
        try:
            return record.read(names, load="_classic_write")[0]
        except AccessError:
            values = {}
            for name in names:
                self.env.invalidate_all()
                try:
                    values[name] = record.read([name], load="_classic_write")[0][name]
                except AccessError as error:
                    values[name] = f"AccessError: {str(error).splitlines()[0]}"
            return values

    def _test_role(self, role):
        user = acting_user(self.env, role)
        problems, compared = defaultdict(set), 0
        for model, cls in sorted(self.env.registry.items()):
            own = self.env[model].with_user(user)
            if cls._abstract or cls._transient or not own.has_access("read"):
                continue
            readable = own.fields_get(attributes=["type"])
            names = [name for name in self._names(model) if name in readable]
            for record in own.search([], limit=RECORDS) if names else ():
                compared += len(names)
                mine, system = self._read(record, names), self._read(record.sudo(), names)
                for name in names:
                    locked = str(mine[name]).startswith("AccessError")
                    differs = (
                        readable[name]["type"] in SHOWN_WHEN_EMPTY
                        and mine[name] != system[name]
                        and not self._is_about_the_reader(model, name)
                    )
                    if locked or differs:
                        problems[f"{model}.{name}"].add(
                            f"{mine[name]!r:.90} not {system[name]!r:.60}"
                        )
        self._table[role] = {"compared": compared, "problems": len(problems)}
        lines = [f"{name}: {'; '.join(sorted(found)[:2])}" for name, found in problems.items()]
        if lines:
            self.fail(f"{len(lines)} problems as {role}:\n" + "\n".join(lines))

    def _is_about_the_reader(self, model, name):
        return f"{model}.{name}" in ABOUT_THE_READER
