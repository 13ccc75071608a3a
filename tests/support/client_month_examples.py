"""One client's month as the books tell it: invented attempts, costs and months, with what a test changes in them."""

from dataclasses import replace
from datetime import date
from typing import Any

from ledgers.views.client_month import ClientMonth, Cost
from ledgers.views.payment_attempts import BankLine, PaymentAttempt
from payments.parties import BenefitRecord, Component
from payments.plan.withholding import Included

BOOKED = BankLine("booked", "assen-0285012346-00001", "S1", "L-1", date(2026, 11, 25), 650_00, None)
BACK = replace(BOOKED, kind="returned", line="L-2", booked_on=date(2026, 12, 1), reason="AC04")


def an_attempt(state: str = "booked", *lines: BankLine, **changes: Any) -> PaymentAttempt:
    fields: dict[str, Any] = {
        "end_to_end_id": "202612-1-VL-1",
        "creditor_name": "Stichting Wonen Noord",
        "creditor_iban": "NL91ABNA0417164300",
        "amount_cents": 650_00,
        "remittance": "huur 2026-12 C-77",
        "state": state,
        "file_id": "ASSEN-202611-01-001",
        "sha256": "a" * 64,
        "debtor_iban": "NL11BNGH0285012346",
        "execution_date": date(2026, 11, 25),
        "released_at": None,
        "rejected_on": None,
        "rejected_reason": None,
        "decision": None,
        "came_back_cents": 0,
        "lines": lines,
    }
    return PaymentAttempt(**fields | changes)


def a_cost(*attempts: PaymentAttempt, **changes: Any) -> Cost:
    fields: dict[str, Any] = {
        "obligation": "VL-1",
        "owner": "0010001",
        "category": "huur",
        "covers": "2026-12",
        "creditor": "WONEN",
        "creditor_name": "Stichting Wonen Noord",
        "amount_cents": 650_00,
        "own_cents": 650_00,
        "attempts": attempts,
        "benefit_month": "2026-11",
    }
    return Cost(**fields | changes)


def a_month(*costs: Cost, **changes: Any) -> ClientMonth:
    fields: dict[str, Any] = {
        "client": "0010001",
        "name": "Naïma Voorbeeld",
        "language": None,
        "gemeente": "assen",
        "month": "2026-11",
        "run_id": "assen-202611-01",
        "benefits": (BenefitRecord("U-1", "0010001", "2026-11", Component.REGULAR, 1_331_43, suspended=False),),
        "included": Included("0010001", 1_331_43, 650_00),
        "refund_cents": 0,
        "listed_cents": 0,
        "listed_on": None,
        "costs": costs,
        "shortfalls": (),
        "held": (),
    }
    return ClientMonth(**fields | changes)
