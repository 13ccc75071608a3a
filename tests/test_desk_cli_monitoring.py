"""The figures for council and CBS as the commands give them, over a quarter of invented people and a bank."""

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from support.assen_month import RETURNED, SINGLE, answers, assen_only, because, exceptions
from support.assen_month import report as refusal_of_rent
from support.story import Office, Said, client_line

Q4 = ("--from", "2026-10", "--until", "2026-12")
CLIENTS = [f"00100{number:02d}" for number in range(1, 13)]
ENDED, RUNNING = CLIENTS[:6], CLIENTS[6:]


def the_last_quarter(office: Office) -> None:
    """Twelve people of Assen and one of Tynaarlo: eleven rents paid and one returned, six ended, five assessed."""
    office.creditors()
    since = {"0010011": "2026-05-01"}  # the mandatory months are over on the last of October
    lines = [client_line(client, recht_vanaf=since.get(client, "2026-09-01")) for client in CLIENTS]
    office.clients(*lines, client_line("0020001", gemeente="tynaarlo", recht_vanaf="2026-10-12"))
    office.do(
        "dirk",
        "ground",
        "add",
        "0010011",
        "--ground",
        "ART_57",
        "--from",
        "2026-11-01",
        "--until",
        "2027-01-31",
        "--decision",
        "B-57",
    )
    office.obligations(*(f"VL-{client};{client};WONEN;huur;650,00;C-{client};2026-10;;" for client in CLIENTS))
    granted = {"0010012": "300,00"}
    office.benefits(*(f"U-{client};{client};2026-11;regulier;{granted.get(client, '1.331,43')};" for client in CLIENTS))
    office.do("bram", "run", "2026-11")
    office.approve_and_release()
    office.today = "2026-12-20"
    office.do("bram", "reconcile", *answers(office, RETURNED, seed=4))
    for client in ENDED[:5]:
        office.do("rosa", "end", "propose", client, "--date", "2026-12-10", "--reason", "right_ended")
    office.do(
        "rosa", "end", "propose", ENDED[5], "--date", "2026-12-15", "--reason", "maatwerk", "--why", "woont samen"
    )
    for client in ENDED:
        office.do("dirk", "end", "confirm", client)
    for client in RUNNING[:5]:
        met = client != RUNNING[0]
        said = {"digid": {"met": met, "evidence": "zelf ingelogd"}, "asks_help": {"score": 1, "evidence": "gebeld"}}
        file = office.file("answers.json", json.dumps({"assessed_on": "2026-12-18", "answers": said}))
        office.do("rosa", "assess", client, "--file", file)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The books after that quarter, told once and copied for each test."""
    folder = tmp_path_factory.mktemp("quarter")
    shutil.copy(sqlite_template, folder / "books.db")
    the_last_quarter(Office(f"sqlite:///{folder / 'books.db'}", folder).hire())
    return folder / "books.db"


@pytest.fixture
def story(told: Path, tmp_path: Path) -> Office:
    shutil.copy(told, tmp_path / "books.db")
    return Office(f"sqlite:///{tmp_path / 'books.db'}", tmp_path, today="2027-01-20")


def report(office: Office, *words: str, who: str = "inge") -> dict[str, Any]:
    found: dict[str, Any] = office.do(who, "--json", "report", "monitoring", *(words or Q4)).document
    return found


def of_assen(document: dict[str, Any], field: str = "value") -> dict[tuple[str, str, str], Any]:
    rows = [row for row in document["rows"] if row["gemeente"] == "assen"]
    return {(row["figure"], row["kind"], row["group"]): row[field] for row in rows}


def test_the_quarter_as_it_was_and_the_small_groups_in_it_hidden(story: Office) -> None:
    document = report(story)
    assert document["figures_until"] == "2026-12-31"
    assert document["quarters"] == [
        {
            "quarter": "2026-Q4",
            "from": "2026-10-01",
            "until": "2026-12-31",
            "whole": True,
            "small_group": 5,
            "art_56a_months": 6,
        }
    ]
    found, hidden = of_assen(document), of_assen(document, "hidden")
    assert found["started", "total", "total"] == 0
    assert found["running", "total", "total"] == 6
    assert found["ended", "total", "total"] == 6
    assert found["ended", "reason", "right_ended"] is None  # else the one maatwerk would be six minus five
    assert hidden["ended", "reason", "right_ended"]
    assert found["ended", "reason", "death"] == 0
    assert found["ended", "ground", "ART_56A"] == 6
    assert found["ended", "arrears_after", "unknown"] == 6
    assert found["running", "ground", "ART_57"] is None
    assert found["payments_due", "total", "total"] == 11
    assert found["paid_on_time", "total", "total"] == "90,9"  # the returned one was not
    assert hidden["shortages", "total", "total"]
    assert hidden["returns", "total", "total"]
    assert found["assessed", "total", "total"] == 5
    assert found["assessed", "verdict", "not_passed"] == 5
    assert found["checklist_met", "item", "digid"] == "80,0"
    assert found["checklist_met", "item", "asks_help"] == "100,0"
    assert found["checklist_met", "item", "budget"] == "0,0"


def test_the_clients_behind_each_figure_are_those_of_the_story(story: Office) -> None:
    document = report(story, *Q4, "--gemeente", "assen", "--cases", who="rosa")
    cases, of = of_assen(document, "cases"), {(r["figure"], r["group"]): r.get("of") for r in document["rows"]}
    assert cases["ended", "total", "total"] == dict.fromkeys(ENDED, 1)
    assert cases["ended", "reason", "maatwerk"] == cases["overrides", "end_maatwerk", "total"] == {ENDED[5]: 1}
    assert cases["overrides", "end_maatwerk", "unexplained"] == {}
    assert cases["running", "total", "total"] == dict.fromkeys(RUNNING, 1)
    assert cases["running", "ground", "ART_57"] == cases["extensions", "total", "total"] == {"0010011": 1}
    assert cases["shortages", "total", "total"] == {"0010012": 1}
    assert cases["payments_due", "total", "total"] == dict.fromkeys(CLIENTS[:11], 1)
    (returned,) = cases["returns", "kind", "returned"]
    assert cases["paid_on_time", "total", "total"] == {c: 1 for c in CLIENTS[:11] if c != returned}
    assert of["paid_on_time", "total"] == cases["payments_due", "total", "total"]
    for row in document["rows"]:
        if row["value"] is not None and "of" not in row:
            assert sum(row["cases"].values()) == row["value"]


def test_only_who_may_see_clients_gets_their_keys_and_is_recorded(story: Office) -> None:
    digest = story.digest()
    for who in ("inge", "anna", "carla", "chef"):
        said = story(who, "report", "monitoring", *Q4, "--cases")
        assert (said.code, said.out) == (1, "")
    assert story.digest() == digest
    for who in ("rosa", "dirk", "bram"):
        assert "0010001" in story.do(who, "report", "monitoring", *Q4, "--cases").out
    assert traced(story) == [
        (who, '{"from":"2026-10","gemeente":null,"until":"2026-12"}') for who in ("rosa", "dirk", "bram")
    ]
    story.do("inge", "audit", "verify")


def traced(office: Office) -> list[tuple[str, str]]:
    from sqlalchemy import select

    from ledgers.database import open_engine, reading
    from ledgers.schema.core import audit_trail as a

    engine = open_engine(office.url)
    with reading(engine) as connection:
        query = select(a.c.actor, a.c.subject).where(a.c.action == "monitoring_traced").order_by(a.c.sequence)
        found = [(row.actor, row.subject) for row in connection.execute(query)]
    engine.dispose()
    return found


def every_form(office: Office) -> list[str]:
    plain = ("report", "monitoring", *Q4)
    return [office.do("inge", *words).out for words in (plain, (*plain, "--format", "csv"), ("--json", *plain))]


def test_without_asking_for_them_no_client_is_named_anywhere(story: Office) -> None:
    for text in every_form(story):
        assert not any(client in text for client in (*CLIENTS, "0020001"))
        assert "Voorbeeld" not in text


def test_a_second_run_gives_the_same_bytes_also_when_life_went_on(story: Office) -> None:
    before = every_form(story)
    assert every_form(story) == before
    story.do("dirk", "event", "arrears", ENDED[0], "--on", "2027-01-11", "--why", "aanmaning van de verhuurder")
    story.do("dirk", "event", "right_ended", RUNNING[0], "--on", "2027-01-12", "--why", "werk")
    story.do("rosa", "end", "propose", RUNNING[1], "--date", "2027-01-15", "--reason", "moved", "--why", "verhuisd")
    story.do("dirk", "end", "confirm", RUNNING[1])
    story.clients(
        client_line(RUNNING[2], gemeente="tynaarlo"), client_line("0010099", recht_vanaf="2027-01-02"), first="2027-01"
    )
    story.today = "2027-03-01"
    assert every_form(story) == before
    later = of_assen(report(story, "--from", "2027-01", "--until", "2027-01", "--cases", who="rosa"), "cases")
    assert later["ended", "total", "total"] == {RUNNING[1]: 1}
    assert later["started", "total", "total"] == {"0010099": 1}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_both_databases_give_the_same_bytes(office: Office, story: Office) -> None:
    the_last_quarter(office)
    office.today = story.today
    assert every_form(office) == every_form(story)


def test_who_comes_back_starts_again_on_the_first_day_of_the_new_right(story: Office) -> None:
    before = every_form(story)
    story.clients(client_line(ENDED[0], recht_vanaf="2027-02-01"), first="2027-02")
    story.today = "2027-02-10"
    story.do("rosa", "period", ENDED[0], "--continue", "--why", "kort onderbroken")
    cases = of_assen(report(story, "--from", "2027-01", "--until", "2027-03", "--cases", who="rosa"), "cases")
    assert cases["started", "total", "total"] == {ENDED[0]: 1}
    assert cases["running", "total", "total"] == dict.fromkeys([ENDED[0], *RUNNING], 1)
    assert every_form(story) == before


def test_arrears_seen_after_the_end_count_with_those_who_ended_as_far_as_the_report_reaches(story: Office) -> None:
    story.do("dirk", "event", "arrears", ENDED[0], "--on", "2027-01-11", "--why", "aanmaning van de verhuurder")
    document = report(story, "--from", "2026-10", "--until", "2027-01", "--cases", who="dirk")
    rows = [r for r in document["rows"] if (r["kind"], r["group"], r["gemeente"]) == ("arrears_after", "yes", "assen")]
    assert {row["quarter"]: row["cases"] for row in rows} == {"2026-Q4": {ENDED[0]: 1}, "2027-Q1": {}}


def written(office: Office, *words: str) -> Path:
    path = office.folder / "figures" / "q4.csv"
    office.do("inge", "report", "monitoring", *words, "--out", str(path))
    return path


def test_csv_is_written_privately_with_comma_decimals(story: Office) -> None:
    path = written(story, *Q4, "--format", "csv", "--gemeente", "assen")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["q4.csv"]
    lines = path.read_bytes().decode("utf-8").split("\r\n")
    assert lines[0] == "gemeente;kwartaal;van;tot_en_met;heel_kwartaal;cijfer;soort_groep;groep;eenheid;waarde"
    place = "assen;2026-Q4;2026-10-01;2026-12-31;ja;"
    for line in (
        "parameter;total;cijfers_tot_en_met;datum;2026-12-31",
        "parameter;total;small_group;mensen;5",
        "ended;total;total;aantal;6",
        "ended;reason;maatwerk;aantal;x",
        "returns;total;total;aantal;<5",
        "paid_on_time;total;total;procent;90,9",
    ):
        assert place + line in lines
    assert {len(line.split(";")) for line in lines[:-1]} == {10}


def test_the_table_says_when_a_quarter_is_only_partly_in_it(story: Office) -> None:
    text = story.do("inge", "report", "monitoring", "--from", "2026-11", "--until", "2026-12").out
    assert "1 november 2026 t/m 31 december 2026 (een deel van het kwartaal)" in text
    assert "cijfers t/m 31 december 2026" in text
    quarter = report(story, "--from", "2026-11", "--until", "2026-12")["quarters"][0]
    assert (quarter["from"], quarter["whole"]) == ("2026-11-01", False)


def refused(said: Said) -> tuple[int, str]:
    return said.code, said.out


def test_a_period_that_cannot_be_counted_is_refused_before_anything_is_written(office: Office) -> None:
    out = office.folder / "never.csv"
    for words in (
        ("--from", "2026-12", "--until", "2026-10"),
        ("--from", "2026-13", "--until", "2026-10"),
        ("--from", "2021-01", "--until", "2021-03"),  # before the parameters begin
        (*Q4, "--gemeente", "groningen"),
        (*Q4, "--format", "pdf"),
    ):
        assert refused(office("inge", "report", "monitoring", *words, "--out", str(out))) == (2, ""), words
    assert not out.exists()


def test_a_month_that_is_not_over_is_counted_with_a_warning_beside_the_figures(office: Office) -> None:
    said = office.do("inge", "report", "monitoring", "--from", "2026-11", "--until", "2026-11")
    assert "2026-11 is not over yet" in said.err
    assert "not over" not in said.out
    assert office.do("inge", "report", "monitoring", "--from", "2026-10", "--until", "2026-10").err == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_payment_found_to_be_paid_though_the_bank_refused_it_was_on_time(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", refusal_of_rent(office, because("MS03")))
    office.do("bram", "reconcile", *answers(office, habits=SINGLE))
    q4 = (*Q4, "--gemeente", "assen", "--cases")
    cases = of_assen(report(office, *q4, who="bram"), "cases")
    assert sum(cases["paid_on_time", "total", "total"].values()) == 3
    debited = next(i["id"] for i in exceptions(office) if i["kind"] == "rejected_debited")
    office.do("bram", "resolve", debited, "--as-what", "paid", "--why", "bank bevestigt: betaald")
    cases = of_assen(report(office, *q4, who="bram"), "cases")
    assert sum(cases["paid_on_time", "total", "total"].values()) == 4
    assert sum(cases["returns", "kind", "rejected"].values()) == 1  # it was refused all the same
