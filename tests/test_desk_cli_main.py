"""The program's first words: help, and what a command loads before it begins."""

import subprocess
import sys

import pytest
from typer.main import get_command

from desk.cli.commands import MODULE_OF, MODULES
from desk.cli.main import program

HEAVY = {
    "pandas",
    "numpy",
    "openpyxl",
    "xlsxwriter",
    "prefect",
    "typst",
    "fpdf",
    "jinja2",
    "holidays",
    "lxml",
    "stdnum",
}
BOOKS = {"sqlalchemy", "pydantic", "schwifty", "psycopg"}


def test_the_list_of_commands_says_what_each_command_says_of_itself() -> None:
    whole = get_command(program()).commands  # type: ignore[attr-defined]
    assert {name: command.help.strip() for name, command in whole.items()} == {
        name: sentence for commands in MODULES.values() for name, sentence in commands.items()
    }


@pytest.mark.parametrize("module", MODULES)
def test_a_module_brings_the_commands_that_the_list_says_and_no_other(module: str) -> None:
    first = next(iter(MODULES[module]))
    assert set(get_command(program(first)).commands) == set(MODULES[module])  # type: ignore[attr-defined]
    assert {MODULE_OF[name] for name in MODULES[module]} == {module}


def loaded_by(*words: str) -> set[str]:
    """What a fresh program has loaded once it said its answer."""
    program = "import sys; from desk.cli.main import run; run(sys.argv[1:]); print('LOADED', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("LOADED")[2].split())


def test_help_loads_no_book_and_nothing_heavy() -> None:
    loaded = loaded_by("--help")
    assert loaded & (HEAVY | BOOKS) == set()
    assert len(loaded) < 380  # 339 of them: what comes with it, each prompt waits for


def test_status_loads_the_books_and_nothing_heavy(tmp_path) -> None:  # type: ignore[no-untyped-def]
    url = f"sqlite:///{tmp_path / 'books.db'}"
    assert loaded_by("--database", url, "init") & HEAVY == set()
    loaded = loaded_by("--database", url, "status")
    assert loaded & (HEAVY | {"psycopg", "ledgers.checks.self_check"}) == set()
    assert len(loaded) < 600  # 550 of them
