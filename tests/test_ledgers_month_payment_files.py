"""A payment file is frozen, approved on its hash by a second person, and released as the very bytes approved."""

from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select
from support.story import Office, client_line, ordinary_month

import config.settings
from ledgers.database import open_engine, reading
from ledgers.schema.core import file_approvals, file_releases, payment_files, payments

ASSEN, TYNAARLO = "ASSEN-202611-01-001", "TYNAARLO-202611-01-001"
TOTAL = "1.541,79"


@pytest.fixture
def planned(office: Office) -> Office:
    """An office whose month waits for approval."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    return office


def states(office: Office) -> dict[str, str]:
    return {file["file_id"]: file["state"] for file in office.files()}


def approve(office: Office, total: str = TOTAL, who: str = "carla", file: str = ASSEN) -> int:
    return office(who, "approve", file, "--total", total).code


def out(office: Office) -> Path:
    return office.folder / "bank"


def release(office: Office, who: str = "bram", file: str = ASSEN) -> int:
    return office(who, "release", file, "--out", str(out(office))).code


def written(office: Office, table: Table) -> list[Any]:
    """The rows of one table."""
    engine = open_engine(office.url)
    with reading(engine) as connection:
        found = list(connection.execute(select(table)))
    engine.dispose()
    return found


# --- frozen ----------------------------------------------------------------------------------------------------------


def test_a_frozen_file_says_the_hashes_of_its_own_bytes(planned: Office) -> None:
    engine = open_engine(planned.url)
    with reading(engine) as connection:
        for row in connection.execute(select(payment_files)):
            assert row.sha256 == sha256(bytes(row.content)).hexdigest()
            assert row.sha1 == sha1(bytes(row.content)).hexdigest()
            assert (row.state, row.made_by, row.message_id) == ("generated", "bram", row.file_id)
        assert set(connection.execute(select(payments.c.state)).scalars()) == {"planned"}
    engine.dispose()


def test_files_are_listed_by_month_and_name_whichever_was_made_first(planned: Office) -> None:
    planned.clients(client_line("0020001", gemeente="tynaarlo"), client_line("0030001", gemeente="aa-en-hunze"))
    planned.obligations("VL-9;0030001;WONEN;huur;600,00;C-9;2026-10;;")
    planned.benefits("U-9;0030001;2026-11;regulier;1331,43;", "U-10;0030001;2026-10;regulier;1331,43;")
    planned.do("bram", "run", "2026-11")
    planned.do("bram", "run", "2026-10", "--gemeente", "aa-en-hunze", "--execution-date", "2026-11-19")
    every = [file["file_id"] for file in planned.do("inge", "--json", "files").document]
    assert every == ["AA-EN-HUNZE-202610-01-001", "AA-EN-HUNZE-202611-01-001", ASSEN, TYNAARLO]
    assert [file["file_id"] for file in planned.files("2026-10")] == ["AA-EN-HUNZE-202610-01-001"]
    assert planned.files("2027-01") == []


def test_a_file_that_does_not_exist_is_refused_by_every_command(planned: Office) -> None:
    for said in (
        planned("carla", "approve", "ASSEN-1", "--total", TOTAL),
        planned("bram", "release", "ASSEN-1", "--out", str(out(planned))),
        planned("inge", "sheet", "ASSEN-1"),
    ):
        assert said.code == 1
        assert "There is no payment file ASSEN-1" in said.err


# --- approved --------------------------------------------------------------------------------------------------------


def test_the_second_person_types_the_total_and_approves_the_bytes(planned: Office) -> None:
    assert approve(planned) == 0
    assert states(planned) == {ASSEN: "approved", TYNAARLO: "generated"}
    [approval] = written(planned, file_approvals)
    [file] = [file for file in planned.files() if file["file_id"] == ASSEN]
    assert approval.sha256 == file["sha256"]
    assert not out(planned).exists()


def test_a_wrong_total_is_refused_and_both_amounts_are_named(planned: Office) -> None:
    for total in ("1541,78", "1541,80", "154.179,00", "15,42", "0,00"):
        said = planned("carla", "approve", ASSEN, "--total", total)
        assert said.code == 1
        assert f"The total typed is {total}".replace("typed is 1541", "typed is 1.541") in said.err
        assert "the file pays 1.541,79" in said.err
    for total in ("1541.79", "1541", "1.541,790", "-1541,79", "", "EUR 1541,79", "1,541.79"):
        assert approve(planned, total) == 1
    assert states(planned)[ASSEN] == "generated"


def test_the_maker_does_not_approve_even_with_the_role(planned: Office) -> None:
    planned.do("chef", "staff", "add", "bram", "--role", "fiatteur")
    assert approve(planned, who="bram") == 1
    assert written(planned, file_approvals) == []


def test_only_a_fiatteur_approves(planned: Office) -> None:
    for who in ("anna", "bram", "rosa", "dirk", "inge", "chef", "eve"):
        assert approve(planned, who=who) == 1
    assert states(planned)[ASSEN] == "generated"


def test_approving_again_answers_and_changes_nothing(planned: Office) -> None:
    approve(planned)
    planned.do("chef", "staff", "add", "carlo", "--role", "fiatteur")
    before = planned.digest()
    for who in ("carla", "carlo"):
        assert "was approved already" in planned.do(who, "approve", ASSEN, "--total", TOTAL).out
    assert approve(planned, "1.541,78") == 1  # a wrong total is told all the same
    assert planned.digest() == before


# --- released --------------------------------------------------------------------------------------------------------


def test_no_release_before_the_approval(planned: Office) -> None:
    said = planned("bram", "release", ASSEN, "--out", str(out(planned)))
    assert said.code == 1
    assert f"`ontzorgen approve {ASSEN} --total AMOUNT`" in said.err
    assert not out(planned).exists()


def test_the_released_bytes_are_the_approved_ones(planned: Office) -> None:
    approve(planned)
    said = planned.do("bram", "--json", "release", ASSEN, "--out", str(out(planned))).document
    path = out(planned) / f"{ASSEN}.xml"
    assert said["path"] == str(path)
    [file] = [file for file in planned.files() if file["file_id"] == ASSEN]
    assert sha256(path.read_bytes()).hexdigest() == said["sha256"] == file["sha256"]
    assert file["state"] == "released"
    assert planned.status()["payments"]["instructed"] == 4
    assert [found.name for found in out(planned).iterdir()] == [f"{ASSEN}.xml"]  # no temporary name stays behind


def test_releasing_again_gives_the_same_bytes_and_books_nothing(planned: Office) -> None:
    approve(planned)
    release(planned)
    path = out(planned) / f"{ASSEN}.xml"
    content, before = path.read_bytes(), planned.digest()
    assert "was released already" in planned.do("bram", "release", ASSEN, "--out", str(out(planned))).out
    path.unlink()  # the bank channel took it, or the disk lost it
    assert release(planned) == 0
    assert path.read_bytes() == content
    assert planned.digest() == before


def test_other_bytes_in_the_banks_folder_are_told_and_not_overwritten(planned: Office) -> None:
    approve(planned)
    release(planned)
    path = out(planned) / f"{ASSEN}.xml"
    path.write_bytes(path.read_bytes().replace(b"NL91ABNA0417164300", b"NL02ABNA0123456789"))
    altered = path.read_bytes()
    assert release(planned) == 5
    assert path.read_bytes() == altered


def test_the_approver_does_not_release_but_the_maker_may(planned: Office) -> None:
    planned.do("chef", "staff", "add", "carla", "--role", "finance")
    approve(planned)
    assert release(planned, who="carla") == 1
    assert written(planned, file_releases) == []
    assert release(planned, who="bram") == 0


def test_only_finance_releases(planned: Office) -> None:
    approve(planned)
    for who in ("anna", "carla", "rosa", "dirk", "inge", "chef", "eve"):
        assert release(planned, who=who) == 1
    assert states(planned)[ASSEN] == "approved"


def test_a_run_is_done_when_its_last_file_is_released(office: Office) -> None:
    """Four payments in two files of at most two."""
    example = Path(config.settings.__file__).with_name("example.toml").read_text(encoding="utf-8")
    office.config = office.folder / "settings.toml"
    office.config.write_text(example.replace("max_transactions = 10000", "max_transactions = 2"))
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    first, second = (file for file in office.files() if file["gemeente"] == "assen")
    assert (first["transactions"], second["transactions"]) == (2, 2)
    assert office.status()["state"] == "waiting_for_approval"
    for file, after in ((second, "waiting_for_approval"), (first, "done")):
        euros, cents = divmod(file["control_sum_cents"], 100)
        office.do("carla", "approve", file["file_id"], "--total", f"{euros},{cents:02d}")
        assert release(office, file=file["file_id"]) == 0
        assert office.status()["state"] == after
