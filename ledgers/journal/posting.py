"""Post transfers and read balances; posting an event twice is refused by its key."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, String, Table, func, select, union_all

from ledgers.journal.bookings import Transfer
from ledgers.schema.core import transfers

_T = TypeVar("_T")
ROWS_AT_ONCE = 5_000

sqlite3.register_adapter(date, date.isoformat)  # as SQLAlchemy writes a day; Python's own adapter is on its way out


def in_parts(items: Iterable[_T], size: int = ROWS_AT_ONCE) -> Iterator[list[_T]]:
    """Cut a stream into lists, so that a statement and its memory stay bounded."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert any number of rows with the same columns, a part at a time.

    The driver gets the values as they are: SQLAlchemy's care for every one of them would double the time.
    """
    count = 0
    for part in in_parts(rows):
        names = [*part[0]]
        values = [tuple([row[name] for name in names]) for row in part]
        into = f"INSERT INTO {table.name} ({', '.join(names)})"  # names of our own tables and columns
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"{into} VALUES ({', '.join('?' * len(names))})", values)
        else:  # one statement with a list for each column: one round trip, and keys are looked up all at once
            lists = ", ".join(f"%s::{_list_type(table.c[name], connection)}" for name in names)
            columns = tuple([*column] for column in zip(*values, strict=True))
            connection.exec_driver_sql(f"{into} SELECT * FROM unnest({lists})", columns)  # noqa: S608 - as above
        count += len(part)
    if count >= ROWS_AT_ONCE and connection.dialect.name == "postgresql":
        # Plans rest on the counts of the last ANALYZE; after so many rows those are wrong by orders of magnitude.
        connection.exec_driver_sql(f"ANALYZE {table.name}")


def _list_type(column: Column[Any], connection: Connection) -> str:
    # A cast to VARCHAR(40) would cut what is longer; as text, the column itself refuses it.
    return "text[]" if isinstance(column.type, String) else f"{column.type.compile(connection.dialect)}[]"


def row_of(record: Any) -> dict[str, Any]:
    """A dataclass record's own fields as a row; `asdict` would copy every value in depth, at ten times the cost."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def post(connection: Connection, lines: Iterable[Transfer]) -> None:
    """Write transfers; the primary key refuses an event that was posted before."""
    insert_rows(connection, transfers, map(row_of, lines))


def balances(connection: Connection, gemeente: str, accounts: Sequence[str] | None = None) -> dict[str, int]:
    """Debit minus credit in cents per account of a gemeente; accounts that never moved are absent."""
    debit = select(transfers.c.debit.label("account"), transfers.c.amount_cents.label("cents"))
    credit = select(transfers.c.credit, -transfers.c.amount_cents)
    here = transfers.c.gemeente == gemeente
    both = union_all(debit.where(here), credit.where(here)).subquery()
    query = select(both.c.account, func.sum(both.c.cents)).group_by(both.c.account)
    if accounts is not None:
        query = query.where(both.c.account.in_(accounts))
    return {account: int(cents) for account, cents in connection.execute(query)}
