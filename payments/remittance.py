"""What a payee reads beside the amount: their own reference, or `<soort> <covered month> <kenmerk>` in plain text."""

from payments.charset import to_sepa
from payments.month import Month
from payments.parties import Category
from payments.references import ReferenceType, betalingskenmerk_problem, contains_bsn, rf_problem

LONGEST = 140  # of an unstructured remittance, as ISO 20022 has it


def remittance(kind: ReferenceType, category: Category, covers: Month, reference: str) -> str:
    """The reference as the payee asked for it, or a text that says what is paid; in the signs that banks take."""
    free = kind is ReferenceType.FREE
    return to_sepa(f"{category.value} {covers} {reference}" if free else reference)


def reference_problem(kind: ReferenceType, category: Category | None, reference: str) -> str | None:
    """Why the payee would not see this reference as it is, in the form that they asked for; None if they would."""
    if kind is ReferenceType.BETALINGSKENMERK:
        return betalingskenmerk_problem(reference)
    if kind is ReferenceType.RF:
        return rf_problem(reference)
    try:
        text = to_sepa(reference)
    except ValueError as why:
        return str(why)
    if not text.strip():
        return "has no letter or digit"
    if contains_bsn(text):
        return "has nine digits that can be a BSN, which no payment may hold: write it in two parts, as in 1234567-82"
    room = room_for_reference(category)
    return f"does not fit a payment text: at most {room} characters for this soort" if len(text) > room else None


def room_for_reference(category: Category | None) -> int:
    """How many characters of a free reference fit beside what else the text says."""
    return LONGEST - len(f"{category.value if category else ''} 2026-11 ")
