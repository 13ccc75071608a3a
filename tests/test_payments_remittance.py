"""What the payee reads: their own reference as they asked for it, else what is paid in so many words."""

import pytest

from payments.money import about_hundredfold
from payments.parties import Category
from payments.references import ReferenceType
from payments.remittance import LONGEST, remittance, room_for_reference


def test_a_free_reference_stands_behind_what_is_paid_in_signs_that_banks_take() -> None:
    assert remittance(ReferenceType.FREE, Category.RENT, "2026-12", "Huurder Zoë 7") == "huur 2026-12 Huurder Zoe 7"


@pytest.mark.parametrize("kind", [ReferenceType.BETALINGSKENMERK, ReferenceType.RF])
def test_a_structured_reference_stands_alone(kind: ReferenceType) -> None:
    assert remittance(kind, Category.RENT, "2026-12", "RF18539007547034") == "RF18539007547034"


@pytest.mark.parametrize("category", Category)
def test_the_longest_reference_that_is_accepted_fills_the_text_and_no_more(category: Category) -> None:
    """The intake and the payment file measure the same text."""
    reference = "K" * room_for_reference(category)
    assert len(remittance(ReferenceType.FREE, category, "2026-12", reference)) == LONGEST


@pytest.mark.parametrize(
    ("large", "small", "expected"),
    [(650_00_00, 650_00, True), (585_00_00, 650_00, True), (584_99_00, 650_00, False), (716_00_00, 650_00, False)],
)
def test_a_hundredfold_is_meant_within_a_tenth(large: int, small: int, expected: bool) -> None:
    assert about_hundredfold(large, small) is expected
