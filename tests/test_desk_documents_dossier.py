"""The dossier: the keys that programs rely on, and the page on which a caseworker sees what stands out."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.dossier_examples import (
    BEGINNING,
    CHECKLISTS,
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

from desk.documents.dossier import dossier_json, dossier_text
from payments.dossier.case import Case, EarlyReason, EventKind

TODAY = date(2027, 1, 12)
GOLDEN = Path(__file__).parent / "golden" / "dossier.txt"


def as_json(case: Case, today: date = TODAY) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(dossier_json(standing(case, today), today, CHECKLISTS)))
    return found


def as_text(case: Case, today: date = TODAY) -> str:
    return dossier_text(standing(case, today), today, CHECKLISTS)


def test_the_dossier_is_the_one_that_was_agreed_on() -> None:
    assert as_text(FULL) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_the_keys_of_the_contract_are_there_and_hold_what_they_say() -> None:
    found = as_json(FULL)
    assert found["client"] == "10001"
    assert (found["gemeente"], found["household"], found["state"]) == ("assen", "H1", "open")
    assert found["grounds"] == [
        {"ground": "ART_56A", "from": "2026-09-01", "until": "2027-02-28", "decision": "B-10001"},
        {"ground": "MAATWERK", "from": "2027-03-01", "until": "2027-05-31", "decision": "M-7"},
    ]
    assert found["months_paid"] == 2
    assert found["assessment"] == {"verdict": "not_passed", "missing": ["no_arrears"]}
    assert found["missing_for_end"] == ["floor", "checklist", "handover", "open_exceptions", "open_payments"]
    assert found["obligations"] == [
        {"obligation": "VL-1", "category": "huur", "last_covered": "2027-01", "first_own": None},
        {"obligation": "VL-2", "category": "energie", "last_covered": "2026-12", "first_own": "2027-01"},
        {"obligation": "VL-3", "category": "overig", "last_covered": "2027-02", "first_own": "2027-06"},
    ]
    assert found["ledger_cents"] == 68143


def test_the_rest_of_the_road_is_told_as_well() -> None:
    found = as_json(replace(FULL, proposal=MOVED, stored_state="end_proposed"))
    assert (found["trajectory"], found["period_from"], found["floor"]) == (1, "2026-09-01", "2027-02-28")
    assert (found["right_from"], found["right_until"], found["ended_on"]) == ("2026-09-01", None, None)
    assert found["on_hold"] == "wacht op huurcontract"
    assert found["proposal"] == {
        "date": "2027-01-20",
        "reason": "moved",
        "why": "verhuist naar Hoogeveen",
        "proposed_by": "rosa",
        "proposed_on": "2027-01-10",
        "missing": ["floor", "checklist"],
    }
    assert found["events"] == [
        {
            "kind": "moved_within",
            "on": "2026-12-01",
            "why": "nieuwe woning",
            "decision": "B-9",
            "by": "dirk",
            "at": "2026-12-01T23:30:00+00:00",
        }
    ]
    assert found["assessments"] == [
        {"sequence": 1, "assessed_on": "2026-11-20", "checklist": "2026-01", "by": "rosa"},
        {"sequence": 2, "assessed_on": "2027-01-11", "checklist": "2026-01", "by": "rosa"},
    ]
    assert found["open_items"] == [{"key": "EX-1", "kind": "returned", "since": "2026-12-28", "amount_cents": 65000}]
    assert found["shortages"] == [{"month": "2026-12", "obligation": "VL-3"}]
    assert found["state"] == "end_proposed"


def test_the_score_stands_beside_what_grew_since_the_assessment_before() -> None:
    found = as_json(FULL)
    score, grown = found["score"], found["growth"]
    assert (score["points"], score["points_max"], score["basics_met"], score["basics_max"]) == (20, 20, 9, 10)
    assert (score["proof_met"], score["waived"]) == (True, "betaalt al jaren zelf zijn telefoon")
    assert grown["points"] == 19
    assert "digid" in grown["gained"]
    assert grown["lost"] == []
    first = as_json(a_case(assessments=(assessed(1, date(2026, 11, 20), BEGINNING),)))
    assert first["growth"] is None


def test_what_went_back_since_the_assessment_before_is_said() -> None:
    case = a_case(assessments=(assessed(1, date(2026, 11, 20), GOOD), assessed(2, date(2027, 1, 11), BEGINNING)))
    assert "Achteruit: digid, pays_on_time" in as_text(case)


def test_a_hand_over_tells_the_month_that_will_be_ours_last() -> None:
    """Paid until January; on the grounds until May the runs still come, and that of May pays June."""
    rent = as_json(FULL)["junctions"][0]
    assert rent == {
        "obligation": "VL-1",
        "fit": "no_first_month",
        "last_ours": "2027-06",
        "expected": "2027-07",
        "first_own": None,
    }


def test_a_client_who_never_was_in_scope_has_a_state_of_their_own() -> None:
    stranger = a_case(trajectory=None, of_client={"must_integrate": False})
    assert as_json(stranger)["state"] == "none"
    assert "er is geen traject" in as_text(stranger)


def test_a_lapsed_ground_is_said_with_its_day() -> None:
    case, later = a_case(costs=(a_cost("VL-1"),)), date(2027, 4, 1)
    assert as_json(case, later)["state"] == "lapsed"
    assert "er wordt niets ingehouden (sinds 28 februari 2027)" in on_one_line(as_text(case, later))


def test_everything_in_place_says_that_nothing_is_missing() -> None:
    case = a_case(
        costs=(
            a_cost(
                "VL-1",
                paid=("2026-12", "2027-01", "2027-02", "2027-03"),
                first_own="2027-04",
                proofs={"2027-04": True, "2027-05": True},
            ),
        ),
        assessments=(assessed(1, date(2027, 3, 1), GOOD),),
    )
    assert as_json(case, date(2027, 6, 1))["missing_for_end"] == []
    text = as_text(case, date(2027, 6, 1))
    assert "Niets: een gewoon einde kan worden voorgesteld." in text
    assert "!!" not in text
    assert "zelf betaald: april 2027 ja, mei 2027 ja" in text


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (FULL, "!! Maatwerk als grondslag, 1 maart 2027 tot en met 31 mei 2027; besluit M-7"),
        (FULL, "!! Van het bewijs van zelf betalen is afgezien: betaalt al jaren zelf zijn telefoon"),
        (a_case(proposal=replace(MOVED, reason=EarlyReason.CUSTOM)), "!! Maatwerk als reden van het einde: verhuist"),
        (a_case(proposal=MOVED), "!! Het einde gaat voorbij aan: de zes maanden, de checklist"),
    ],
    ids=["ground", "proof", "end", "passed over"],
)
def test_what_departs_from_the_ordinary_rules_stands_first(case: Case, said: str) -> None:
    text = as_text(case)
    assert said in text
    assert text.index(said) < text.index("Grondslagen\n")


def test_what_a_person_typed_cannot_look_like_a_line_of_ours() -> None:
    forged = an_event(EventKind.ARREARS, date(2026, 12, 1), "gezien\n\nTegoed\n------\nEUR 9.999,00 houden wij vast")
    text = as_text(a_case(events=(forged,), of_client={"name": "An <b>\nGrondslagen"}))
    assert text.count("\nTegoed\n") == 1
    assert text.count("\nGrondslagen\n") == 1


def test_a_moment_in_the_books_is_shown_on_its_day_in_amsterdam() -> None:
    assert "vastgelegd door dirk op 2 december 2026" in on_one_line(as_text(FULL))


def test_no_line_is_wider_than_a_page() -> None:
    assert max(map(len, as_text(FULL).splitlines())) <= 100
