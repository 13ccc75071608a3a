from dataclasses import replace
from hashlib import sha1, sha256
from pathlib import Path

import pytest
from support.pain001_examples import (
    ENERGY,
    FACTS,
    FILE,
    GEMEENTE_IBAN,
    INSURANCE,
    LANDLORD_IBAN,
    RENT,
    dutch_iban,
    with_payments,
)
from support.sheet_examples import FOUR, KNOWN, read_sheet

from desk.paper.approval_sheet import sheet_text
from payments.pain001.orders import PaymentFile
from payments.pain001.rules import FileFacts, Finding, check
from payments.pain001.writer import render

GOLDEN = Path(__file__).parent / "golden" / "sheet_four_payments.txt"


def sheet(file: PaymentFile, facts: FileFacts = FACTS) -> str:
    content = render(file)
    return of_bytes(content, check(content, file, facts))


def of_bytes(content: bytes, findings: list[Finding]) -> str:
    return sheet_text(read_sheet(content, findings))


def test_the_sheet_is_the_one_that_finance_agreed_on():
    assert sheet(FOUR, KNOWN) == GOLDEN.read_text(encoding="utf-8")


def test_nothing_is_wider_than_a_printed_page():
    long_name = replace(RENT, creditor_name="Stichting " * 7)
    maltese = replace(RENT, creditor_iban="MT84MALT011000012345MTLCAST001S")
    for text in (sheet(FOUR, KNOWN), sheet(with_payments(long_name)), sheet(with_payments(maltese))):
        assert max(map(len, text.splitlines())) <= 100


def test_no_client_is_named_not_even_one_who_is_paid_on_the_own_account():
    own = replace(INSURANCE, creditor_name="Gulsah Demir", creditor_iban=dutch_iban("INGB", 5_551_234))
    text = sheet(with_payments(RENT, ENERGY, own))
    for private in ("Demir", "Nunez", "Oztuerk", "5551234", "H-10234"):
        assert private not in text.replace(" ", "")
    assert "Uitbetaald aan cliënten zelf" in text


def test_what_one_creditor_gets_is_added_up():
    lines = sheet(with_payments(RENT, replace(RENT, payment_id="VL-2", obligation="VL-2"))).splitlines()
    (landlord,) = [line for line in lines if line.startswith("Stichting Woonzorg Ijsselmond")]
    assert landlord.split()[-2:] == ["2", "1.300,24"]
    assert landlord.replace(" ", "").count(LANDLORD_IBAN) == 1


def test_one_name_with_two_accounts_stands_there_twice():
    other = replace(RENT, payment_id="VL-2", obligation="VL-2", creditor_iban=dutch_iban("RABO", 8))
    assert sheet(with_payments(RENT, other)).count("Stichting Woonzorg Ijsselmond") == 2


def test_the_sheet_says_what_stands_in_the_bytes_and_not_what_was_planned():
    altered = render(FILE).replace(b"650.12", b"950.12").replace(b"2026-11-25", b"2026-11-26")
    text = of_bytes(altered, [])
    assert "EUR 1.215,67" in text
    assert "26-11-2026" in text
    assert "915,67" not in text


def test_the_control_numbers_are_those_of_the_bytes_with_the_end_marked():
    content = render(FILE)
    strong, old = sha256(content).hexdigest(), sha1(content).hexdigest()
    assert f"{strong[:58]}[{strong[58:]}]" in sheet(FILE)
    assert f"{old[:35]}[{old[35:]}]" in sheet(FILE)


def test_account_number_date_count_and_total_are_on_it():
    text = sheet(FILE)
    for fact in ("ASSEN-202611-01-001-B1", "25-11-2026", "EUR 915,67", "20-11-2026 om 14:05", "p.devries"):
        assert fact in text
    assert GEMEENTE_IBAN in text.replace(" ", "")


def test_the_approver_has_to_type_the_total_and_cannot_copy_it_with_the_command():
    assert "   ontzorgen approve ASSEN-202611-01-001 --total AMOUNT\n" in sheet(FILE)


def test_the_hundredfold_comes_first_among_the_warnings():
    text = sheet(FOUR, KNOWN)
    warnings = text.partition("LET OP")[2].splitlines()[1:]
    assert "100 keer" in " ".join(warnings[:2])


def test_errors_are_no_warnings_and_no_warnings_is_said():
    text = of_bytes(render(FILE), [Finding("E", "x", None, "Dit is een fout.")])
    assert "LET OP (0)\nGeen bijzonderheden." in text
    assert "Dit is een fout" not in text


def test_bytes_that_are_no_payment_file_get_no_sheet():
    with pytest.raises(ValueError, match="no well-formed XML"):
        of_bytes(b"rubbish", [])
