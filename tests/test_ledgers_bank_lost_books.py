"""A restored database that makes a month again shows itself before anybody is paid twice."""

import shutil
from pathlib import Path

import pytest
from support.by_hand import Bank, Move
from support.story import Office
from support.story_bank import (
    ENERGY,
    INSURANCE,
    RENT,
    a_couple,
    a_couples_registers,
    all_is_well,
    open_exceptions,
    settle,
)

FILE = "ASSEN-202611-01-001"


def release(office: Office, file: str, who: str = "bram", folder: str = "bank") -> tuple[int, str]:
    said = office(who, "release", file, "--out", str(office.folder / folder))
    return said.code, said.err


def a_second_file(office: Office) -> str:
    """A supplementary file of November, approved and not released."""
    office.obligations("VL-6;0010001;WATER;water;20,00;W-1;2026-10;;")
    office.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-12-23")
    (file,) = [one["file_id"] for one in office.files() if one["state"] == "generated"]
    office.do("carla", "approve", file, "--total", "20,00")
    return str(file)


@pytest.mark.parametrize(
    "move",
    [
        Move(-650_01, RENT),
        Move(-929_46, iban="", payment_information_id=f"{FILE}-B1"),
        Move(-650_01, "202611-1-VL-1"),
        Move(-700_00, iban="", payment_information_id="ASSEN-202610-01-001-B1"),
    ],
    ids=["payment", "batch", "unknown payment", "unknown file"],
)
def test_what_was_booked_before_it_was_released_stops_the_account_until_somebody_looked(
    office: Office, move: Move
) -> None:
    bank = a_couple(office)  # released on 18 November
    waiting = a_second_file(office)
    bank.tells("2026-11-10", move)
    (item,) = open_exceptions(office)
    assert (item["kind"], item["amount_cents"]) == ("booked_before_release", -move.cents)
    assert office.status()["payments"]["booked"] == 0
    code, text = release(office, waiting)
    assert (code, item["id"] in text, "restored from a backup" in text) == (1, True, True)
    assert release(office, FILE)[0] == 0  # what left before is only written again
    settle(office, item["id"], "acknowledge", why="bank gebeld: eenmaal uitgevoerd")
    assert (
        "settled so already" in office.do("bram", "resolve", item["id"], "--as-what", "acknowledge", "--why", "x").out
    )
    assert release(office, waiting)[0] == 0
    settle(office, item["id"], "funding")
    all_is_well(office)


def test_what_was_booked_early_can_be_matched_with_its_payment(office: Office) -> None:
    bank = a_couple(office)
    bank.tells("2026-11-10", Move(-650_01, RENT))
    settle(office, open_exceptions(office)[0]["id"], "match")
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    assert [item["kind"] for item in open_exceptions(office)] == ["booked_twice"]
    all_is_well(office)


def test_a_batch_of_a_file_that_waits_stops_the_account_too(office: Office) -> None:
    a_couples_registers(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.do("carla", "approve", FILE, "--total", "929,46")
    Bank(office).tells("2026-11-18", Move(-929_46, iban="", payment_information_id=f"{FILE}-B1"))
    (item,) = open_exceptions(office)
    assert item["kind"] == "booked_unreleased"
    assert release(office, FILE)[0] == 1
    settle(office, item["id"], "acknowledge")
    assert release(office, FILE)[0] == 0


def test_a_number_of_a_stranger_stops_nothing(office: Office) -> None:
    bank = a_couple(office)
    waiting = a_second_file(office)
    bank.tells("2026-11-10", Move(-10_00, "2026-11-KOSTEN"), Move(-11_00, "VREEMD-1"), Move(-12_00, "202613-1-X"))
    assert {item["kind"] for item in open_exceptions(office)} == {"unknown_debit"}
    assert release(office, waiting)[0] == 0


def restored(office: Office, tmp_path: Path) -> Office:
    """Books of before the release, in which the month was made again a day later."""
    here, backup = tmp_path / "books.db", tmp_path / "backup.db"
    a_couples_registers(office)
    shutil.copy(here, backup)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.approve_and_release()
    shutil.copy(here, tmp_path / "right.db")
    shutil.copy(backup, here)
    lost = Office(office.url, office.folder, today="2026-11-19", written=100)
    lost.do("bram", "run", "2026-11", "--gemeente", "assen")
    lost.do("carla", "approve", FILE, "--total", "929,46")
    return lost


@pytest.fixture
def books(sqlite_template: Path, tmp_path: Path) -> Office:
    shutil.copy(sqlite_template, tmp_path / "books.db")
    return Office(f"sqlite:///{tmp_path / 'books.db'}", tmp_path).hire()


def test_a_restored_database_is_told_by_what_left_beside_the_files(books: Office, tmp_path: Path) -> None:
    lost = restored(books, tmp_path)
    code, text = release(lost, FILE)
    assert (code, f"{FILE} left for the bank before with other bytes" in text) == (5, True)
    (books.folder / "bank" / f"{FILE}.xml").unlink()
    assert release(lost, FILE)[0] == 5
    assert [file["state"] for file in lost.files()] == ["approved"]
    log = tmp_path / "books.db.released.log"
    kept = log.read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in kept] == ["#", FILE]
    shutil.copy(tmp_path / "right.db", tmp_path / "books.db")
    assert release(books, FILE)[0] == 0  # the right books write the very bytes again, and no second line
    assert log.read_text(encoding="utf-8").splitlines() == kept


def test_a_file_of_another_name_is_refused_by_books_that_do_not_know_what_left(books: Office, tmp_path: Path) -> None:
    lost = restored(books, tmp_path)
    lost.do("bram", "cancel", FILE, "--why", "opnieuw")
    lost.do("bram", "run", "2026-11", "--gemeente", "assen")
    other = "ASSEN-202611-02-001"
    lost.do("carla", "approve", other, "--total", "929,46")
    code, text = release(lost, other)
    assert (code, "do not hold row" in text) == (5, True)
    log = tmp_path / "books.db.released.log"
    log.rename(log.with_name("released.old"))
    assert release(lost, other)[0] == 0
