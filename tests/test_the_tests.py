"""The tests keep their own house: named after the rooms, nothing borrowed from one another, the same ones each time."""

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.assen_month import assen_only
from support.beginnings import Beginnings
from support.order import DEAREST
from support.story import Office

HOUSE = Path(__file__).parents[1]
TESTS = sorted((HOUSE / "tests").glob("test_*.py"))
SHARED = sorted((HOUSE / "tests" / "support").glob("*.py"))
ROOMS = ("config", "desk", "flows", "ledgers", "payments")


def named_in_the_house() -> set[str]:
    """Every module and every room within a room, as a test file is named after it."""
    inside = [path.relative_to(HOUSE) for room in ROOMS for path in (HOUSE / room).rglob("*.py")]
    modules = {"_".join(path.with_suffix("").parts) for path in inside}
    return modules | {"_".join(path.parent.parts) for path in inside if len(path.parts) > 2}


@pytest.mark.parametrize(
    "path", [path for path in TESTS if path.stem.split("_")[1] in ROOMS], ids=lambda path: path.stem
)
def test_a_test_file_is_named_after_a_module_or_a_room_within_a_room(path: Path) -> None:
    words = path.stem.removeprefix("test_").split("_")
    assert {"_".join(words[:many]) for many in range(2, len(words) + 1)} & named_in_the_house()


def test_no_test_file_borrows_from_another() -> None:
    borrowed = []
    for path in [*TESTS, *SHARED]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            borrowed += [f"{path.name}: {name}" for name in names if name.split(".")[-1].startswith("test_")]
    assert borrowed == []


def test_everything_shared_says_in_a_sentence_what_it_is() -> None:
    said = {path.name: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in SHARED}
    assert len(said) > 10
    assert [name for name, text in said.items() if not text.split("\n\n", maxsplit=1)[0].endswith(".")] == []


def test_the_dearest_files_are_there() -> None:
    assert set(DEAREST) <= {path.stem for path in TESTS}


@pytest.mark.slow
def test_every_collection_finds_the_same_tests_in_the_same_order() -> None:
    """Whatever order sets have in a process: else two workers of one run would not do the same tests."""
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(HOUSE / "tests")]
    started = [
        subprocess.Popen(words, cwd=HOUSE, env=os.environ | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, text=True)
        for seed in ("1", "2")
    ]
    one, other = ([line for line in process.communicate()[0].splitlines() if "::" in line] for process in started)
    assert len(one) > 3_000
    assert one == other


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_beginning_that_is_copied_is_what_was_played(
    staffed_books: Callable[[str, Path], str], beginnings: Beginnings, tmp_path: Path, kind: str
) -> None:
    def stands(name: str, kept: Beginnings | None) -> tuple[str, str, int, dict[str, bytes]]:
        folder = tmp_path / name
        folder.mkdir()
        office = Office(staffed_books(kind, folder), folder, beginnings=kept)
        released = assen_only(office)
        assert [path.parent for path in released] == [folder / "bank"]
        files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        content = {name: path.read_bytes() for name, path in files.items() if not name.startswith("books.db")}
        return office.digest(), office.today, office.written, content

    played = stands("played", None)
    assert stands("kept", beginnings) == stands("copied", beginnings) == played
    assert played[3]
