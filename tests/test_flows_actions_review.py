"""Reviews, worklists and letters as the office and the schedule make them."""

import stat
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.seats import seat
from support.story import CREDITORS, Office, client_line, ordinary_month

from config.parameters import load_parameters
from config.settings import load_settings
from flows.actions.review import letters_made, review
from flows.office import Office as FlowOffice
from ledgers.database import open_engine, reading
from ledgers.schema.dossier import notices
from payments.calendar import AMSTERDAM
from payments.dossier.letter_facts import facts_sha256

NAMES = ("Voorbeeld", "Naïma", "Na\\u00efma", "Stichting Wonen")


@pytest.fixture
def month(office: Office) -> Office:
    """November was paid: each fixed cost is ours up to December."""
    office.begin(a_paid_month)
    return office


def a_paid_month(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    office.approve_and_release()


def items(office: Office, *words: str) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = office.do("inge", "--json", "worklist", *words).document
    return listed


def of_kind(office: Office, kind: str) -> list[tuple[str, str]]:
    return [(item["client"], item["date"]) for item in items(office) if item["kind"] == kind]


def letters(office: Office, folder: Path, who: str = "dirk") -> dict[str, Any]:
    said: dict[str, Any] = office.do(who, "--json", "letters", "--out", str(folder)).document
    return said


def test_the_worklist_has_exactly_four_keys_and_no_names(month: Office) -> None:
    found = items(month)
    assert all(set(item) == {"client", "kind", "date", "text"} for item in found)
    people = [item for item in found if item["client"]]
    assert people == sorted(people, key=lambda item: item["date"])
    assert found[: len(people)] == people  # what is for the office comes last
    kinds = Counter(item["kind"] for item in found)
    assert kinds == {"parameter_review": 3, "assessment_due": 3, "cost_missing": 7}
    shown = month.do("inge", "worklist").out
    assert not [name for name in NAMES if name in shown]
    assert "2026-07-01  (kantoor)  parameter_review\n    norm_couple" in shown


def test_the_worklist_of_one_gemeente_is_its_clients_and_the_office(month: Office) -> None:
    assert {item["client"] for item in items(month, "--gemeente", "tynaarlo")} == {"", "0020001"}
    assert {item["client"] for item in items(month, "--gemeente", "aa-en-hunze")} == {""}
    refused = month("inge", "worklist", "--gemeente", "emmen")
    assert refused.code == 2
    assert "There is no gemeente emmen; the settings have assen" in refused.err


def test_what_the_books_know_reaches_the_worklist(office: Office) -> None:
    office.creditors(*CREDITORS.values(), confirm=False)
    office.clients(
        client_line("0010001", recht_vanaf="2026-10-01"),
        client_line("0010002", beschikking="", beschikking_datum=""),
        client_line("0010003", machtiging_datum=""),
        client_line("0010004", recht_vanaf="2026-04-15"),
    )
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-12;;", "VL-2;0010001;STROOM;energie;900,00;5000056789012345;2026-12;;"
    )
    office.benefits("U-1;0010001;2026-11;regulier;1.331,43;")
    office.do("bram", "run", "2026-11")
    for kind, expected in {
        "shortage": [("0010001", "2026-11-25")],
        "iban_unconfirmed": [("0010001", "2026-11-25")],
        "no_decision": [("0010002", "2026-09-01")],
        "no_mandate": [("0010003", "2026-09-01")],
        "lapsed": [("0010004", "2026-10-14")],
    }.items():
        assert of_kind(office, kind) == expected
    office.do("dirk", "event", "mandate_revoked", "0010001", "--on", "2026-11-18", "--why", "klant vroeg het")
    assert of_kind(office, "no_mandate") == [("0010003", "2026-09-01"), ("0010001", "2026-11-18")]


def test_a_review_is_kept_once_a_day_and_told_in_counts(month: Office) -> None:
    month.today = "2027-02-10"
    first = month.do("rosa", "--json", "review").document
    assert [(g["gemeente"], g["day"], g["already"]) for g in first] == [
        ("assen", "2027-02-10", False),
        ("aa-en-hunze", "2027-02-10", False),
        ("tynaarlo", "2027-02-10", False),
    ]
    assert first[0]["items"]["ground_ends"] == 2
    assert [g["notices"] for g in first] == [{"ground_ends": 6}, {}, {"ground_ends": 2}]
    before = month.digest()
    again = month.do("anna", "--json", "review").document
    assert [(g["already"], g["notices"]) for g in again] == [(True, {})] * 3
    assert "already done today, nothing changed" in month.do("dirk", "review", "--gemeente", "assen").out
    assert month.digest() == before
    month.do("inge", "check")
    month.do("inge", "audit", "verify")


