"""Why an ontzorgen cannot end yet, in the words that a caseworker reads."""

import json
from dataclasses import replace
from datetime import date

import pytest
from support.story import Office, ordinary_month

from desk.words.ending import not_yet, obstacle_text
from payments.dossier.case import Waiting
from payments.dossier.checklist import Verdict
from payments.dossier.ending import Fit, Junction, Missing, Obstacle, TooEarly, UnlistedRefund

BACK = Waiting("EX-1", "returned", date(2027, 1, 30), 650_00)
NO_MONTH = Junction("VL-1", Fit.NO_FIRST_MONTH, "2027-01", "2027-02", None)
LATER = replace(NO_MONTH, fit=Fit.GAP, first_own="2027-04")


@pytest.mark.parametrize(
    ("obstacle", "said"),
    [
        (
            Obstacle(Missing.FLOOR, TooEarly(date(2027, 2, 28), date(2027, 1, 12))),
            "de zes maanden lopen tot en met 28-02-2027; 12-01-2027 is eerder",
        ),
        (Obstacle(Missing.CHECKLIST, Verdict.NONE), "er is nog niet beoordeeld"),
        (Obstacle(Missing.CHECKLIST, Verdict.NOT_PASSED), "de checklist is nog niet gehaald"),
        (Obstacle(Missing.HANDOVER, NO_MONTH), "VL-1 is nog niet overgedragen; eerste eigen maand zou 2027-02 zijn"),
        (Obstacle(Missing.HANDOVER, LATER), "VL-1: wij betalen tot en met 2027-01, de klant vanaf 2027-04: gat"),
        (
            Obstacle(Missing.HANDOVER, replace(LATER, last_ours=None)),
            "VL-1: wij betalen tot en met niets, de klant vanaf 2027-04: gat",
        ),
        (
            Obstacle(Missing.HANDOVER, replace(LATER, fit=Fit.OVERLAP, first_own="2027-01")),
            "VL-1: wij betalen tot en met 2027-01, de klant vanaf 2027-01: dubbel",
        ),
        (Obstacle(Missing.OPEN_EXCEPTIONS, BACK), "EX-1 (returned) van EUR 650,00 staat nog open"),
        (
            Obstacle(Missing.OPEN_PAYMENTS, replace(BACK, key="P-1", kind="instructed")),
            "P-1 van EUR 650,00 is nog niet uitgevoerd (instructed)",
        ),
        (
            Obstacle(Missing.OPEN_PAYMENTS, UnlistedRefund(120_50)),
            "EUR 120,50 teruggave staat nog op geen restantlijst",
        ),
    ],
)
def test_each_thing_that_is_missing_has_its_sentence(obstacle: Obstacle, said: str) -> None:
    assert obstacle_text(obstacle) == said


def test_a_proposal_that_stands_is_withdrawn_and_a_new_one_may_have_a_reason() -> None:
    found = [Obstacle(Missing.CHECKLIST, Verdict.NONE)]
    first = "Het ontzorgen van 10001 kan nog niet eindigen:\n  checklist: er is nog niet beoordeeld\n"
    assert not_yet("10001", found, proposed=False).startswith(f"{first}Een vroeg einde heeft een reden: --reason ")
    assert not_yet("10001", found, proposed=True).startswith(f"{first}Sinds het voorstel is er iets veranderd")


def test_who_proposes_too_early_reads_all_that_is_missing(office: Office) -> None:
    ordinary_month(office)
    refused = office("rosa", "--json", "end", "propose", "0010001", "--date", "2026-12-31")
    assert refused.code == 1
    assert refused.err.startswith("Het ontzorgen van 0010001 kan nog niet eindigen:\n  floor: de zes maanden lopen tot")
    answer = json.loads(refused.out)
    assert answer["missing"][:2] == ["floor", "checklist"]
    assert answer["message"] == refused.err.rstrip("\n")
