"""What a letter tells is kept as a hash of facts: it changes with every fact, and with nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from payments.dossier.case import Method
from payments.dossier.letter_facts import facts_sha256
from payments.dossier.letters_due import (
    BillPasses,
    Contact,
    Customer,
    Heading,
    LetterDue,
    NextPayer,
    NoticeKind,
    Occasion,
    OwnBill,
    PayerChanges,
    PaymentsStop,
)
from payments.parties import Category

CLIENT = Heading("Gemeente Assen", "Naïma Voorbeeld", date(2027, 1, 18))
CREDITOR = replace(CLIENT, addressee="Stichting Wonen Noord")
RENT = OwnBill(Category.RENT, "Stichting Wonen Noord", 650_00, "2027-04")
ENERGY = OwnBill(Category.ENERGY, "Stroomhuis B.V.", 120_50, "2027-03")
ENDS = Occasion("0010001", "", NoticeKind.ENDED, date(2027, 2, 28))
ABOUT_RENT = Occasion("0010001", "VL-1", NoticeKind.HANDOVER, date(2027, 4, 1))
TO_CREDITOR = replace(ABOUT_RENT, kind=NoticeKind.HANDOVER_CREDITOR)
LETTERS = {
    "stop": LetterDue(ENDS, CLIENT, PaymentsStop((ENERGY, RENT))),
    "own": LetterDue(ABOUT_RENT, CLIENT, BillPasses(RENT, "C-77", Method.TRANSFER)),
    "payer": LetterDue(TO_CREDITOR, CREDITOR, PayerChanges(Customer("Naïma Voorbeeld", "C-77"), "2027-04")),
}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("stop", "315520b8f5ac926e2844cac58603f89542cf468b0258a55db0a27fed2c2904dd"),
        ("own", "5248cd91cc394228451959907e0410663bd349978ca87f839cf865b6c3521dec"),
        ("payer", "9dd0f1ab451cd9ab77cda855a6d8480c7debd51e79db5202040086cf5058a34a"),
    ],
)
def test_what_was_kept_yesterday_is_found_again_tomorrow(name: str, kept: str) -> None:
    """These stand in books: whoever renames a field or adds one may not turn every letter into a changed one."""
    assert facts_sha256(LETTERS[name]) == kept


def variants() -> list[LetterDue]:
    """Each letter with one fact altered."""
    stop, own, payer = LETTERS.values()
    found = [
        replace(letter, heading=heading)
        for letter in LETTERS.values()
        for heading in (
            replace(letter.heading, sender="Gemeente Emmen"),
            replace(letter.heading, addressee="Ander"),
            replace(letter.heading, day=date(2027, 1, 19)),
        )
    ]
    found += [
        replace(letter, occasion=replace(letter.occasion, **{name: value}))
        for letter in LETTERS.values()
        for name, value in {
            "client": "0010002",
            "obligation": "VL-9",
            "kind": NoticeKind.GROUND_ENDS,
            "about": date(2027, 5, 1),
        }.items()
    ]
    bills = [
        replace(RENT, category=Category.OTHER),
        replace(RENT, creditor="Ander"),
        replace(RENT, amount_cents=650_01),
        replace(RENT, first_own="2027-05"),
    ]
    found += [replace(stop, content=PaymentsStop((ENERGY, bill))) for bill in bills]
    found += [replace(stop, content=PaymentsStop(()))]
    found += [replace(own, content=BillPasses(bill, "C-77", Method.TRANSFER)) for bill in bills]
    found += [replace(own, content=BillPasses(RENT, "C-78", Method.TRANSFER))]
    found += [replace(own, content=BillPasses(RENT, "C-77", Method.DIRECT_DEBIT))]
    found += [replace(payer, content=PayerChanges(Customer("Ander", "C-77"), "2027-04"))]
    found += [replace(payer, content=PayerChanges(Customer("Naïma Voorbeeld", "C-78"), "2027-04"))]
    found += [replace(payer, content=PayerChanges(Customer("Naïma Voorbeeld", "C-77"), "2027-05"))]
    found += [replace(stop, content=PaymentsStop((ENERGY, replace(RENT, resumes="2027-06"))))]
    known = payer.content
    assert isinstance(known, PayerChanges)
    found += [replace(payer, content=replace(known, payer=NextPayer.OTHER))]
    found += [replace(payer, content=replace(known, resumes="2027-06"))]
    return found


def test_every_single_fact_counts() -> None:
    hashes = [facts_sha256(letter) for letter in (*LETTERS.values(), *variants())]
    assert len(hashes) == 3 + 9 + 12 + 17
    assert len(set(hashes)) == len(hashes)


def test_whom_to_ask_is_no_fact_that_makes_a_letter_another_one() -> None:
    letter = LETTERS["stop"]
    asked = replace(letter, heading=replace(letter.heading, contact=Contact("Team", "0592 00 00 00", "")))
    assert facts_sha256(asked) == facts_sha256(letter)
