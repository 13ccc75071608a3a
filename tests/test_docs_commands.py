"""What the papers tell a reader to type works as they show it; what they name and point to is there.

A block `console` has a prompt `NAME$`, and the lines below it are the answer (`...` is whatever is left out); a line
`# YYYY-MM-DD` is the day from there on, `# exit N` behind a command its exit code. A block `sh` has commands alone. A
name behind a block's language makes it a file of that name, for the commands of its paper.
The README plays in an empty folder; every other paper begins where the README ends.
"""

import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from support import documents
from support.documents import HOUSE, PAPERS, Command, commands, in_code, insist_on, play, prose, tables, text_of
from typer.main import get_command

from config.parameters import load_parameters
from config.settings import INPUT_COLUMNS, GemeenteSettings, InputSettings, Settings
from desk.cli.main import program, run
from ledgers.bank.resolution_model import AsWhat
from ledgers.registers.staff import Role
from payments.dossier.ending import Missing
from payments.dossier.worklist_items import ItemKind
from payments.matching.model import ExceptionKind
from payments.plan.grounds import HeldReason

LANGUAGES = {"console", "sh", "json", "text", "toml", "xml"}
TOOLS = {
    "python3",
    "python",
    "pip",
    "ruff",
    "mypy",
    "git",
    "pre-commit",
}  # of the house, and tried by `make test` itself
ROOMS = ("payments", "ledgers", "config", "flows", "desk")
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), flags=re.MULTILINE))


def typed(command: Command) -> str:
    """The program that a line starts, wherever it is installed."""
    return command.words[0].rpartition("/")[2]


def follow(paper: str, folder: Path) -> None:
    """Type over a whole paper in a folder."""
    for block in documents.blocks(paper):
        if block.file is not None:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text("\n".join([*block.lines, ""]), encoding="utf-8")
    for command in commands(paper):
        if command.stays:
            assert command.words[1:] == ["serve"]
        elif typed(command) == "ontzorgen":
            play(command, folder)
        elif command.words[:2] == ["make", "demo"] and command.shown:
            with chdir(folder), redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()):
                assert run(["demo", "--out", "demo"]) == 0
            insist_on(command, out.getvalue())


