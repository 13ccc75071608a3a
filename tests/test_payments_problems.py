"""One tree of refusals: whatever the product says no with says itself what it is called and how a command ends."""

import ast
from pathlib import Path

import pytest

from config.known import UnknownGemeente
from config.settings import SettingsRefused
from config.values import NotConfigured
from desk.cli.month import NotEveryRun
from flows.actions.run_month import FileRefused
from flows.actions.stale_files import StaleFile
from flows.office import UsageError
from ledgers.bank.statements import StatementOutOfOrder
from ledgers.cases.ends import NotYet
from ledgers.errors import Conflict, DatabaseOutOfOrder, ProofFailed, Refused
from payments.problems import InputRefused, Problem, Refusal

HOUSE = Path(__file__).parents[1]
SAYS: dict[type[Refusal], tuple[str, int]] = {
    Refused: ("refused", 1),
    NotYet: ("refused", 1),
    FileRefused: ("refused", 1),
    StaleFile: ("refused", 1),
    NotEveryRun: ("refused", 1),
    StatementOutOfOrder: ("refused", 1),
    DatabaseOutOfOrder: ("refused", 1),
    NotConfigured: ("refused", 1),
    UnknownGemeente: ("unknown_gemeente", 1),
    UsageError: ("usage", 2),
    SettingsRefused: ("usage", 2),
    InputRefused: ("invalid_input", 3),
    Conflict: ("conflict", 4),
    ProofFailed: ("proof_failed", 5),
}
INSIDE = {"Wrong"}  # between the parts of a reader of bank files, which tells it as an InputRefused


@pytest.mark.parametrize("kind", SAYS)
def test_a_refusal_says_its_word_and_its_exit_code(kind: type[Refusal]) -> None:
    assert (kind.code, kind.exit_code) == SAYS[kind]


def test_no_error_of_ours_stands_outside_the_tree() -> None:
    """A new one belongs in the tree and in the table above, else a door would not know what to do with it."""
    found, bases = set(), {"Exception", "Refusal", *(kind.__name__ for kind in SAYS)}
    for room in ("payments", "ledgers", "config", "flows", "desk"):
        for path in (HOUSE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & bases:
                    found.add(node.name)
    assert found - INSIDE - {"Refusal"} == {kind.__name__ for kind in SAYS}


def test_an_invalid_file_tells_every_problem_to_people_and_to_programs() -> None:
    problems = [Problem("a.csv", 2, "bedrag", "8.50", "has no comma"), Problem("a.csv", None, None, None, "x")]
    refused = InputRefused(problems)
    lines = ["2 problem(s); nothing is stored:", "  a.csv, line 2, column bedrag: '8.50' has no comma", "  a.csv: x"]
    assert refused.sentence == "\n".join(lines)
    assert [problem["line"] for problem in refused.details["problems"]] == [2, None]  # type: ignore[attr-defined]
