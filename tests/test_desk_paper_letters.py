"""Letters that a client can read, and letters that tell a creditor nothing it should not know."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desk.paper import letters
from desk.words.formats import day_in_words, month_in_words
from payments.dossier.case import Method
from payments.dossier.letters_due import Contact, Customer, Heading, NextPayer, OwnBill
from payments.parties import Category

GOLDEN = Path(__file__).parent / "golden"
CLIENT = Heading("Gemeente Assen", "Naïma Voorbeeld", date(2027, 1, 18))
CREDITOR = Heading("Gemeente Assen", "Stichting Wonen Noord", date(2027, 1, 18))
RENT = OwnBill(Category.RENT, "Stichting Wonen Noord", 650_00, "2027-04")
ENERGY = OwnBill(Category.ENERGY, "Stroomhuis B.V.", 120_50, "2027-03")
WHO = Contact("Team Betalingen", "0592 00 00 00", "betalingen@gemeente.example")
ASKED = replace(CREDITOR, contact=replace(WHO, name="Team Inkomen"))
CUSTOMER = Customer("Naïma Voorbeeld", "C-77")
TO_CLIENT = {
    "ground_ends": letters.ground_ends(CLIENT, date(2027, 2, 28), [RENT, ENERGY]),
    "hand_over_incasso": letters.hand_over(CLIENT, ENERGY, "5000056789012345", Method.DIRECT_DEBIT),
    "hand_over_overboeking": letters.hand_over(CLIENT, RENT, "C-77", Method.TRANSFER),
    "payments_pause": letters.payments_pause(
        replace(CLIENT, contact=WHO), [replace(RENT, resumes="2027-05"), replace(ENERGY, resumes="2027-06")]
    ),
    "service_ends": letters.service_ends(CLIENT, date(2027, 2, 28), [RENT, ENERGY]),
}
TO_CREDITOR = {
    "payer_is_customer": letters.payer_changes(CREDITOR, CUSTOMER, "2027-04", NextPayer.CUSTOMER),
    "payer_is_another": letters.payer_changes(CREDITOR, CUSTOMER, "2027-04", NextPayer.OTHER),
    "payer_is_not_known": letters.payer_changes(CREDITOR, CUSTOMER, "2027-04", NextPayer.NOBODY_KNOWN),
    "payer_pauses": letters.payer_pauses(ASKED, CUSTOMER, "2027-04", "2027-05"),
}
PRIVATE = (
    "bijstand",
    "uitkering",
    "statushouder",
    "ontzorg",
    "inburger",
    "asiel",
    "participatie",
    "machtiging",
    "beschikking",
    "consulent",
    "regievoerder",
    "schuld",
    "klantnummer",
    "sociaal",
    "bsn",
)


def sentences(text: str) -> list[str]:
    """A line break ends a sentence too; points inside a name, a number or an amount do not."""
    return [part for line in text.splitlines() for part in re.split(r"(?<=[.!?:])\s", line) if part.strip()]


@pytest.mark.parametrize("name", [*TO_CLIENT, *TO_CREDITOR])
def test_the_letter_is_the_one_that_was_agreed_on(name: str) -> None:
    text = (TO_CLIENT | TO_CREDITOR)[name]
    assert text == (GOLDEN / f"letter_{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TO_CLIENT)
def test_a_client_reads_short_sentences_without_office_words(name: str) -> None:
    assert max(len(sentence.split()) for sentence in sentences(TO_CLIENT[name])) <= 15
    for word in ("grondslag", "beschikking", "trajectorie", "conform", "derhalve", "machtiging", "vaste last", "BSN"):
        assert word.lower() not in TO_CLIENT[name].lower()


@pytest.mark.parametrize("name", TO_CREDITOR)
def test_a_creditor_reads_nothing_about_the_reason(name: str) -> None:
    text = " ".join(TO_CREDITOR[name].lower().split())
    assert [word for word in PRIVATE if word in text] == []
    assert text.count("c-77") == 2
    assert text.count("naïma voorbeeld") == 2
    assert max(map(len, TO_CREDITOR[name].splitlines())) <= 90


def test_last_paid_and_first_own_month_follow_each_other_without_gap() -> None:
    january = OwnBill(Category.WATER, "Waterbedrijf Bronwel", 22_10, "2027-01")
    text = letters.hand_over(CLIENT, january, "W-1", Method.TRANSFER)
    assert "tot en met december 2026." in text
    assert "zelf betaalt, is januari 2027." in text
    assert "over december 2026" in letters.payer_changes(CREDITOR, CUSTOMER, "2027-01", NextPayer.CUSTOMER)


def test_each_way_of_paying_has_its_own_steps_and_both_warn_of_paying_twice() -> None:
    debit, transfer = TO_CLIENT["hand_over_incasso"], TO_CLIENT["hand_over_overboeking"]
    assert "automatische incasso" in debit
    assert "incasso" not in transfer
    assert "Zet bij de betaling dit nummer: C-77." in transfer
    for text in (debit, transfer):
        assert "Er mag maar één betaling per maand zijn." in text


def test_bills_stand_in_the_order_in_which_they_begin() -> None:
    text = TO_CLIENT["ground_ends"]
    assert text.index("Energie aan") < text.index("Huur aan")


def test_a_client_without_bills_is_told_so() -> None:
    assert "Wij betalen nu geen rekeningen meer voor u." in letters.service_ends(CLIENT, date(2027, 2, 28), [])


def test_days_and_months_are_written_out() -> None:
    assert (day_in_words(date(2027, 3, 1)), month_in_words("2026-12")) == ("1 maart 2027", "december 2026")
