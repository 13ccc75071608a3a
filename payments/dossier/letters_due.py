"""Of which occasions clients and creditors are told by letter, each once, and what is told: facts, not words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from payments.dossier.case import Case, EventKind, FixedCost, Method
from payments.dossier.ending import Fit, Junction
from payments.dossier.worklist import warning
from payments.dossier.worklist_items import Look
from payments.month import Month, first_day, month_of
from payments.parties import Category, Creditor


class NoticeKind(StrEnum):
    """What a notice tells; `ground_ends` goes to the client, and with an obligation to its creditor."""

    GROUND_ENDS = "ground_ends"
    HANDOVER = "handover"  # to the client, about one obligation
    HANDOVER_CREDITOR = "handover_creditor"  # to the creditor of the same one
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One letter to be made; `obligation` is empty where it is about the client as a whole."""

    client: str
    obligation: str
    kind: NoticeKind
    about: date

    @property
    def to_creditor(self) -> bool:
        """Whether the creditor of the obligation gets it, and not the client."""
        return self.kind is NoticeKind.HANDOVER_CREDITOR or (
            self.kind is NoticeKind.GROUND_ENDS and self.obligation != ""
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """Who writes to whom, and on which day."""

    sender: str
    addressee: str
    day: date


@dataclass(frozen=True, slots=True)
class OwnBill:
    """A bill that the client pays alone from a covered month on."""

    category: Category
    creditor: str
    amount_cents: int
    first_own: Month


@dataclass(frozen=True, slots=True)
class Customer:
    """How a creditor knows the client."""

    name: str
    reference: str


@dataclass(frozen=True, slots=True)
class PaymentsStop:
    """To a client: we pay nothing after the day of the occasion; these bills are theirs then, in order of month."""

    bills: tuple[OwnBill, ...]


@dataclass(frozen=True, slots=True)
class BillPasses:
    """To a client: this one bill is theirs, and how it is paid."""

    bill: OwnBill
    reference: str
    method: Method


@dataclass(frozen=True, slots=True)
class PayerChanges:
    """To a creditor: its customer pays from a covered month on; neither why, nor how much, is told."""

    customer: Customer
    first_own: Month


@dataclass(frozen=True, slots=True)
class LetterDue:
    """One letter as facts: all that its text is made of, and nothing that it does not tell."""

    occasion: Occasion
    heading: Heading
    content: PaymentsStop | BillPasses | PayerChanges


@dataclass(frozen=True, slots=True)
class Passing:
    """An obligation that passes from us to the client with its first own month."""

    cost: FixedCost
    first_own: Month


def occasions(look: Look, warn_weeks: Sequence[int], today: date) -> Iterator[Occasion]:
    """Everything that client and creditors have to be told of today; of a death nobody is told by letter."""
    case, who = look.case, look.case.client.client
    if case.trajectory is None or any(event.kind is EventKind.DEATH for event in case.events):
        return
    if case.ended_on is not None:
        yield Occasion(who, "", NoticeKind.ENDED, case.ended_on)
    last = case.last_ground_day(today)
    if last is not None and ground_ending(case, last) and _told(last, warn_weeks, today):
        yield Occasion(who, "", NoticeKind.GROUND_ENDS, last)
        for passing in to_pass(look, today):
            if passing.cost.first_own is None:  # else its creditor reads of the hand-over
                yield Occasion(who, passing.cost.obligation.obligation, NoticeKind.GROUND_ENDS, last)
    for cost in case.costs:
        if cost.first_own is not None:
            for kind in (NoticeKind.HANDOVER, NoticeKind.HANDOVER_CREDITOR):
                yield Occasion(who, cost.obligation.obligation, kind, first_day(cost.first_own))


def ground_ending(case: Case, last: date) -> bool:
    """Whether the grounds really end on that day, without a follow-up and without an end that comes first."""
    proposed = case.proposal.end_date if case.proposal else None
    ended = case.ended_on is not None and case.ended_on <= last
    return case.last_ground_day(last) == last and not ended and (proposed is None or proposed > last)


def _told(last: date, warn_weeks: Sequence[int], today: date) -> bool:
    """From the second warning on: the first one is for the office, in time for a follow-up decision."""
    steps = sorted(warn_weeks, reverse=True)
    return warning(last, steps[1:] or steps, today) is not None


def to_pass(look: Look, on: date) -> list[Passing]:
    """The obligations that we still paid on a day and that the client pays afterwards, from which month on."""
    found = []
    for cost, junction in zip(look.case.costs, look.junctions, strict=True):
        first_own = cost.first_own or junction.expected
        if _paid_by_us(cost, junction) and (cost.first_own is None or first_own > month_of(on)):
            found.append(Passing(cost, first_own))
    return found


def _paid_by_us(cost: FixedCost, junction: Junction) -> bool:
    if junction.fit is Fit.NOT_NEEDED or junction.last_ours is None:
        return False
    return cost.paid != () or cost.obligation.category is not Category.OTHER  # overig: not on every ground


def letter_due(
    occasion: Occasion, look: Look, creditors: Mapping[str, Creditor], sender: str, day: date
) -> LetterDue | None:
    """The letter of an occasion, dated `day`, from what the books know; None where it does not hold any more."""
    case = look.case
    if occasion.kind is NoticeKind.ENDED and case.ended_on != occasion.about:
        return None
    if occasion.kind is NoticeKind.GROUND_ENDS and not ground_ending(case, occasion.about):
        return None
    client = Heading(sender, case.client.name, day)
    if not occasion.obligation:
        bills = [_bill(passing, creditors) for passing in to_pass(look, day)]
        bills.sort(key=lambda bill: (bill.first_own, bill.category, bill.creditor))
        return LetterDue(occasion, client, PaymentsStop(tuple(bills)))
    passing = _passing(occasion, look, day)
    return None if passing is None else _about_one(occasion, passing, client, creditors)


def _passing(occasion: Occasion, look: Look, day: date) -> Passing | None:
    """The obligation that an occasion is about, as long as it passes as was told."""
    if occasion.kind is NoticeKind.GROUND_ENDS:
        found = [passing for passing in to_pass(look, day) if passing.cost.first_own is None]
    else:
        told = month_of(occasion.about)
        found = [Passing(cost, told) for cost in look.case.costs if cost.first_own == told]
    return next((passing for passing in found if passing.cost.obligation.obligation == occasion.obligation), None)


def _about_one(occasion: Occasion, passing: Passing, client: Heading, creditors: Mapping[str, Creditor]) -> LetterDue:
    cost, obligation = passing.cost, passing.cost.obligation
    if occasion.to_creditor:
        heading = Heading(client.sender, creditors[obligation.creditor].name, client.day)
        customer = Customer(client.addressee, obligation.reference)
        return LetterDue(occasion, heading, PayerChanges(customer, passing.first_own))
    assert cost.method is not None, "a hand-over says how"
    return LetterDue(occasion, client, BillPasses(_bill(passing, creditors), obligation.reference, Method(cost.method)))


def _bill(passing: Passing, creditors: Mapping[str, Creditor]) -> OwnBill:
    obligation = passing.cost.obligation
    creditor = creditors[obligation.creditor].name
    return OwnBill(obligation.category, creditor, obligation.amount_cents, passing.first_own)


def facts_sha256(letter: LetterDue) -> str:
    """The hash of what a letter tells, by which a later reading sees that the facts are no longer those.

    It is over explicit JSON, so that neither a name in the code nor a word in the letter changes it. A field that is
    added one day gets a version of its own, and what was hashed before keeps its old one.
    """
    return sha256(json.dumps(_facts(letter), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _facts(letter: LetterDue) -> dict[str, Any]:
    occasion, heading = letter.occasion, letter.heading
    return {
        "version": 1,
        "client": occasion.client,
        "obligation": occasion.obligation,
        "kind": occasion.kind.value,
        "about": occasion.about.isoformat(),
        "sender": heading.sender,
        "addressee": heading.addressee,
        "day": heading.day.isoformat(),
        "content": _content(letter.content),
    }


def _content(content: PaymentsStop | BillPasses | PayerChanges) -> dict[str, Any]:
    match content:
        case PaymentsStop(bills):
            return {"bills": [_bill_facts(bill) for bill in bills]}
        case BillPasses(bill, reference, method):
            return {"bill": _bill_facts(bill), "reference": reference, "method": method.value}
        case PayerChanges(customer, first_own):
            return {"customer": customer.name, "reference": customer.reference, "first_own": first_own}


def _bill_facts(bill: OwnBill) -> dict[str, Any]:
    return {
        "category": bill.category.value,
        "creditor": bill.creditor,
        "amount_cents": bill.amount_cents,
        "first_own": bill.first_own,
    }
