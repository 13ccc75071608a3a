"""Commands of one test process share what SQLAlchemy learned of each query: else every command compiles all anew.

Harmless: a command still opens and closes an engine and connections of its own. What they share is text: how the same
query reads in the SQL of the same kind of database. `test_bare_program.py` does a month and a life without this.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import LRUCache

from flows import office
from ledgers.database import open_engine

_first: dict[str, Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(5_000)


def open_warm(url: str) -> Engine:
    """An engine of its own, that speaks and compiles through the first one of its kind that reached its database."""
    engine = open_engine(url)
    known = _first.get(engine.dialect.name)
    if known is not None:
        engine.dialect = known
    else:
        with suppress(SQLAlchemyError), engine.connect():  # only a dialect that saw its database knows all of it
            _first[engine.dialect.name] = engine.dialect
    return engine.execution_options(compiled_cache=_compiled)


@contextmanager
def warm_commands() -> Iterator[None]:
    """Let every command open its books so, for as long as this lasts."""
    with patch.object(office, "open_engine", open_warm):
        yield
