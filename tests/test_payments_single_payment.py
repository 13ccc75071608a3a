"""What one payment must satisfy by itself, in the words that an import and a run say it with."""

from dataclasses import replace

import pytest
from support.factories import LANDLORD_IBAN, a_creditor, an_obligation

from payments.parties import Category
from payments.references import ReferenceType
from payments.remittance import reference_problem
from payments.single_payment import account_problem, name_problem, payment_problem

OWN = frozenset({"NL11BNGH0285012346"})


@pytest.mark.parametrize(
    ("kind", "reference", "fits"),
    [
        (ReferenceType.FREE, "HK-778", True),
        (ReferenceType.FREE, "123456782", False),  # passes the eleven-test
        (ReferenceType.FREE, "klant 123456782", False),
        (ReferenceType.FREE, "123456783", True),
        (ReferenceType.FREE, "1234567-82", True),
        (ReferenceType.FREE, "x" * 130, False),
        (ReferenceType.FREE, "\u0e01", False),
        (ReferenceType.RF, "RF18539007547034", True),
        (ReferenceType.RF, "HK-778", False),
        (ReferenceType.BETALINGSKENMERK, "5000056789012345", True),
        (ReferenceType.BETALINGSKENMERK, "RF18539007547034", False),
    ],
)
def test_a_reference_fits_the_form_that_the_payee_asked_for(kind: ReferenceType, reference: str, fits: bool) -> None:
    assert (reference_problem(kind, Category.RENT, reference) is None) is fits
    bill = an_obligation("VL-1", reference=reference)
    assert (payment_problem(bill, a_creditor(reference_type=kind), "Samira Voorbeeld", OWN) is None) is fits


@pytest.mark.parametrize(
    ("name", "fits"),
    [("Stichting Wonen", True), ("Élan & Co", True), ("x" * 71, False), ("Wonen 123456782", False), ("\u0e01", False)],
)
def test_a_name_can_be_carried_by_a_message_and_holds_no_bsn(name: str, fits: bool) -> None:
    assert (name_problem(name) is None) is fits
    assert (payment_problem(an_obligation("VL-1"), a_creditor(name=name), "Samira", OWN) is None) is fits
    assert (payment_problem(an_obligation("VL-1"), a_creditor(), name, OWN) is None) is fits


@pytest.mark.parametrize(
    ("iban", "why"),
    [
        (LANDLORD_IBAN, None),
        ("BE68539007547034", None),
        ("NL11BNGH0285012346", "is an account of a gemeente itself"),
        ("GB29NWBK60161331926819", "banks pay with an address only"),
        ("NL91ABNA0417164301", "check digits are wrong"),
    ],
)
def test_a_payment_goes_to_an_account_of_somebody_else_that_banks_can_reach(iban: str, why: str | None) -> None:
    problem = account_problem(iban, OWN)
    assert problem is None if why is None else why in (problem or "")
    assert payment_problem(an_obligation("VL-1"), replace(a_creditor(), iban=iban), "Samira", OWN) == problem
