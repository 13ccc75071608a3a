"""Open the books: an engine with safe settings, read and write transactions, creation and its check."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from ledgers.errors import Refused
from ledgers.schema import triggers
from ledgers.schema.core import SCHEMA_VERSION, books, metadata

# One writer at a time, as SQLite has it by nature: the number is any constant that only these books use.
_WRITER_LOCK = 56_057
_PATIENCE = 60  # seconds that SQLite waits for another writer
_A_MOMENT = timedelta(milliseconds=10)


def open_engine(url: str) -> Engine:
    """Make an engine for `sqlite:///file` or `postgresql://...`; Refused when the URL is neither."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Refused("A database URL is like sqlite:///ontzorgen.db or postgresql://user@host/name.") from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=NullPool, hide_parameters=True)
    if backend != "sqlite":
        raise Refused(f"The database URL names {backend}; the books live on SQLite or PostgreSQL.")
    if parsed.database in (None, "", ":memory:"):
        raise Refused("A SQLite URL names a file, like sqlite:///ontzorgen.db: books in memory would be gone at once.")
    # NullPool: a command ends with its connections closed. hide_parameters: no exception text may carry a name.
    engine = create_engine(parsed, connect_args={"timeout": _PATIENCE}, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would begin too late; `writing` and `reading` say BEGIN themselves.
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # else INSERT OR REPLACE would delete rows behind the triggers' back
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Turn on the write-ahead log; where two create the books at once, SQLite refuses here instead of waiting."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_A_MOMENT.total_seconds())
        else:
            return


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view of the books; nothing can be written through it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield connection
        finally:
            connection.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction by one writer: everything in it is stored, or nothing is."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()


def initialise(engine: Engine, now: datetime) -> bool:
    """Create the books if they are not there; False when they already were."""
    if engine.dialect.name == "sqlite":
        _create_private(Path(str(engine.url.database)))
    with _opening(), writing(engine) as connection:
        if inspect(connection).has_table(books.name):
            _check_version(connection)
            return False
        metadata.create_all(connection)
        triggers.install(connection)
        connection.execute(
            books.insert(), {"schema_version": SCHEMA_VERSION, "created_at": now.isoformat(timespec="seconds")}
        )
    return True


def ensure_ready(engine: Engine) -> None:
    """Refuse to work on books that were never created or are of another version."""
    missing = engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).is_file()
    if not missing:
        with _opening(), reading(engine) as connection:
            if inspect(connection).has_table(books.name):
                _check_version(connection)
                return
    raise Refused("There are no books at this database URL yet: run `ontzorgen init` first.")


@contextmanager
def _opening() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        reason = type(error).__name__
        raise Refused(f"The database cannot be opened ({reason}): check the URL and its rights.") from None


def _check_version(connection: Connection) -> None:
    version = connection.execute(select(books.c.schema_version)).scalar_one()
    if version != SCHEMA_VERSION:
        raise Refused(f"The books have schema version {version}, this program needs {SCHEMA_VERSION}.")


def _create_private(path: Path) -> None:
    """Create the file readable by its owner alone, before anything can be written to it."""
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise Refused(f"The database file cannot be created: {error.strerror}.") from None
