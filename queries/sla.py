"""Clocks of records and their ledger: one statement for any number of them.

Rows come as lists of dicts with JSON values; instants as ISO text, naive UTC.
"""

import json
from dataclasses import dataclass

from odoo.tools import SQL

# Columns of a record that are written together with its clocks.
RECORD_COLUMNS = ("sla_deadline", "sla_warn_at", "sla_paused_until")


@dataclass(frozen=True)
class Target:
    """The table whose records have the clocks.

    :param model: name of the model, as `res_model` of the clocks has it
    :param columns: pairs (milestone, column of the record that keeps its deadline)
    :param link: column of the clock that is a foreign key to the table, where there is one
    """

    model: str
    table: str
    columns: tuple[tuple[str, str], ...] = ()
    link: str = ""

    @property
    def names(self):
        """The columns of a record that its clocks write."""
        return (*RECORD_COLUMNS, *(column for _milestone, column in self.columns))


_KEY = SQL("res_id integer, company_id integer, milestone varchar")
_CLOCK = SQL(
    """
    policy_id integer, calendar_id integer, target double precision, unit varchar,
    has_cutoff boolean, cutoff double precision, shift boolean, due varchar,
    warn_percent double precision, pausable boolean, start varchar, started_at timestamp,
    deadline timestamp, warn_at timestamp, next_notice_at timestamp, is_provisional boolean,
    state varchar
    """
)
_CLOCK_COLUMNS = SQL(
    """
    res_id, company_id, milestone, policy_id, calendar_id, target, unit, has_cutoff, cutoff, shift,
    due, warn_percent, pausable, start, started_at, deadline, warn_at, next_notice_at,
    is_provisional, state
    """
)


def insert_clocks(target, rows, spec_of, user_id, recorded_at):
    """Insert clocks with the first line of their ledgers; clocks that are there already stay.

    :param target: `Target` of all rows
    :param rows: values of the columns above
    :param spec_of: {row number: JSON of the promise}, kept in the ledger
    :return: rows of record id
    """
    data = [{**row, "spec": spec_of[number]} for number, row in enumerate(rows)]
    return SQL(
        """
        WITH data AS (
            SELECT *
              FROM jsonb_to_recordset(%(data)s::jsonb) AS row(%(key)s, %(types)s, spec jsonb)
        ), clock AS (
            INSERT INTO customer_sla_clock (
                res_model, %(link)s %(columns)s, notice_level, extension_count, reopen_count
            )
            SELECT %(model)s, %(linked)s %(columns)s, 0, 0, 0 FROM data
                ON CONFLICT (res_id, res_model, milestone) DO NOTHING
            RETURNING id, res_id, milestone
        ), event AS (
            INSERT INTO customer_sla_event (
                clock_id, company_id, kind, at, spec, deadline, state, user_id, recorded_at
            )
            SELECT clock.id, data.company_id, 'start', data.started_at, data.spec, data.deadline,
                   data.state, %(user)s, %(now)s
              FROM clock
              JOIN data USING (res_id, milestone)
        ), earliest AS (
            SELECT res_id, min(data.deadline) AS deadline, min(data.warn_at) AS warn_at %(kept)s
              FROM clock
              JOIN data USING (res_id, milestone)
             GROUP BY res_id
        )
        UPDATE %(table)s record
           SET sla_deadline = LEAST(record.sla_deadline, earliest.deadline),
               sla_warn_at = LEAST(record.sla_warn_at, earliest.warn_at) %(set)s
          FROM earliest
         WHERE record.id = earliest.res_id
        RETURNING record.id
        """,
        data=json.dumps(data),
        key=_KEY,
        types=_CLOCK,
        columns=_CLOCK_COLUMNS,
        model=target.model,
        table=SQL.identifier(target.table),
        link=SQL("%s,", SQL.identifier(target.link)) if target.link else SQL(),
        linked=SQL("res_id,") if target.link else SQL(),
        kept=_kept(target, "data"),
        set=SQL().join(
            SQL(
                ", %s = COALESCE(%s, %s)",
                SQL.identifier(column),
                SQL.identifier("earliest", column),
                SQL.identifier("record", column),
            )
            for _milestone, column in target.columns
        ),
        user=user_id,
        now=recorded_at,
    )


def _kept(target, alias):
    """Return the deadlines that the record keeps, as further columns of a group of clocks."""
    return SQL().join(
        SQL(
            ", max(%s) FILTER (WHERE milestone = %s) AS %s",
            SQL.identifier(alias, "deadline"),
            milestone,
            SQL.identifier(column),
        )
        for milestone, column in target.columns
    )


def lock_clocks(ids):
    """Lock clocks in one order; waits for whoever changes them now."""
    return SQL(
        "SELECT id FROM customer_sla_clock WHERE id = ANY(%s) ORDER BY id FOR UPDATE", list(ids)
    )