def test_reviews_and_letters_are_not_for_everybody(month: Office, tmp_path: Path) -> None:
    for who in ("carla", "inge"):
        assert month(who, "review").code == 1
        assert month(who, "letters", "--out", str(tmp_path / "brieven")).code == 1
    assert month("bram", "letters", "--out", str(tmp_path / "brieven")).code == 1  # finance may review, not write
    assert not (tmp_path / "brieven").exists()
    for who in ("rosa", "dirk", "anna", "bram"):
        month.do(who, "review")
    for who in ("rosa", "dirk", "anna"):
        assert letters(month, tmp_path / "brieven", who)["written"] == []


@pytest.mark.parametrize("who", ["bram", "systeem", "anna"])
def test_whoever_reviews_makes_the_letters_that_are_due(month: Office, who: str) -> None:
    """The scheduled review above all: it may not be refused in the week that a letter is due."""
    month.today = "2027-02-10"
    done = review(seat(month, who), "assen")
    assert sum(done.notices.values()) > 0
    assert review(seat(month, who), "assen").already
    month.do("inge", "check")


def test_letters_are_private_files_named_by_keys(month: Office, tmp_path: Path) -> None:
    month.today = "2027-02-10"
    month.do("rosa", "handover", "VL-2", "--first-own-month", "2027-01", "--method", "incasso")
    month.do("rosa", "review", "--gemeente", "assen")
    folder = tmp_path / "brieven"
    done = letters(month, folder)
    assert (
        sorted(done["written"])
        == sorted(path.name for path in folder.iterdir())
        == [
            "0010001-ground_ends-2027-02-28-VL-1.txt",
            "0010001-ground_ends-2027-02-28.txt",
            "0010001-handover-2027-01-01-VL-2.txt",
            "0010001-handover_creditor-2027-01-01-VL-2.txt",
            "0010002-ground_ends-2027-02-28-VL-3.txt",
            "0010002-ground_ends-2027-02-28-VL-4.txt",
            "0010002-ground_ends-2027-02-28.txt",
        ]
    )
    assert (done["changed"], done["void"]) == ([], [])
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    to_client = (folder / "0010001-ground_ends-2027-02-28.txt").read_text(encoding="utf-8")
    assert "Beste Naïma Voorbeeld 0010001," in to_client
    assert "tot en met 28 februari 2027" in to_client
    assert "Huur aan Stichting Wonen Noord" in to_client
    assert "Energie" not in to_client  # the client pays that since January
    to_creditor = (folder / "0010001-ground_ends-2027-02-28-VL-1.txt").read_text(encoding="utf-8")
    assert "kenmerk C-77" in to_creditor
    assert "Stroomhuis B.V." in (folder / "0010001-handover_creditor-2027-01-01-VL-2.txt").read_text(encoding="utf-8")


