"""A database that can be put aside under a name and brought back, on SQLite and on PostgreSQL."""

import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

Rows = dict[str, tuple[str, ...]]
_numbers = itertools.count(1)


class Books(Protocol):
    """A database that can be put aside under a name and brought back; reached from the folder one works in."""

    url: str

    def keep(self, name: str) -> None: ...
    def restore(self, name: str) -> None: ...
    def rows(self) -> Rows: ...
    def pages(self, name: str) -> int: ...
    def of_worker(self, number: int) -> "Books": ...


@dataclass
class SqliteBooks:
    """`books.db` in the working folder; what is kept lies in a folder that workers share."""

    kept: Path
    url: str = "sqlite:///books.db"

    def keep(self, name: str) -> None:
        kept = self.kept / name
        kept.touch()
        if Path("books.db").exists():
            with closing(sqlite3.connect("books.db")) as source, closing(sqlite3.connect(kept)) as target:
                source.backup(target)

    def restore(self, name: str) -> None:
        for leftover in Path().glob("books.db*"):  # the journal of a killed process goes with its books
            leftover.unlink()
        if (self.kept / name).stat().st_size:
            shutil.copyfile(self.kept / name, "books.db")

    def rows(self) -> Rows:
        if not Path("books.db").exists():
            return {}
        with closing(sqlite3.connect("books.db")) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {table: _sorted(connection.execute(f"SELECT * FROM {table}")) for table in tables}

    def pages(self, name: str) -> int:
        """The size of what was kept."""
        with closing(sqlite3.connect(self.kept / name)) as connection:
            return int(connection.execute("PRAGMA page_count").fetchone()[0])

    def of_worker(self, number: int) -> "SqliteBooks":  # noqa: ARG002 - a folder of its own is enough
        return self


@dataclass
class PostgresBooks:
    """A database of its own on one server; what is kept are templates."""

    server: str
    name: str
    family: str  # whose templates it shares
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = self.server.replace("/postgres?", f"/{self.name}?")

    @classmethod
    def on(cls, server: str) -> "PostgresBooks":
        """New books; processes are killed here, not machines: what the server writes to disk when proves nothing."""
        name = f"month_{next(_numbers)}"
        books = cls(server, name, name)
        books._administer("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", f"CREATE DATABASE {name}")
        return books

    def keep(self, name: str) -> None:
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'"
        self._administer(others, f'CREATE DATABASE "{self.family}_{name}" TEMPLATE {self.name}')

    def restore(self, name: str) -> None:
        Path(".bank.released.log").unlink(missing_ok=True)  # what left other books is remembered beside their folder
        self._administer(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f'CREATE DATABASE {self.name} TEMPLATE "{self.family}_{name}"',
        )

    def rows(self) -> Rows:
        with psycopg.connect(self.url) as connection:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            tables = [name for (name,) in connection.execute(query).fetchall()]
            return {table: _sorted(connection.execute(f"SELECT * FROM {table}".encode())) for table in tables}

    def pages(self, name: str) -> int:  # noqa: ARG002 - a server's disk is not ours to fill
        """Not known of a server."""
        return 0

    def of_worker(self, number: int) -> "PostgresBooks":
        return PostgresBooks(self.server, f"{self.family}_worker_{number}", self.family)

    def _administer(self, *statements: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def _sorted(rows: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(map(repr, rows)))


def new_books(database: str, folder: Path, server: Callable[[], str]) -> Books:
    """Books of the kind asked for; the server is started only where it is needed."""
    if database == "postgresql":
        return PostgresBooks.on(server())
    kept = folder / "kept"
    kept.mkdir()
    return SqliteBooks(kept)
