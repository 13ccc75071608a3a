"""What a payee reads beside the amount: their own reference, or `<soort> <covered month> <kenmerk>` in plain text."""

from payments.charset import to_sepa
from payments.month import Month
from payments.parties import Category
from payments.references import ReferenceType

LONGEST = 140  # of an unstructured remittance, as ISO 20022 has it


def remittance(kind: ReferenceType, category: Category, covers: Month, reference: str) -> str:
    """The reference as the payee asked for it, or a text that says what is paid; in the signs that banks take."""
    free = kind is ReferenceType.FREE
    return to_sepa(f"{category.value} {covers} {reference}" if free else reference)


def room_for_reference(category: Category | None) -> int:
    """How many characters of a free reference fit beside what else the text says."""
    return LONGEST - len(f"{category.value if category else ''} 2026-11 ")
