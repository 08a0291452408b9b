"""What users hold, as rows of one shape, and how it changes hands: a statement each kind."""

from collections.abc import Collection, Mapping, Sequence

from odoo.tools import SQL


def path(steps: Sequence[tuple[str, str | None]]) -> SQL:
    """Return the value at the end of a path of columns of ``t``.

    :param steps: (column, table it refers to); of the last one only the column counts
    """
    if not steps:
        return SQL("NULL::integer")
    value = SQL.identifier("t", steps[0][0])
    for (_column, table), (following, _table) in zip(steps, steps[1:], strict=False):
        value = SQL(
            "(SELECT s.%s FROM %s s WHERE s.id = %s)",
            SQL.identifier(following),
            SQL.identifier(table),
            value,
        )
    return value


def by_document(model: str, key: str, values: Mapping[str, tuple[str, SQL]]) -> SQL:
    """Return a value of the document that ``t`` is about.

    :param model: column with the name of its model
    :param key: column with its id
    :param values: {model: (table, value of a row ``t`` of that table)}
    """
    cases = [
        SQL(
            "WHEN %s THEN (SELECT %s FROM %s t WHERE t.id = d.key)",
            name,
            value,
            SQL.identifier(table),
        )
        for name, (table, value) in values.items()
    ]
    if not cases:
        return SQL("NULL::integer")
    return SQL(
        "(SELECT CASE d.model %s END FROM (SELECT %s AS model, %s AS key) d)",
        SQL(" ").join(cases),
        SQL.identifier("t", model),
        SQL.identifier("t", key),
    )


def commercial(partner: SQL) -> SQL:
    """Return the customer of a partner."""
    return SQL("(SELECT c.commercial_partner_id FROM res_partner c WHERE c.id = %s)", partner)


def held(
    table: str,
    user: str | tuple[str, str, str],
    records: SQL,
    partner: SQL,
    company: SQL,
    label: SQL,
) -> SQL:
    """Select (id, user_id, partner_id, company_id, name) of what users hold of one kind.

    :param user: column, or (table, column of the record, column of the user) of a many2many
    :param records: ids of what is still held
    """
    if isinstance(user, str):
        source, holder = SQL.identifier(table), SQL.identifier("t", user)
        source = SQL("%s t", source)
    else:
        relation, record, column = user
        source = SQL(
            "%s t JOIN %s r ON r.%s = t.id",
            SQL.identifier(table),
            SQL.identifier(relation),
            SQL.identifier(record),
        )
        holder = SQL.identifier("r", column)
    return SQL(
        "SELECT t.id AS id, %s AS user_id, %s AS partner_id, %s AS company_id, %s AS name"
        "  FROM %s WHERE t.id IN %s AND %s IS NOT NULL",
        holder,
        partner,
        company,
        label,
        source,
        records,
        holder,
    )


def in_scope(rows: SQL, user_id: int, company_ids: Collection[int], customers: SQL | None) -> SQL:
    """Select of `held` what one user holds in some companies, or in no company.

    :param customers: ids of the customers chosen; None for all, and for what is about no customer
    """
    chosen = SQL("TRUE") if customers is None else SQL("h.partner_id IN %s", customers)
    return SQL(
        "SELECT h.* FROM (%s) h WHERE h.user_id = %s"
        "   AND (h.company_id IS NULL OR h.company_id = ANY(%s)) AND %s",
        rows,
        user_id,
        list(company_ids),
        chosen,
    )


def customers_in(relation: str, record: str, partner: str, record_id: int) -> SQL:
    """Select, in parentheses, the customers of the partners that a record names."""
    return SQL(
        "(SELECT p.commercial_partner_id FROM %s r JOIN res_partner p ON p.id = r.%s"
        " WHERE r.%s = %s)",
        SQL.identifier(relation),
        SQL.identifier(partner),
        SQL.identifier(record),
        record_id,
    )


def count_by_user(rows: SQL, user_ids: Collection[int]) -> SQL:
    """Select (user, number of records) of `held`."""
    return SQL(
        "SELECT h.user_id, count(*) FROM (%s) h WHERE h.user_id = ANY(%s) GROUP BY h.user_id",
        rows,
        list(user_ids),
    )


def count_rows(rows: SQL) -> SQL:
    """Select how many rows of `held` there are."""
    return SQL("SELECT count(*) FROM (%s) h", rows)


