"""A couple half-way and at the end of their road, as cases that no database had to make."""

from datetime import date
from typing import Any

from config.checklist import load_checklists
from ledgers.cases.ends import EndRules, Standing, stand
from payments.dossier.case import (
    AddedGround,
    AssessmentMade,
    Case,
    EarlyReason,
    EndProposal,
    Event,
    EventKind,
    FixedCost,
    Waiting,
    grounds_of,
)
from payments.dossier.checklist import Answer, Checklist, ChecklistPart
from payments.dossier.ending import MonthRule
from payments.month import Month
from payments.parties import Category, Creditor, Frequency
from payments.plan.grounds import Ground, Segment
from payments.plan.withholding import Policy
from support.factories import a_bare_case, a_client, a_creditor, an_obligation

CHECKLISTS: dict[str, Checklist] = {checklist.version: checklist for checklist in load_checklists().versions}
(CURRENT,) = CHECKLISTS.values()
RULES = EndRules(
    months=6,
    checklists=CHECKLISTS,
    current=CURRENT,
    gemeenten={
        "assen": MonthRule(
            Policy(dict.fromkeys(Category, 1), priority=tuple(Category), stop_at_shortage=False, minimum_rest_cents=0),
            25,
        )
    },
    reassessment_months=3,
)
CREDITORS: dict[str, Creditor] = {
    "WONEN": a_creditor("WONEN"),
    "STROOM": a_creditor("STROOM", iban="NL20INGB0001234567", category=Category.ENERGY),
    "ZORG": a_creditor("ZORG", iban="NL02ABNA0123456789", category=Category.HEALTH_INSURANCE),
}
MET = Answer(met=True, score=None, evidence="samen op het scherm gezien")
GOOD = {
    item.code: MET if item.part is ChecklistPart.BASICS else Answer(met=None, score=2, evidence="besproken")
    for item in CURRENT.items
}
BEGINNING = {
    "own_account": MET,
    "digid": Answer(met=False, score=None, evidence="nog geen DigiD"),
    "pays_on_time": Answer(met=None, score=1, evidence="met hulp"),
}


def a_cost(
    obligation: str,
    category: Category = Category.RENT,
    creditor: str = "WONEN",
    client: str = "10001",
    *,
    paid: tuple[Month, ...] = ("2026-12",),
    first_own: Month | None = None,
    proofs: dict[Month, bool] | None = None,
    **changes: Any,
) -> FixedCost:
    owed = an_obligation(obligation, client, category=category, creditor=creditor, first_covered="2026-12", **changes)
    return FixedCost(owed, paid, first_own, "incasso" if first_own else None, proofs or {})


def a_case(
    client: str = "10001", *, added: tuple[AddedGround, ...] = (), of_client: Any = None, **changes: Any
) -> Case:
    known = a_client(client, **{"household": "H1", **(of_client or {})})
    start = changes.get("period_from", known.right_from)
    fields = {
        "segments": grounds_of(known, [a.segment for a in added], 6, start),
        "added": added,
        "months_paid": ("2026-11",),
    }
    return a_bare_case(known, **fields | changes)


def assessed(sequence: int, on: date, answers: dict[str, Answer], waived: str | None = None) -> AssessmentMade:
    return AssessmentMade(sequence, on, CURRENT.version, waived, answers, "rosa")


def standing(case: Case, today: date, ran: frozenset[Month] = frozenset({"2026-11"})) -> Standing:
    return stand(case, RULES, ran, today, None, 0)


def an_event(kind: EventKind, on: date, why: str, decision: str | None = None) -> Event:
    return Event(1, kind, on, why, decision, "dirk", "2026-12-01T23:30:00+00:00")


CUSTOM_GROUND = AddedGround(Segment(Ground.CUSTOM, date(2027, 3, 1), date(2027, 5, 31), "M-7"), date(2027, 6, 1))
MOVED = EndProposal(
    1,
    date(2027, 1, 20),
    date(2027, 2, 28),
    EarlyReason.MOVED,
    "verhuist naar Hoogeveen",
    ("floor", "checklist"),
    "rosa",
    date(2027, 1, 10),
)
FULL = a_case(
    added=(CUSTOM_GROUND,),
    of_client={"language": "ti", "name": "Naïma Voorbeeld"},
    events=(an_event(EventKind.MOVED_WITHIN, date(2026, 12, 1), "nieuwe woning", "B-9"),),
    costs=(
        a_cost("VL-1", paid=("2026-12", "2027-01")),
        a_cost(
            "VL-2",
            Category.ENERGY,
            "STROOM",
            paid=("2026-12",),
            first_own="2027-01",
            proofs={"2027-01": True, "2027-02": False},
        ),
        a_cost(
            "VL-3",
            Category.OTHER,
            paid=("2026-12", "2027-01", "2027-02"),
            frequency=Frequency.QUARTERLY,
            first_own="2027-06",
        ),
    ),
    months_paid=("2026-11", "2026-12"),
    shortages=(("2026-12", "VL-3"),),
    unconfirmed=("VL-3",),
    open_items=(Waiting("EX-1", "returned", date(2026, 12, 28), 650_00),),
    open_payments=(Waiting("202701-1-VL-1", "instructed", date(2026, 12, 1), 650_00),),
    ledger_cents=681_43,
    assessments=(
        assessed(1, date(2026, 11, 20), BEGINNING),
        assessed(2, date(2027, 1, 11), GOOD, "betaalt al jaren zelf zijn telefoon"),
    ),
    on_hold="wacht op huurcontract",
)
PARTNER = a_case(
    "10002",
    of_client={"name": "Tesfay Voorbeeld", "right_from": date(2026, 11, 1)},
    costs=(a_cost("VL-4", Category.HEALTH_INSURANCE, "ZORG", "10002"),),
)


def on_one_line(text: str) -> str:
    """A text without its line ends, so that a test need not know where a line was broken."""
    return " ".join(text.split())
