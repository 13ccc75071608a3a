"""A Prefect server of the tests' own, with home and database in a folder, that tells nobody anything."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

NO_TRACKING = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
SECONDS = 180  # a busy machine starts a server slowly


@contextmanager
def prefect_server(home: Path) -> Iterator[None]:
    """Flows of this process run against a server of their own for as long as this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PREFECT_HOME": str(home), **NO_TRACKING}.items():
            patch.setenv(name, value)
        from prefect.settings import PREFECT_HOME, temporary_settings
        from prefect.testing.utilities import prefect_test_harness

        with temporary_settings({PREFECT_HOME: home}), prefect_test_harness(server_startup_timeout=SECONDS):
            yield


def prefect_database() -> Path:
    """The file in which that server keeps what it was told."""
    from prefect.settings import get_current_settings

    url = get_current_settings().server.database.connection_url
    assert url is not None
    return Path(url.get_secret_value().removeprefix("sqlite+aiosqlite:///"))


def prefect_rows() -> str:
    """Every row of that file, as SQL."""
    with closing(sqlite3.connect(f"file:{prefect_database()}?mode=ro", uri=True)) as database:
        return "\n".join(database.iterdump())