def add_items(
    handover_id: int, company_id: int, kind: SQL, rows: SQL, now: str, later: bool
) -> SQL:
    """Add what is held and not listed yet to a handover.

    :param kind: (key, model) of the rows
    :param later: it came after the receivers had answered
    """
    return SQL(
        """
        INSERT INTO customer_handover_item (
               handover_id, company_id, key, model, res_id, name, partner_id, state, later,
               added, followed, create_date, write_date)
        SELECT %(handover)s, %(company)s, k.key, k.model, h.id, h.name, h.partner_id, 'waiting',
               %(later)s, FALSE, FALSE, %(now)s, %(now)s
          FROM (%(rows)s) h, (VALUES (%(kind)s)) k (key, model)
      ORDER BY h.id
            ON CONFLICT (handover_id, key, res_id) DO NOTHING
        """,
        handover=handover_id,
        company=company_id,
        kind=kind,
        rows=rows,
        later=later,
        now=now,
    )


def drop_items(handover_id: int) -> SQL:
    """Forget what was listed."""
    return SQL("DELETE FROM customer_handover_item WHERE handover_id = %s", handover_id)


def answer_all(handover_id: int, receiver_id: int, state: str, reason: str | None = None) -> SQL:
    """Answer everything that waits for a receiver."""
    return SQL(
        "UPDATE customer_handover_item SET state = %s, reason = %s"
        " WHERE handover_id = %s AND receiver_id = %s AND state = 'waiting'",
        state,
        reason,
        handover_id,
        receiver_id,
    )


def count_items(handover_id: int) -> SQL:
    """Select (customer, number of records) of a handover; customer NULL for what has none."""
    return SQL(
        "SELECT partner_id, count(*) FROM customer_handover_item WHERE handover_id = %s"
        " GROUP BY partner_id ORDER BY partner_id",
        handover_id,
    )


def give_customers(handover_id: int, pairs: Sequence[tuple[int, int]]) -> SQL:
    """Note on the items which receiver gets the customer."""
    return SQL(
        """
        UPDATE customer_handover_item i
           SET receiver_id = v.receiver
          FROM unnest(%(customers)s::integer[], %(receivers)s::integer[]) v (customer, receiver)
         WHERE i.handover_id = %(handover)s AND i.partner_id = v.customer
        """,
        handover=handover_id,
        customers=[customer for customer, _receiver in pairs],
        receivers=[receiver for _customer, receiver in pairs],
    )


def give_rest(handover_id: int, receiver_id: int) -> SQL:
    """Note on the items without a customer who gets them."""
    return SQL(
        "UPDATE customer_handover_item SET receiver_id = %s"
        " WHERE handover_id = %s AND partner_id IS NULL",
        receiver_id,
        handover_id,
    )


def refuse_items(handover_id: int, key: str, reasons: Mapping[int, str]) -> SQL:
    """Note on the items why their receiver cannot have them."""
    return SQL(
        """
        UPDATE customer_handover_item i
           SET state = 'refused', reason = v.reason, is_blocked = TRUE
          FROM unnest(%(ids)s::integer[], %(texts)s::varchar[]) v (res_id, reason)
         WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.res_id = v.res_id
        """,
        handover=handover_id,
        key=key,
        ids=list(reasons),
        texts=list(reasons.values()),
    )


def answer_later(handover_id: int, key: str, customer_key: str, takes: bool) -> SQL:
    """What came after the answers goes with its customer, where that one was accepted; else it stays.

    :param key: kind of what came
    :param customer_key: kind of the customers themselves
    :param takes: records of this kind go along
    """
    # looked up for each row: the table has just been filled, and the planner takes it for empty
    taker = SQL(
        "SELECT c.receiver_id FROM customer_handover_item c"
        " WHERE c.handover_id = i.handover_id AND c.key = %s AND c.res_id = i.partner_id"
        "   AND c.state = 'accepted' AND %s",
        customer_key,
        takes,
    )
    return SQL(
        """
        UPDATE customer_handover_item i
           SET receiver_id = (%(taker)s),
               state = CASE WHEN EXISTS (%(taker)s) THEN 'accepted' ELSE 'left' END
         WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.later
           AND i.state = 'waiting'
        """,
        handover=handover_id,
        key=key,
        taker=taker,
    )


