"""Opening the books: created once and privately, refused in a sentence elsewhere, written whole or not at all."""

import sqlite3
import stat
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from support.story import Office

from ledgers.checks.self_check import digest
from ledgers.database import ensure_ready, initialise, open_engine, reading, writing
from ledgers.errors import Refused
from ledgers.schema.core import SCHEMA_VERSION, books, creditors
from payments.calendar import AMSTERDAM

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=AMSTERDAM)


def names(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(connection.execute(select(creditors.c.creditor)).scalars())


def test_books_that_are_there_are_left_as_they_are(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(creditors.insert(), {"creditor": "WONEN"})
    with reading(engine) as connection:
        before = digest(connection)
    assert initialise(engine, NOW) is False
    ensure_ready(engine)
    with reading(engine) as connection:
        assert digest(connection) == before
        assert connection.execute(select(books.c.schema_version)).scalars().all() == [SCHEMA_VERSION]


def test_init_twice_by_the_command(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path / 'deep' / 'er' / 'books.db'}", tmp_path)
    assert office("chef", "status").code == 1
    assert office.do("chef", "--json", "init").document["created"] is True
    assert office.do("chef", "--json", "init").document["created"] is False
    office.hire()
    assert "exist already; nothing changed" in office.do("eve", "init").out
    office.do("chef", "staff", "add", "eve", "--role", "inzage")  # and the staff is still there


def test_who_creates_the_books_beside_another_waits_for_the_other(tmp_path: Path) -> None:
    """SQLite itself refuses at once where new books get their log while somebody writes the first of them."""
    path = tmp_path / "books.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        ready = Timer(0.3, other.execute, ["COMMIT"])
        ready.start()
        assert initialise(open_engine(f"sqlite:///{path}"), NOW) is True
        ready.join()


def test_a_sqlite_file_and_what_lies_beside_it_is_its_owners_alone(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'books.db'}")
    initialise(engine, NOW)
    with writing(engine) as connection:
        connection.execute(creditors.insert(), {"creditor": "WONEN"})
        found = sorted(tmp_path.iterdir())
        assert [path.name for path in found] == ["books.db", "books.db-shm", "books.db-wal"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}
    engine.dispose()


def test_sqlite_is_opened_with_safe_settings(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'books.db'}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "trusted_schema": 0}
    with reading(engine) as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted} == wanted
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://bram@bank/books", "names mysql; the books live on SQLite or PostgreSQL"),
        ("books.db", "A database URL is like"),
        ("", "A database URL is like"),
        ("sqlite://", "books in memory would be gone"),
        ("sqlite:///:memory:", "books in memory would be gone"),
    ],
)
def test_another_kind_of_url_is_refused(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        open_engine(url)
    if url:
        assert Office(url, tmp_path)("chef", "init").code == 1


def test_a_refused_url_does_not_show_its_password(tmp_path: Path) -> None:
    for url in ("mysql://bram:geheim@bank/books", "postgresql://bram:geheim@127.0.0.1:1/books"):
        for command in ("init", "check"):
            said = Office(url, tmp_path)("bram", command)
            assert said.code == 1
            assert "geheim" not in said.out + said.err


def test_a_missing_file_and_somebody_elses_file_are_no_books_yet(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    with pytest.raises(Refused, match="There are no books at this database URL yet"):
        ensure_ready(open_engine(f"sqlite:///{missing}"))
    assert not missing.exists()
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    with pytest.raises(Refused, match="There are no books at this database URL yet"):
        ensure_ready(open_engine(f"sqlite:///{tmp_path / 'other.db'}"))


def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Geachte heer, mevrouw")
    for place in (letter, tmp_path):
        engine = open_engine(f"sqlite:///{place}")
        for opening in (ensure_ready, lambda engine: initialise(engine, NOW)):
            with pytest.raises(Refused):
                opening(engine)
        assert Office(f"sqlite:///{place}", tmp_path)("chef", "init").code == 1
    assert letter.read_text() == "Geachte heer, mevrouw"


def test_books_of_another_version_are_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER books_update")
        else:
            connection.exec_driver_sql("ALTER TABLE books DISABLE TRIGGER ALL")
        connection.execute(books.update().values(schema_version=SCHEMA_VERSION + 1))
    told = f"schema version {SCHEMA_VERSION + 1}, this program needs {SCHEMA_VERSION}"
    with pytest.raises(Refused, match=told):
        ensure_ready(engine)
    with pytest.raises(Refused, match=told):
        initialise(engine, NOW)


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    def fail_half_way(error: type[BaseException]) -> None:
        with writing(engine) as connection:
            connection.execute(creditors.insert(), {"creditor": "WONEN"})
            raise error

    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error):
            fail_half_way(error)
    assert names(engine) == set()
    with writing(engine) as connection:  # and the next writer is not in its way
        connection.execute(creditors.insert(), {"creditor": "WATER"})
    assert names(engine) == {"WATER"}


def test_nothing_is_stored_through_a_reading_connection(engine: Engine) -> None:
    """PostgreSQL refuses the statement; on SQLite it is undone at the end."""
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="read-only transaction"):
                connection.execute(creditors.insert(), {"creditor": "WONEN"})
        else:
            connection.execute(creditors.insert(), {"creditor": "WONEN"})
    assert names(engine) == set()


def test_a_reader_sees_the_books_of_one_moment(engine: Engine) -> None:
    with reading(engine) as connection:
        assert connection.execute(select(creditors)).all() == []
        with writing(engine) as writer:
            writer.execute(creditors.insert(), {"creditor": "WONEN"})
        assert connection.execute(select(creditors)).all() == []
    assert names(engine) == {"WONEN"}


def test_a_refused_statement_does_not_show_its_values(engine: Engine) -> None:
    """What the database refuses can hold a name or an IBAN: the program's messages never do."""
    insert = text("INSERT INTO creditor_ibans VALUES ('X', :iban, 1, 'anna', 'now')")

    def enter_iban() -> None:
        with writing(engine) as connection:
            connection.execute(insert, {"iban": "NL91ABNA0417164300"})

    with pytest.raises(DBAPIError) as refused:
        enter_iban()
    assert "NL91ABNA0417164300" not in str(refused.value)
