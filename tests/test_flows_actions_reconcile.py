"""Several bank files at once, called directly: what each brought, and all that was refused in one failure."""

from pathlib import Path

import pytest
from support.by_hand import Move
from support.seats import seat
from support.story import Office
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, all_is_well

from flows.actions.reconcile import reconcile_files
from ledgers.errors import Refused
from payments.problems import InputRefused


@pytest.fixture
def statements(office: Office) -> list[Path]:
    """Two days of one account, the later one first."""
    bank = a_couple(office)
    first = bank.says("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY))
    second = bank.says("2026-11-26", Move(-158_95, INSURANCE), Move(25_00, iban="NL39RABO0300065264", text="?"))
    return [Path(second), Path(first)]


def test_files_are_read_by_day_and_again_are_read_already(office: Office, statements: list[Path]) -> None:
    done = reconcile_files(seat(office, "bram"), statements)
    assert [(file.file, file.booked, file.exceptions, file.already) for file in done.files] == [
        ("statement-001.xml", 2, 0, False),
        ("statement-002.xml", 1, 1, False),
    ]
    assert (done.failures, done.failure) == ((), None)
    once = office.digest()
    assert [file.already for file in reconcile_files(seat(office, "anna"), statements).files] == [True, True]
    assert office.digest() == once
    all_is_well(office)


def test_an_invalid_file_does_not_keep_the_others_back(office: Office, statements: list[Path]) -> None:
    broken = [office.folder / name for name in ("a.xml", "b.xml")]
    for path in broken:
        path.write_text("rommel", encoding="utf-8")
    done = reconcile_files(seat(office, "bram"), [*broken, *statements])
    assert [file.file for file in done.files] == ["statement-001.xml", "statement-002.xml"]
    assert isinstance(done.failure, InputRefused)
    assert [problem.file for problem in done.failure.problems] == ["a.xml", "b.xml"]


def test_a_stranger_has_one_refusal_with_every_file_in_it(office: Office, statements: list[Path]) -> None:
    before = office.digest()
    done = reconcile_files(seat(office, "inge"), statements)
    assert done.files == ()
    assert isinstance(done.failure, Refused)
    assert str(done.failure).count("inge may not do this") == len(statements)
    assert office.digest() == before