def mark_gone(handover_id: int, key: str, state: str, rows: SQL, other: str) -> SQL:
    """Mark items that their holder does not hold any more.

    :param state: of the items looked at
    :param rows: (id, user_id) of what is held now
    :param other: who holds it: ``giver`` or ``receiver``
    """
    holder = SQL("o.giver_id") if other == "giver" else SQL("i.receiver_id")
    target = "gone" if other == "giver" else "kept"
    return SQL(
        """
        UPDATE customer_handover_item i
           SET state = %(target)s
          FROM customer_handover o
         WHERE o.id = i.handover_id AND o.id = %(handover)s AND i.key = %(key)s
           AND i.state = %(state)s
           AND NOT EXISTS (SELECT 1 FROM (%(rows)s) h
                            WHERE h.id = i.res_id AND h.user_id = %(holder)s)
        """,
        handover=handover_id,
        key=key,
        state=state,
        target=target,
        rows=rows,
        holder=holder,
    )


def move_column(
    handover_id: int, key: str, table: str, column: str, back: bool, uid: int, now: str
) -> SQL:
    """Give the records of one kind to their receivers, or back; select (receiver, ids)."""
    return SQL(
        """
        WITH moved AS (
            UPDATE %(table)s t
               SET %(column)s = CASE WHEN %(back)s THEN o.giver_id ELSE i.receiver_id END,
                   write_uid = %(uid)s, write_date = %(now)s
              FROM customer_handover_item i
              JOIN customer_handover o ON o.id = i.handover_id
             WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.res_id = t.id
               AND i.state = %(state)s
               AND t.%(column)s = CASE WHEN %(back)s THEN i.receiver_id ELSE o.giver_id END
         RETURNING t.id AS id, i.receiver_id AS receiver)
        SELECT receiver, array_agg(id ORDER BY id) FROM moved GROUP BY receiver ORDER BY receiver
        """,
        table=SQL.identifier(table),
        column=SQL.identifier(column),
        handover=handover_id,
        key=key,
        back=back,
        state="moved" if back else "accepted",
        uid=uid,
        now=now,
    )


def join_relation(
    handover_id: int, key: str, relation: str, record: str, user: str, back: bool
) -> SQL:
    """Put the receivers where the giver was one of several, or the giver again; select the ids.

    Who was there already is not put there twice, and stays when the others leave again (`added`).
    """
    person = SQL("o.giver_id") if back else SQL("i.receiver_id")
    return SQL(
        """
        WITH joined AS (
            INSERT INTO %(relation)s (%(record)s, %(user)s)
            SELECT i.res_id, %(person)s
              FROM customer_handover_item i JOIN customer_handover o ON o.id = i.handover_id
             WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.state = %(state)s
                ON CONFLICT DO NOTHING
         RETURNING %(record)s AS id)
        UPDATE customer_handover_item i SET added = TRUE
          FROM joined
         WHERE NOT %(back)s AND i.handover_id = %(handover)s AND i.key = %(key)s
           AND i.res_id = joined.id
        """,
        relation=SQL.identifier(relation),
        record=SQL.identifier(record),
        user=SQL.identifier(user),
        person=person,
        handover=handover_id,
        key=key,
        back=back,
        state="moved" if back else "accepted",
    )


def leave_relation(
    handover_id: int, key: str, relation: str, record: str, user: str, back: bool
) -> SQL:
    """Take out who gave the records away; select (receiver, ids)."""
    person = SQL("i.receiver_id") if back else SQL("o.giver_id")
    return SQL(
        """
        WITH gone AS (
            DELETE FROM %(relation)s r
             USING customer_handover_item i JOIN customer_handover o ON o.id = i.handover_id
             WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.state = %(state)s
               AND r.%(record)s = i.res_id AND r.%(user)s = %(person)s
               AND (i.added OR NOT %(back)s))
        SELECT i.receiver_id, array_agg(i.res_id ORDER BY i.res_id)
          FROM customer_handover_item i
         WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.state = %(state)s
      GROUP BY i.receiver_id ORDER BY i.receiver_id
        """,
        relation=SQL.identifier(relation),
        record=SQL.identifier(record),
        user=SQL.identifier(user),
        person=person,
        handover=handover_id,
        key=key,
        back=back,
        state="moved" if back else "accepted",
    )