def test_the_books_keep_the_hash_of_what_was_told_and_not_of_how_it_was_worded(
    month: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month.today = "2027-02-10"
    month.do("rosa", "handover", "VL-2", "--first-own-month", "2027-01", "--method", "incasso")
    month.do("rosa", "review", "--gemeente", "assen")
    kept, told = kept_and_told(month)
    assert len(kept) == 7
    assert kept == told
    letters(month, tmp_path / "brieven")
    monkeypatch.setattr("desk.paper.letters._WIDTH", 60)  # a next version of the program sets its lines out anew
    again = letters(month, tmp_path / "brieven")
    assert {name.split("-")[1] for name in again["written"]} == {"ground_ends", "handover_creditor"}
    assert again["changed"] == []
    month.obligations("VL-1;0010001;WONEN;huur;665,00;C-77;2026-10;;")  # another rent is another letter
    kept, told = kept_and_told(month)
    assert len(kept - told) == 1


def kept_and_told(office: Office) -> tuple[set[str], set[str]]:
    """The hashes of letters as the books keep them, and of the facts as they are now."""
    engine = open_engine(office.url)
    with reading(engine) as connection:
        kept = set(connection.execute(select(notices.c.text_sha256)).scalars())
    today = datetime.fromisoformat(f"{office.today}T12:00").replace(tzinfo=AMSTERDAM)
    made = letters_made(FlowOffice(engine, load_settings(None), load_parameters(), "dirk", today))
    engine.dispose()
    return kept, {facts_sha256(one.letter) for one in made if one.letter is not None}


def test_letters_again_leave_what_stands_there_as_it_is(month: Office, tmp_path: Path) -> None:
    month.today = "2027-02-10"
    month.do("rosa", "review")
    first = letters(month, tmp_path / "brieven")
    month.today = "2027-03-20"  # dated as they were made, whenever they are written
    again = letters(month, tmp_path / "brieven")
    assert (again["written"], sorted(again["standing"])) == ([], sorted(first["written"]))
    assert again["changed"] == again["void"] == []


def test_a_letter_whose_facts_changed_is_written_anew_and_named(month: Office, tmp_path: Path) -> None:
    month.today = "2027-02-10"
    month.do("rosa", "review")
    letters(month, tmp_path / "brieven")
    month.obligations("VL-1;0010001;WONEN;huur;665,00;C-77;2026-10;;")  # the rent went up
    said = month.do("dirk", "letters", "--out", str(tmp_path / "brieven"))
    assert "Warning: 0010001-ground_ends-2027-02-28.txt: the facts changed since it was made" in said.err
    assert said.err.count("Warning") == 1  # the creditor's letter names no amount
    assert "€ 665,00" in (tmp_path / "brieven" / "0010001-ground_ends-2027-02-28.txt").read_text(encoding="utf-8")


def test_a_letter_that_is_not_true_any_more_is_not_written(month: Office, tmp_path: Path) -> None:
    month.today = "2027-02-10"
    month.do("rosa", "review", "--gemeente", "tynaarlo")
    month.do(
        "dirk",
        "ground",
        "add",
        "0020001",
        "--ground",
        "ART_57",
        "--from",
        "2027-03-01",
        "--until",
        "2027-08-31",
        "--decision",
        "B-57",
    )
    done = letters(month, tmp_path / "brieven")
    assert (done["written"], done["void"]) == (
        [],
        ["0020001-ground_ends-2027-02-28.txt", "0020001-ground_ends-2027-02-28-VL-5.txt"],
    )
    assert list((tmp_path / "brieven").iterdir()) == []


def test_a_corrected_hand_over_is_an_occasion_of_its_own(month: Office, tmp_path: Path) -> None:
    month.do("rosa", "handover", "VL-5", "--first-own-month", "2027-01", "--method", "incasso")
    month.do("rosa", "review")
    month.do("rosa", "handover", "VL-5", "--first-own-month", "2027-02", "--method", "incasso", "--why", "later")
    assert month.do("rosa", "--json", "review").document[2]["notices"] == {"handover": 1, "handover_creditor": 1}
    done = letters(month, tmp_path / "brieven")
    assert [name[:29] for name in done["void"]] == ["0020001-handover-2027-01-01-V", "0020001-handover_creditor-202"]
    assert [name for name in done["written"] if "2027-02-01" not in name] == []
    assert len(done["written"]) == 2


def test_a_confirmed_end_is_told_to_the_client(month: Office, tmp_path: Path) -> None:
    month.do("rosa", "end", "propose", "0020001", "--date", "2026-11-30", "--reason", "maatwerk")
    assert of_kind(month, "end_to_confirm") == [("0020001", "2026-11-30")]
    assert "LET OP: maatwerk zonder uitleg" in month.do("inge", "worklist").out
    assert month.do("rosa", "--json", "review").document[2]["notices"] == {}
    month.do("dirk", "end", "confirm", "0020001")
    assert of_kind(month, "end_to_confirm") == []
    assert [item["text"][:4] for item in items(month, "--gemeente", "tynaarlo") if item["client"]][-1] == "VL-5"
    assert month.do("rosa", "--json", "review").document[2]["notices"] == {"ended": 2}
    assert letters(month, tmp_path / "brieven")["written"] == [
        "0020001-ended-2026-11-30.txt",
        "0020001-ended-2026-11-30-VL-5.txt",
    ]
    to_creditor = (tmp_path / "brieven" / "0020001-ended-2026-11-30-VL-5.txt").read_text(encoding="utf-8")
    assert "Vanaf de termijn over januari 2027 betaalt uw klant deze zelf." in " ".join(to_creditor.split())
    assert "Vragen kunt u stellen aan: Team Betalingen, 0592 00 00 00," in to_creditor
    text = (tmp_path / "brieven" / "0020001-ended-2026-11-30.txt").read_text(encoding="utf-8")
    assert "Deze hulp stopt op 30 november 2026." in text
    assert "vanaf januari 2027" in text


def test_a_code_with_a_slash_stays_inside_the_folder(office: Office, tmp_path: Path) -> None:
    office.creditors()
    office.clients(client_line("../9", recht_vanaf="2026-06-01"))
    office.obligations("VL/1;../9;WONEN;huur;650,00;C-77;2026-12;;")
    office.benefits("U-1;../9;2026-11;regulier;1.331,43;")
    office.do("bram", "run", "2026-11")
    office.do("rosa", "review", "--gemeente", "assen")
    assert letters(office, tmp_path / "brieven")["written"] == [
        "..%2F9-ground_ends-2026-11-30.txt",
        "..%2F9-ground_ends-2026-11-30-VL%2F1.txt",
    ]
