"""The gemeenten of the books: wherever somebody lives or lived, a month was run or a bank told of an account."""

from sqlalchemy import Connection, select, union

from ledgers.schema.bank import bank_statements
from ledgers.schema.core import client_versions, runs


def gemeenten_of_books(connection: Connection) -> tuple[str, ...]:
    """Every gemeente that the books know, whatever the settings say today."""
    columns = (client_versions.c.gemeente, runs.c.gemeente, bank_statements.c.gemeente)
    return tuple(sorted(connection.execute(union(*(select(column) for column in columns))).scalars()))