def follow(handover_id: int, key: str, subtype_ids: Collection[int]) -> SQL:
    """Let receivers follow what they got, where the giver followed it."""
    return SQL(
        """
        WITH new AS (
            INSERT INTO mail_followers (res_model, res_id, partner_id)
            SELECT f.res_model, f.res_id, receiver.partner_id
              FROM customer_handover_item i
              JOIN customer_handover o ON o.id = i.handover_id
              JOIN res_users giver ON giver.id = o.giver_id
              JOIN res_users receiver ON receiver.id = i.receiver_id
              JOIN mail_followers f ON f.res_model = i.model AND f.res_id = i.res_id
                                   AND f.partner_id = giver.partner_id
             WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.state = 'accepted'
                ON CONFLICT DO NOTHING
         RETURNING id, res_id),
        told AS (
            INSERT INTO mail_followers_mail_message_subtype_rel
                   (mail_followers_id, mail_message_subtype_id)
            SELECT new.id, s.id FROM new, unnest(%(subtypes)s::integer[]) s (id))
        UPDATE customer_handover_item i SET followed = TRUE
          FROM new
         WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.res_id = new.res_id
        """,
        handover=handover_id,
        key=key,
        subtypes=list(subtype_ids),
    )


def unfollow(handover_id: int) -> SQL:
    """Let receivers follow no more what they gave back."""
    return SQL(
        """
        DELETE FROM mail_followers f
         USING customer_handover_item i JOIN res_users u ON u.id = i.receiver_id
         WHERE i.handover_id = %s AND i.state = 'moved' AND i.followed
           AND f.res_model = i.model AND f.res_id = i.res_id AND f.partner_id = u.partner_id
        """,
        handover_id,
    )


def settle_items(handover_id: int, key: str, source: str, target: str) -> SQL:
    """Note on the items of one kind that they changed hands."""
    return SQL(
        "UPDATE customer_handover_item SET state = %s WHERE handover_id = %s AND key = %s"
        " AND state = %s",
        target,
        handover_id,
        key,
        source,
    )


def write_letters(handover_id: int, key: str, uid: int, now: str) -> SQL:
    """Make a letter to each customer that changed hands."""
    return SQL(
        """
        INSERT INTO customer_handover_letter (
               handover_id, company_id, partner_id, user_id, state, create_uid, create_date,
               write_uid, write_date)
        SELECT i.handover_id, i.company_id, i.res_id, i.receiver_id, 'waiting', %(uid)s, %(now)s,
               %(uid)s, %(now)s
          FROM customer_handover_item i
         WHERE i.handover_id = %(handover)s AND i.key = %(key)s AND i.state = 'moved'
        """,
        handover=handover_id,
        key=key,
        uid=uid,
        now=now,
    )


def link_rows(relation: str, record: str, column: str, ids: Collection[int], other_id: int) -> SQL:
    """Add one and the same record to a many2many of many."""
    return SQL(
        "INSERT INTO %s (%s, %s) SELECT id, %s FROM unnest(%s::integer[]) id ON CONFLICT DO NOTHING",
        SQL.identifier(relation),
        SQL.identifier(record),
        SQL.identifier(column),
        other_id,
        list(ids),
    )


def set_team(table: str, ids: Collection[int], team_id: int) -> SQL:
    """Put records into the sales team of their new salesperson."""
    return SQL(
        "UPDATE %s SET team_id = %s WHERE id = ANY(%s)", SQL.identifier(table), team_id, list(ids)
    )


def held_by_inactive(kinds: Mapping[str, SQL], nobody: Collection[int]) -> SQL:
    """Select what inactive users hold: a row each user, kind and company, with the number of records.

    :param kinds: {key: `held`}
    :param nobody: users that are no people
    """
    rows = SQL(" UNION ALL ").join(
        SQL("SELECT %s AS key, h.user_id, h.company_id FROM (%s) h", key, rows)
        for key, rows in kinds.items()
    )
    return SQL(
        """
        SELECT row_number() OVER (ORDER BY h.user_id, h.key, h.company_id) AS id,
               h.key, h.user_id, h.company_id, count(*) AS record_count,
               COALESCE(u.sale_team_id, (SELECT m.crm_team_id FROM crm_team_member m
                                          WHERE m.user_id = u.id ORDER BY m.id DESC LIMIT 1)
                       ) AS team_id
          FROM (%(rows)s) h
          JOIN res_users u ON u.id = h.user_id
         WHERE NOT u.active AND u.id != ALL(%(nobody)s)
      GROUP BY h.key, h.user_id, h.company_id, u.id
        """,
        rows=rows,
        nobody=list(nobody),
    )
