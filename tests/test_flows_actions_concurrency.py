"""Two people, or eight, type the same command at the same moment: it is done once, and everybody is told so."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from support.forked import at_once
from support.story import CREDITOR_COLUMNS, CREDITORS, Office, Said, client_line, ordinary_month

from ledgers.checks import self_check
from ledgers.database import reading
from ledgers.schema.core import file_approvals, file_releases, iban_confirmations, imports, runs, transfers

MONTH = "2026-11"
FOUR = 4


def documents(office: Office, many: int, who: str, *words: str) -> list[Any]:
    """The answers of so many processes that do the same at the same moment; each of them must succeed."""
    said: list[Said] = at_once(*[partial(office, who, "--json", *words)] * many)
    assert [one.err for one in said if one.code != 0] == []
    return [json.loads(one.out) for one in said]


def rows(engine: Engine, table: Any) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize("many", [2, 8], ids=["two", "eight"])
def test_a_month_started_at_the_same_moment_runs_once_per_gemeente(office: Office, engine: Engine, many: int) -> None:
    ordinary_month(office)
    answers = documents(office, many, "bram", "run", MONTH)
    for gemeente in ("assen", "tynaarlo"):
        results = [next(r for r in answer["gemeenten"] if r["gemeente"] == gemeente) for answer in answers]
        assert sorted(result["already"] for result in results) == [False] + [True] * (many - 1)
        assert [{**result, "already": None} for result in results] == [{**results[0], "already": None}] * many
    assert rows(engine, runs) == 2
    assert [file["transactions"] for file in office.files()] == [4, 1]
    with reading(engine) as connection:
        assert self_check.full_check(connection) == []


def test_each_gemeente_can_be_run_by_another_process_at_the_same_moment(office: Office, engine: Engine) -> None:
    ordinary_month(office)
    said = at_once(*(partial(office, "bram", "run", MONTH, "--gemeente", code) for code in ("assen", "tynaarlo")))
    assert [one.code for one in said] == [0, 0]
    assert [file["transactions"] for file in office.files()] == [4, 1]


def test_a_late_benefit_line_makes_one_supplementary_file_however_many_start_it(office: Office, engine: Engine) -> None:
    ordinary_month(office)
    office.do("bram", "run", MONTH)
    office.clients(client_line("0010003"))
    office.obligations("VL-9;0010003;WONEN;huur;640,00;C-80;2026-10;;")
    office.benefits("U-9;0010003;2026-11;regulier;1331,43;nee")
    documents(office, 2, "bram", "run", MONTH, "--gemeente", "assen")
    assert [file["file_id"] for file in office.files()] == [
        "ASSEN-202611-01-001",
        "ASSEN-202611-02-001",
        "TYNAARLO-202611-01-001",
    ]


def test_an_approval_and_a_release_given_at_the_same_moment_count_once(office: Office, engine: Engine) -> None:
    ordinary_month(office)
    office.do("bram", "run", MONTH)
    file = office.files()[0]
    approvals = documents(office, FOUR, "carla", "approve", file["file_id"], "--total", "1.541,79")
    assert sorted(answer["already"] for answer in approvals) == [False] + [True] * (FOUR - 1)
    bank = office.folder / "bank"
    releases = documents(office, FOUR, "bram", "release", file["file_id"], "--out", str(bank))
    assert sorted(answer["already"] for answer in releases) == [False] + [True] * (FOUR - 1)
    assert [path.name for path in bank.glob("*.xml")] == [f"{file['file_id']}.xml"]
    assert {Path(answer["path"]).read_bytes() for answer in releases} == {
        (bank / f"{file['file_id']}.xml").read_bytes()
    }
    assert (rows(engine, file_approvals), rows(engine, file_releases)) == (1, 1)
    with reading(engine) as connection:
        released = select(func.count()).where(transfers.c.event_key.like("released:%"))
        assert connection.execute(released).scalar_one() == file["transactions"]
        assert self_check.full_check(connection) == []


def test_a_file_imported_and_its_ibans_confirmed_at_the_same_moment_count_once(office: Office, engine: Engine) -> None:
    path = office.file("creditors.csv", CREDITOR_COLUMNS, *CREDITORS.values())
    imported = documents(office, FOUR, "anna", "import", "creditors", path)
    assert sorted((answer["already"], answer["new"]) for answer in imported) == [(False, 4)] + [(True, 0)] * (FOUR - 1)
    confirmed = documents(office, FOUR, "bram", "creditor", "confirm", *CREDITORS, "--how", "teruggebeld")
    assert sorted([one["already"] for one in answer] for answer in confirmed) == [
        [False] * 4,
        *[[True] * 4] * (FOUR - 1),
    ]
    assert (rows(engine, imports), rows(engine, iban_confirmations)) == (1, 4)


def test_the_enterer_and_a_second_person_confirming_at_once_leaves_the_second_persons_word(office: Office) -> None:
    office.creditors(confirm=False)
    words = ("creditor", "confirm", "WONEN", "--how", "teruggebeld")
    enterer, second = at_once(partial(office, "anna", *words), partial(office, "bram", *words))
    assert second.code == 0
    assert enterer.code in (0, 1)  # after the second person it is no more than "was confirmed already"
    assert "was confirmed already" in enterer.out if enterer.code == 0 else "second person" in enterer.err


def test_new_books_are_created_once(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path / 'new' / 'books.db'}", tmp_path)
    answers = documents(office, FOUR, "chef", "init")
    assert sorted(answer["created"] for answer in answers) == [False] * (FOUR - 1) + [True]
    office.hire()


def test_reading_never_waits_for_a_writer_nor_fails_beside_one(office: Office) -> None:
    ordinary_month(office)
    said = at_once(
        partial(office, "bram", "run", MONTH),
        *[partial(office, "inge", *words) for words in (("status",), ("files",), ("check",), ("audit", "verify"))],
    )
    assert [one.code for one in said] == [0] * 5
