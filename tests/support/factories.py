"""Invented people and costs for tests, each with sensible values that a test overrides where its story needs it."""

from datetime import date
from typing import Any

from payments.dossier.case import Case, FixedCost, grounds_of
from payments.dossier.uncovered import EXPECTED
from payments.month import Month
from payments.parties import (
    BenefitRecord,
    Category,
    Client,
    Component,
    Creditor,
    Frequency,
    Obligation,
    ResidenceGround,
)
from payments.plan.withholding import Policy
from payments.references import ReferenceType

LANDLORD_IBAN = "NL91ABNA0417164300"
ENERGY_IBAN = "NL20INGB0001234567"
INSURER_IBAN = "NL44RABO0123456789"


def a_client(client: str = "10001", **changes: Any) -> Client:
    fields: dict[str, Any] = {
        "client": client,
        "gemeente": "assen",
        "name": f"Samira Voorbeeld {client}",
        "household": f"H{client}",
        "birth_date": date(1990, 5, 4),
        "right_from": date(2026, 9, 1),
        "right_until": None,
        "residence_ground": ResidenceGround.ASYLUM_DEFINITE,
        "must_integrate": True,
        "decision": f"B-{client}",
        "decision_date": date(2026, 9, 3),
        "mandate_date": date(2026, 9, 4),
        "iban": None,
        "language": None,
    }
    return Client(**fields | changes)


def an_obligation(obligation: str, client: str = "10001", **changes: Any) -> Obligation:
    fields: dict[str, Any] = {
        "obligation": obligation,
        "client": client,
        "creditor": "WONEN",
        "category": Category.RENT,
        "amount_cents": 650_00,
        "reference": f"C-{obligation}",
        "first_covered": "2026-10",
        "last_covered": None,
        "frequency": Frequency.MONTHLY,
    }
    return Obligation(**fields | changes)


def a_creditor(creditor: str = "WONEN", **changes: Any) -> Creditor:
    fields: dict[str, Any] = {
        "creditor": creditor,
        "name": f"Stichting {creditor}",
        "iban": LANDLORD_IBAN,
        "category": Category.RENT,
        "reference_type": ReferenceType.FREE,
    }
    return Creditor(**fields | changes)


def a_benefit(client: str = "10001", cents: int = 1_331_43, **changes: Any) -> BenefitRecord:
    fields: dict[str, Any] = {
        "reference": f"U-{client}",
        "client": client,
        "month": "2026-11",
        "component": Component.REGULAR,
        "amount_cents": cents,
        "suspended": False,
    }
    return BenefitRecord(**fields | changes)


EVERYTHING_OUT_OF_NEXT_MONTH = Policy(
    offsets=dict.fromkeys(Category, 1), priority=tuple(Category), stop_at_shortage=False, minimum_rest_cents=0
)


def a_cost(
    obligation: str = "VL-1", paid: tuple[Month, ...] = ("2026-10",), first_own: Month | None = None, **changes: Any
) -> FixedCost:
    method = "incasso" if first_own else None
    return FixedCost(an_obligation(obligation, **changes), paid, first_own, method, {})


def a_bare_case(known: Client, **changes: Any) -> Case:
    """A first trajectory of six months without a ground, of which nothing is known."""
    fields: dict[str, Any] = {
        "client": known,
        "trajectory": 1,
        "stored_state": "open",
        "period_from": known.right_from,
        "months": 6,
        "segments": (),
        "added": (),
        "on_hold": None,
        "events": (),
        "costs": (),
        "months_paid": (),
        "shortages": (),
        "unconfirmed": (),
        "open_items": (),
        "open_payments": (),
        "ledger_cents": 0,
        "assessments": (),
        "proposal": None,
        "ended_on": None,
        "without": frozenset(EXPECTED),  # so that nobody asks where they are
    }
    return Case(**fields | changes)


def a_case(client: str = "10001", **changes: Any) -> Case:
    """A client in the ordinary six months from 1 September 2026, with nothing special."""
    known = a_client(client)
    ordinary = {"segments": grounds_of(known, [], 6, known.right_from)}
    return a_bare_case(known, **ordinary | changes)
