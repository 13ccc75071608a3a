"""Two real databases for every test of the books: SQLite, and a PostgreSQL that the tests start themselves."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, make_url

pytest.register_assert_rewrite("support")  # before it is imported: an assert in a life tells what differs

from support.beginnings import Beginnings  # noqa: E402
from support.order import DEAREST  # noqa: E402
from support.server import Server, running  # noqa: E402
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

BOOKS = {"empty_books", "postgres", "sqlite_template"}
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=AMSTERDAM)

EmptyBooks = Callable[[str, Path], str]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks for books is slow, unless it is marked `quick` and asks for them on SQLite; the dearest files first."""
    if not config.pluginmanager.hasplugin("randomly"):
        place = {name: number for number, name in enumerate(DEAREST)}
        items.sort(key=lambda item: place.get(item.path.stem, len(place)))
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
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of this test process, with a template database that holds empty books."""
    with running(Path(FAST or "/tmp")) as server:
        server.do("CREATE DATABASE empty_books")
        template = open_engine(server.url_of("empty_books"))
        initialise(template, NOW)
        template.dispose()
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Server) -> str:
    """Where that server is."""
    return postgres.url


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
def servers() -> list[Server]:
    """The server, once somebody asked for it."""
    return []


@pytest.fixture(scope="module", autouse=True)
def _databases_go_with_their_module(servers: list[Server]) -> Iterator[None]:
    yield
    for server in servers:
        server.drop_lent()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, servers: list[Server]) -> Callable[[], Server]:
    """Starts the server when it is first asked for."""

    def get() -> Server:
        if not servers:
            servers.append(request.getfixturevalue("postgres"))
        return servers[0]

    return get


@pytest.fixture(scope="session")
def empty_books(request: pytest.FixtureRequest, server: Callable[[], Server]) -> EmptyBooks:
    """Makes empty books in a folder on the kind of database asked for; returns their URL."""

    def make(kind: str, folder: Path) -> str:
        if kind == "sqlite":
            shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "books.db")
            return f"sqlite:///{folder / 'books.db'}"
        return server().url_of(server().lend("empty_books"))

    return make


@pytest.fixture(scope="session")
def staffed_books(
    empty_books: EmptyBooks, server: Callable[[], Server], tmp_path_factory: pytest.TempPathFactory
) -> EmptyBooks:
    """Makes books with staff and nothing else in a folder on the kind of database asked for; returns their URL."""
    templates: dict[str, Path] = {}

    def make(kind: str, folder: Path) -> str:
        if kind not in templates:
            templates[kind] = tmp_path_factory.mktemp("staffed")
            url = empty_books(kind, templates[kind])
            Office(url, templates[kind]).hire()
            if kind == "postgresql":
                server().copy(str(make_url(url).database), "staffed_books")
        if kind == "sqlite":
            shutil.copyfile(templates[kind] / "books.db", folder / "books.db")
            return f"sqlite:///{folder / 'books.db'}"
        return server().url_of(server().lend("staffed_books"))

    return make


@pytest.fixture(scope="session")
def beginnings(server: Callable[[], Server], tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    """What was played in this process from staffed books on."""
    return Beginnings(tmp_path_factory.mktemp("beginnings"), server)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, empty_books: EmptyBooks, staffed_books: EmptyBooks, tmp_path: Path
) -> str:
    """The URL of one test's own books, on each database in turn: empty, but for the staff of an office."""
    make = staffed_books if "office" in request.fixturenames else empty_books
    return make(request.param, tmp_path)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The books of one test's own."""
    engine = open_warm(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def office(database_url: str, tmp_path: Path, beginnings: Beginnings) -> Office:
    """An office with staff and empty registers."""
    return Office(database_url, tmp_path, beginnings=beginnings)
