"""The betaalbewijs answers a creditor who says that nothing came, and says nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from support.client_month_examples import BACK, BOOKED, a_cost, a_month, an_attempt

from desk.documents import payment_proof
from ledgers.views.client_month import ClientMonth

RELEASED = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # already the 24th in Amsterdam
FIRST = an_attempt("returned", replace(BOOKED, amount_cents=None), BACK, released_at=RELEASED)
SECOND = an_attempt(
    "booked",
    replace(BOOKED, line="L-9"),
    end_to_end_id="202612-2-VL-1",
    file_id="ASSEN-202611-02-001",
    sha256="b" * 64,
    released_at=RELEASED,
)
ENERGY = a_cost(an_attempt("booked", BOOKED, end_to_end_id="202612-1-VL-2"), obligation="VL-2", category="energie")
MONTH = a_month(a_cost(FIRST, SECOND), ENERGY)


def shown(facts: ClientMonth, obligation: str | None = None) -> str:
    return payment_proof.text(facts, "Gemeente Assen", obligation)


def test_each_attempt_can_be_found_at_the_bank() -> None:
    lines = [" ".join(line.split()) for line in shown(MONTH).splitlines()]
    for line in (
        "Huur over december 2026, vaste last VL-1, betaalmaand november 2026",
        "Aan Stichting Wonen Noord",
        "Rekening NL91 ABNA 0417 1643 00",
        "Van rekening NL11 BNGH 0285 0123 46",
        "Bedrag EUR 650,00",
        "Omschrijving huur 2026-12 C-77",
        "EndToEndId 202612-1-VL-1",
        "EndToEndId 202612-2-VL-1",
        "Betaalbestand ASSEN-202611-02-001",
        f"SHA-256 van bestand {'b' * 64}",
        "Aangeboden aan de bank 24 november 2026",
        "Afgeschreven 25 november 2026",
        "Afschrift S1 (assen-0285012346-00001)",
        "Regel L-9, EUR 650,00",
        "Teruggeboekt 1 december 2026",
        "Reden AC04: rekening van de schuldeiser klopt niet",
    ):
        assert line in lines


def test_a_line_that_covers_others_shows_its_number_and_not_its_amount() -> None:
    assert "L-1, samen met andere betalingen" in shown(MONTH)
    (first, _) = payment_proof.document(MONTH)["obligations"][0]["attempts"]
    assert [(line["line"], line["amount_cents"]) for line in first["bank_lines"]] == [("L-1", None), ("L-2", 650_00)]


def test_what_stands_in_a_partners_name_is_not_shown() -> None:
    partners = a_cost(an_attempt("booked", BOOKED), obligation="VL-9", owner="0010009", own_cents=325_00)
    assert payment_proof.document(a_month(partners))["obligations"] == []
    assert "VL-9" not in shown(a_month(partners))
    assert "In deze maand is niets betaald." in shown(a_month(partners))


def test_one_creditor_can_be_shown_its_own_payment_only() -> None:
    assert "VL-1" not in shown(MONTH, "VL-2")
    assert [cost["obligation"] for cost in payment_proof.document(MONTH, "VL-2")["obligations"]] == ["VL-2"]


def test_a_creditor_reads_nothing_about_why_the_gemeente_paid() -> None:
    text = shown(MONTH).lower()
    for word in ("bijstand", "uitkering", "statushouder", "ontzorg", "klantnummer", "0010001", "tekort", "machtiging"):
        assert word not in text


def test_a_refusal_has_its_day_and_reason() -> None:
    refused = an_attempt("rejected", rejected_on=date(2026, 11, 24), rejected_reason="AC01", released_at=RELEASED)
    text = " ".join(shown(a_month(a_cost(refused))).split())
    assert "Stand geweigerd" in text
    assert "Geweigerd door de bank 24 november 2026 Reden AC01: rekening van de schuldeiser klopt niet" in text
    (attempt,) = payment_proof.document(a_month(a_cost(refused)))["obligations"][0]["attempts"]
    assert (attempt["rejected_on"], attempt["reason"]) == ("2026-11-24", "AC01")


@pytest.mark.parametrize("state", ["returned", "rejected"])
def test_a_reason_that_the_bank_did_not_give_is_called_unknown(state: str) -> None:
    cost = a_cost(an_attempt(state))
    assert "geen code: reden onbekend" in shown(a_month(cost))


def test_what_is_not_sent_yet_says_so() -> None:
    text = " ".join(shown(a_month(a_cost(an_attempt("planned")))).split())
    assert "Stand klaargezet" in text
    assert "Aangeboden aan de bank nog niet" in text


def test_a_month_without_run_says_so() -> None:
    assert "Voor deze maand zijn nog geen betalingen gemaakt." in shown(a_month(run_id=None))
    assert payment_proof.document(a_month(run_id=None))["run_id"] is None


def test_money_that_was_only_set_aside_is_no_payment() -> None:
    assert payment_proof.document(a_month(a_cost()))["obligations"] == []
