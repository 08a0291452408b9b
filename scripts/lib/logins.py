"""Print who can log in and in which role: admin, and the users that the addon's demo data brings.

The text is in the language of the administrator, which is that of the database.

usage: logins.py DATABASE MODULE     (the server comes from PGHOST, PGUSER ...)
"""

import sys
import unicodedata

import psycopg2
from passlib.context import CryptContext

# The roles a user was given, not those that these imply.
QUERY = """
    SELECT users.login, users.password, partner.name, partner.lang,
           EXISTS (SELECT FROM res_groups_users_rel held
                     JOIN ir_model_data data ON data.res_id = held.gid AND data.model = 'res.groups'
                    WHERE held.uid = users.id AND data.module = 'base' AND data.name = 'group_system'),
           ARRAY(SELECT COALESCE(role.name ->> %(lang)s, role.name ->> 'en_US')
                   FROM res_groups_users_rel held
                   JOIN res_groups role ON role.id = held.gid
                   JOIN res_groups_privilege privilege ON privilege.id = role.privilege_id
                   JOIN ir_model_data data ON data.res_id = role.id AND data.model = 'res.groups'
                  WHERE held.uid = users.id AND data.module = %(module)s
               ORDER BY role.sequence),
           users.share
      FROM res_users users
      JOIN res_partner partner ON partner.id = users.partner_id
     WHERE users.active
       AND (users.id = 2 OR users.id IN (
                SELECT res_id FROM ir_model_data
                 WHERE module = %(module)s AND model = 'res.users'))
  ORDER BY users.id
"""
LANGUAGE = """
    SELECT partner.lang FROM res_users users JOIN res_partner partner ON partner.id = users.partner_id
     WHERE users.id = 2
"""
WORDS = {
    "en_US": ("login", "password", "name", "role", "Administrator", "Portal"),
    "zh_CN": ("登录名", "密码", "姓名", "角色", "管理员", "门户"),
    "zh_TW": ("登入名稱", "密碼", "姓名", "角色", "管理員", "入口網站"),
}


def find_password(login, stored):
    """Demo data can only use well-known passwords; tell which one it is."""
    context = CryptContext(["pbkdf2_sha512", "plaintext"], deprecated=["plaintext"])
    for guess in (login, "demo", "admin", "portal"):
        if stored and context.verify(guess, stored):
            return guess
    return "?" if stored else "(no password set)"


def width(text):
    """Return the columns a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def main(database, module):
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cursor:
        cursor.execute(LANGUAGE)
        lang = cursor.fetchone()[0]
        *head, administrator, portal = WORDS.get(lang, WORDS["en_US"])
        cursor.execute(QUERY, {"lang": lang or "en_US", "module": module})
        rows = [tuple(head)]
        for login, stored, name, own_lang, is_admin, roles, is_portal in cursor:
            role = portal if is_portal else ", ".join(([administrator] if is_admin else []) + roles)
            if own_lang and own_lang != (lang or "en_US"):
                role += f" [{own_lang}]"
            rows.append((login, find_password(login, stored), name, role))
    widths = [max(width(row[i]) for row in rows) for i in range(3)]
    for row in rows:
        cells = [
            text + " " * (columns - width(text)) for text, columns in zip(row, widths, strict=False)
        ]
        print("  " + "  ".join([*cells, row[3]]))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
