"""Import a file of history in batches; run in Odoo's shell by scripts/import_history.

How far a file came is kept in the database, in the transaction of the batch: what is stored and what is
known to be stored is the same, also after a kill.
"""

import csv
import hashlib
import itertools
import os
import time
from pathlib import Path


def titles(records):
    """Return {title: name} of the fields that a file of history may name."""
    return {
        records._fields[name]._description_string(records.env): name
        for name in records._history_columns
    }


def named(records, header):
    """Return the names of the columns; titles and names both serve, also those of lines.

    :raises SystemExit: for a column that history does not have
    """
    names, unknown = [], []
    for title in header:
        first, *rest = title.strip().split("/")
        name = (
            first
            if first in records._history_columns or first == "id"
            else titles(records).get(first)
        )
        if not name:
            unknown.append(title)
            continue
        if rest and records._fields[name].comodel_name and rest[0] not in ("id", ".id"):
            lines = records.env[records._fields[name].comodel_name]
            known = {
                field._description_string(lines.env): key for key, field in lines._fields.items()
            }
            rest = [rest[0] if rest[0] in lines._fields else known.get(rest[0], rest[0])]
        names.append("/".join([name, *rest]))
    if unknown:
        raise SystemExit(
            f"These columns are not known: {', '.join(unknown)}. Take them from the template."
        )
    return names


def links(records, names):
    """Return {column: model} of the links that a file names by a text."""
    return {
        at: records._fields[name].comodel_name
        for at, name in enumerate(names)
        if name in records._fields and records._fields[name].type == "many2one"
    }


class Names:
    """Ids of linked records by their names, each looked up once: a file names the same ones often."""

    def __init__(self, env):
        """Look up with the rights of `env`."""
        self.env, self.known = env, {}

    def id_of(self, model, text):
        """Return the id as text, None where no record or more than one bears the name."""
        key = model, text
        if key not in self.known:
            found = self.env[model].name_search(text, operator="=", limit=2)
            self.known[key] = str(found[0][0]) if len(found) == 1 else None
        return self.known[key]


def resolved(rows, columns, names):
    """Return (rows with ids for names, rows as they were whose names are not found, with a reason)."""
    good, bad = [], []
    for row in rows:
        new, reason = list(row), None
        for at, model in columns.items():
            if row[at]:
                new[at] = names.id_of(model, row[at])
                if new[at] is None:
                    reason = f"No single record is named “{row[at]}”."
        if reason:
            bad.append((row, reason))
        else:
            good.append((row, new))
    return good, bad


def store(records, names, pairs):
    """Load rows; where one is refused the others are loaded without it.

    :return: list of (row, reason) of those refused
    """
    refused = []
    while pairs:
        result = records.load(list(names), [new for _row, new in pairs])
        if result["ids"]:
            break
        wrong = {
            m["rows"]["from"]: m["message"] for m in result["messages"] if m["type"] == "error"
        }
        refused += [(pairs[at][0], why) for at, why in wrong.items() if at < len(pairs)]
        if not wrong:
            raise SystemExit(str(result["messages"]))
        pairs = [pair for at, pair in enumerate(pairs) if at not in wrong]
    return refused


def grouped(reader, size, has_lines):
    """Yield batches of rows; a row without a first column belongs to the one before."""
    batch = []
    for row in reader:
        if len(batch) >= size and (row[0] or not has_lines):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def run(env):
    """Import the file that the environment names."""
    path = Path(os.environ["CG_IMPORT_FILE"])
    size = int(os.environ["CG_IMPORT_BATCH"])
    user = env["res.users"].search([("login", "=", os.environ["CG_IMPORT_LOGIN"])])
    if not user:
        raise SystemExit(f"Nobody has the login {os.environ['CG_IMPORT_LOGIN']}.")
    name = os.environ["CG_IMPORT_MODEL"]
    if name not in env or not hasattr(env[name], "_history_columns"):
        raise SystemExit(f"{name} has no history. See: scripts/import_history --help")
    env = env(
        user=user.id,
        context={"lang": user.lang, "customer_history": True, "tracking_disable": True},
    )
    records = env[name]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
    key = f"customer_governance.history.{name}.{digest}"
    settings = env["ir.config_parameter"].sudo()
    done = int(settings.get_param(key, "0"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        names = named(records, header)
        columns = links(records, names)
        by_id = [f"{one}/.id" if at in columns else one for at, one in enumerate(names)]
        known = Names(env)
        for _row in itertools.islice(reader, done):
            pass
        if done:
            print(f"{done:,} rows of this file were imported before", flush=True)
        start, count, refused = time.monotonic(), done, 0
        for batch in grouped(reader, size, any("/" in one for one in names)):
            good, bad = resolved(batch, columns, known)
            bad += store(records, by_id, good)
            count += len(batch)
            refused += len(bad)
            settings.set_param(key, str(count))
            write_refused(path, header, bad)
            env.cr.commit()
            env.invalidate_all()
            speed = (count - done) / (time.monotonic() - start)
            print(f"{count:,} rows, {refused:,} refused, {speed:,.0f} rows a second", flush=True)
    print(
        f"finished: {count:,} rows of the file" + (f", see {path}.refused.csv" if refused else "")
    )


def write_refused(path, header, bad):
    """Append refused rows with their reasons to a file beside the original."""
    if not bad:
        return
    target = path.with_name(f"{path.name}.refused.csv")
    is_new = not target.exists()
    with target.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow([*header, "Reason"])
        writer.writerows([*row, reason] for row, reason in bad)


run(env)  # noqa: F821  # the shell's
