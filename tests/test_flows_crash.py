"""The process killed at any point and started again gives the same books and the same files, on both databases.

A command is started in a process of its own and killed at its n-th point: before a statement, around a commit, at a
line of the outbox. Then the whole month is simply done again, from its first command. ONTZORGEN_CRASH=all kills on
both sides of every statement of every command and does the month again after each kill; without it the registers
are sampled, and from books and files that are equal, row for row and byte for byte, the month is done again once.
"""

import gc
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any, ParamSpec, Protocol, TypeVar

import pytest
from forked import fork
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine.default import DefaultDialect
from story import Office, Said, ordinary_month

from flows import outbox
from ledgers import checks
from ledgers.database import open_engine, reading

ALL = os.environ.get("ONTZORGEN_CRASH") == "all"
PARTS = {
    "init": ("init",),
    "registers": ("import creditors", "creditor confirm", "import clients", "import obligations", "import benefits"),
    "run": ("run 2026-11",),
    "release": ("approve ASSEN", "release ASSEN"),
    "second release": ("approve TYNAARLO", "release TYNAARLO"),
}
KILLED = tuple(start for starts in PARTS.values() for start in starts)
EVERY = {"init": 40, "registers": 8, "second release": 8}  # without ONTZORGEN_CRASH=all: one point in so many

P = ParamSpec("P")
T = TypeVar("T")
State = tuple[str, dict[str, bytes]]


class Books(Protocol):
    """A database that can be put aside under a name and brought back."""

    url: str

    def keep(self, name: str) -> None: ...
    def restore(self, name: str) -> None: ...


@dataclass
class SqliteBooks:
    folder: Path
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.path = self.folder / "books.db"
        self.url = f"sqlite:///{self.path}"

    def keep(self, name: str) -> None:
        kept = self.folder / f"{name}.kept"
        kept.touch()
        if self.path.exists():
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(kept)) as target:
                source.backup(target)

    def restore(self, name: str) -> None:
        for leftover in self.folder.glob("books.db*"):  # the journal of a killed process goes with its books
            leftover.unlink()
        if (self.folder / f"{name}.kept").stat().st_size:
            shutil.copy(self.folder / f"{name}.kept", self.path)


@dataclass
class PostgresBooks:
    server: str
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = self.server.replace("/postgres?", "/crash?")
        # Processes are killed here, not machines: what the server writes to disk when proves nothing.
        self._administer("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE crash")

    def keep(self, name: str) -> None:
        gc.collect()
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'crash'"
        self._administer(others, f'CREATE DATABASE "{name}" TEMPLATE crash')

    def restore(self, name: str) -> None:
        self._administer("DROP DATABASE crash WITH (FORCE)", f'CREATE DATABASE crash TEMPLATE "{name}"')

    def _administer(self, *statements: str) -> None:
        url = self.server.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


@dataclass
class Diary(Office):
    """An office that writes down what it was told, and keeps the books as they were before it."""

    books: Books | None = None
    commands: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, who: str, *words: str) -> Said:
        if self.books is not None and "--json" not in words:
            if " ".join(words).startswith(KILLED):
                self.books.keep(str(len(self.commands)))
            self.commands.append((who, *words))
        return super().__call__(who, *words)


def two_gemeenten(folder: Path) -> Path:
    """The example without the gemeente that has no clients in this story: it would only repeat the others' steps."""
    config = folder / "two.toml"
    example = (files("config") / "example.toml").read_text(encoding="utf-8")
    start, end = example.index("[gemeenten.aa-en-hunze]"), example.index("[gemeenten.tynaarlo]")
    config.write_text(example[:start] + example[end:], encoding="utf-8")
    return config


