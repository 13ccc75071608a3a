"""Commands of one test process share what SQLAlchemy and the server learned of each query, else each learns all anew.

Harmless: a command still opens and closes an engine and connections of its own. What they share is text: how the same
query reads in the SQL of the same kind of database; and the session on the server behind a connection, which knows the
tables, and of which nothing outlasts its transaction. `test_bare_program.py` does a month and a life without this.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Dialect, Engine, Pool, QueuePool
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import LRUCache

from flows import office
from ledgers.database import open_engine

SESSIONS_OF = 4  # databases at a time: a server takes a hundred sessions

_first: dict[str, Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(5_000)
_pools: dict[int, dict[str, Pool]] = {}  # by process: a forked one must not speak through its parent's sessions


def open_warm(url: str) -> Engine:
    """An engine of its own, that speaks and compiles through the first one of its kind that reached its database."""
    engine = open_engine(url)
    known = _first.get(engine.dialect.name)
    if known is not None:
        engine.dialect = known
    elif engine.dialect.name != "sqlite" or Path(str(engine.url.database)).exists():  # looking creates no books
        with suppress(SQLAlchemyError), engine.connect():  # only a dialect that saw its database knows all of it
            _first[engine.dialect.name] = engine.dialect
    if engine.dialect.name == "postgresql":
        engine.pool = _sessions(engine)
    return engine.execution_options(compiled_cache=_compiled)


def _sessions(engine: Engine) -> Pool:
    """The sessions of this process on one database; those of the database that waited longest are ended."""
    pools = _pools.setdefault(os.getpid(), {})
    url = engine.url.render_as_string(hide_password=False)
    pool = pools.pop(url, None)
    if pool is None:
        own = engine.pool
        pool = QueuePool(
            own._creator,
            max_overflow=-1,
            use_lifo=True,
            pre_ping=True,  # a database that is put back ends its sessions
            dialect=engine.dialect,
            _dispatch=own.dispatch,
        )
    pools[url] = pool
    while len(pools) > SESSIONS_OF:
        pools.pop(next(iter(pools))).dispose()
    return pool


@contextmanager
def warm_commands() -> Iterator[None]:
    """Let every command open its books so, for as long as this lasts."""
    with patch.object(office, "open_engine", open_warm):
        yield
