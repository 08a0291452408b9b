"""Print who can log in: admin, and the users that the addon's demo data brings.

usage: logins.py DATABASE MODULE     (the server comes from PGHOST, PGUSER ...)
"""

import sys

import psycopg2
from passlib.context import CryptContext

QUERY = """
    SELECT users.login, users.password, partner.name
      FROM res_users users
      JOIN res_partner partner ON partner.id = users.partner_id
     WHERE users.active
       AND (users.id = 2 OR users.id IN (
                SELECT res_id FROM ir_model_data WHERE module = %s AND model = 'res.users'))
  ORDER BY users.id
"""


def find_password(login, stored):
    """Demo data can only use well-known passwords; tell which one it is."""
    context = CryptContext(["pbkdf2_sha512", "plaintext"], deprecated=["plaintext"])
    for guess in (login, "demo", "admin", "portal"):
        if stored and context.verify(guess, stored):
            return guess
    return "?" if stored else "(no password set)"


def main(database, module):
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cursor:
        cursor.execute(QUERY, [module])
        rows = [(login, find_password(login, stored), name) for login, stored, name in cursor]
    widths = [max(len(row[i]) for row in [*rows, ("login", "password")]) for i in range(2)]
    print(f"  {'login':{widths[0]}}  {'password':{widths[1]}}  name")
    for login, password, name in rows:
        print(f"  {login:{widths[0]}}  {password:{widths[1]}}  {name}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