class Month:
    """A small month that went well once, and can be brought back to the moment before each of its commands."""

    def __init__(self, books: Books, folder: Path) -> None:
        self.books = books
        self.bank = folder / "bank"
        self.engine = open_engine(books.url)
        diary = Diary(books.url, folder, config=two_gemeenten(folder), books=books)
        diary.do("chef", "init")
        ordinary_month(diary.hire())
        diary.do("bram", "run", "2026-11")
        diary.approve_and_release()
        self.commands = diary.commands
        self.office = Office(books.url, folder, config=diary.config)
        self.end = self.state()
        gc.collect()
        gc.freeze()  # or every forked process would copy and search all that was ever imported

    def numbers(self, starts: tuple[str, ...]) -> list[int]:
        """The places of the commands that start so."""
        return [next(n for n, (_, *words) in enumerate(self.commands) if " ".join(words).startswith(s)) for s in starts]

    def back_to(self, number: int) -> None:
        """Bring books and bank folder to the moment before a command."""
        self.books.restore(str(number))
        shutil.rmtree(self.bank, ignore_errors=True)
        done = {f"{words[0]}.xml" for _, verb, *words in self.commands[:number] if verb == "release"}
        for name in done:
            self.bank.mkdir(exist_ok=True)
            (self.bank / name).write_bytes(self.end[1][name])

    def again(self) -> None:
        """Do the whole month; what was done already must say so with exit code 0."""
        for command in self.commands:
            self.office.do(*command)
        gc.collect()  # a process forked from here must not inherit sessions that only wait to be closed

    def state(self) -> State:
        """Every row of the books and every byte at the bank; unfinished files count by what is in them."""
        bank = {p.name if p.suffix == ".xml" else p.suffix: p.read_bytes() for p in self.bank.glob("*")}
        with reading(self.engine) as connection:
            found = checks.digest(connection) if inspect(connection).has_table("books") else "no books"
        self.engine.dispose()  # nobody may hold on to books that are to be replaced
        return found, bank

    def violations(self) -> list[str]:
        """What the check of all books says of them as they are left."""
        with reading(self.engine) as connection:
            found = checks.full_check(connection) if inspect(connection).has_table("books") else []
        self.engine.dispose()
        return found

    def killed(self, point: int, number: int) -> bool:
        """Start a command and kill it at its n-th point; False when it ended before that."""

        def act() -> int:
            die_at(point)
            return self.office.do(*self.commands[number]).code

        return fork(act).answer() is None


def die_at(point: int) -> None:
    """Kill this process at its n-th point from here.

    Between two statements nothing happens to books or files, so before each statement and at both sides of each
    commit is everywhere; ONTZORGEN_CRASH=all also kills after each statement.
    """
    passed = 0

    def pass_point(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", pass_point)
    event.listen(Engine, "commit", pass_point)
    if ALL:
        event.listen(Engine, "after_cursor_execute", pass_point)
    commit = DefaultDialect.do_commit

    def commit_and_pass(dialect: DefaultDialect, connection: Any) -> None:
        commit(dialect, connection)
        pass_point()

    DefaultDialect.do_commit = commit_and_pass  # type: ignore[method-assign]
    outbox.deliver = line_by_line(outbox.deliver, pass_point)


def line_by_line(function: Callable[P, T], act: Callable[[], None]) -> Callable[P, T]:
    """The same function, with an act before each line of its module that it comes by: open, write, fsync, rename."""

    def trace(frame: FrameType, what: str, _: object) -> Any:
        if frame.f_code.co_filename != function.__code__.co_filename:
            return None
        if what == "line":
            act()
        return trace

    def traced(*args: P.args, **kwargs: P.kwargs) -> T:
        sys.settrace(trace)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(None)

    return traced


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def month(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("crash")
    if request.param == "sqlite":
        yield Month(SqliteBooks(folder), folder)
    else:
        yield Month(PostgresBooks(request.getfixturevalue("postgres_url")), folder)
    gc.unfreeze()


@pytest.mark.parametrize("part", PARTS)
def test_killed_anywhere_and_started_again_is_as_if_nothing_happened(month: Month, part: str) -> None:
    for number in month.numbers(PARTS[part]):
        month.back_to(number)
        before = month.state()
        brought_to_the_end: list[State] = []
        step = 1 if ALL else EVERY.get(part, 1)
        for point in count(1, step):
            if not month.killed(point, number):
                break
            left = month.state()
            new = left not in brought_to_the_end
            if ALL or new:
                assert month.violations() == []
                month.again()
                assert month.state() == month.end, f"{month.commands[number]} killed at point {point}"
                brought_to_the_end.append(left)
            if ALL or new or left != before:
                month.back_to(number)
        assert point > step, "the command was never killed"
        assert len(brought_to_the_end) > 1 or step > 1, "no kill ever found work done"
