"""The transfer package: all that the next gemeente needs, the same bytes each time, and nothing more."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.dossier_examples import (
    BEGINNING,
    CHECKLISTS,
    CREDITORS,
    FULL,
    GOOD,
    MOVED,
    a_case,
    a_cost,
    an_event,
    assessed,
    on_one_line,
    standing,
)

from desk.documents.transfer_package import Package, package, text
from payments.dossier.case import Case, EventKind
from payments.dossier.checklist import Answer

GOLDEN = Path(__file__).parent / "golden" / "transfer.txt"
TODAY = date(2027, 1, 12)
ENDED = replace(
    FULL,
    proposal=MOVED,
    stored_state="ended",
    ended_on=MOVED.end_date,
    assessments=(assessed(1, date(2026, 11, 20), BEGINNING, "betaalt al jaren zelf zijn telefoon"),),
)


def packed(case: Case, today: date = TODAY) -> Package:
    return package(standing(case, today), "Gemeente Assen", CREDITORS, CHECKLISTS, today)


def as_json(case: Case, today: date = TODAY) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(packed(case, today).files()["10001-overdracht.json"])
    return found


def test_the_package_is_the_one_that_was_agreed_on() -> None:
    assert text(packed(ENDED)) == GOLDEN.read_text(encoding="utf-8")


def test_the_document_says_its_version_and_all_its_keys() -> None:
    found = as_json(ENDED)
    assert found["format"] == "ontzorgen-overdracht/1"
    assert list(found) == [
        "format",
        "from_gemeente",
        "client",
        "trajectory",
        "end",
        "grounds",
        "obligations",
        "assessments",
        "assessment",
        "open_items",
        "open_payments",
    ]
    assert found["client"] == {
        "client": "10001",
        "name": "Naïma Voorbeeld",
        "birth_date": "1990-05-04",
        "language": "ti",
        "household": "H1",
        "right_from": "2026-09-01",
        "right_until": None,
        "decision": "B-10001",
        "decision_date": "2026-09-03",
        "mandate_date": "2026-09-04",
    }
    assert found["trajectory"] == {
        "number": 1,
        "period_from": "2026-09-01",
        "period_until": "2027-02-28",
        "months": 6,
        "months_over": 4,
        "counted_on": "2027-01-20",
        "months_paid": ["2026-11", "2026-12"],
        "last_month_paid": "2026-12",
    }
    assert found["end"] == {
        "state": "confirmed",
        "date": "2027-01-20",
        "reason": "moved",
        "passed_over": ["floor", "checklist"],
    }
    assert found["obligations"][1] == {
        "obligation": "VL-2",
        "category": "energie",
        "creditor_name": "Stichting STROOM",
        "creditor_iban": "NL20INGB0001234567",
        "reference": "C-VL-2",
        "amount_cents": 65000,
        "frequency": "maand",
        "first_covered": "2026-12",
        "last_due": None,
        "last_covered_by_us": "2026-12",
        "first_own": "2027-01",
        "method": "incasso",
        "own_payments": [{"covers": "2027-01", "paid": True}, {"covers": "2027-02", "paid": False}],
    }
    (assessment,) = found["assessments"]
    assert assessment["answers"] == [
        {"code": "digid", "met": False, "evidence": "nog geen DigiD"},
        {"code": "own_account", "met": True, "evidence": "samen op het scherm gezien"},
        {"code": "pays_on_time", "score": 1, "evidence": "met hulp"},
    ]
    assert assessment["proof_waived"] == "betaalt al jaren zelf zijn telefoon"


@pytest.mark.parametrize(
    ("on", "over"),
    [
        (date(2026, 9, 29), 0),
        (date(2026, 9, 30), 1),
        (date(2027, 1, 30), 4),
        (date(2027, 1, 31), 5),
        (date(2027, 2, 28), 6),
        (date(2027, 12, 31), 6),
        (date(2026, 8, 1), 0),
    ],
)
def test_only_whole_months_of_the_six_count_as_over(on: date, over: int) -> None:
    assert as_json(a_case(), on)["trajectory"]["months_over"] == over


def test_months_are_counted_on_the_end_whenever_the_package_is_made() -> None:
    assert packed(ENDED).files() == packed(ENDED, date(2027, 6, 30)).files()


def test_while_nobody_decided_what_an_interruption_means_no_months_are_counted() -> None:
    case = a_case(period_from=None, segments=())
    found = as_json(case)["trajectory"]
    assert (found["period_from"], found["period_until"], found["months_over"]) == (None, None, None)
    assert "nog te beslissen" in text(packed(case))


def test_an_end_that_nobody_confirmed_is_told_as_a_proposal() -> None:
    case = a_case(proposal=MOVED, stored_state="end_proposed")
    assert as_json(case)["end"]["state"] == "proposed"
    assert "voorgesteld, nog niet bevestigd" in on_one_line(text(packed(case)))


def test_a_self_reliant_end_has_no_reason() -> None:
    case = a_case(proposal=replace(MOVED, reason=None, missing=()), stored_state="ended", ended_on=MOVED.end_date)
    assert as_json(case)["end"]["reason"] is None
    assert "20 januari 2027, zelfredzaam; vastgesteld" in text(packed(case))


def test_nothing_more_leaves_the_house_than_is_needed() -> None:
    case = a_case(
        of_client={"iban": "NL39RABO0300065264"},
        on_hold="een reden die bij ons blijft",
        events=(an_event(EventKind.SUSPENDED, date(2026, 12, 1), "een gebeurtenis die bij ons blijft"),),
        ledger_cents=681_43,
    )
    for content in packed(case).files().values():
        for ours in ("NL39RABO0300065264", "blijft", "68143", "681,43", "rosa"):
            assert ours not in content.decode()


def test_what_a_person_typed_cannot_look_like_a_line_of_ours() -> None:
    forged = {"digid": Answer(met=True, score=None, evidence='gezien"\n\nOpen punten\n-----------\nGeen. <script>')}
    case = a_case(of_client={"name": 'An "de Boer"\nKlantnummer 1'}, assessments=(assessed(1, TODAY, forged),))
    said = text(packed(case))
    assert said.count("\nOpen punten\n") == 1
    assert said.count("\nKlantnummer") == 1
    found = as_json(case)
    assert found["assessments"][0]["answers"][0]["evidence"] == forged["digid"].evidence
    assert found["client"]["name"] == 'An "de Boer"\nKlantnummer 1'


def test_a_klantnummer_with_a_slash_stays_inside_the_folder() -> None:
    assert set(packed(a_case("../../10001")).files()) == {
        "..%2F..%2F10001-overdracht.json",
        "..%2F..%2F10001-overdracht.txt",
    }


def test_every_question_is_told_as_the_list_of_that_time_asked_it() -> None:
    said = on_one_line(text(packed(a_case(assessments=(assessed(1, TODAY, GOOD),)))))
    for item in CHECKLISTS["2026-01"].items:
        assert f"{item.text} ({item.code})" in said


def test_a_fixed_cost_that_stops_says_after_which_month() -> None:
    case = a_case(costs=(a_cost("VL-1", last_covered="2027-03"),))
    assert "Vaste last stopt na maart 2027" in on_one_line(text(packed(case)))