@pytest.fixture(scope="module")
def after_the_readme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody who typed over the README."""
    folder = tmp_path_factory.mktemp("readme")
    follow("README.md", folder)
    return folder


def test_the_readme_works_as_it_is_typed_over(after_the_readme: Path) -> None:
    assert (after_the_readme / "ontzorgen.db").is_file()
    assert (after_the_readme / "opdrachtbrief.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("paper", [paper for paper in PAPERS if paper != "README.md" and commands(paper)])
def test_a_paper_works_as_it_is_typed_over(paper: str, after_the_readme: Path, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    shutil.copytree(after_the_readme, folder)
    follow(paper, folder)


@pytest.mark.parametrize("paper", PAPERS)
def test_whatever_else_is_to_be_typed_is_there(paper: str) -> None:
    assert {block.language for block in documents.blocks(paper)} <= LANGUAGES
    for command in commands(paper):
        for words in split_on(command.words, "&&"):
            program, first = words[0].rpartition("/")[2], next((w for w in words[1:] if not w.startswith("-")), "")
            if program == "make":
                assert first in MAKE_TARGETS, command
            elif program != "ontzorgen":
                assert program in TOOLS, command
            for word in words:
                if re.fullmatch(r"(tests|docs|config|payments|ledgers|flows|desk)/\S+", word.partition("::")[0]):
                    assert (HOUSE / word.partition("::")[0]).exists(), command


def split_on(words: list[str], sign: str) -> Iterator[list[str]]:
    part: list[str] = []
    for word in [*words, sign]:
        if word != sign:
            part.append(word)
        elif part:
            yield part
            part = []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_link_leads_somewhere(paper: str) -> None:
    for target in documents.links(paper):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (HOUSE / paper).parent / path if path else HOUSE / paper
        assert there.exists(), f"{paper}: {target}"
        if anchor:
            assert anchor in documents.anchors(there.resolve().relative_to(HOUSE).as_posix()), f"{paper}: {target}"


@pytest.mark.parametrize("paper", PAPERS)
def test_every_file_that_a_paper_names_in_code_is_there(paper: str) -> None:
    """A path that begins with a room or a folder of ours; `*` in it stands for some."""
    drawn = {word.strip(",") for block in documents.blocks(paper) for line in block.lines for word in line.split()}
    for named in in_code(prose(paper)) | {word for word in drawn if word.endswith(".py")}:
        path = named.partition("::")[0].rstrip("/")
        if re.fullmatch(r"(payments|ledgers|flows|desk|config|tests|docs|\.ci)/[\w./*-]+", path):
            assert any(HOUSE.glob(path)), f"{paper}: {named}"


def test_every_decision_is_listed_and_says_context_choice_and_consequence() -> None:
    pages = [Path(paper).name for paper in PAPERS if re.match(r"docs/decisions/\d", paper)]
    assert [link for link in documents.links("docs/decisions/README.md") if link[0].isdigit()] == pages
    for page in pages:
        headings = re.findall(r"^## (.+)$", text_of(f"docs/decisions/{page}"), flags=re.MULTILINE)
        assert headings == ["Context", "Choice", "Consequence"], page


def test_the_changelog_has_the_version_that_is_built() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    assert version in re.findall(r"^## (\S+)$", text_of("CHANGELOG.md"), flags=re.MULTILINE)


def test_the_map_of_the_house_has_every_room() -> None:
    rooms = {
        path.parent.relative_to(HOUSE).as_posix() for room in ROOMS for path in (HOUSE / room).rglob("__init__.py")
    }
    table = next(rows for heading, *rows in tables(prose("docs/architecture.md")) if heading[0] == "room")
    assert {row[0].strip("`") for row in table} >= rooms - {"desk"}


def every_command() -> set[str]:
    """`init`, `staff add`, ...: the program as its own help knows it."""

    def below(command: Any, name: str) -> Iterator[str]:
        parts = getattr(command, "commands", None)
        if parts is None:
            yield name
        for part, inner in (parts or {}).items():
            yield from below(inner, f"{name} {part}".strip())

    return set(below(get_command(program()), ""))


def test_every_command_of_the_program_is_in_the_reference_and_was_typed() -> None:
    reference = "docs/reference/commands.md"
    headings = {
        word for line in prose(reference).splitlines() if line.startswith("| `") for word in in_code(line.split("|")[1])
    }
    named = {
        command for command in every_command() if any(h == command or h.startswith(f"{command} ") for h in headings)
    }
    assert named == every_command()
    shown = [
        " ".join(command.words[1:]) for paper in PAPERS for command in commands(paper) if typed(command) == "ontzorgen"
    ]
    untried = {name for name in every_command() if not any(f"{line} ".startswith(f"{name} ") for line in shown)}
    assert untried == set()


def codes(paper: str, heading: str) -> set[str]:
    """The codes in the first column of the tables that follow a heading."""
    part = re.split(rf"^#+ {re.escape(heading)}$", text_of(paper), flags=re.MULTILINE)[1]
    part = re.split(r"^#+ ", part, flags=re.MULTILINE)[0]
    found = [row[0] for _, *rows in tables(part) for row in rows]
    return {code for cell in found for code in in_code(cell)}


@pytest.mark.parametrize(
    ("paper", "heading", "known"),
    [
        ("README.md", "Why somebody is not paid for", HeldReason),
        ("README.md", "What the bank said", ExceptionKind),
        ("docs/reference/reconciling.md", "How an item is settled", AsWhat),
        ("docs/reference/self-reliance.md", "The worklist", ItemKind),
        ("docs/reference/self-reliance.md", "The end", Missing),
        ("docs/reference/commands.md", "Who may do what", Role),
    ],
)
def test_a_table_of_codes_has_every_code_and_no_other(paper: str, heading: str, known: type[StrEnum]) -> None:
    assert codes(paper, heading) == {code.value for code in known}


def test_the_reference_has_every_setting_and_every_parameter() -> None:
    paper = "docs/reference/settings.md"
    fields = {
        f.alias or name
        for model in (Settings, InputSettings, GemeenteSettings)
        for name, f in model.model_fields.items()
    }
    assert codes(paper, "The settings file") == fields - {"code"}  # the code is the name of the table itself
    assert codes(paper, "Dated parameters") == set(load_parameters().versions)


@pytest.mark.parametrize("kind", INPUT_COLUMNS)
def test_the_reference_has_every_column_of_every_file_in_its_order(kind: str) -> None:
    part = text_of("docs/reference/files.md").split(f"## `{kind}", 1)[1].split("\n## ", 1)[0]
    _, *rows = next(tables(part))
    assert tuple(row[0].strip("`") for row in rows) == tuple(INPUT_COLUMNS[kind])
