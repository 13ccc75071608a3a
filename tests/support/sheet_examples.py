"""An approval sheet of four payments that finance agreed on, one of them a rent a hundred times the last."""

from dataclasses import replace
from datetime import UTC

from desk.paper.approval_sheet import Sheet, sheet_of
from payments.pain001.rules import Finding, LastPaid
from support.pain001_examples import ENERGY, FACTS, FILE, INSURANCE, RENT, dutch_iban, with_payments

SECOND_RENT = replace(
    RENT,
    payment_id="202612-1-VL-0010",
    obligation="VL-0010",
    client="K0009",
    covers="2026-12",
    ultimate_debtor="Amina Warsame",
    amount_cents=66_500_00,
)
FOUR = with_payments(RENT, ENERGY, INSURANCE, SECOND_RENT)
BEFORE = {**FACTS.last_paid, "VL-0010": LastPaid(66_500, dutch_iban("RABO", 7), RENT.creditor_name)}
GENEROUS = replace(FACTS.limits, max_payment_cents=10_000_000, max_total_cents=10_000_000)
KNOWN = replace(FACTS, last_paid=BEFORE, limits=GENEROUS, paid_before=frozenset({"IJSSELMOND", "ZORGWEL"}))


def read_sheet(content: bytes, findings: list[Finding]) -> Sheet:
    return sheet_of(
        content,
        file_id="ASSEN-202611-01-001",
        gemeente="Gemeente Assen",
        month="2026-11",
        state="klaargezet",
        maker="p.devries",
        made_at=FILE.created_at.astimezone(UTC),
        findings=findings,
        shortfalls=2,
        held=1,
        audit_head=(12, "0f1e2d3c4b5a6978" * 4),
    )
