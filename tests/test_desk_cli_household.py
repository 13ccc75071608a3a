"""One family, one plan, and a client who moves to another gemeente, told by the commands themselves."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from support.dossier_examples import on_one_line
from support.story import Office, client_line
from support.story_bank import a_couple

from ledgers.database import open_engine, reading
from ledgers.schema.core import audit_trail

FILES = ("0010001-overdracht.json", "0010001-overdracht.txt")


@pytest.fixture
def couple(office: Office) -> Office:
    """Two in household H1 whose November was released; the rent goes to the first of them from February on."""
    office.begin(_couple)
    return office


def _couple(office: Office) -> None:
    a_couple(office)
    answers = office.folder / "answers.json"
    given = {"digid": {"met": True, "evidence": "logt zelf in"}, "pays_on_time": {"score": 1, "evidence": "met hulp"}}
    answers.write_text(json.dumps({"assessed_on": "2026-12-01", "answers": given}), encoding="utf-8")
    office.do("rosa", "assess", "0010001", "--file", str(answers))
    office.do("dirk", "handover", "VL-1", "--first-own-month", "2027-02", "--method", "overboeking")


@pytest.fixture
def newcomer(office: Office) -> Office:
    """A client with two fixed costs of whom no month was run yet."""
    office.begin(_newcomer)
    return office


def _newcomer(office: Office) -> None:
    office.creditors()
    office.clients(client_line("0010001"))
    office.obligations(
        "VL-1;0010001;WONEN;huur;650,00;C-77;2026-12;;", "VL-2;0010001;ZORG;zorgverzekering;158,95;P-1;2026-12;;"
    )


def moved(office: Office) -> None:
    office.do("dirk", "event", "moved_out", "0010001", "--on", "2027-01-01", "--why", "woning in een andere gemeente")
    office.do("rosa", "end", "propose", "0010001", "--date", "2026-12-31", "--reason", "moved")
    office.do("dirk", "end", "confirm", "0010001")


def made(office: Office) -> list[dict[str, Any]]:
    """The subjects of the audit rows about transfers."""
    engine = open_engine(office.url)
    with reading(engine) as connection:
        rows = connection.execute(audit_trail.select().order_by(audit_trail.c.sequence)).all()
    engine.dispose()
    return [json.loads(row.subject) for row in rows if row.action == "transfer_made"]


def transfer(office: Office, folder: str = "weg") -> tuple[Path, dict[str, Any]]:
    out = office.folder / folder
    return out, office.do("rosa", "--json", "transfer", "0010001", "--out", str(out)).document


def test_a_shared_rent_whose_holder_stops_is_told_wherever_somebody_looks(couple: Office) -> None:
    """Known in December of an end in January: the rent is in that name, and the partner goes on."""
    couple.do("rosa", "end", "propose", "0010001", "--date", "2026-12-28", "--reason", "moved")
    couple.do("dirk", "end", "confirm", "0010001")
    listed = couple.do("rosa", "--json", "worklist").document
    (stop,) = [item for item in listed if item["kind"] == "gap_or_overlap" and "VL-2" in item["text"]]
    assert (stop["client"], stop["date"]) == ("0010001", "2027-01-25")
    assert "VL-2 (120,50) staat op naam van deze klant" in stop["text"]
    assert "over 2027-02 betaalt niemand" in stop["text"]
    assert "op naam van klant 0010002" in stop["text"]
    page = couple.do("rosa", "--json", "household", "H1").document
    (ahead,) = [item for item in page["ahead"] if item["kind"] == "shared_stops"]
    assert (ahead["date"], ahead["client"]) == ("2027-01-25", "0010001")
    said = on_one_line(couple.do("rosa", "household", "H1").out)
    assert "VL-2 (EUR 120,50): over februari 2027 betaalt niemand" in said
    forecast = couple.do("rosa", "--json", "forecast", "0010002").document["months"]
    january = next(month for month in forecast if month["month"] == "2027-01")
    assert ("VL-2", "held", "ended") in {(c["obligation"], c["outcome"], c["reason"]) for c in january["obligations"]}
    closed = "VL-2;0010001;STROOM;energie;120,50;5000056789012345;2026-10;2027-01;"
    couple.obligations(closed, "VL-22;0010002;STROOM;energie;120,50;5000056789012345;2027-02;;")
    listed = couple.do("rosa", "--json", "worklist").document
    assert not [item for item in listed if item["kind"] == "gap_or_overlap" and "VL-2" in item["text"]]


def test_the_dossier_of_real_books_has_every_key_of_the_contract(couple: Office) -> None:
    found = couple.do("inge", "--json", "dossier", "0010001").document
    assert found["state"] == "open"
    assert found["months_paid"] == 1
    assert found["assessment"]["verdict"] == "not_passed"
    assert found["missing_for_end"] == ["floor", "checklist", "handover", "open_payments"]
    assert found["obligations"] == [
        {"obligation": "VL-1", "category": "huur", "last_covered": "2026-12", "first_own": "2027-02"},
        {"obligation": "VL-2", "category": "energie", "last_covered": "2026-12", "first_own": None},
    ]
    said = couple.do("inge", "dossier", "0010001").out
    assert said.startswith("Dossier 0010001, Naïma Voorbeeld 0010001\n")
    assert "klant vanaf februari 2027 per overboeking" in on_one_line(said)


def test_a_household_shows_its_adults_its_shared_costs_once_and_its_plan(couple: Office) -> None:
    found = couple.do("inge", "--json", "household", "H1").document
    assert [adult["client"] for adult in found["adults"]] == ["0010001", "0010002"]
    assert [(cost["obligation"], cost["client"]) for cost in found["shared_costs"]] == [
        ("VL-1", "0010001"),
        ("VL-2", "0010001"),
    ]
    assert [(cost["obligation"], cost["client"]) for cost in found["own_costs"]] == [("VL-3", "0010002")]
    assert found["shared_costs"][0]["fit"] == "fits"  # the run of December still pays January
    planned = {(item["date"], item["client"], item["kind"]) for item in found["ahead"]}
    assert {("2027-02-28", "0010001", "ground_ends"), ("2027-02-28", "0010002", "ground_ends")} <= planned
    said = couple.do("inge", "household", "H1").out
    assert said.startswith("Huishouden H1\n=============\n")
    assert said.count("Stichting Wonen Noord") == 1


def test_a_household_can_be_written_as_text_or_as_a_page(couple: Office) -> None:
    page, text = couple.folder / "h1.html", couple.folder / "h1.txt"
    couple.do("inge", "household", "H1", "--out", str(page))
    assert page.read_text(encoding="utf-8").startswith('<!DOCTYPE html>\n<html lang="nl">')
    couple.do("inge", "household", "H1", "--out", str(text))
    assert text.read_text(encoding="utf-8") == couple.do("inge", "household", "H1").out
    assert couple("inge", "household", "H1", "--out", "h1.pdf").code == 2


def test_a_household_that_nobody_knows_is_refused(office: Office) -> None:
    office.clients(client_line("0010001", huishouden="H1"))
    for words in (["H2"], ["H1", "--gemeente", "tynaarlo"], ["h1"]):
        said = office("inge", "household", *words)
        assert (said.code, "There is no household" in said.err) == (1, True)


def test_two_families_with_one_code_in_two_gemeenten_never_share_a_page(office: Office) -> None:
    there = client_line("0020001", huishouden="H1", gemeente="tynaarlo")
    office.clients(client_line("0010001", huishouden="H1"), there)
    said = office("inge", "household", "H1")
    assert (said.code, "exists in assen and tynaarlo" in said.err) == (1, True)
    found = office.do("inge", "--json", "household", "H1", "--gemeente", "tynaarlo").document
    assert [adult["client"] for adult in found["adults"]] == ["0020001"]


def test_who_moved_to_another_household_stands_on_its_page_only(office: Office) -> None:
    office.clients(client_line("0010001", huishouden="H1"), client_line("0010002", huishouden="H1"))
    office.clients(client_line("0010001", huishouden="H1"), client_line("0010002", huishouden="H2"), first="2026-12")
    for today, living in (("2026-11-30", ["0010001", "0010002"]), ("2026-12-01", ["0010001"])):
        office.today = today
        found = office.do("inge", "--json", "household", "H1").document
        assert [adult["client"] for adult in found["adults"]] == living


def test_a_transfer_is_written_for_its_readers_only_and_leaves_one_trace_without_a_name(couple: Office) -> None:
    moved(couple)
    out, document = transfer(couple)
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert [(out / name).stat().st_mode & 0o777 for name in FILES] == [0o600, 0o600]
    assert out.stat().st_mode & 0o777 == 0o700
    hashes = {name: sha256((out / name).read_bytes()).hexdigest() for name in FILES}
    assert document["written"] is True
    assert document["sha256"] == hashes
    assert made(couple) == [{"client": "0010001", "sha256": hashes}]
    couple.do("inge", "audit", "verify")
    found = json.loads((out / FILES[0]).read_text(encoding="utf-8"))
    assert found["from_gemeente"]["code"] == "assen"
    assert found["end"] == {
        "state": "confirmed",
        "date": "2026-12-31",
        "reason": "moved",
        "passed_over": ["floor", "checklist", "handover", "open_payments"],
    }
    assert (found["trajectory"]["months_over"], found["trajectory"]["last_month_paid"]) == (4, "2026-11")
    assert [(o["creditor_iban"], o["last_covered_by_us"], o["first_own"]) for o in found["obligations"]] == [
        ("NL91ABNA0417164300", "2026-12", "2027-02"),
        ("NL20INGB0001234567", "2026-12", None),
    ]


def test_the_same_transfer_on_a_later_day_is_already_written(newcomer: Office) -> None:
    moved(newcomer)
    out, _ = transfer(newcomer)
    before = [(out / name).read_bytes() for name in FILES]
    newcomer.today = "2027-02-03"
    said = newcomer.do("dirk", "transfer", "0010001", "--out", str(out))
    assert "already written" in said.out
    assert [(out / name).read_bytes() for name in FILES] == before
    assert len(made(newcomer)) == 1


def test_a_transfer_of_which_a_file_was_lost_is_completed(newcomer: Office) -> None:
    moved(newcomer)
    out, _ = transfer(newcomer)
    (out / FILES[1]).unlink()
    _, document = transfer(newcomer)
    assert document["written"] is True
    assert (out / FILES[1]).is_file()
    assert len(made(newcomer)) == 2


def test_a_transfer_that_may_have_been_sent_is_never_replaced(newcomer: Office) -> None:
    out, _ = transfer(newcomer)
    before = [(out / name).read_bytes() for name in FILES]
    moved(newcomer)
    said = newcomer("rosa", "transfer", "0010001", "--out", str(out))
    assert (said.code, "another content" in said.err, "Naïma" in said.err) == (4, True, False)
    assert [(out / name).read_bytes() for name in FILES] == before
    assert len(made(newcomer)) == 1
    newer, _ = transfer(newcomer, "weg-2")
    assert json.loads((newer / FILES[0]).read_text(encoding="utf-8"))["end"]["reason"] == "moved"


def test_only_who_knows_the_client_hands_a_dossier_on(newcomer: Office) -> None:
    out = newcomer.folder / "weg"
    for who in ("bram", "anna", "carla", "inge", "chef"):
        said = newcomer(who, "transfer", "0010001", "--out", str(out))
        assert (said.code, "needs the role" in said.err) == (1, True)
    assert not out.exists()
    assert made(newcomer) == []


def test_nobody_unknown_or_never_in_scope_is_handed_on(office: Office) -> None:
    office.clients(client_line("0010009", inburgeringsplichtig="nee"))
    for client, why in (("0019999", "no client 0019999"), ("0010009", "has no trajectory")):
        said = office("rosa", "transfer", client, "--out", str(office.folder / "weg"))
        assert (said.code, why in said.err) == (1, True)


def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_recorded(newcomer: Office) -> None:
    (newcomer.folder / "file").write_text("", encoding="utf-8")
    said = newcomer("rosa", "transfer", "0010001", "--out", str(newcomer.folder / "file" / "weg"))
    assert (said.code, "Traceback" in said.err) == (1, False)
    assert made(newcomer) == []