def change_clocks(clocks, events, user_id, recorded_at):
    """Write what the ledger says about clocks, and the new lines of the ledger.

    :param clocks: id and the columns that a ledger decides
    :param events: lines of the ledger
    """
    return SQL(
        """
        WITH line AS (
            INSERT INTO customer_sla_event (
                clock_id, company_id, kind, at, until, amount, spec, reason, deadline, state,
                user_id, recorded_at
            )
            SELECT clock_id, company_id, kind, at, until, amount, spec, reason, deadline, state,
                   %(user)s, %(now)s
              FROM jsonb_to_recordset(%(events)s::jsonb) AS row(
                   number integer, clock_id integer, company_id integer, kind varchar,
                   at timestamp, until timestamp, amount double precision, spec jsonb, reason text,
                   deadline timestamp, state varchar
              )
             ORDER BY number
        )
        UPDATE customer_sla_clock clock
           SET policy_id = row.policy_id, calendar_id = row.calendar_id, target = row.target,
               unit = row.unit, has_cutoff = row.has_cutoff, cutoff = row.cutoff,
               shift = row.shift, due = row.due, warn_percent = row.warn_percent,
               pausable = row.pausable, start = row.start, started_at = row.started_at,
               deadline = row.deadline, warn_at = row.warn_at, next_notice_at = row.next_notice_at,
               is_provisional = row.is_provisional, state = row.state, reached_at = row.reached_at,
               paused_until = row.paused_until, notice_level = row.notice_level,
               first_reached_at = CASE WHEN row.is_first_undone THEN NULL
                                       ELSE COALESCE(clock.first_reached_at, row.reached_at) END,
               first_state = CASE WHEN row.is_first_undone THEN NULL
                                  ELSE COALESCE(clock.first_state, row.final_state) END,
               extension_count = row.extension_count, reopen_count = row.reopen_count
          FROM jsonb_to_recordset(%(clocks)s::jsonb) AS row(
               id integer, %(types)s, reached_at timestamp, paused_until timestamp,
               notice_level integer, final_state varchar, extension_count integer,
               reopen_count integer, is_first_undone boolean
          )
         WHERE clock.id = row.id
        """,
        events=json.dumps(events),
        clocks=json.dumps(clocks),
        types=_CLOCK,
        user=user_id,
        now=recorded_at,
    )


def refresh_records(target, record_ids):
    """Write the next deadline of records: the earliest of their open clocks; when it is nearly due,
    which a paused clock is after its pause at the earliest; and the end of the last pause.

    Grouped, not one subquery for each record: for a minimum PostgreSQL may walk the index of all
    deadlines until it meets one of the record, 9 ms a record where this takes 0.02.
    """
    columns = target.names
    return SQL(
        """
        UPDATE %(table)s record
           SET %(set)s
          FROM (
               SELECT wanted.id AS wanted_id,
                      min(clock.deadline) FILTER (WHERE %(open)s) AS sla_deadline,
                      min(CASE WHEN clock.state = 'running' THEN clock.warn_at
                               ELSE GREATEST(clock.warn_at, clock.paused_until) END)
                          FILTER (WHERE %(open)s AND clock.warn_at IS NOT NULL) AS sla_warn_at,
                      max(clock.paused_until) FILTER (WHERE clock.state = 'paused')
                          AS sla_paused_until %(kept)s
                 FROM unnest(%(ids)s) AS wanted(id)
                 LEFT JOIN customer_sla_clock clock
                   ON clock.res_id = wanted.id AND clock.res_model = %(model)s
                GROUP BY wanted.id
               ) next
         WHERE record.id = next.wanted_id
           AND (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        table=SQL.identifier(target.table),
        model=target.model,
        ids=list(record_ids),
        open=SQL("clock.state IN ('running', 'paused')"),
        kept=_kept(target, "clock"),
        set=SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), SQL.identifier("next", name)) for name in columns
        ),
        old=SQL(", ").join(SQL.identifier("record", name) for name in columns),
        new=SQL(", ").join(SQL.identifier("next", name) for name in columns),
    )


def open_clocks_after(company_id, after_id, limit):
    """Return ids of open clocks of a company behind `after_id`, for counting them again."""
    return SQL(
        """
        SELECT id
          FROM customer_sla_clock
         WHERE company_id = %s AND id > %s AND state IN ('running', 'paused')
         ORDER BY id
         LIMIT %s
        """,
        company_id,
        after_id,
        limit,
    )


def first_of(conditions):
    """Return the value of the first condition that holds.

    :param conditions: pairs (condition as SQL, value)
    """
    return SQL(
        "CASE %s END",
        SQL(" ").join(SQL("WHEN %s THEN %s", condition, value) for condition, value in conditions),
    )


def of_readable(alias, model, table, tables, where):
    """Return the condition that a clock is one of a record that somebody reads.

    For each clock asked about, not for all records: a page of clocks looks up as many records.

    :param alias: of the clocks
    :param tables: FROM clause of the records that are readable, `table` among them
    :param where: their condition
    """
    return SQL(
        "(%s = %s AND EXISTS (SELECT 1 FROM %s WHERE %s = %s AND (%s)))",
        SQL.identifier(alias, "res_model"),
        model,
        tables,
        SQL.identifier(table, "id"),
        SQL.identifier(alias, "res_id"),
        where,
    )
