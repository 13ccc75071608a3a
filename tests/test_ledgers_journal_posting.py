"""Rows go to the database as they are: nothing cut, nothing in another column, days as days."""

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from ledgers.database import reading, writing
from ledgers.journal.bookings import Transfer
from ledgers.journal.posting import ROWS_AT_ONCE, balances, insert_rows, post
from ledgers.schema.core import creditors, transfers

DAY = date(2026, 11, 18)


def transfer(number: int, cents: int = 1) -> Transfer:
    return Transfer(f"event:{number}", 1, "assen", "2026-11", DAY, "client:0010001", "creditor:WONEN", cents)


def row(number: int) -> dict[str, object]:
    return {name: getattr(transfer(number), name) for name in Transfer.__dataclass_fields__}


def test_what_is_posted_is_what_is_read(engine: Engine) -> None:
    with writing(engine) as connection:
        post(connection, [transfer(1, 65_000), transfer(2, 99_999_999_999)])
    with reading(engine) as connection:
        rows = connection.execute(select(transfers).order_by(transfers.c.event_key)).all()
        assert [Transfer(*row) for row in rows] == [transfer(1, 65_000), transfer(2, 99_999_999_999)]
        assert balances(connection, "assen") == {
            "client:0010001": 100_000_064_999,
            "creditor:WONEN": -100_000_064_999,
        }


def test_columns_are_told_by_their_names_and_not_by_their_places(engine: Engine) -> None:
    with writing(engine) as connection:
        insert_rows(connection, transfers, [row(1), dict(reversed(row(2).items()))])
    with reading(engine) as connection:
        found = connection.execute(select(transfers).order_by(transfers.c.event_key)).all()
        assert [Transfer(*each) for each in found] == [transfer(1), transfer(2)]


def test_a_row_that_lacks_a_column_is_no_row(engine: Engine) -> None:
    with pytest.raises(KeyError, match="credit"), writing(engine) as connection:
        insert_rows(connection, transfers, [row(1), {name: v for name, v in row(2).items() if name != "credit"}])


def test_more_rows_than_fit_one_statement_all_arrive(engine: Engine) -> None:
    with writing(engine) as connection:
        insert_rows(connection, creditors, ({"creditor": f"C{number}"} for number in range(2 * ROWS_AT_ONCE + 1)))
    with reading(engine) as connection:
        assert len(connection.execute(select(creditors)).all()) == 2 * ROWS_AT_ONCE + 1


def test_the_same_event_twice_is_refused_as_a_whole(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        post(connection, [transfer(1), transfer(2), transfer(1)])
    with reading(engine) as connection:
        assert connection.execute(select(transfers)).all() == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_text_that_does_not_fit_is_refused_and_never_cut(engine: Engine) -> None:
    """SQLite knows no lengths; there the readers of the input files are the ones who refuse."""
    with pytest.raises(DBAPIError, match="too long"), writing(engine) as connection:
        insert_rows(connection, creditors, [{"creditor": "C" * 41}])
