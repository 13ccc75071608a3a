"""The program without anything that these tests do to it: a month typed command by command, and one whole life.

Elsewhere the commands of a test process share what was compiled (`support/warm.py`), and forked processes carry points
to be killed at (`support/forked.py`). Here is neither, on both databases: what passes elsewhere does not pass by that.
"""

import builtins
import io
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine.default import DefaultDialect
from support.lives_start import the_ordinary_six_months
from support.story import Office, Said, client_line
from support.town import Town, months

from flows import office as office_module
from flows.delivery import outbox
from ledgers.database import open_engine

pytestmark = pytest.mark.slow

BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
_numbers = itertools.count(1)


@dataclass
class Program(Office):
    """An office whose every command is the installed program, started for it alone."""

    def __call__(self, who: str, *words: str) -> Said:
        program = [str(Path(sys.executable).with_name("ontzorgen"))]
        place = ["--database", self.url, "--as", who, "--today", self.today]
        done = subprocess.run(
            [*program, *place, *words], capture_output=True, text=True, timeout=120, check=False, cwd=self.folder
        )
        return Said(done.returncode, done.stdout, done.stderr)


@BOTH
def test_a_month_from_nothing_to_a_closed_month_each_command_a_process(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    office = Program(_nothing_yet(request, kind, tmp_path), tmp_path)
    office.do("chef", "init")
    for user, role in (("chef", "beheer"), ("anna", "administratie"), ("bram", "finance"), ("carla", "fiatteur")):
        office.do("chef", "staff", "add", user, "--role", role)
    office.creditors()
    office.clients(client_line("0010001"), client_line("0010002"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-10;;",
        "VL-2;0010002;ZORG;zorgverzekering;158,95;P-1;2026-10;;",
    )
    office.benefits("U-1;0010001;2026-11;regulier;1.331,43;", "U-2;0010002;2026-11;regulier;1331,43;nee")
    office.do("bram", "run", "2026-11")
    (released,) = office.approve_and_release()
    office.today = "2026-12-20"
    office.do("bram", "fake-bank", str(released), "--out", str(tmp_path / "answers"), "--seed", "1")
    office.do("bram", "reconcile", *sorted(map(str, (tmp_path / "answers").glob("*.xml"))))
    assert office.status()["payments"]["booked"] == 2
    assert "bank 999.191,05 = boeken 999.191,05" in office.do("bram", "close", "2026-11").out
    office.do("carla", "check")


@BOTH
def test_a_life_from_its_first_month_to_its_end(
    empty_books: Callable[[str, Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(office_module, "open_engine", open_engine)  # as it is outside these tests
    assert io.open is builtins.open
    assert os.replace.__module__ == "posix"
    assert outbox.mkstemp is tempfile.mkstemp
    assert DefaultDialect.do_commit.__module__ == "sqlalchemy.engine.default"
    town = Town(Office(empty_books(kind, tmp_path), tmp_path).hire())
    town.play([the_ordinary_six_months])
    assert town.broken == {}
    assert town.wrong == []
    assert {month: said.err for month, said in town.closed.items() if said.code} == {}
    assert [*town.closed] == months("2026-09", "2027-04")
    assert {code: town.received(code) for code in town.proven} == town.proven
    assert town.costs.keys() == town.proven.keys()


def _nothing_yet(request: pytest.FixtureRequest, kind: str, folder: Path) -> str:
    """Where books may be made: no file yet, or a database without a table."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'books.db'}"
    server: str = request.getfixturevalue("postgres_url")
    name = f"nothing_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.replace("/postgres?", f"/{name}?")
