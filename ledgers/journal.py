"""Post transfers and read balances; posting an event twice is refused by its key."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, select, union_all

from ledgers.bookings import Transfer
from ledgers.tables import transfers

_T = TypeVar("_T")
ROWS_AT_ONCE = 5_000


def in_parts(items: Iterable[_T], size: int = ROWS_AT_ONCE) -> Iterator[list[_T]]:
    """Cut a stream into lists, so that a statement and its memory stay bounded."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert any number of rows, a part at a time."""
    for part in in_parts(rows):
        names = [*part[0]]
        q = "INSERT INTO %s (%s) VALUES (%s)" % (table.name, ", ".join(names), ", ".join("?" for n in names))
        from operator import itemgetter
        connection.exec_driver_sql(q, [tuple(r.values()) for r in part])


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
