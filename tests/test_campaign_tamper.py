"""A few hundred of the alterations of tests/campaigns/tamper.py: each is refused or reported."""

import shutil
from pathlib import Path

import pytest
from campaigns.tamper import campaign, unguarded
from campaigns.tamper_books import make_books
from support.story import Office

from ledgers.checks.self_check import full_check
from ledgers.database import open_engine, reading
from ledgers.journal.seals import SEALED
from ledgers.schema.core import metadata

pytestmark = pytest.mark.slow


def test_whatever_somebody_alters_is_told(tmp_path: Path) -> None:
    result = campaign(300, 2026, tmp_path)
    assert dict(result.missed) == {}
    assert result.tried.total() == 300


def test_every_table_is_sealed_or_proven_otherwise() -> None:
    """A new table belongs among the seals, or here with the check that proves it."""
    proven = {"books": "holds no decision", "settlements": "ledgers/checks/states.py", "audit_trail": "its own chain"}
    assert {sealed.table.name for sealed in SEALED} | set(proven) == set(metadata.tables)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Books to copy, and the head of their trail as it stands on paper."""
    folder = tmp_path_factory.mktemp("noted")
    _, _, (number, head) = make_books(folder)
    return folder / "books.db", f"{number}:{head[:16]}"


@pytest.fixture
def noted(made: tuple[Path, str], tmp_path: Path) -> tuple[Office, str]:
    books, head = made
    shutil.copy(books, tmp_path)
    return Office(f"sqlite:///{tmp_path / 'books.db'}", tmp_path, today="2026-12-18"), head


def test_the_head_on_the_sheet_is_still_in_the_trail(noted: tuple[Office, str]) -> None:
    office, head = noted
    file = office.files("2026-12")[0]["file_id"]
    sheet = office.do("carla", "sheet", file).out
    (line,) = [line for line in sheet.splitlines() if line.startswith("Regel en controlegetal")]
    assert line.split()[-1] == head
    office.do("inge", "audit", "verify", "--head", head)
    office.do("chef", "staff", "add", "later", "--role", "inzage")  # the trail grows, what was noted stays in it
    office.do("inge", "audit", "verify", "--head", head)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE payments SET state = 'settled' WHERE state = 'booked'",
        "UPDATE payments SET state = 'booked' WHERE state = 'settled'",
        "UPDATE settlements SET reason = NULL WHERE reason IS NOT NULL",
        "UPDATE settlements SET booked_on = '2026-11-24' WHERE kind = 'booked'",
        "UPDATE transfers SET line = 3 WHERE line = 2",
        "UPDATE transfers SET line = 3 - line WHERE event_key LIKE 'withheld:VL-1:%'",
        "UPDATE transfers SET month = '2026-12' WHERE event_key LIKE 'withheld:%:2026-12'",
    ],
)
def test_a_quiet_alteration_is_told(noted: tuple[Office, str], deed: str) -> None:
    with unguarded(noted[0].url) as connection:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(deed.replace("SET line = 3 - line", "SET line = -line"))
        connection.exec_driver_sql("UPDATE transfers SET line = 3 + line WHERE line < 0")
        assert full_check(connection) != []
        connection.exec_driver_sql("ROLLBACK")
        assert full_check(connection) == []


@pytest.mark.parametrize("head", ["1", "1:abc", "x:0123456789abcdef", "-1:0123456789abcdef", "1:0123456789ABCDEF"])
def test_a_head_that_is_none_is_a_usage_error(noted: tuple[Office, str], head: str) -> None:
    assert noted[0]("inge", "audit", "verify", f"--head={head}").code == 2


def test_a_tail_cut_off_is_told_by_the_head_on_paper(noted: tuple[Office, str]) -> None:
    office, head = noted
    engine = open_engine(office.url)
    with reading(engine) as connection:
        assert full_check(connection) == []
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_trail_delete")
        number = int(head.split(":")[0])
        connection.exec_driver_sql(f"DELETE FROM audit_trail WHERE sequence >= {number}")
    engine.dispose()
    office.do("inge", "audit", "verify")  # the chain alone does not know that it was longer
    said = office("inge", "audit", "verify", "--head", head)
    assert said.code == 5
    assert f"row {number} is gone or another" in said.err
